"""The WeChat mini program, and the provinces with their cities."""

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation, RowsOperation
from chaobiao._contract.secret import Secret
from chaobiao.energy.endpoint import create, get


@create("/api_3/xcx_info_bind", section="9.1", call="wechat.bind", title="小程序用户信息绑定", effect=Effect.UPDATE)
@frozen
class BindMiniProgram(ObjectOperation[Acknowledgement]):
    """Bind a WeChat user to the account, with what the mini program was given by WeChat."""

    code: Secret = arg("code", "登录凭证", "Login code from wx.login.", secret=True, check=checks.secret)
    encrypted_data: Secret = arg("encryptedData", "加密数据", "Encrypted user data.", secret=True, check=checks.secret)
    iv: Secret = arg("iv", "加密初始向量", "Initial vector of the encryption.", secret=True, check=checks.secret)


@frozen
class City(Record):
    """A city (市)."""

    name: str | None = cell("City_Name", "市名", "Name of the city.", example="常州市")


@frozen
class Province(Record):
    """A province (省) with its cities, as section 9.2 lists it."""

    name: str | None = cell("Province_Name", "省名", "Name of the province.", example="江苏省")
    cities: tuple[City, ...] | None = cell("City_List", "市", "Its cities.")


@get("/api_3/province_city_list", section="9.2", call="regions.list", title="获取省市关系")
@frozen
class ListProvinces(RowsOperation[Province]):
    """List the provinces with their cities."""

"""Users: the account that is logged in, and registration."""

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, ObjectOperation
from chaobiao._contract.secret import Secret
from chaobiao.energy.endpoint import create, get, update


@frozen
class User(Record):
    """The user who is logged in (用户), as section 1.5 lists it."""

    id: int | None = cell("id", "主键", "Id of the user.", number=True, example=1)
    name: str | None = cell("Usr_Name", "登录名", "Login name.")
    email: str | None = cell("Usr_Email", "用户邮箱", "E-mail address.")
    phone: str | None = cell("Usr_Phone", "用户手机", "Mobile phone number.")
    mini_program_title: str | None = cell("XCX_Title", "小程序标题", "Title of the user's WeChat mini program.")
    company: str | None = cell("Usr_Company", "用户公司", "Company.")
    province: str | None = cell("Usr_Province", "所属省", "Province.")
    city: str | None = cell("Usr_City", "所属市", "City.")
    address: str | None = cell("Usr_Detail_Addr", "用户详细地址", "Full address.")
    district: str | None = cell("Usr_Area", "所属区", "District.")


@create("/api/users", section="1.3", call="users.register", title="用户注册", look_up="login")
@frozen
class RegisterUser(ObjectOperation[Acknowledgement]):
    """Register a user."""

    name: str = arg("Usr_Name", "登录名", "Login name; must be new.", kw_only=False, check=checks.text)
    password: Secret = arg("Usr_Password", "用户密码", "Password.", secret=True, check=checks.secret)
    email: str = arg("Usr_Email", "用户邮箱", "E-mail address.", check=checks.text)

    @property
    def reference(self) -> str:
        """The login name."""
        return self.name


@update("/api/users", section="1.4", call="users.update", look_up="users.get", title="修改用户信息")
@frozen
class UpdateUser(ObjectOperation[Acknowledgement]):
    """Change a user's data. What is not given stays as it is; an empty text clears a field."""

    id: int = arg("id", "主键", "Id of the user, from users.get.", kw_only=False, check=checks.whole(0))
    name: str = arg("Usr_Name", "登录名", "Login name.", check=checks.text)
    email: str = arg("Usr_Email", "用户邮箱", "E-mail address.", check=checks.text)
    phone: str | None = arg("Usr_Phone", "用户手机", "Mobile phone number.", default=None, check=checks.any_text)
    mini_program_title: str | None = arg(
        "XCX_Title", "小程序标题", "Title of the user's WeChat mini program.", default=None, check=checks.any_text
    )
    company: str | None = arg("Usr_Company", "用户公司", "Company.", default=None, check=checks.any_text)
    province: str | None = arg("Usr_Province", "所属省", "Province.", default=None, check=checks.any_text)
    city: str | None = arg("Usr_City", "所属市", "City.", default=None, check=checks.any_text)
    address: str | None = arg("Usr_Detail_Addr", "用户详细地址", "Full address.", default=None, check=checks.any_text)
    district: str | None = arg("Usr_Area", "所属区", "District.", default=None, check=checks.any_text)


@get("/api/users", section="1.5", call="users.get", title="获取用户信息")
@frozen
class GetUser(ObjectOperation[User]):
    """Return the user who is logged in."""

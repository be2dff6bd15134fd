"""The login of the prepaid platform. Clients log in when they need to; no program has to call this."""

from chaobiao._contract import checks
from chaobiao._contract.fields import arg, frozen
from chaobiao._contract.operation import Effect, ObjectOperation
from chaobiao._contract.secret import Secret
from chaobiao.jrhsz.endpoint import post


@post("/user/login", section="recharge 4.1 = meter 4.1", call="login", title="登录接口", effect=Effect.SESSION)
@frozen
class Login(ObjectOperation[Secret]):
    """Log in and return the token, which is valid for two hours.

    The token is the account name, the password and the time in base64: protect it like the password.
    """

    username: str = arg("admin_user_name", "用户账号", "Name of the account.", kw_only=False, check=checks.text)
    password: Secret = arg(
        "api_password", "用户密码", "API password of the account.", kw_only=False, secret=True, check=checks.secret
    )

"""Logging in to the prepaid platform. Clients do it by themselves."""

from chaobiao._contract import checks
from chaobiao._contract.fields import frozen, wire
from chaobiao._contract.operation import Effect, ObjectOperation, operation
from chaobiao._contract.secret import Secret


@operation(
    "POST",
    "/user/login",
    section="recharge 4.1 = meter 4.1",
    call="login",
    effect=Effect.SESSION,
    interval=2,
    title="登录接口",
)
@frozen
class Login(ObjectOperation[Secret]):
    """Log in: answers the token, which is good for two hours.

    The token is base64 of the account, the password and the time: treat it as the password.
    """

    username: str = wire(
        "admin_user_name", kw_only=False, required=True, check=checks.text, zh="用户账号", doc="The account."
    )
    password: Secret = wire(
        "api_password",
        kw_only=False,
        required=True,
        secret=True,
        check=checks.secret,
        zh="用户密码",
        doc="The account's API password.",
    )

"""Logging in and out. Clients log in when they need to; no program has to call this."""

from chaobiao._contract import checks
from chaobiao._contract.fields import arg, frozen
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation
from chaobiao._contract.secret import Secret
from chaobiao.energy.endpoint import create, delete


@create("/api/auth", section="1.1", call="login", title="用户登录", effect=Effect.SESSION)
@frozen
class Login(ObjectOperation[Secret]):
    """Log in; the session is in the cookies that the server sets."""

    username: str = arg("Usr_Name", "用户名", "Name of the user.", kw_only=False, check=checks.text)
    password: Secret = arg(
        "Usr_Password", "用户密码", "Password of the user.", kw_only=False, secret=True, check=checks.secret
    )


@delete("/api/auth", section="1.2", call="logout", title="退出登录", effect=Effect.SESSION)
@frozen
class Logout(ObjectOperation[Acknowledgement]):
    """Log out: end the session that all clients of this account share. The next call logs in again."""

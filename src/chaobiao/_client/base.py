"""What sync and async clients have in common, and the settings that become a client's context."""

import importlib.util
import re
import warnings
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Generic, Literal, Protocol, Self, TypeVar, Unpack
from urllib.parse import urlsplit

import attrs

from chaobiao._call.dialect import DecodeOptions, Dialect
from chaobiao._call.effects import Context
from chaobiao._call.options import ClientOptions, Credentials, Options, from_environment, require_base_url
from chaobiao._call.state import account_state
from chaobiao._contract.secret import Secret
from chaobiao.clock import SYSTEM_CLOCK, Clock
from chaobiao.errors import ClientClosed, ConfigurationError, PlainHttpWarning

#: How a client sends its requests.
Transport = Literal["httpx", "pyreqwest"]

_TRANSPORTS: Final = ("httpx", "pyreqwest")
_warned: set[str] = set()


class _Closable(Protocol):
    closed: bool


H = TypeVar("H", bound=_Closable)


class BaseClient(Generic[H]):
    """The parts of a client that neither send nor wait. ``H`` is what its requests are sent with."""

    _dialect_type: ClassVar[type[Dialect]]
    _context: Context
    _http: H
    _owner: bool

    def _bind(self) -> None:
        """Make the namespaces (generated)."""

    def with_options(self, **changes: Unpack[ClientOptions]) -> Self:
        """Return a copy with some options changed. It shares the login, the pacing and the connections."""
        copy = type(self).__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy._context = _changed(self._context, changes)
        copy._owner = False
        copy._bind()
        return copy

    def _refuse_if_closed(self) -> None:
        if self._http.closed:
            raise ClientClosed("the client is closed", "客户端已关闭")

    @property
    def oddities(self) -> Mapping[tuple[str, str, str], int]:
        """How often fields were unreadable or unknown: ``("Meter", "unreadable", "gate")`` → count."""
        return dict(self._context.decode.oddities)

    def __repr__(self) -> str:
        if not hasattr(self, "_context"):  # a half-built client, in a traceback
            return f"<{type(self).__name__}, unfinished>"
        credentials = self._context.credentials
        account = f" as {credentials.username}" if credentials else ""
        return f"<{type(self).__name__} at {self._context.base_url}{account}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a client cannot be pickled: make one in each process / 客户端不能被序列化，请在各进程中新建")


def make_context(
    dialect: Dialect,
    base_url: str | None,
    username: str | None,
    password: Secret | None,
    clock: Clock | None,
    options: Options,
) -> Context:
    """Settle a client's configuration: arguments first, then the environment, then what the vendor documents."""
    prefix = dialect.env_prefix
    url = require_base_url(
        from_environment(base_url, f"{prefix}_BASE_URL") or dialect.documented_base_url, f"{prefix}_BASE_URL"
    )
    credentials = None
    if dialect.session_lifetime is not None:
        account = from_environment(_text("username", username), f"{prefix}_USERNAME")
        if password is None and (found := from_environment(None, f"{prefix}_PASSWORD")):
            password = Secret(found)
        if account and password is not None:
            credentials = Credentials(account, password)
    if url.startswith("http://") and not _is_loopback(url) and url not in _warned:
        _warned.add(url)
        warnings.warn(
            f"{url} is plain http: the password travels readable; use https if the server offers it "
            f"(明文 http 会暴露密码，如服务器支持请改用 https)",
            PlainHttpWarning,
            stacklevel=4,
        )
    used = clock or SYSTEM_CLOCK
    shared = account_state(used, dialect.family, url, credentials, dialect.session_lifetime)
    decode = DecodeOptions(options.strict)
    return Context(dialect, url, used, options, credentials, shared.session, shared.pacers, decode)


def uses_pyreqwest(name: Transport, http_client: object) -> bool:
    """Tell whether a client sends by pyreqwest. Raises :class:`ConfigurationError` if it cannot."""
    if name not in _TRANSPORTS:
        raise ConfigurationError(
            'transport must be "httpx" or "pyreqwest"', 'transport 必须是 "httpx" 或 "pyreqwest"', argument="transport"
        )
    if name == "httpx":
        return False
    if http_client is not None:
        raise ConfigurationError(
            "transport= and http_client= exclude each other: an HTTP client of your own sends the requests itself",
            "transport= 与 http_client= 不能同时使用：自备的 HTTP 客户端自己发送请求",
            argument="transport",
        )
    if importlib.util.find_spec("pyreqwest") is None:
        raise ConfigurationError(
            'transport="pyreqwest" needs a package that is not installed: pip install "chaobiao[fast]"',
            'transport="pyreqwest" 需要另行安装：pip install "chaobiao[fast]"',
            argument="transport",
        )
    return True


def secret_of(password: str | None) -> Secret | None:
    """Hold a password as a secret. Raises :class:`ConfigurationError`, which does not show it, for what is no text."""
    return None if password is None else Secret(_text("password", password) or "")


def _text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ConfigurationError(
        f"{name} must be text, not {type(value).__name__}",
        f"{name} 必须是文本，而不是 {type(value).__name__}",
        argument=name,
    )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.[0-9]{1,3}){3}", host) is not None


def _changed(context: Context, changes: ClientOptions) -> Context:
    """The same context with other options: session, pacers and counts stay shared."""
    options = attrs.evolve(context.options, **changes)
    return attrs.evolve(context, options=options, decode=attrs.evolve(context.decode, strict=options.strict))

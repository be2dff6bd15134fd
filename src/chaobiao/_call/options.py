"""What a caller may set on a client, and where it is looked up."""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypedDict
from urllib.parse import urlsplit

import attrs

from chaobiao._call.events import Hook
from chaobiao._call.pacing import MARGIN
from chaobiao._contract.checks import refuse
from chaobiao._contract.secret import Secret
from chaobiao.errors import ConfigurationError

if TYPE_CHECKING:
    from tenacity.stop import StopBaseT
    from tenacity.wait import WaitBaseT


#: The longest time-out or deadline, in seconds: a year.
_LONGEST: Final = 366 * 86_400.0
#: What the name of an HTTP header consists of.
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def _seconds(_: object, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LONGEST:
        raise refuse(attribute.name, "a number of seconds from above 0 to a year", "大于零且不超过一年的秒数", value)


def _bytes(_: object, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise refuse(attribute.name, "a whole number of bytes greater than zero", "大于零的整数字节数", value)


def _sendable(_: object, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Headers often hold secrets, so an error names the header and never shows its value."""
    if not isinstance(value, Mapping):
        raise refuse(attribute.name, "a mapping of texts to texts", "文本到文本的映射")
    for name, text in value.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise refuse(
                attribute.name,
                "headers with names of letters, digits and hyphens",
                "名称由字母、数字和连字符组成的请求头",
            )
        good = isinstance(text, str) and text.isprintable() and text == text.strip()
        if not good:
            raise refuse(
                f"{attribute.name}[{name!r}]",
                "printable text on one line, without spaces around it",
                "单行可打印文本，首尾无空格",
            )


@attrs.frozen(kw_only=True)
class Options:
    """Settings of a client; ``with_options`` makes a copy of the client with some of them changed."""

    #: Seconds for one attempt.
    timeout: float = attrs.field(default=30.0, validator=_seconds)
    #: Seconds for a whole call: waiting for its turn, logging in, and all attempts.
    deadline: float = attrs.field(default=120.0, validator=_seconds)
    #: Raise for a single unreadable field instead of returning None for it.
    strict: bool = False
    #: A tenacity stop policy, such as ``stop_after_attempt(3)``.
    stop: "StopBaseT | None" = None
    #: A tenacity wait policy, such as ``wait_fixed(1)``.
    wait: "WaitBaseT | None" = None
    #: The largest response to read, in bytes.
    max_response_bytes: int = attrs.field(default=64 * 1024 * 1024, validator=_bytes)
    #: Keep the documented intervals. Turn it off only to see what a server does then.
    paced: bool = True
    #: How much a call's way to the server may vary, in seconds.
    margin: float = attrs.field(default=MARGIN, validator=_seconds)
    #: Extra HTTP headers, such as an Authorization header where a vendor documents none.
    headers: Mapping[str, str] = attrs.field(factory=dict, validator=_sendable, repr=False)
    #: Called before each attempt is sent.
    on_request: Hook | None = None
    #: Called after each attempt.
    on_response: Hook | None = None
    #: Called before an attempt is repeated.
    on_retry: Hook | None = None


class ClientOptions(TypedDict, total=False):
    """The keyword arguments that become :class:`Options`, for type checkers."""

    timeout: float
    deadline: float
    strict: bool
    stop: "StopBaseT | None"
    wait: "WaitBaseT | None"
    max_response_bytes: int
    paced: bool
    margin: float
    headers: Mapping[str, str]
    on_request: Hook | None
    on_response: Hook | None
    on_retry: Hook | None


@attrs.frozen
class Credentials:
    """An account and its password."""

    username: str
    password: Secret


def from_environment(value: str | None, variable: str) -> str | None:
    """Return the argument, or else the environment variable, or ``None``."""
    return value if value is not None else os.environ.get(variable) or None


def _has_good_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a bracket or a port that is none
        return False


def require_base_url(value: str | None, variable: str) -> str:
    """Check a base URL: http or https, with a host, without query or fragment."""
    if value is None:
        raise ConfigurationError(
            f"base_url is needed: the vendor documents no host; pass base_url=... or set {variable}",
            f"缺少 base_url：文档没有给出服务地址；请传入 base_url=... 或设置环境变量 {variable}",
            argument="base_url",
        )
    scheme, separator, rest = value.partition("://")
    host = rest.partition("/")[0]
    bad = scheme not in ("http", "https") or not separator or not host or any(mark in value for mark in "?# \n\r\t")
    if bad or not _has_good_host(value):
        raise ConfigurationError(
            'base_url must look like "https://host/prefix", without query, fragment or spaces',
            'base_url 应形如 "https://host/prefix"，不含查询串、片段和空白',
            argument="base_url",
        )
    if "@" in host:
        raise ConfigurationError(
            "base_url must not hold a user name or password; pass username= and password=",
            "base_url 中不能包含用户名或密码；请使用 username= 与 password=",
            argument="base_url",
        )
    return value.rstrip("/")

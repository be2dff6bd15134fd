"""Access to the mock's own endpoints: for programs on this machine and callers with the token, never for web pages."""

import hmac
import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from chaobiao_mock.replies import error_payload, json_response

_LOOPBACK: Final = re.compile(r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)


def refusal(request: Request, token: str | None) -> Response | None:
    """Return the refusal of an admin request, or ``None`` for one that is allowed.

    A page in a browser can send requests to any address, also to this machine. Such a request names the page's own
    address in Origin, or, if the page's host name resolves to this machine, that name in Host.
    """
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token is not None:
        if hmac.compare_digest(given.encode(), token.encode()):
            return None
        return _refused(
            "the mock's own endpoints need the header Authorization: Bearer TOKEN",
            "管理接口需要请求头 Authorization: Bearer TOKEN",
        )
    if not _LOOPBACK.fullmatch(request.headers.get("host", "")):
        return _refused(
            "the mock's own endpoints accept requests for localhost only; set a token to use them from elsewhere",
            "管理接口只接受发往 localhost 的请求；如需从其他地址使用，请设置令牌",
        )
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        return _refused(
            "the mock's own endpoints accept no requests from pages of other origins",
            "管理接口不接受来自其他来源网页的请求",
        )
    return None


def _refused(english: str, chinese: str) -> Response:
    return json_response(error_payload(english, chinese), 403)

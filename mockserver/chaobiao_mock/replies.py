"""How the mock writes JSON."""

import json
from collections.abc import Iterable
from typing import Any, Final

from starlette.responses import Response

JSON: Final = "application/json; charset=utf-8"


def json_response(payload: Any, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """Return a JSON response in which Chinese is not escaped."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    # UTF-8 cannot hold an unpaired surrogate, but JSON text can, as an escape: it is sent back as that escape.
    response = Response(text.encode("utf-8", "backslashreplace"), status, media_type=JSON)
    for name, value in headers:
        response.headers.append(name, value)
    return response


def error_payload(english: str, chinese: str, **details: Any) -> dict[str, Any]:
    """Return what a response says about an error, in both languages."""
    return {"error": english, "error_zh": chinese, **details}

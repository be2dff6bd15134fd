"""How the mock writes JSON."""

import json
from typing import Any, Final

from starlette.responses import Response

JSON: Final = "application/json; charset=utf-8"


def json_response(payload: Any, status: int = 200) -> Response:
    """Answer JSON, in readable Chinese."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode(), status, media_type=JSON)

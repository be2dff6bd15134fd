"""How the mock writes JSON."""

import json
from typing import Any, Final

from starlette.responses import Response

JSON: Final = "application/json; charset=utf-8"


def json_response(payload: Any, status: int = 200) -> Response:
    """Make a JSON response, with Chinese as it is."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    # What cannot be UTF-8 (half of a surrogate pair, which JSON text can hold) goes back as the escape it came as.
    return Response(text.encode("utf-8", "backslashreplace"), status, media_type=JSON)

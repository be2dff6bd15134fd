"""The page for browsers. It holds no data: its script reads them from the endpoints below ``/__mock__``."""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_PAGE: Final = Path(__file__).with_name("page.html")


def wants_page(request: Request) -> bool:
    """Tell whether a request comes from a browser's address bar: it prefers HTML, which no API client asks for."""
    accepted = request.headers.get("accept", "").lower()
    return "text/html" in accepted and "application/json" not in accepted.partition("text/html")[0]


def page() -> Response:
    """Return the page. Its policy allows its own script and style, and requests to this server, and nothing else."""
    text, policy = _loaded()
    headers = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-cache",
        "vary": "accept",
    }
    return HTMLResponse(text, headers=headers)


@lru_cache(maxsize=1)
def _loaded() -> tuple[str, str]:
    text = _PAGE.read_text("utf-8")
    rules = [
        "default-src 'none'",
        f"script-src {_hash(text, 'script')}",
        f"style-src {_hash(text, 'style')}",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    return text, "; ".join(rules)


def _hash(text: str, tag: str) -> str:
    """Return the hash by which a policy allows an element's text."""
    found = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in found)

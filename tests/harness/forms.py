"""Multipart forms, read by the standard library's parser."""

from email import message_from_bytes
from email.message import Message
from typing import Any

import httpx

#: What a form holds, by field: file name, media type and content. The first two are ``None`` for a text.
Parts = dict[str, tuple[str | None, str | None, bytes]]


def parts_of(content_type: str, body: bytes) -> Parts:
    """Return the parts of a form."""
    message: Any = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    found: Parts = {}
    part: Message
    for part in message.get_payload():
        typed = part.get_content_type() if part.get("content-type") else None
        content: Any = part.get_payload(decode=True)
        found[str(part.get_param("name", header="content-disposition"))] = (part.get_filename(), typed, content)
    return found


def form_in(request: httpx.Request) -> Parts:
    """Return the parts of the form in a request."""
    return parts_of(request.headers["content-type"], request.content)

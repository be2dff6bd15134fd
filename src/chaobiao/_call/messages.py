"""What travels between the call, the dialects and the drivers: requests, responses, verdicts. Plain values, no I/O.

Their reprs are safe: bodies and headers, where tokens travel, are never shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import attrs

from chaobiao._call.retry import Outcome
from chaobiao._contract.upload import Upload
from chaobiao.errors import ChaobiaoError

T = TypeVar("T")


@attrs.frozen
class Form:
    """A multipart form: texts, and files."""

    fields: Mapping[str, str] = attrs.field(repr=False)
    files: Mapping[str, Upload]


@attrs.frozen
class Request:
    """An HTTP request below the base URL. ``target`` is the path with its query, ``form`` a body that is a form."""

    method: str
    target: str = attrs.field(repr=lambda target: repr(target.partition("?")[0]))
    content: bytes = attrs.field(default=b"", repr=False)
    content_type: str | None = None
    headers: Sequence[tuple[str, str]] = attrs.field(default=(), repr=False)
    form: Form | None = None
    #: The cookies of the session; ``None`` for a family that has none.
    cookies: Mapping[str, str] | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Response:
    """An HTTP response, read whole. Header names are lower case."""

    status: int
    body: bytes = attrs.field(repr=False)
    headers: Sequence[tuple[str, str]] = attrs.field(default=(), repr=False)


@attrs.frozen
class Failure:
    """No response: the request was not sent, or its outcome is unknown. ``cause`` has been stripped of the request."""

    outcome: Outcome
    reason: str
    reason_zh: str
    cause: Exception | None = None


@attrs.frozen
class Accepted(Generic[T]):
    """The server did what was asked, and this is what it returned."""

    value: T
    code: int | None = None


@attrs.frozen
class Rejected:
    """It did not, or its response can't be trusted; ``error`` is what the caller would see."""

    outcome: Outcome
    error: ChaobiaoError


Verdict = Accepted[Any] | Rejected

"""How a family wraps everything: the part of the contract that is not about one endpoint.

A dialect turns operations into requests and responses into verdicts. It does no I/O and knows nothing of time. Families
subclass it as frozen attrs classes whose fields are the switches for what their documents leave open.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Final, TypeVar, cast

import attrs

from chaobiao._call.messages import Rejected, Request, Response, Verdict
from chaobiao._call.options import Credentials
from chaobiao._call.retry import Outcome
from chaobiao._contract.fields import NO_EXTRAS, Record, TimeStyle
from chaobiao._contract.operation import Operation, Page, PagedOperation, RowsOperation
from chaobiao._contract.secret import Secret
from chaobiao._wire.json_text import MalformedJson, parse_json
from chaobiao._wire.records import StrictField, reader_of
from chaobiao.errors import HttpStatusError, ServerUnavailable, TooFast, UnreadableResponse

R = TypeVar("R", bound=Record)
T = TypeVar("T")

_log = logging.getLogger("chaobiao")

#: How many different oddities are told apart: a server that makes up new names would fill memory and log.
MOST_ODDITIES: Final = 1000


@attrs.define
class Numbering:
    """What a server has shown of how it numbers pages, where its document does not say it.

    Each endpoint is known by itself: the document's chapters differ, and so may the server's.
    """

    _shifted: set[str] = attrs.field(factory=set)

    def applied(self, operation: Operation[T]) -> Operation[T]:
        """Return the operation as this server must be asked."""
        if operation.spec.path in self._shifted and isinstance(operation, PagedOperation):
            return cast("Operation[T]", operation.shifted() or operation)
        return operation

    def learn(self, operation: PagedOperation[Any]) -> None:
        """Note that a page was found under the next number."""
        spec = operation.spec
        if spec.path not in self._shifted:
            self._shifted.add(spec.path)
            _log.warning(
                "%s: the server numbers its pages from one more than assumed; the client now does so too",
                spec.call,
                extra={"operation": spec.call, "section": spec.section},
            )

    def forget(self, operation: PagedOperation[Any]) -> None:
        """Assume what the document says again: with what the server has shown, a list was incomplete."""
        self._shifted.discard(operation.spec.path)


@attrs.define
class DecodeOptions:
    """How the responses of one client are read: strictly or not, and what was unusual in them so far.

    ``oddities`` counts unreadable and unknown fields as ``("Meter", "unreadable", "gate")``; each is logged once.
    """

    strict: bool = False
    oddities: Counter[tuple[str, str, str]] = attrs.field(factory=Counter)
    #: How the server numbers its pages.
    numbering: Numbering = attrs.field(factory=Numbering)

    def rows(self, record: type[R], rows: Iterable[Any]) -> list[R]:
        """Read rows into records; strict reading raises :class:`UnreadableResponse` with row and field."""
        reader = reader_of(record)
        try:
            if self.strict:
                records = unusual = self._read_strictly(reader.read, rows)
            else:
                records, unusual = reader.read_all(rows)
            # A record that was read without trouble may hold others that were not.
            self._count_all(record, records if reader.nested else unusual)
        except RecursionError:
            raise UnreadableResponse("the rows are nested too deeply", "返回的数据嵌套过深") from None
        return records

    def _count_all(self, record: type[Record], entries: Iterable[Record]) -> None:
        nested = reader_of(record).nested
        for entry in entries:
            if entry.unreadable is not NO_EXTRAS or entry.extra is not NO_EXTRAS:
                self._count(record.__name__, entry)
            for name in nested:
                value = getattr(entry, name)
                if value:  # a record, or a tuple of records
                    inner = value if isinstance(value, tuple) else (value,)
                    self._count_all(type(inner[0]), inner)

    @staticmethod
    def _read_strictly(read: Callable[..., R], rows: Iterable[Any]) -> list[R]:
        records: list[R] = []
        for number, row in enumerate(rows):
            try:
                records.append(read(row, strict=True))
            except StrictField as error:
                raise UnreadableResponse(
                    f"row {number}: field {error.field} cannot be read as the document describes it",
                    f"第 {number} 行：字段 {error.field} 与文档描述不符，无法解析",
                    row=number,
                    field=error.field,
                ) from None
        return records

    def _count(self, name: str, entry: Record) -> None:
        for kind, fields in (("unreadable", entry.unreadable), ("extra", entry.extra)):
            for field in fields:
                key = (name, kind, field[:100])
                if key not in self.oddities and len(self.oddities) >= MOST_ODDITIES:
                    key = ("(others)", kind, "(others)")
                self.oddities[key] += 1
                if self.oddities[key] == 1:
                    _log.warning(
                        "%s field %s.%s (counted from here on, logged once)",
                        kind,
                        *key[::2],
                        extra={"record": key[0], "field": key[2]},
                    )


class Dialect:
    """The base of the families' dialects."""

    family: ClassVar[str]
    #: Prefix of the environment variables.
    env_prefix: ClassVar[str]
    documented_base_url: ClassVar[str | None] = None
    #: How responses write times.
    times: ClassVar[TimeStyle] = "datetime"
    #: How long a login is good for, in seconds, or None where the family has none.
    session_lifetime: ClassVar[float | None] = None

    def interval_of(self, operation: Operation[Any]) -> float | None:
        """The least time between two calls of this operation, in seconds."""
        return operation.spec.interval

    def interval_after_refusal(self, operation: Operation[Any]) -> float:
        """How long to wait after a call was refused as too fast, in seconds, where the client keeps no interval."""
        return self.interval_of(operation) or 1.0

    def needs_session(self, operation: Operation[Any]) -> bool:
        """Whether the operation is sent under a login."""
        return False

    def takes_session(self, operation: Operation[Any]) -> bool:
        """Whether an operation that is sent under a login can go without one, where the client has no account."""
        return False

    def request(self, operation: Operation[Any], username: str | None, credential: Secret | None) -> Request:
        """Write the operation as a request."""
        raise NotImplementedError

    def classify(self, operation: Operation[Any], response: Response, decode: DecodeOptions) -> Verdict:
        """Read a response: what the server said, or why it can't be trusted."""
        refused = classify_http(response)
        if refused is not None:
            return refused
        envelope = read_object(response)
        if isinstance(envelope, Rejected):
            return envelope
        return self.open_envelope(operation, envelope, decode)

    def open_envelope(self, operation: Operation[Any], envelope: dict[str, Any], decode: DecodeOptions) -> Verdict:
        """Read what is in the family's envelope."""
        raise NotImplementedError

    def login(self, credentials: Credentials) -> Operation[Secret]:
        """The operation that logs in; what it returns is the session's credential."""
        raise NotImplementedError


#: HTTP statuses with which a server or gateway says that a later attempt may succeed.
_UNAVAILABLE: Final = frozenset({408, 425, 502, 503, 504})


def classify_http(response: Response) -> Rejected | None:
    """Classify the HTTP status alone; ``None`` for a response whose body is to be read."""
    status = response.status
    if status == 200:
        return None
    if status == 429:
        return Rejected(
            Outcome.TOO_FAST,
            TooFast("the server asks for fewer calls (HTTP 429)", "服务器要求降低调用频率（HTTP 429）", code=status),
        )
    kind = ServerUnavailable if status in _UNAVAILABLE else HttpStatusError
    error = kind(
        f"the server returned HTTP {status} instead of the documented JSON",
        f"服务器返回 HTTP {status}，而不是文档约定的 JSON",
        code=status,
    )
    refused = 400 <= status < 500 and status not in (408, 499)
    return Rejected(Outcome.REFUSED if refused else Outcome.UNKNOWN, error)


def read_object(response: Response) -> dict[str, Any] | Rejected:
    """Read the body as one JSON object. The text itself never reaches an error: it may hold a token."""
    problem = ""
    try:
        found = parse_json(response.body)
    except MalformedJson as error:
        problem = str(error)
        found = None
    if isinstance(found, dict):
        return found
    if problem:
        return unreadable(f"the response is not JSON: {problem}", f"返回内容不是合法的 JSON：{problem}")
    return unreadable("the response is JSON, but not an object", "返回内容是 JSON，但不是对象")


def unreadable(message: str, message_zh: str) -> Rejected:
    """The verdict for a response that does not have the documented form."""
    return Rejected(Outcome.UNKNOWN, UnreadableResponse(message, message_zh))


def whole_number(value: Any) -> int | None:
    """Read a code or a total: a number or its text; ``None`` for anything else, or more digits than either has."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return None


def page_of(
    operation: RowsOperation[Any], rows: Sequence[Any], total: int | None, *, sure: bool = True, single: bool = False
) -> Page[Any]:
    """Make the page of a response's rows. Rows that come all at once count themselves where the server does not.

    ``sure`` says whether the total can be believed, ``single`` that the server returned one object and no list.
    """
    if not isinstance(operation, PagedOperation):
        return Page(rows, len(rows) if total is None else total)
    return Page(rows, total, operation.page, sure, single or operation.single)

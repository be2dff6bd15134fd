"""How the water query API wraps everything: GET with query parameters, and an envelope without codes."""

from typing import Any, ClassVar
from urllib.parse import urlencode

import attrs

from chaobiao._call.dialect import DecodeOptions, Dialect, classify_http, read_object, unreadable
from chaobiao._call.messages import Accepted, Rejected, Request, Response, Verdict
from chaobiao._contract.operation import Operation, Page, PagedOperation
from chaobiao._contract.secret import Secret
from chaobiao._wire.records import write_arguments


@attrs.frozen(kw_only=True)
class WaterDialect(Dialect):
    """The water API leaves nothing open that a switch could settle: host, headers and auth are the caller's."""

    family: ClassVar[str] = "water"
    env_prefix: ClassVar[str] = "CHAOBIAO_WATER"

    def request(self, operation: Operation[Any], username: str | None, credential: Secret | None) -> Request:
        arguments = write_arguments(operation, "milliseconds")
        query = f"?{urlencode(arguments)}" if arguments else ""
        return Request(operation.spec.method, operation.spec.path + query)

    def classify(self, operation: Operation[Any], response: Response, decode: DecodeOptions) -> Verdict:
        refused = classify_http(response)
        if refused is not None:
            return refused
        envelope = read_object(response)
        if isinstance(envelope, Rejected):
            return envelope
        data = envelope.get("data")
        if not isinstance(data, list) and not (data is None and "data" in envelope):
            return unreadable("the answer has no list called data", "返回内容中没有名为 data 的列表")
        rows = decode.rows(operation.spec.returns, data or [])
        total = envelope.get("total")
        if isinstance(total, str) and total.isascii() and total.isdigit():
            total = int(total)
        counted = total if isinstance(total, int) and not isinstance(total, bool) else None
        if counted is None and not isinstance(operation, PagedOperation):
            counted = len(rows)
        return Accepted(Page(rows, counted, getattr(operation, "page", 1)))

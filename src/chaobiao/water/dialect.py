"""The dialect of the water query API: GET with query parameters, and an envelope without codes."""

from typing import Any, ClassVar, cast
from urllib.parse import urlencode

import attrs

from chaobiao._call.dialect import DecodeOptions, Dialect, page_of, unreadable, whole_number
from chaobiao._call.messages import Accepted, Request, Verdict
from chaobiao._contract.fields import TimeStyle
from chaobiao._contract.operation import Operation, RowsOperation
from chaobiao._contract.secret import Secret
from chaobiao._wire.arguments import write_arguments


@attrs.frozen(kw_only=True)
class WaterDialect(Dialect):
    """The switch for what the water document leaves open. The caller supplies host, headers and authentication."""

    #: Whether total counts all rows, so that a list with fewer is incomplete.
    trust_totals: bool = True

    family: ClassVar[str] = "water"
    env_prefix: ClassVar[str] = "CHAOBIAO_WATER"
    times: ClassVar[TimeStyle] = "milliseconds"

    def request(self, operation: Operation[Any], username: str | None, credential: Secret | None) -> Request:
        arguments = write_arguments(operation, self.times)
        query = f"?{urlencode(arguments)}" if arguments else ""
        return Request(operation.spec.method, operation.spec.path + query)

    def open_envelope(self, operation: Operation[Any], envelope: dict[str, Any], decode: DecodeOptions) -> Verdict:
        data = envelope.get("data")
        if not isinstance(data, list) and not (data is None and "data" in envelope):
            return unreadable("the response has no list called data", "返回内容中没有名为 data 的列表")
        rows = decode.rows(operation.spec.returns, data or [])
        total = whole_number(envelope.get("total"))
        return Accepted(page_of(cast("RowsOperation[Any]", operation), rows, total, sure=self.trust_totals))

"""The protocol of the water API: from a query to rows and a total."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from chaobiao._contract.family import Kind
from chaobiao._contract.fields import Record, fields_of
from chaobiao._contract.operation import Page
from chaobiao._wire.arguments import read_arguments
from chaobiao._wire.records import write_record
from chaobiao.errors import InvalidArgument
from chaobiao.water import Region
from chaobiao_mock.arguments import in_wire_names
from chaobiao_mock.registry import Call, Handler, Reply
from chaobiao_mock.replies import error_payload
from chaobiao_mock.water.quirks import WaterQuirks
from chaobiao_mock.water.state import WaterState

_MILLISECONDS: Final = re.compile("[0-9]{13}")
_OTHER_NAME: Final = {"username": "user_name", "user_name": "username"}


class WaterProtocol:
    """The water API documents no codes: the mock returns HTTP 400 and a text for a wrong request."""

    def respond(self, state: WaterState, call: Call, handlers: Mapping[Kind, Handler]) -> Reply:
        try:
            request = read_arguments(call.operation, _with_checked_times(call.query))
        except InvalidArgument as error:
            return _bad_request(call.operation, error)
        page: Page[Record] = handlers[call.operation](state, request)
        payload: dict[str, Any] = {"data": [_serialize(state.quirks, row) for row in page]}
        if page.total is not None and state.quirks.total != "none":
            payload["total"] = str(page.total) if state.quirks.total == "text" else page.total
        return Reply(payload, 200)

    def refusal(self, state: WaterState, code: int) -> Reply:
        return Reply(error_payload(f"refused ({code})", f"请求被拒绝（{code}）"), code, status=400)


def _with_checked_times(query: Mapping[str, str]) -> Mapping[str, str]:
    """Reject times that are not written as in the document, with 13 digits."""
    for name in ("start_time", "end_time"):
        if query.get(name) and not _MILLISECONDS.fullmatch(query[name]):
            raise InvalidArgument(name, "must be a time in milliseconds, 13 digits", "必须是13位时间戳", wire_name=name)
    return query


def _bad_request(operation: Kind, error: InvalidArgument) -> Reply:
    english, chinese = in_wire_names(operation, error)
    return Reply(error_payload(english, chinese, parameter=error.wire_name), 400, status=400)


def _serialize(quirks: WaterQuirks, record: Record) -> dict[str, Any]:
    """Write a row as the quirks say; a value that its field cannot hold is written as the document shows it."""
    row = write_record(record, "milliseconds")
    for field in fields_of(type(record)) if record.unreadable else ():
        if field.python_name in record.unreadable:
            row[field.name] = record.unreadable[field.python_name]
    if isinstance(record, Region):
        children = [_serialize(quirks, child) for child in record.children or ()]
        row["children"] = children or (None if quirks.no_children == "null" else [])
    if quirks.timestamps == "number":
        for field in fields_of(type(record)):
            if isinstance(getattr(record, field.python_name), datetime):
                row[field.name] = int(row[field.name])
    if quirks.user_key == "other":
        row = {_OTHER_NAME.get(name, name): value for name, value in row.items()}
    if quirks.amount_key == "amount_recharged" and "amcount_recharged" in row:
        row["amount_recharged"] = row.pop("amcount_recharged")
    return row

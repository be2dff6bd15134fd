"""The protocol of the water API: from a query to rows and a total."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from chaobiao._contract.family import Kind
from chaobiao._contract.fields import Record, TimeStyle, WireField
from chaobiao._contract.operation import Page
from chaobiao._wire.codecs import kinds_of
from chaobiao._wire.scalars import write_time
from chaobiao.clock import SHANGHAI
from chaobiao.water import Region
from chaobiao_mock.arguments import WrongArgument, read_strictly
from chaobiao_mock.registry import Arguments, Call, Handler, Reply
from chaobiao_mock.replies import error_payload
from chaobiao_mock.serializer import Column, RowSerializer, WriteCell, cell_writer
from chaobiao_mock.water.quirks import WaterQuirks
from chaobiao_mock.water.state import WaterState

_YEAR_2000: Final = datetime(2000, 1, 1, tzinfo=SHANGHAI)
_YEAR_2000_IN_MILLISECONDS: Final = int(_YEAR_2000.timestamp()) * 1_000
_MILLISECOND: Final = timedelta(milliseconds=1)
_OTHER_NAME: Final = {"username": "user_name", "user_name": "username"}


class WaterProtocol:
    """The water API documents no codes: the mock returns HTTP 400 and a text for a wrong request."""

    session_names: frozenset[str] = frozenset()
    meter_names = frozenset({"device_code", "water_meter_number"})
    times: TimeStyle = "milliseconds"

    def read(self, state: WaterState, call: Call) -> Arguments:
        return Arguments(call.query)

    def respond(self, state: WaterState, call: Call, arguments: Arguments, handlers: Mapping[Kind, Handler]) -> Reply:
        try:
            request = read_strictly(call.operation, arguments.values, self.times)
        except WrongArgument as error:
            refused = error_payload(error.english, error.chinese, parameter=error.name)
            return Reply(refused, 400, 400, reason=(error.english, error.chinese))
        page: Page[Record] = handlers[call.operation](state, request)
        payload: dict[str, Any] = {"data": [*map(_serializer(state.quirks), page)]}
        if page.total is not None and state.quirks.total != "none":
            payload["total"] = str(page.total) if state.quirks.total == "text" else page.total
        return Reply(payload, 200)

    def refusal(self, state: WaterState, code: int) -> Reply:
        return Reply(error_payload(f"refused ({code})", f"请求被拒绝（{code}）"), code, 400)

    def revoke(self, state: WaterState, account: str) -> None:
        """Do nothing: there are no sessions."""


@lru_cache(maxsize=64)
def _serializer(quirks: WaterQuirks) -> RowSerializer:
    """Return the serializer of all rows, as the quirks say."""
    times: WriteCell = int if quirks.timestamps == "number" else str
    no_children: list[Any] | None = None if quirks.no_children == "null" else []

    def column(field: WireField) -> Column:
        if field.type == tuple[Region, ...] | None:
            return Column(field.name, lambda children: [*map(serializer, children)] or no_children, no_children)
        name = _OTHER_NAME.get(field.name, field.name) if quirks.user_key == "other" else field.name
        if name == "amcount_recharged":
            name = quirks.amount_key
        if datetime in kinds_of(field.type):
            return Column(name, lambda value: value if isinstance(value, str) else times(in_milliseconds(value)), None)
        return Column(name, cell_writer(field, "milliseconds"), None)

    def in_milliseconds(moment: datetime) -> str | int:
        if moment.tzinfo is SHANGHAI and moment.year > 2000:  # its offset is the same since then: no need to look it up
            return (moment - _YEAR_2000) // _MILLISECOND + _YEAR_2000_IN_MILLISECONDS
        return write_time(moment, "milliseconds")

    serializer = RowSerializer(column)
    return serializer

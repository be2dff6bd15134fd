"""Rows as JSON: as the documents show them, or as the quirks say."""

import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from chaobiao._contract.fields import Record, fields_of
from chaobiao._contract.operation import Operation
from chaobiao._wire.records import write_record
from chaobiao.jrhsz import Gate, ListConsumption, ListMeters, MeterKind, NetworkState
from chaobiao_mock.jrhsz.quirks import JrhszQuirks

#: The codes that are missing from the documents' list of kinds.
UNASSIGNED: Final = (25, 29, 33, 34)
#: Words for states that no document uses.
OTHER_WORDS: Final = {
    Gate.DISCONNECTED.value: "已关阀",
    Gate.CONNECTED.value: "已开阀",
    NetworkState.ONLINE.value: "通讯正常",
    NetworkState.OFFLINE.value: "失联",
}


class RepeatedKey(dict[str, Any]):
    """A row whose ``tableNo`` is written twice, as in one of the samples."""

    def __init__(self, row: dict[str, Any], second: str) -> None:
        super().__init__(row)
        self._second = second

    def items(self) -> Any:  # json writes what this returns, and a dict view cannot hold a key twice
        return self._pairs()

    def _pairs(self) -> Iterator[tuple[str, Any]]:
        yield from super().items()
        yield "tableNo", self._second


def serialize(operation: type[Operation[Any]], quirks: JrhszQuirks, record: Record, position: int) -> dict[str, Any]:
    """Write a row without its empty fields; ``position`` is its position on the page."""
    written = {name: value for name, value in write_record(record).items() if value is not None}
    for field in fields_of(type(record)):
        if field.name in written:
            kinds = typing.get_args(field.type)
            if MeterKind in kinds and quirks.kinds == "unassigned":
                code = UNASSIGNED[int(written[field.name]) % len(UNASSIGNED)]
                written[field.name] = code if field.number else str(code)
            if (Decimal in kinds or MeterKind in kinds) and quirks.numbers != "documented":
                text = str(written[field.name])
                written[field.name] = text if quirks.numbers == "text" else _number(text)
    if quirks.words == "other":
        written |= {name: OTHER_WORDS[value] for name, value in written.items() if value in OTHER_WORDS}
    if operation is ListConsumption and quirks.amount_key == "amount" and "amout" in written:
        written["amount"] = written.pop("amout")
    if operation is ListMeters and quirks.kind_key == "typeType" and "tableType" in written:
        written["typeType"] = written.pop("tableType")
    if quirks.missing == "one":
        names = list(written)
        del written[names[position % len(names)]]
    if quirks.repeated_key != "no" and "tableNo" in written:
        return RepeatedKey(written, written["tableNo"] if quirks.repeated_key == "same" else "0")
    return written


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(text)

"""Rows of the prepaid platform: as the documents show them, or as the quirks say."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from chaobiao._contract.family import Kind
from chaobiao._contract.fields import Record, WireField
from chaobiao._wire.codecs import kinds_of
from chaobiao.jrhsz import Gate, ListConsumption, ListMeters, MeterKind, NetworkState
from chaobiao_mock.jrhsz.quirks import JrhszQuirks
from chaobiao_mock.serializer import Column, RowSerializer, WriteCell, cell_writer, json_number

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


def serialize(operation: Kind, quirks: JrhszQuirks, records: Iterable[Record]) -> list[dict[str, Any]]:
    """Write the rows of a page, without their empty fields."""
    rows = [*map(_serializer(quirks, *_renamed(operation, quirks)), records)]
    if quirks.missing == "one":
        for position, row in enumerate(rows):
            del row[[*row][position % len(row)]]
    if quirks.repeated_key != "no":
        same = quirks.repeated_key == "same"
        rows = [RepeatedKey(row, row["tableNo"] if same else "0") if "tableNo" in row else row for row in rows]
    return rows


def _renamed(operation: Kind, quirks: JrhszQuirks) -> tuple[str, str]:
    """Return the name of a field that has another name in the rows of an operation, and that name."""
    if operation is ListConsumption:
        return "amout", quirks.amount_key
    return ("tableType", quirks.kind_key) if operation is ListMeters else ("", "")


@lru_cache(maxsize=64)
def _serializer(quirks: JrhszQuirks, renamed: str, name: str) -> RowSerializer:
    return RowSerializer(
        lambda field: Column(name if field.name == renamed else field.name, _write_cell(field, quirks))
    )


def _write_cell(field: WireField, quirks: JrhszQuirks) -> WriteCell | None:
    kinds = kinds_of(field.type)
    write = cell_writer(field, "datetime")
    if write is not None and quirks.words == "other" and (Gate in kinds or NetworkState in kinds):
        return lambda value: OTHER_WORDS.get(value.value, value.value)
    if write is None or not (Decimal in kinds or MeterKind in kinds):
        return write
    unassigned = MeterKind in kinds and quirks.kinds == "unassigned"
    documented = _unassigned(json_number if field.number else str) if unassigned else write
    match quirks.numbers:
        case "text":
            return lambda value: str(documented(value))
        case "number":
            return lambda value: json_number(str(documented(value)))
        case "documented":
            return documented


def _unassigned(as_documented: WriteCell) -> WriteCell:
    def write(kind: Any) -> Any:
        return as_documented(str(UNASSIGNED[int(kind) % len(UNASSIGNED)]))

    return write

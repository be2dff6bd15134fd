"""Rows as JSON: the quirks are looked at once for each class of records, and every row shows them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from chaobiao._contract.fields import fields_of
from chaobiao._wire import records
from chaobiao.clock import SHANGHAI
from chaobiao.jrhsz import Consumption, Gate, ListConsumption, ListMeters, Meter, MeterKind, NetworkState
from chaobiao_mock import JrhszQuirks
from chaobiao_mock.jrhsz.serializer import serialize

METER = Meter(table_no="1", kind=MeterKind(7), gate=Gate.CONNECTED, network=NetworkState.ONLINE)
USED = Consumption(table_no="1", usage=Decimal("1E+3"), read_at=datetime(2026, 1, 2, tzinfo=SHANGHAI))


@pytest.mark.parametrize(
    ("quirks", "changed"),
    [
        ({}, {}),
        ({"kinds": "unassigned"}, {"tableType": "34"}),
        ({"kinds": "unassigned", "numbers": "number"}, {"tableType": 34}),
        ({"words": "other"}, {"gate": "已开阀", "netStatis": "通讯正常"}),
        ({"missing": "one"}, {"tableNo": None}),
    ],
    ids=str,
)
def test_each_quirk_shows_in_a_row(quirks: dict[str, Any], changed: dict[str, Any]) -> None:
    """Only the cells of a quirk change; empty cells are left out."""
    documented = {"tableNo": "1", "tableType": "7", "netStatis": "在线", "gate": "合闸"}
    expected = {name: value for name, value in {**documented, **changed}.items() if value is not None}
    assert serialize(ListMeters, JrhszQuirks(**quirks), [METER]) == [expected]


def test_no_number_has_an_exponent() -> None:
    """A number is written in full, as the samples show numbers."""
    (row,) = serialize(ListConsumption, JrhszQuirks(), [USED])
    assert row == {"tableNo": "1", "readTime": "2026-01-02 00:00:00", "dosage": "1000"}


def test_types_are_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The codec of each field is asked for by the first row, and not by the thousand rows after it."""
    quirks = JrhszQuirks(kind_key="typeType", code="text", paced="no")
    asked: list[Any] = []
    codec_of = records.codec_of
    monkeypatch.setattr("chaobiao_mock.serializer.codec_of", lambda field: asked.append(field) or codec_of(field))
    serialize(ListMeters, quirks, [METER] * 1_000)
    serialize(ListMeters, quirks, [METER] * 1_000)
    assert len(asked) == len(fields_of(Meter))

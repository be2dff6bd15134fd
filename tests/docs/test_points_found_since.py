"""Points on the page of ambiguities that the platforms' own tests do not check."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from chaobiao import Jrhsz, OutcomeUnknown, UnknownCode, VirtualClock
from chaobiao.jrhsz import Commodity, Instruction
from chaobiao_mock import Fault, MockServer, World


@pytest.fixture
def server(clock: VirtualClock) -> Iterator[MockServer]:
    """A mock whose time stands still."""
    with MockServer(World(clock=clock)) as running:
        yield running


@pytest.fixture
def clock() -> VirtualClock:
    """The time of server and client."""
    return VirtualClock()


@pytest.fixture
def client(server: MockServer, clock: VirtualClock) -> Iterator[Jrhsz]:
    """A client of it."""
    with Jrhsz("khcs", "123456", base_url=server.url, clock=clock) as made:
        yield made


@pytest.mark.parametrize("carried_out", [True, False])
def test_row_22_an_undocumented_code_leaves_money_and_commands_open(
    client: Jrhsz, server: MockServer, carried_out: bool
) -> None:
    """To a recharge or a command it is OutcomeUnknown with the code, and is sent once; to a read it is UnknownCode."""
    for path in ("/user/Prestore", "/meter/meterInstruct", "/meter/meterList"):
        server.world.faults.add(
            Fault(path, "code", code=1099, phase="after_commit" if carried_out else "before_parsing")
        )
    with pytest.raises(OutcomeUnknown) as money:
        client.recharges.create("ceshi1", amount=50, order_number="A-1")
    with pytest.raises(OutcomeUnknown) as command:
        client.meters.instruct("202005005292", Instruction.RECONNECT)
    with pytest.raises(UnknownCode) as read:
        client.meters.list().collect()
    assert [caught.value.code for caught in (money, command, read)] == [1099, 1099, 1099]
    assert [len(server.world.journal.of(call)) for call in ("recharges.create", "meters.instruct")] == [1, 1]
    assert client.residents.get("ceshi1")[0].balance == (50 if carried_out else 0)


def test_row_23_kinds_are_passed_on_as_they_come(client: Jrhsz) -> None:
    """The documented consumption calls a water meter electric; made-up meters are of one kind in both lists."""
    kinds = {meter.table_no: meter.kind for meter in client.meters.list()}
    documented = client.meters.consumption(
        begin=datetime(2023, 4, 1), end=datetime(2023, 4, 30), table_no="202005004869"
    ).collect()
    assert [row.kind and row.kind.commodity for row in documented] == [Commodity.ELECTRICITY]
    listed = kinds["202005004869"]
    assert listed is not None
    assert listed.commodity is Commodity.WATER
    made_up = client.meters.consumption(begin=datetime(2026, 1, 1, 6), end=datetime(2026, 1, 1, 8)).collect()
    assert len(made_up) > 200
    assert all(row.kind is kinds[row.table_no] for row in made_up)


def test_row_25_addresses_show_a_name_and_are_found_by_the_code(client: Jrhsz) -> None:
    """The sample's 一栋 arrives as it is, for all addresses and for those of the building's code alike."""
    everywhere = [address for address in client.addresses.list() if address.build_code == "一栋"]
    assert [address.address for address in everywhere] == ["一栋一层", "一栋二层", "一栋三层"]
    assert client.addresses.list(build_code="gzfh-1-d").collect() == everywhere


def test_row_26_a_payment_says_how_it_was_made(client: Jrhsz) -> None:
    """trade_type, which only the sample has, is the channel of documented recharges and of new ones."""
    client.recharges.create("2022040001", amount=5, order_number="A-1")
    payments = client.recharges.list("2022040001", begin=datetime(2023, 1, 1), end=datetime(2026, 12, 31)).collect()
    assert [payment.channel for payment in payments[:2]] == ["微信充值", "微信充值"]
    assert payments[-1].order_number == "A-1"
    assert payments[-1].channel
    assert all(payment.extra == {} for payment in payments)

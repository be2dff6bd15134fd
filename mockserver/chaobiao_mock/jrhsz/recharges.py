"""Recharges: an order number counts once, whatever became of the answer."""

from decimal import Decimal

from chaobiao._contract.operation import Page
from chaobiao.jrhsz import ListRecharges, Payment, Recharge
from chaobiao_mock.jrhsz.pagination import cut
from chaobiao_mock.jrhsz.residents import require_resident
from chaobiao_mock.jrhsz.state import JrhszState, Refused
from chaobiao_mock.serves import serves


@serves(Recharge)
def recharge(state: JrhszState, op: Recharge) -> None:
    require_resident(state, op.user_code)
    if state.ledger.used(op.order_number):
        raise Refused(1010)
    state.ledger.recharge(op.user_code, Decimal(op.amount), op.order_number, state.clock.now())


@serves(ListRecharges)
def list_recharges(state: JrhszState, op: ListRecharges) -> Page[Payment]:
    require_resident(state, op.user_code)
    return cut(state.quirks, state.ledger.payments(op.user_code, op.begin, op.end), op.page, op.page_size)

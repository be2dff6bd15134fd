"""Recharges: an order number can be used once, whether or not the client received the response."""

from decimal import Decimal

from chaobiao._contract.operation import Page
from chaobiao.jrhsz import ListRecharges, Payment, Recharge
from chaobiao_mock.errors import Refused
from chaobiao_mock.jrhsz.pagination import page_of
from chaobiao_mock.jrhsz.residents import require_resident
from chaobiao_mock.jrhsz.state import JrhszState
from chaobiao_mock.pagination import rows_of
from chaobiao_mock.registry import Handlers

handlers = Handlers()


@handlers.serves(Recharge)
def recharge(state: JrhszState, op: Recharge) -> None:
    require_resident(state, op.user_code)
    if state.ledger.used(op.order_number):
        raise Refused(1010)
    state.recharge(op.user_code, Decimal(op.amount), op.order_number)


@handlers.serves(ListRecharges)
def list_recharges(state: JrhszState, op: ListRecharges) -> Page[Payment]:
    require_resident(state, op.user_code)
    return page_of(state.quirks, op, [rows_of(state.ledger.payments(op.user_code, op.begin, op.end))])

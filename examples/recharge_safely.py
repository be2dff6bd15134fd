"""Recharge exactly once, even if the response gets lost: ``recharge_safely.py [ORDER_NUMBER]``.

The order number is recorded before anything is sent. When the outcome is unknown, the list of payments decides. Only if
the payment is not there is the recharge sent again, under the same number, and at most three times in all.

Sending the same number again is safe only because the server refuses a number that it has seen, with code 1010
(重复订单). That code is in the table of the meter document alone; the recharge document does not mention it. Ask the
platform's operator whether your server returns it. If it does not, keep a single one of the ``PAUSES``: then nothing is
sent twice, and what stays unknown is for the operator to reconcile.
"""

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from chaobiao import SHANGHAI, ChaobiaoError, DuplicateOrder, Jrhsz, OutcomeUnknown

#: For each attempt, how long a slow server gets to finish before the payment is looked up, in seconds.
PAUSES = (2, 10, 30)


def is_booked(client: Jrhsz, resident: str, order_number: str) -> bool:
    """Look a payment up; a day more on both sides, because the server's clock may differ."""
    now, day = datetime.now(SHANGHAI), timedelta(days=1)
    payments = client.recharges.list(resident, begin=now - day, end=now + day)
    return any(payment.order_number == order_number for payment in payments)


def recharge_once(
    client: Jrhsz, resident: str, amount: Decimal, order_number: str, sleep: Callable[[float], object] = time.sleep
) -> str | None:
    """Pay ``amount`` into an account once. Return how it was confirmed, or ``None`` if it is still unknown."""
    for attempt, pause in enumerate(PAUSES, start=1):
        try:
            client.recharges.create(resident, amount=amount, order_number=order_number)
        except DuplicateOrder:
            return "the server has this number already; the recharge that used it counts"
        except OutcomeUnknown:
            sleep(pause)
            if is_booked(client, resident, order_number):
                return "the response was lost, but the payment is in the list"
        else:
            return f"accepted at attempt {attempt}"
    return None


def main(arguments: list[str]) -> int:
    resident, amount = "2022040001", Decimal("10.00")
    order_number = arguments[0] if arguments else f"safe-{uuid4().hex[:12]}"
    print(f"order {order_number}: {amount} yuan for resident {resident}")  # a real program stores this in its database
    found: str | None = None
    try:
        with Jrhsz() as client:
            for _ in range(2):  # the second time shows that the number counts once
                found = recharge_once(client, resident, amount, order_number)
                print(f"order {order_number}: {found or 'unknown'}")
                if found is None:
                    break
    except ChaobiaoError as error:
        print(error, file=sys.stderr)
        found = None
    if found is None:
        print(
            f"Order {order_number} is not confirmed. Look it up in recharges.list (充值记录) of resident {resident}, "
            f"or ask the operator. Only if it is not there, run this again with the same number.",
            file=sys.stderr,
        )
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

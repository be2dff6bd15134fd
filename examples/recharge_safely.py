"""Recharge exactly once, even if the answer gets lost.

The order number is written down before anything is sent. When the outcome is unknown, the list of payments decides:
the recharge is repeated, under the same number, only if it is not there.
"""

import sys
import time
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from chaobiao import SHANGHAI, DuplicateOrder, Jrhsz, OutcomeUnknown


def recharge_once(client: Jrhsz, resident: str, amount: Decimal, order_number: str) -> str:
    """Pay ``amount`` into an account once; answer how it came about."""
    try:
        client.recharges.create(resident, amount=amount, order_number=order_number)
    except DuplicateOrder:
        return "an earlier attempt had worked"
    except OutcomeUnknown:
        time.sleep(1)  # give a slow server the time to finish
        now = datetime.now(SHANGHAI)
        recent = client.recharges.list(resident, begin=now - timedelta(days=1), end=now + timedelta(hours=1))
        if any(payment.order_number == order_number for payment in recent):
            return "the answer was lost, but the payment is in the list"
        # Not there: the same number again is safe, for the server takes each number once.
        return recharge_once(client, resident, amount, order_number)
    return "at the first attempt"


def main() -> int:
    with Jrhsz() as client:
        order_number = f"safe-{uuid4().hex[:12]}"
        print(f"order {order_number}: {recharge_once(client, '2022040001', Decimal('10.00'), order_number)}")
        print(f"order {order_number}: {recharge_once(client, '2022040001', Decimal('10.00'), order_number)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What the prepaid platform's endpoints have in common."""

from functools import partial
from typing import Final

from chaobiao._contract.operation import Effect, operation

#: Say which endpoint a class is: all take POST, and most may be called once in two seconds.
post: Final = partial(operation, "POST", effect=Effect.READ, interval=2)

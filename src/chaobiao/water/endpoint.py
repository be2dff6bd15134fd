"""What the water query API's endpoints have in common."""

from functools import partial
from typing import Final

from chaobiao._contract.operation import Effect, operation

#: Say which endpoint a class is: all take GET, and no interval is documented.
get: Final = partial(operation, "GET", effect=Effect.READ)

"""The decorator for operations of the prepaid platform."""

from functools import partial
from typing import Final

from chaobiao._contract.operation import Effect, operation

#: ``operation`` with what is usual here: POST, a read, and an interval of two seconds.
post: Final = partial(operation, "POST", effect=Effect.READ, interval=2)

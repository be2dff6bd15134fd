"""The decorator for operations of the water query API."""

from functools import partial
from typing import Final

from chaobiao._contract.operation import Effect, operation

#: ``operation`` with what holds for all of them: GET, a read, and no documented interval.
get: Final = partial(operation, "GET", effect=Effect.READ)

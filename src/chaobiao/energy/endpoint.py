"""Decorators for the operations of the energy management API."""

from functools import partial
from typing import Final

from chaobiao._contract.operation import Effect, operation

#: ``operation`` with what is usual here.
get: Final = partial(operation, "GET", effect=Effect.READ)
create: Final = partial(operation, "POST", effect=Effect.CREATE)
update: Final = partial(operation, "PUT", effect=Effect.UPDATE)
delete: Final = partial(operation, "DELETE", effect=Effect.DELETE)

"""Decorators for the operations of the energy management API."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from chaobiao._contract.operation import Effect, operation

T = TypeVar("T")

#: ``operation`` with what is usual here.
get: Final = partial(operation, "GET", effect=Effect.READ)
create: Final = partial(operation, "POST", effect=Effect.CREATE)


def update(path: str, *, call: str, look_up: str = "", **facts: Any) -> Callable[[type[T]], type[T]]:
    """Describe a change of what the namespace lists, or ``look_up`` returns."""
    return operation("PUT", path, call=call, effect=Effect.UPDATE, look_up=look_up or _list_of(call), **facts)


def delete(path: str, *, call: str, effect: Effect = Effect.DELETE, **facts: Any) -> Callable[[type[T]], type[T]]:
    """Describe the deletion of what the namespace lists."""
    return operation("DELETE", path, call=call, effect=effect, look_up=_list_of(call), **facts)


def _list_of(call: str) -> str:
    namespace, _, method = call.partition(".")
    return f"{namespace}.list" if method else ""

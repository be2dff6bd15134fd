"""The descriptor of a family, which the generator, the OpenAPI documents, the mock, the docs and the tests read.

A family is the API of one platform: its operations, its dialect and its clients.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar, Protocol

import attrs

from chaobiao._contract.fields import TimeStyle
from chaobiao._contract.operation import Effect, Operation

#: The class of an operation, such as ``ListMeters``.
Kind = type[Operation[Any]]


class DialectFacts(Protocol):
    """The attributes of a family's dialect that are used outside a call; ``_call.dialect.Dialect`` documents them."""

    env_prefix: ClassVar[str]
    documented_base_url: ClassVar[str | None]
    session_lifetime: ClassVar[float | None]
    times: ClassVar[TimeStyle]

    def interval_of(self, operation: Operation[Any]) -> float | None:
        """Return the shortest time between two calls of this operation, in seconds; ``None`` for no limit."""
        ...


@attrs.frozen
class Namespace:
    """A group of client methods, such as ``client.meters``, with its description in both languages."""

    doc: str
    doc_zh: str


@attrs.define(kw_only=True, slots=False)
class Family:
    """The API of one platform: its names, its operations and its dialect."""

    #: The name of its package below ``chaobiao`` and in commands, such as ``"jrhsz"``.
    name: str
    title: str
    title_zh: str
    #: The class name of the sync client; the async client's name has "Async" in front of it.
    client: str
    dialect: type[DialectFacts]
    #: The modules that declare its operations. The package of the first one is the family's package.
    modules: tuple[ModuleType, ...]
    namespaces: Mapping[str, Namespace]
    #: The words that name the vendor's documents in ``Spec.section`` ("meter 4.3"), in the order of the documents.
    documents: tuple[str, ...] = ()
    #: The documented codes with their meaning; empty for a family without codes.
    codes: Mapping[int, Any] = attrs.field(factory=dict)

    @property
    def package(self) -> str:
        """The dotted name of the family's package."""
        return self.modules[0].__name__.rpartition(".")[0]

    @property
    def has_account(self) -> bool:
        """Whether its clients log in."""
        return self.dialect().session_lifetime is not None

    @cached_property
    def operations(self) -> tuple[Kind, ...]:
        """All operations of the family, sorted by document and section."""
        found = [
            value
            for module in self.modules
            for value in vars(module).values()
            if isinstance(value, type) and value.__module__ == module.__name__ and "spec" in vars(value)
        ]
        return tuple(sorted(found, key=self._section_key))

    def _section_key(self, operation: Kind) -> tuple[int, tuple[int, ...]]:
        section = operation.spec.section.partition("=")[0]  # "recharge 4.1 = meter 4.1" is in both documents
        word = section.partition(" ")[0]
        document = self.documents.index(word) if word in self.documents else 0
        return document, tuple(int(number) for number in re.findall("[0-9]+", section))

    @cached_property
    def login(self) -> Kind | None:
        """The operation that logs in; ``None`` for a family without a login."""
        logins = (kind for kind in self.operations if kind.spec.effect is Effect.SESSION and kind.spec.method == "POST")
        return next(logins, None)

    def module(self, name: str) -> ModuleType:
        """Import and return one of the family's modules, such as ``"_sync"``."""
        return import_module(f"{self.package}.{name}")

    def methods_class(self, namespace: str, *, is_async: bool = False) -> str:
        """Return the class name of a namespace: ``OperationLogsMethods`` for ``operation_logs``."""
        words = "".join(part.capitalize() for part in namespace.split("_"))
        return f"{'Async' if is_async else ''}{words}Methods"

    def interval_of(self, operation: Kind) -> float | None:
        """Return the interval that a client keeps by default, in seconds; ``None`` for no limit."""
        # interval_of takes an operation, but reads only its spec: an instance without arguments is enough.
        return self.dialect().interval_of(object.__new__(operation))

"""A family's descriptor: all that is read by the generator, the OpenAPI documents, the mock, the docs and the tests."""

import re
from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar, Protocol

import attrs

from chaobiao._contract.fields import TimeStyle
from chaobiao._contract.operation import Effect, Operation

Kind = type[Operation[Any]]


class DialectFacts(Protocol):
    """What a descriptor's readers ask a family's dialect."""

    env_prefix: ClassVar[str]
    documented_base_url: ClassVar[str | None]
    session_lifetime: ClassVar[float | None]
    times: ClassVar[TimeStyle]

    def interval_of(self, operation: Operation[Any]) -> float | None:
        """The least time between two calls of this operation, in seconds."""
        ...


@attrs.frozen
class Namespace:
    """A group of client methods, such as ``client.meters``."""

    doc: str
    doc_zh: str


@attrs.define(kw_only=True, slots=False)
class Family:
    """One vendor's API: its names, its operations and its dialect."""

    #: Its folder's name, as commands and environment variables spell it: "jrhsz".
    name: str
    title: str
    title_zh: str
    #: The name of the sync client's class; the async one has "Async" before it.
    client: str
    dialect: type[DialectFacts]
    #: The modules that declare its operations.
    modules: tuple[ModuleType, ...]
    namespaces: Mapping[str, Namespace]
    #: The vendor's documents by the words that sections begin with, in their order.
    documents: tuple[str, ...] = ()
    #: The documented codes and what they mean; empty where a family has none.
    codes: Mapping[int, Any] = attrs.field(factory=dict)

    @property
    def package(self) -> str:
        """The package that the family lives in."""
        return self.modules[0].__name__.rpartition(".")[0]

    @property
    def has_account(self) -> bool:
        """Whether its clients log in."""
        return self.dialect().session_lifetime is not None

    @cached_property
    def operations(self) -> tuple[Kind, ...]:
        """Every operation of the family, in the order of the documents' sections."""
        found = [
            value
            for module in self.modules
            for value in vars(module).values()
            if isinstance(value, type) and value.__module__ == module.__name__ and "spec" in vars(value)
        ]
        return tuple(sorted(found, key=self._place))

    def _place(self, operation: Kind) -> tuple[int, tuple[int, ...]]:
        section = operation.spec.section.partition("=")[0]
        word = section.partition(" ")[0]
        document = self.documents.index(word) if word in self.documents else 0
        return document, tuple(int(number) for number in re.findall("[0-9]+", section))

    @cached_property
    def login(self) -> Kind | None:
        """The operation that logs in, if there is one."""
        logins = (kind for kind in self.operations if kind.spec.effect is Effect.SESSION and kind.spec.method == "POST")
        return next(logins, None)

    def module(self, name: str) -> ModuleType:
        """Import one of the family's own modules, such as ``"_sync"``."""
        return import_module(f"{self.package}.{name}")

    def methods_class(self, namespace: str, *, is_async: bool = False) -> str:
        """Return the name of a namespace's class: ``OperationLogsMethods`` for ``operation_logs``."""
        words = "".join(part.capitalize() for part in namespace.split("_"))
        return f"{'Async' if is_async else ''}{words}Methods"

    def interval_of(self, operation: Kind) -> float | None:
        """The interval that a client keeps unless told otherwise, in seconds."""
        # The dialect is asked about a value; of one without arguments it can read the spec, which is what decides.
        return self.dialect().interval_of(object.__new__(operation))

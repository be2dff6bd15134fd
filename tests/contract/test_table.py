"""The table of operations, and what must hold for each: a method of both clients, a title, words for every field."""

import ast
import csv
import inspect
import re
import typing
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from chaobiao._contract.fields import Record, fields_of
from chaobiao._contract.operation import Operation, PagedOperation, is_record
from tests.harness.clients import client_type
from tests.harness.samples import FAMILIES

OPERATIONS = [(family, kind) for family, module in FAMILIES.items() for kind in module.FAMILY.operations]
RECORDS = [
    (family, kind)
    for family, module in FAMILIES.items()
    for name in module.__all__
    if is_record(kind := getattr(module, name))
]
every_operation = pytest.mark.parametrize(
    ("family", "kind"), OPERATIONS, ids=[f"{family}-{kind.__name__}" for family, kind in OPERATIONS]
)


def test_the_operations_are_those_of_the_table() -> None:
    """The names that we gave: client method, operation, effect, paging and interval, in the order of the documents."""
    text = Path(__file__).with_name("names.csv").read_text("utf-8")
    table = list(csv.DictReader(text.splitlines()))
    assert [
        {
            "family": family,
            "section": kind.spec.section,
            "client_method": kind.spec.call,
            "operation": kind.__name__,
            "effect": kind.spec.effect.value,
            "paged": "yes" if issubclass(kind, PagedOperation) else "no",
            "interval": "" if kind.spec.interval is None else f"{kind.spec.interval:g}",
        }
        for family, kind in OPERATIONS
    ] == table


def method_of(client_kind: str, family: str, call: str) -> tuple[Any, Any]:
    """A client method by its dotted name, and the class that has it."""
    owner = client_type(client_kind, family)
    *namespace, name = call.split(".")
    if namespace:
        bound = namespaces(owner)[namespace[0]]
        owner = bound
    return inspect.getattr_static(owner, name), owner


def namespaces(client: Any) -> dict[str, Any]:
    """The namespaces of a client class: attribute name → class."""
    made = object.__new__(client)
    made._bind()
    return {name: type(value) for name, value in vars(made).items()}


@every_operation
def test_every_operation_is_a_client_method_in_both_kinds(family: str, kind: type[Operation[Any]]) -> None:
    """Both clients have the method, with the operation's arguments and defaults, and the operation's own docstring."""
    for client_kind in ("sync", "async"):
        method, _ = method_of(client_kind, family, kind.spec.call)
        parameters = list(inspect.signature(method).parameters.values())[1:]
        if kind.spec.effect.value == "session":
            assert parameters == []  # the client has the account already
            continue
        wanted = list(inspect.signature(kind).parameters.values())
        given = {parameter.name: (parameter.default, parameter.kind) for parameter in parameters}
        assert given == {parameter.name: (parameter.default, parameter.kind) for parameter in wanted}
        assert inspect.getdoc(method).splitlines()[0] == inspect.getdoc(kind).splitlines()[0]  # type: ignore[union-attr]  # the docstrings are what is tested
        assert kind.spec.section in method.__doc__
        assert kind.spec.path in method.__doc__


@cache
def names_in(module: ModuleType) -> dict[str, Any]:
    """All names that a module imports, those included that it imports for type checkers only."""
    imports = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.ImportFrom)]
    return {
        alias.name: getattr(import_module(str(node.module)), alias.name) for node in imports for alias in node.names
    }


@every_operation
def test_method_returns_the_operations_records(family: str, kind: type[Operation[Any]]) -> None:
    """Lists return Listing or AsyncListing of the record, and everything else the same type in both kinds of client."""
    if kind.spec.effect.value == "session":
        return
    returned = {}
    for client_kind in ("sync", "async"):
        method, owner = method_of(client_kind, family, kind.spec.call)
        returned[client_kind] = typing.get_type_hints(method, names_in(inspect.getmodule(owner)))["return"]
        lists = "Listing" in str(typing.get_origin(returned[client_kind]))
        assert inspect.iscoroutinefunction(method) == (client_kind == "async" and not lists)
        if lists:
            name = "AsyncListing" if client_kind == "async" else "Listing"
            assert typing.get_origin(returned[client_kind]).__name__ == name
            assert typing.get_args(returned[client_kind]) == (kind.spec.returns,)
    if "Listing" not in str(returned["sync"]):
        assert returned["sync"] == returned["async"]


@pytest.mark.parametrize("family", FAMILIES)
def test_both_kinds_have_the_same_public_face(family: str) -> None:
    """The same namespaces, methods, parameters, defaults and annotations, but for what the kinds differ in."""
    sync, async_ = client_type("sync", family), client_type("async", family)
    renamed = {"close": "aclose", "__enter__": "__aenter__", "__exit__": "__aexit__"}
    faces = {name: getattr(sync, name) for name in public(sync) | {"__init__", *list(renamed)[1:]}}
    assert {renamed.get(name, name) for name in faces} == public(async_) | {"__init__", *list(renamed.values())[1:]}
    for name, method in faces.items():
        compare(method, getattr(async_, renamed.get(name, name)), extra={"max_rate"} if name == "__init__" else set())
    sync_spaces, async_spaces = namespaces(sync), namespaces(async_)
    assert list(sync_spaces) == list(async_spaces)
    for name, space in sync_spaces.items():
        twin = async_spaces[name]
        assert twin.__name__ == f"Async{space.__name__}"
        assert space.__doc__ == twin.__doc__
        assert public(space) == public(twin)
        for method in public(space):
            compare(getattr(space, method), getattr(twin, method), extra=set())
            assert getattr(space, method).__doc__ == getattr(twin, method).__doc__


def public(owner: Any) -> set[str]:
    return {name for name in dir(owner) if not name.startswith("_")}


def compare(sync: Any, async_: Any, extra: set[str]) -> None:
    """Hold two signatures together; ``extra`` are parameters that only the async one has."""
    if isinstance(sync, property):
        sync, async_ = sync.fget, async_.fget
    theirs = {name: p for name, p in inspect.signature(async_).parameters.items() if name not in extra}
    ours = dict(inspect.signature(sync).parameters)
    assert list(ours) == list(theirs)
    assert extra <= set(inspect.signature(async_).parameters)
    for name, parameter in ours.items():
        twin = theirs[name]
        assert (parameter.default, parameter.kind) == (twin.default, twin.kind), name
        if name != "http_client":
            assert str(parameter.annotation) == str(twin.annotation), name


def test_every_operation_of_a_client_is_in_the_table() -> None:
    """A client has no endpoint method that the table lacks."""
    for family, module in FAMILIES.items():
        calls = {kind.spec.call for kind in module.FAMILY.operations if "." in kind.spec.call}
        found = {
            f"{name}.{method}"
            for name, space in namespaces(client_type("sync", family)).items()
            for method in public(space)
        }
        assert found == calls


@every_operation
def test_every_operation_says_what_it_is(family: str, kind: type[Operation[Any]]) -> None:
    """Each has the vendor's Chinese title, a docstring that begins with a sentence, and words for every argument."""
    assert any("\u4e00" <= letter <= "\u9fff" for letter in kind.spec.title)
    first = (inspect.getdoc(kind) or "").split("\n\n")[0].replace("\n", " ")
    assert re.fullmatch(r"[A-Z].*[.]", first)
    check_words(kind)


@pytest.mark.parametrize(("family", "kind"), RECORDS, ids=[f"{family}-{kind.__name__}" for family, kind in RECORDS])
def test_every_record_says_what_it_is(family: str, kind: type[Record]) -> None:
    """Each has a docstring of its own, and words in English and Chinese for every field; no wire name comes twice."""
    assert kind.__doc__
    assert kind.__doc__ != Record.__doc__
    check_words(kind)
    assert fields_of(kind)
    names = [name for field in fields_of(kind) for name in (field.name, *field.aliases)]
    assert len(set(names)) == len(names)


def check_words(kind: type) -> None:
    for field in fields_of(kind):
        assert field.doc.strip(), field.python_name
        assert field.zh.strip(), field.python_name


def test_every_record_of_an_operation_is_exported() -> None:
    """What an operation returns can be imported from its family, beside it."""
    exported = {kind for _, kind in RECORDS}
    for _, kind in OPERATIONS:
        assert not is_record(kind.spec.returns) or kind.spec.returns in exported

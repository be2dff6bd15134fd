"""Generate each family's client methods from its operations: ``_sync.py`` and ``_async.py``, formatted by ruff."""

import argparse
import enum
import subprocess
import sys
import textwrap
import types
import typing
from collections import defaultdict
from pathlib import Path
from typing import Any

import attrs

from chaobiao._contract.family import Family, Kind
from chaobiao._contract.fields import WireField
from chaobiao._contract.operation import RowsOperation, sorted_arguments
from chaobiao._families import families

SOURCE = Path(__file__).parent.parent / "src" / "chaobiao"


class Imports:
    """Collects the imports of a generated file while its annotations are written.

    Modules of operations are imported by the methods that use them: a family has many classes, a program uses few.
    """

    def __init__(self) -> None:
        self._found: dict[str, set[str]] = defaultdict(set)
        self._typing: dict[str, set[str]] = defaultdict(set)

    def add(self, module: str, *names: str) -> None:
        self._found[module].update(names)

    def use(self, kind: type) -> str:
        """Return the name of a class that only annotations use."""
        if kind.__module__ != "builtins":
            self._typing[kind.__module__].add(kind.__name__)
        return kind.__name__

    def render(self, kind: Any) -> str:
        """Return a type as an annotation."""
        if kind is None or kind is type(None):
            return "None"
        if typing.get_origin(kind) in (types.UnionType, typing.Union):
            return " | ".join(self.render(part) for part in typing.get_args(kind))
        if kind is Ellipsis:
            return "..."
        if arguments := typing.get_args(kind):
            return f"{self.use(typing.get_origin(kind))}[{', '.join(map(self.render, arguments))}]"
        return self.use(kind)

    def default(self, value: Any) -> str:
        if isinstance(value, enum.Enum):
            self.add(type(value).__module__, type(value).__name__)
            return f"{type(value).__name__}.{value.name}"
        return repr(value)

    def lines(self) -> str:
        for module, names in self._found.items():
            self._typing[module] -= names
        lines = _imports(self._found)
        if typing_only := _imports(self._typing):
            lines = [
                *lines,
                "from typing import TYPE_CHECKING",
                "if TYPE_CHECKING:",
                *(f"    {line}" for line in typing_only),
            ]
        return "\n".join(lines)


def _imports(found: dict[str, set[str]]) -> list[str]:
    return [f"from {module} import {', '.join(sorted(names))}" for module, names in found.items() if names]


def _docstring(text: str, indent: str) -> str:
    body = textwrap.indent(text, indent).strip()
    closing = f"\n{indent}" if "\n" in body else ""
    return f'{indent}"""{body}{closing}"""\n'


def _describe(family: Family, operation: Kind) -> str:
    spec = operation.spec
    parts = [textwrap.dedent("    " + (operation.__doc__ or "")).strip()]
    arguments: list[str] = []
    for field in sorted_arguments(operation):
        unit = f" In {field.unit}." if field.unit else ""
        arguments.append(f"    {field.python_name}: {field.doc}{unit} ({field.zh}, ``{field.name}``)")
    if arguments:
        parts.append("\n".join(["Args:", *arguments]))
    interval = family.interval_of(operation)
    pace = f"at most one call every {interval:g} s" if interval else "no interval documented"
    parts.append(f"Vendor section: {spec.section} ({spec.title}), ``{spec.method} {spec.path}``, {pace}.")
    return "\n\n".join(parts)


def _method(family: Family, operation: Kind, name: str, imports: Imports, *, is_async: bool) -> str:
    """Return the source of one operation's method."""
    arguments = sorted_arguments(operation)

    def parameter(field: WireField) -> str:
        default = "" if field.default is attrs.NOTHING else f" = {imports.default(field.default)}"
        text = " | str" if field.secret else ""  # the method wraps it
        return f"{field.python_name}: {imports.render(field.type)}{text}{default}"

    signature = ["self", *(parameter(field) for field in arguments if not field.kw_only)]
    keywords = [parameter(field) for field in arguments if field.kw_only]
    if keywords:
        signature += ["*", *keywords]
    passed = [f"{f.python_name}={f.python_name}" if f.kw_only else f.python_name for f in arguments]
    call = f"{operation.__name__}({', '.join(passed)})"
    load = f"        from {operation.__module__} import {operation.__name__}\n\n"
    secrets = [field.python_name for field in arguments if field.secret]
    if secrets:
        imports.add("chaobiao._contract.secret", "hidden")
        load += "".join(f"        {name} = hidden({name})\n" for name in secrets)
    returns = imports.render(operation.spec.returns)
    verb, body = "def", f"return self._sender.send({call})"
    if issubclass(operation, RowsOperation) and name != "get":
        listing = "AsyncListing" if is_async else "Listing"
        imports.add("chaobiao._client.listing", listing)
        returns, body = f"{listing}[{returns}]", f"return self._sender.iterate({call})"
    else:
        if issubclass(operation, RowsOperation):
            imports.add("chaobiao._contract.operation", "Page")
            returns = f"Page[{returns}]"
        if is_async:
            verb, body = "async def", f"return await self._sender.send({call})"
    head = f"    {verb} {name}({', '.join(signature)}) -> {returns}:\n"
    return head + _docstring(_describe(family, operation), "        ") + load + f"        {body}\n"


def _client(family: Family, imports: Imports, *, is_async: bool) -> str:
    prefix = "Async" if is_async else ""
    dialect = family.dialect.__name__
    base = f"{prefix}{'AccountClient' if family.has_account else 'Client'}"
    imports.add(f"chaobiao._client.{prefix.lower() or 'sync'}_client", base)
    imports.add(f"{family.package}.dialect", dialect)
    variables = ("_BASE_URL", "_USERNAME", "_PASSWORD") if family.has_account else ("_BASE_URL",)
    settings = [f"``{family.dialect().env_prefix}{variable}``" for variable in variables]
    doc = (
        f"{'An async' if is_async else 'A'} client of the {family.title} ({family.title_zh}).\n\n"
        f"Arguments that are not passed are read from the environment: {', '.join(settings)}."
    )
    lines = [f"class {prefix}{family.client}({base}[{dialect}]):", _docstring(doc, "    ")]
    lines += [f"    _dialect_type = {dialect}", "", "    def _bind(self) -> None:"]
    for name, namespace in sorted(family.namespaces.items()):
        lines += [
            f"        self.{name} = {family.methods_class(name, is_async=is_async)}(self)",
            f'        """{namespace.doc}"""',
        ]
    logout = next((kind for kind in family.operations if kind.spec.call == "logout"), None)
    if logout is not None:
        verb, await_ = ("async def", "await ") if is_async else ("def", "")
        lines += ["", f"    {verb} logout(self) -> None:", _docstring(_describe(family, logout), "        ")]
        lines += [f"        from {logout.__module__} import {logout.__name__}", ""]
        lines += [f"        {await_}self._log_out({logout.__name__}())"]
    return "\n".join(lines) + "\n"


def module(family: Family, *, is_async: bool) -> str:
    """Return the source of one of a family's generated modules."""
    prefix = "Async" if is_async else ""
    imports = Imports()
    imports.add("chaobiao._client.protocols", f"{prefix}Sender")
    groups: dict[str, list[tuple[str, Kind]]] = defaultdict(list)
    for operation in family.operations:
        namespace, _, method = operation.spec.call.partition(".")
        if method:
            groups[namespace].append((method, operation))
    unknown = groups.keys() ^ family.namespaces.keys()
    if unknown:
        raise ValueError(f"{family.name}: operations and namespaces differ in {', '.join(sorted(unknown))}")
    parts: list[str] = []
    for namespace, methods in sorted(groups.items()):
        methods_class = family.methods_class(namespace, is_async=is_async)
        head = (
            f'class {methods_class}:\n    """{family.namespaces[namespace].doc}"""\n\n'
            f'    __slots__ = ("_sender",)\n\n'
            f"    def __init__(self, sender: {prefix}Sender) -> None:\n        self._sender = sender\n\n"
        )
        written = (_method(family, operation, name, imports, is_async=is_async) for name, operation in methods)
        parts.append(head + "\n".join(written))
    parts.append(_client(family, imports, is_async=is_async))
    kind = "async" if is_async else "sync"
    doc = f'"""The {kind} client of the {family.title}. Generated by tools/generate.py from its operations."""'
    future = "from __future__ import annotations"
    return _formatted(f"{doc}\n\n{future}\n\n{imports.lines()}\n\n\n" + "\n\n".join(parts))


def _formatted(source: str) -> str:
    """Let ruff sort the imports and format the code."""
    for command in (["check", "--fix", "--select", "I", "--quiet"], ["format", "--quiet"]):
        path = SOURCE / "jrhsz" / "_sync.py"  # any path in the project, so that its ruff settings apply
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(path), "-"],
            input=source.encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        source = done.stdout.decode()
    return source


def expected() -> dict[Path, str]:
    """Return every generated file's path and text."""
    return {
        SOURCE / family.name / f"_{kind}.py": module(family, is_async=kind == "async")
        for family in families()
        for kind in ("sync", "async")
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the existing files instead of writing them")
    check = parser.parse_args().check
    files = expected()
    wrong: list[str] = []
    for path, text in files.items():
        name = path.relative_to(SOURCE)
        if not check:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            wrong.append(f"{name} differs from what the operations generate; run nox -s generate")
    strays = [path for pattern in ("*/_sync.py", "*/_async.py") for path in SOURCE.glob(pattern) if path not in files]
    wrong += [f"{path.relative_to(SOURCE)} belongs to no family" for path in strays]
    for problem in wrong:
        print(problem, file=sys.stderr)
    if not wrong:
        print(f"{len(files)} generated files {'are up to date' if check else 'written'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

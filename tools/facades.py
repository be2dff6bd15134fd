"""Generate the clients' methods from the operations: ``python tools/facades.py`` writes, ``--check`` compares.

The methods are spelled out in both colours, with full signatures and docstrings, so that editors, type checkers and
reference pages see ordinary code. Whole files are compared, and a facade that no family makes is an error.
"""

import argparse
import enum
import sys
import textwrap
import types
import typing
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs

from chaobiao._call.options import Options
from chaobiao._contract.fields import fields_of
from chaobiao._contract.operation import RowsOperation

SOURCE = Path(__file__).parent.parent / "src" / "chaobiao"
FAMILIES = {
    "jrhsz": ("Jrhsz", "the prepaid meter platform jrhsz", True),
    "water": ("WaterQuery", "the water query API", False),
}
NAMESPACES = {
    ("jrhsz", "buildings"): "Buildings (楼栋).",
    ("jrhsz", "residents"): "Residents (户), their meters and what they use.",
    ("jrhsz", "recharges"): "Recharges (充值): paying money in, and the record of it.",
    ("jrhsz", "addresses"): "Addresses below buildings, and the rooms there.",
    ("jrhsz", "meters"): "Meters (表): readings, consumption, valve and breaker commands.",
    ("water", "regions"): "Regions (区域), as a tree.",
    ("water", "flows"): "Flows (流水): metered volumes by device.",
    ("water", "costs"): "Costs (费用): balances and arrears by user.",
    ("water", "operation_logs"): "Operation logs (操作日志).",
    ("water", "schedules"): "Schedules (定时任务).",
    ("water", "readings"): "Past readings (历史抄收).",
    ("water", "payments"): "Past payments (历史缴费).",
}
OPTION_DOCS = {
    "timeout": "Seconds for one attempt.",
    "deadline": "Seconds for a whole call: waiting for its turn, logging in, and all attempts.",
    "strict": "Raise for a single unreadable field instead of answering ``None`` for it.",
    "stop": "A tenacity stop policy in place of the default (4 attempts).",
    "wait": "A tenacity wait policy in place of the default (random, exponential).",
    "max_response_bytes": "The largest answer to read.",
    "paced": "Keep the documented intervals; ``False`` only to see what a server does then.",
    "margin": "How much a call's way to the server may vary, in seconds.",
    "headers": "Extra HTTP headers for every request.",
    "on_request": "Called with a :class:`CallEvent` before each attempt is sent.",
    "on_response": "Called after each attempt.",
    "on_retry": "Called before an attempt is repeated.",
}
#: Options whose types are imported only for type checkers, or are spelled shorter than they evaluate.
OPTION_TYPES = {"headers": "Mapping[str, str]", "stop": "StopBaseT | None", "wait": "WaitBaseT | None"}


class Names:
    """Collects what a generated file imports while annotations are rendered."""

    def __init__(self) -> None:
        self.found: dict[str, set[str]] = defaultdict(set)

    def use(self, kind: type) -> str:
        if kind.__module__ != "builtins":
            self.found[kind.__module__].add(kind.__name__)
        return kind.__name__

    def render(self, kind: Any) -> str:
        if kind is None or kind is type(None):
            return "None"
        if typing.get_origin(kind) in (types.UnionType, typing.Union):
            return " | ".join(self.render(part) for part in typing.get_args(kind))
        if arguments := typing.get_args(kind):
            return f"{self.use(typing.get_origin(kind))}[{', '.join(map(self.render, arguments))}]"
        return self.use(kind)

    def lines(self) -> str:
        groups: dict[bool, list[str]] = {True: [], False: []}
        for module, names in sorted(self.found.items()):
            line = f"from {module} import {', '.join(sorted(names, key=_isort))}"
            if len(line) > 120:
                inner = "".join(f"    {name},\n" for name in sorted(names, key=_isort))
                line = f"from {module} import (\n{inner})"
            groups[not module.startswith("chaobiao")].append(line)
        return "\n\n".join("\n".join(lines) for lines in groups.values() if lines)


def _isort(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1, name)


def _default(value: Any, names: Names) -> str:
    if isinstance(value, enum.Enum):
        return f"{names.use(type(value))}.{value.name}"
    return repr(value)


def _docstring(text: str, indent: str) -> str:
    body = textwrap.indent(text, indent).strip()
    closing = f"\n{indent}" if "\n" in body else ""
    return f'{indent}"""{body}{closing}"""\n'


def _describe(operation: Any) -> str:
    spec = operation.spec
    parts = [textwrap.dedent("    " + (operation.__doc__ or "")).strip()]
    arguments = []
    for field in fields_of(operation):
        unit = f" In {field.unit}." if field.unit else ""
        arguments.append(f"    {field.python_name}: {field.doc}{unit} ({field.zh}, ``{field.name}``)")
    if arguments:
        parts.append("\n".join(["Args:", *sorted(arguments, key=lambda line: line.strip().startswith("page"))]))
    pace = f"at most one call in {spec.interval:g} s" if spec.interval else "no interval documented"
    parts.append(f"Vendor section: {spec.section} ({spec.title}), ``{spec.method} {spec.path}``, {pace}.")
    return "\n\n".join(parts)


def _method(operation: Any, name: str, names: Names, *, is_async: bool) -> str:
    names.use(operation)
    fields = fields_of(operation)
    positional = [f for f in fields if not f.kw_only]
    keywords = sorted(
        (f for f in fields if f.kw_only),
        key=lambda f: (f.default is not attrs.NOTHING, f.python_name.startswith("page")),
    )

    def parameter(f: Any) -> str:
        default = "" if f.default is attrs.NOTHING else f" = {_default(f.default, names)}"
        return f"{f.python_name}: {names.render(f.type)}{default}"

    signature = ["self", *map(parameter, positional)]
    if keywords:
        signature += ["*", *map(parameter, keywords)]
    passed = [f.python_name for f in positional] + [f"{f.python_name}={f.python_name}" for f in keywords]
    call = f"{operation.__name__}({', '.join(passed)})"
    answer = names.render(operation.spec.returns)
    lazily = issubclass(operation, RowsOperation) and name != "get"
    verb = "def"
    if lazily:
        answer = f"{'AsyncListing' if is_async else 'Listing'}[{answer}]"
        names.found["chaobiao._client.listing"].add("AsyncListing" if is_async else "Listing")
        body = f"return self._sender.iterate({call})"
    else:
        if issubclass(operation, RowsOperation):
            names.found["chaobiao._contract.operation"].add("Page")
            answer = f"Page[{answer}]"
        verb = "async def" if is_async else "def"
        body = f"return {'await ' * is_async}self._sender.send({call})"
    head = f"    {verb} {name}({', '.join(signature)}) -> {answer}:\n"
    if len(head) > 121:
        inner = "".join(f"        {part},\n" for part in signature)
        head = f"    {verb} {name}(\n{inner}    ) -> {answer}:\n"
    line = f"        {body}\n"
    if len(line) > 121:
        opening, _, rest = body.partition("(")
        inner_call = rest[:-1]
        line = f"        {opening}(\n            {inner_call}\n        )\n"
        if len(inner_call) + 12 > 120:
            arguments = "".join(f"                {part},\n" for part in passed)
            line = f"        {opening}(\n            {operation.__name__}(\n{arguments}            )\n        )\n"
    return head + _docstring(_describe(operation), "        ") + line


def _option_parameters(*, keep: bool) -> list[tuple[str, str, str]]:
    found = []
    for option in attrs.fields(Options):
        if option.name in OPTION_TYPES:
            kind = OPTION_TYPES[option.name]
        else:
            kind = "Hook | None" if option.name.startswith("on_") else Names().render(option.type)
        if keep:
            optional = " | None" * kind.endswith(" | None")
            found.append((option.name, f"{kind.removesuffix(' | None')} | Unset{optional}", "UNSET"))
        elif option.name == "headers":
            found.append((option.name, f"{kind} | None", "None"))
        else:
            found.append((option.name, kind, repr(option.default)))
    return found


def _client(family: str, operations: list[Any], names: Names, *, is_async: bool) -> str:
    name, described, has_account = FAMILIES[family]
    prefix = "Async" if is_async else ""
    dialect = f"{'Jrhsz' if family == 'jrhsz' else 'Water'}Dialect"
    spaces = sorted({operation.spec.call.split(".")[0] for operation in operations if "." in operation.spec.call})
    account = ["username: str | None = None", "password: str | None = None"] if has_account else []
    account_docs = ["username: The account.", "password: Its API password."] if has_account else []
    first = ["base_url: str | None = None"]
    parameters = [
        "self",
        *account,
        "*",
        *first,
        f"dialect: {dialect} | None = None",
        "clock: Clock | None = None",
        f"http_client: {prefix}HttpClient | None = None",
        *(["max_rate: float | None = None"] if is_async else []),
        *(f"{option}: {kind} = {default}" for option, kind, default in _option_parameters(keep=False)),
    ]
    docs = [
        *account_docs,
        "base_url: Where the server is; plain paths are added to it.",
        "dialect: How to read what the vendor's documents leave open.",
        "clock: A clock in place of the system's, for tests.",
        "http_client: Your own httpx-compatible client, with proxies, certificates or auth as you like; it stays yours"
        " to close.",
        *(["max_rate: At most this many requests a second from this client, bursts allowed."] if is_async else []),
        *(f"{option}: {OPTION_DOCS[option]}" for option, _, _ in _option_parameters(keep=False)),
    ]
    environment = "_BASE_URL``, ``_USERNAME`` and ``_PASSWORD``" if has_account else "_BASE_URL``"
    doc = (
        f"{'An async' if is_async else 'A'} client of {described}.\n\n"
        f"What is not passed comes from the environment: ``CHAOBIAO_{family.upper()}{environment}.\n\nArgs:\n"
        + "\n".join(f"    {line}" for line in docs)
    )
    body = []
    if has_account:
        body += [
            "secret = None if password is None else Secret(password)",
            "del password  # so that no traceback shows it",
        ]
        names.found["chaobiao._contract.secret"].add("Secret")
    made = "context, http, limiter" if is_async else "context, http"
    body += [
        "options = Options(",
        *(
            f"    {option}={option}{' or {}' * (option == 'headers')},"
            for option, _, _ in _option_parameters(keep=False)
        ),
        ")",
        f"{made} = self._make(",
        f"    dialect=dialect or {dialect}(),",
        "    base_url=base_url,",
        f"    username={'username' if has_account else 'None'},",
        f"    password={'secret' if has_account else 'None'},",
        "    clock=clock,",
        "    http_client=http_client,",
        *(["    max_rate=max_rate,"] if is_async else []),
        "    options=options,",
        ")",
        f"super().__init__({made})",
    ]
    lines = [f"class {prefix}{name}({prefix}Client):", _docstring(doc, "    ")]
    lines.append("    def __init__(\n" + "".join(f"        {part},\n" for part in parameters) + "    ) -> None:")
    lines += [f"        {line}" for line in body]
    lines += ["", "    def _bind(self) -> None:"]
    for space in spaces:
        title = prefix + _class_name(space)
        lines.append(f"        self.{space} = {title}(self)")
        lines.append(f'        """{NAMESPACES[family, space]}"""')
    if has_account:
        login = "Log in now. Calls log in by themselves; this is for checking the account, or for a head start."
        lines += [
            "",
            f"    {'async ' * is_async}def login(self) -> None:",
            f'        """{login}"""',
            f"        {'await ' * is_async}self._log_in()",
        ]
    keeping = _option_parameters(keep=True)
    lines += [
        "",
        "    def with_options(\n        self,\n        *,\n"
        + "".join(f"        {option}: {kind} = {default},\n" for option, kind, default in keeping)
        + "    ) -> Self:",
        '        """Answer a copy with some options changed. It shares the login, the pacing and the connections."""',
        "        return self._copy(\n            drop_unset(\n"
        + "".join(f"                {option}={option},\n" for option, _, _ in keeping)
        + "            )\n        )",
    ]
    names.found["typing"] |= {"TYPE_CHECKING", "Self"}
    names.found["collections.abc"].add("Mapping")
    names.found["chaobiao.clock"].add("Clock")
    names.found["chaobiao._call.events"].add("Hook")
    names.found["chaobiao._call.options"].add("Options")
    names.found["chaobiao._client.protocols"] |= {"UNSET", "Unset", f"{prefix}Sender", "drop_unset"}
    names.found["chaobiao._client.http"].add(f"{prefix}HttpClient")
    names.found["chaobiao._client.async_client" if is_async else "chaobiao._client.sync_client"].add(f"{prefix}Client")
    names.found[f"chaobiao.{family}.dialect"].add(dialect)
    return "\n".join(lines) + "\n"


def _class_name(space: str) -> str:
    return "".join(part.capitalize() for part in space.split("_"))


def facade(family: str) -> str:
    """Write the source of a family's facade."""
    operations = list(import_module(f"chaobiao.{family}").OPERATIONS)
    names = Names()
    spaces: dict[str, list[Any]] = defaultdict(list)
    for operation in operations:
        space, _, method = operation.spec.call.partition(".")
        if method:
            spaces[space].append((method, operation))
    parts = []
    for is_async in (False, True):
        prefix = "Async" if is_async else ""
        for space, methods in sorted(spaces.items()):
            head = (
                f'class {prefix}{_class_name(space)}:\n    """{NAMESPACES[family, space]}"""\n\n'
                f'    __slots__ = ("_sender",)\n\n'
                f"    def __init__(self, sender: {prefix}Sender) -> None:\n        self._sender = sender\n\n"
            )
            parts.append(
                head + "\n".join(_method(operation, name, names, is_async=is_async) for name, operation in methods)
            )
        parts.append(_client(family, operations, names, is_async=is_async))
    doc = f'"""The clients of {FAMILIES[family][1]}, made by tools/facades.py from its operations."""'
    checking = "if TYPE_CHECKING:\n    from tenacity.stop import StopBaseT\n    from tenacity.wait import WaitBaseT"
    future = "from __future__ import annotations"
    return f"{doc}\n\n{future}\n\n{names.lines()}\n\n{checking}\n\n\n" + "\n\n".join(parts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with what is there instead of writing")
    check = parser.parse_args().check
    wrong = []
    expected = {SOURCE / family / "facade.py": facade(family) for family in FAMILIES}
    for path, text in expected.items():
        if check:
            if not path.exists() or path.read_text("utf-8") != text:
                wrong.append(f"{path.name} of {path.parent.name} is not what the operations make")
        else:
            path.write_text(text, "utf-8")
    wrong += [f"{path} belongs to no family" for path in SOURCE.glob("*/facade.py") if path not in expected]
    for problem in wrong:
        print(problem, file=sys.stderr)
    if not wrong:
        print(f"{len(expected)} facades {'are fresh' if check else 'written'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

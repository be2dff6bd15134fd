"""The directive ``{operations} FAMILY``: every operation of a family, as the code declares it."""

import enum
import inspect
import json
import types
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from docutils import nodes
from operation_rows import label_of
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from chaobiao._call.retry import Outcome, Step, decide
from chaobiao._contract.family import Family, Kind
from chaobiao._contract.fields import WireField, fields_of
from chaobiao._contract.operation import Effect, PagedOperation, RowsOperation, is_record, sorted_arguments
from chaobiao._contract.secret import Secret
from chaobiao._families import family as find_family
from chaobiao.errors import (
    AlreadyExists,
    DuplicateOrder,
    HttpStatusError,
    InvalidArgument,
    NoResponse,
    NotFound,
    OutcomeUnknown,
    ParameterMissing,
    ParameterRefused,
    SessionRefused,
    StillInUse,
    TooFast,
    UnknownAccount,
    UnreadableResponse,
    WrongPassword,
)

SAMPLES = Path(__file__).resolve().parents[2] / "tests" / "samples"
WIDTH = 88

EFFECTS = {
    Effect.READ: "reads",
    Effect.UPDATE: "updates; repeatable",
    Effect.DELETE: "deletes; repeatable",
    Effect.CREATE: "creates; not repeated when the outcome is unknown",
    Effect.MONEY: "**moves money**; not repeated when the outcome is unknown",
    Effect.COMMAND: "**acts on a device**; not repeated when the outcome is unknown",
    Effect.SESSION: "logs in or out; repeatable",
}
CHANGES = (Effect.CREATE, Effect.UPDATE, Effect.DELETE)
#: The energy API's code for an empty result, which says nothing of an account.
NO_DATA = 4002


class Operations(SphinxDirective):
    """Write the reference of one family."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        family = find_family(self.arguments[0])
        self.env.note_dependency(__file__)
        for sample in SAMPLES.glob(f"{family.name}/*.json"):
            self.env.note_dependency(str(sample))
        shown: set[type] = set()
        lines = [line for operation in family.operations for line in describe(family, operation, shown)]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def describe(family: Family, operation: Kind, shown: set[type]) -> Iterator[str]:
    """Write one operation as a section in Markdown. ``shown`` has the documents whose fields the page has already."""
    spec = operation.spec
    paragraphs = (inspect.getdoc(operation) or "").split("\n\n")
    yield from (f"({label_of(family, operation)})=", f"## {spec.call} {spec.title}", "")
    yield from ("```python", signature(family, operation), "```", "")
    for paragraph in paragraphs:
        yield from (_roles(" ".join(paragraph.split())), "")
    interval = family.interval_of(operation)
    facts = [
        ("Endpoint", f"`{spec.method} {spec.path}`"),
        ("Vendor section", f"{spec.section} {spec.title}"),
        ("Operation", f"`{family.package}.{operation.__name__}`"),
        ("Effect", EFFECTS[spec.effect]),
        ("Interval", f"{interval:g} s between calls of one account" if interval else "none kept"),
        ("Pages", _pages(operation)),
    ]
    yield from ("| | |", "| --- | --- |", *(f"| {name} | {fact} |" for name, fact in facts), "")
    arguments = sorted_arguments(operation)
    if arguments:
        yield from ("**Arguments**", "", "| Python | on the wire | type | required | meaning |", "| --- " * 5 + "|")
        for field in arguments:
            must = "yes" if field.required else "no"
            yield f"| `{field.python_name}` | `{field.name}` | {_type(family, field)} | {must} | {_meaning(field)} |"
        yield ""
    returns = spec.returns
    if is_record(returns):
        rows = "rows of " if issubclass(operation, RowsOperation) else ""
        yield f"**Returns** {rows}`{returns.__name__}`. Any field may be missing, and is `None` then."
        yield from ("", *_fields(family, returns))
    elif returns is Secret:
        yield from ("**Returns** the session, which the client keeps to itself.", "")
    elif spec.effect is Effect.SESSION:
        yield from ("**Returns** nothing.", "")
    else:
        yield from ("**Returns** an {py:class}`~chaobiao.Acknowledgement` with the server's own message.", "")
    fields = [*arguments, *(fields_of(returns) if is_record(returns) else ())]
    for part in _documents_in(fields, {returns}):
        name = f"{family.name}-{part.__name__.lower()}"
        if part in shown:
            yield from (f"The fields of `{part.__name__}` are [above](#{name}).", "")
        else:
            shown.add(part)
            yield from (f"({name})=", f"**Fields of `{part.__name__}`**", "", *_fields(family, part))
    yield from (f"**Errors** beside [those of any call](../errors.md): {'; '.join(_errors(family, operation))}.", "")
    yield from _example(family, operation)


def _fields(family: Family, record: Any) -> Iterator[str]:
    """Write the table of a record's fields."""
    yield from ("| Python | on the wire | type | unit | meaning |", "| --- " * 5 + "|")
    for field in fields_of(record):
        names = ", ".join(f"`{name}`" for name in (field.name, *field.aliases))
        kind, unit = _type(family, field), field.unit or ""
        must = " Required in a request." if field.required else ""
        yield f"| `{field.python_name}` | {names} | {kind} | {unit} | {_meaning(field)}{must} |"
    yield ""


def _documents_in(fields: Iterable[WireField], known: set[Any]) -> Iterator[type]:
    """The records within arguments or a record, at any depth, each once."""
    for field in fields:
        for kind in _parts(field.type):
            for part in (kind, *typing.get_args(kind)):
                if is_record(part) and part not in known:
                    known.add(part)
                    yield part
                    yield from _documents_in(fields_of(part), known)


def signature(family: Family, operation: Kind) -> str:
    """The client method as one calls it, wrapped where it is long."""
    module = family.module("_sync")
    call = operation.spec.call
    namespace, _, name = call.rpartition(".")
    owner = getattr(module, family.methods_class(namespace) if namespace else family.client)
    found = inspect.signature(getattr(owner, name))
    arguments: list[str] = []
    starred = False
    for parameter in [*found.parameters.values()][1:]:
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            starred = True
            arguments.append("*")
        default = "" if parameter.default is parameter.empty else f" = {_default(parameter.default)}"
        arguments.append(f"{parameter.name}: {parameter.annotation}{default}")
    head, tail = f"client.{call}(", f") -> {found.return_annotation}"
    line = head + ", ".join(arguments) + tail
    if len(line) <= WIDTH:
        return line
    return "\n".join([head, *(f"    {argument}," for argument in arguments), tail])


def _default(value: Any) -> str:
    return str(value) if isinstance(value, enum.Enum) else repr(value)


def _pages(operation: Kind) -> str:
    if issubclass(operation, PagedOperation):
        size = next(field.default for field in fields_of(operation) if field.python_name == "page_size")
        return f"yes, {size} rows each unless told otherwise"
    return "no: all rows at once" if issubclass(operation, RowsOperation) else "no"


def _type(family: Family, field: WireField) -> str:
    shown = (_type_name(family, kind) for kind in _parts(field.type) if kind is not type(None))
    return " or ".join(dict.fromkeys(shown))


def _type_name(family: Family, kind: Any) -> str:
    if kind is Secret:
        return "str, kept secret"
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return f"{{py:class}}`~{family.package}.{kind.__name__}`"
    if typing.get_origin(kind) is not None:
        collection = "tuple" if typing.get_origin(kind) is tuple else "iterable"
        return f"{collection} of {_type_name(family, typing.get_args(kind)[0])}"
    if kind is Any:
        return "any JSON value"
    return f"`{kind.__name__}`" if is_record(kind) else str(kind.__name__)


def _parts(kind: Any) -> tuple[Any, ...]:
    return typing.get_args(kind) if typing.get_origin(kind) in (types.UnionType, typing.Union) else (kind,)


def _meaning(field: WireField) -> str:
    unit = f" In {field.unit}." if field.unit and field.unit not in field.doc and field.required else ""
    return f"{_roles(field.doc)}{unit} {field.zh}".replace("|", "\\|")


def _roles(text: str) -> str:
    """Turn the few reStructuredText roles and literals that docstrings use into Markdown's."""
    for role in ("class", "meth", "func"):
        text = text.replace(f":{role}:`", f"{{py:{role}}}`chaobiao.")
    return text.replace("``", "`")


def _errors(family: Family, operation: Kind) -> Iterator[str]:
    """Which errors concern an operation, beside those that any call may meet."""
    if fields_of(operation):
        yield f"{_error(InvalidArgument)} before anything is sent"
    codes = family.codes
    by_error: dict[type[Exception], list[str]] = {}
    for code, (outcome, found, *_) in codes.items():
        error = UnknownAccount if found is NotFound and operation is family.login and code != NO_DATA else found
        if decide(operation.spec.effect, outcome) is Step.RAISE_UNKNOWN:
            error = OutcomeUnknown
        if _concerns(family, operation, error):
            by_error.setdefault(error, []).append(str(code))
    unknown = by_error.pop(OutcomeUnknown, [])
    for error, numbers in by_error.items():
        yield f"{_error(error)} ({', '.join(numbers)})"
    if decide(operation.spec.effect, Outcome.UNKNOWN) is Step.RAISE_UNKNOWN:
        also = f", or one that does not tell whether it was carried out ({', '.join(unknown)})" if unknown else ""
        yield f"{_error(OutcomeUnknown)} when no trustworthy response came{also}"
    elif not codes:
        yield from (_error(error) for error in (HttpStatusError, UnreadableResponse, NoResponse))


def _concerns(family: Family, operation: Kind, error: type[Exception]) -> bool:
    effect = operation.spec.effect
    if error in (UnknownAccount, WrongPassword):
        return operation is family.login
    if error is SessionRefused:
        return effect is not Effect.SESSION
    if error is DuplicateOrder:
        return effect is Effect.MONEY
    if error is TooFast:  # a family without intervals may refuse any call for its rate
        paced = [kind for kind in family.operations if family.interval_of(kind)]
        return operation in paced or not paced
    if error is NotFound:  # lists are empty instead
        return effect in CHANGES or (effect is Effect.READ and not issubclass(operation, RowsOperation))
    if error is AlreadyExists:
        return effect in (Effect.CREATE, Effect.UPDATE)
    if error is StillInUse:
        return effect in CHANGES
    return error not in (ParameterMissing, ParameterRefused) or bool(fields_of(operation))


def _error(error: type[Exception]) -> str:
    return f"{{py:class}}`~chaobiao.{error.__name__}`"


def _example(family: Family, operation: Kind) -> Iterator[str]:
    """The operation's sample and where it comes from; the token, which is the same everywhere, is cut short."""
    path = SAMPLES / family.name / f"{operation.spec.call}.json"
    if not path.exists():
        return
    sample = json.loads(path.read_text(encoding="utf-8"))
    request = sample["request"]
    query = f"?{urlencode(request['query'])}" if request.get("query") else ""
    source = {
        "documented": "with the response in the vendor's document",
        "composed": "composed from the vendor's tables",
    }[sample["source"]]
    yield from (f"<details><summary>Example, {source}</summary>", "", "```http")
    yield f"{request['method']} {request['path']}{query} HTTP/1.1"
    if "json" in request:
        yield from ("Content-Type: application/json", "", _pretty(json.dumps(request["json"])))
    if "form" in request:
        yield from ("Content-Type: multipart/form-data", "")
        yield from (f"{name}: {value}" for name, value in request["form"].items())
        yield from (f"{name}: the file {file['filename']}" for name, file in request["files"].items())
    response = sample.get("response_text") or json.dumps(sample["response"])
    yield from ("```", "", "```json", _pretty(response), "```", "", "</details>", "")


class _Members(list[tuple[str, Any]]):
    """An object's members in the order of the text, which may hold a key twice."""


class _Digits(str):
    """A number as the text writes it."""


def _pretty(text: str) -> str:
    found = json.loads(text, object_pairs_hook=_Members, parse_float=_Digits, parse_int=_Digits)
    return _indented(found, "")


def _indented(value: Any, margin: str) -> str:
    deeper = margin + "  "
    if isinstance(value, _Members) and value:
        members = (f"{deeper}{json.dumps(key)}: {_indented(item, deeper)}" for key, item in value)
        return "{\n" + ",\n".join(members) + f"\n{margin}}}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(deeper + _indented(item, deeper) for item in value) + f"\n{margin}]"
    if isinstance(value, _Digits):
        return value
    if isinstance(value, str) and value.startswith("eyJ"):
        return f'"{value[:16]}…"'
    return json.dumps(value, ensure_ascii=False)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("operations", Operations)
    return {"parallel_read_safe": True}

"""A request with its response, as they were on the wire, for observers to judge."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import attrs

from chaobiao._contract.family import Family, Kind
from chaobiao._contract.operation import PagedOperation, RowsOperation


class JsonObject(dict[str, Any]):
    """A JSON object. It has the first value of a repeated key, and says whether the values differed."""

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        super().__init__()
        #: For each repetition of a key, whether its value is the first one again.
        self.repeated: list[bool] = []
        for name, value in pairs:
            if name in self:
                self.repeated.append(self[name] == value)
            else:
                self[name] = value


def read_json(text: str) -> Any:
    """Return what a text says, with objects as :class:`JsonObject`; ``None`` for what is no JSON."""
    try:
        return json.loads(text, object_pairs_hook=JsonObject)
    except (ValueError, RecursionError):
        return None


@attrs.frozen(kw_only=True, slots=False)
class Exchange:
    """One call: its operation, its arguments by wire name, and the response. It may hold secrets: show none of it."""

    kind: Kind
    verb: str
    arguments: Mapping[str, Any] = attrs.field(repr=False)
    #: Whether the arguments came in the query.
    in_query: bool = False
    #: The media type of the request's body.
    content_type: str = ""
    #: When the request arrived, in seconds since an arbitrary start.
    at: float = 0.0
    status: int = 200
    headers: tuple[tuple[str, str], ...] = attrs.field(default=(), repr=False)
    text: str = attrs.field(repr=False)

    @property
    def call(self) -> str:
        """The client method."""
        return self.kind.spec.call

    @property
    def is_paged(self) -> bool:
        """Whether the operation returns pages."""
        return issubclass(self.kind, PagedOperation)

    @property
    def has_rows(self) -> bool:
        """Whether the operation returns rows."""
        return issubclass(self.kind, RowsOperation)

    @cached_property
    def envelope(self) -> Mapping[str, Any]:
        """The JSON object of the response; empty where there is none."""
        found = read_json(self.text)
        return found if isinstance(found, dict) else {}

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """Return the rows in a member of the envelope: a list, a single object, or JSON text of either."""
        data = self.envelope.get(name)
        if isinstance(data, str):
            data = read_json(data)
        return [row for row in (data if isinstance(data, list) else [data]) if isinstance(row, dict)]


def find_operation(family: Family, verb: str, path: str) -> Kind | None:
    """Return the operation at a path; with another verb than the documented one, only if the path has no other."""
    there = [kind for kind in family.operations if kind.spec.path == path]
    for kind in there:
        if kind.spec.method == verb:
            return kind
    return there[0] if len(there) == 1 else None


def read_arguments(verb: str, query: str, content_type: str, body: bytes) -> dict[str, Any]:
    """Return the arguments of a request by wire name; files and what cannot be read are left out."""
    found: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    if verb == "GET" or not body or content_type.startswith("multipart/"):
        return found
    text = body.decode("utf-8", "replace")
    if content_type.startswith("application/x-www-form-urlencoded"):
        return {**found, **dict(parse_qsl(text, keep_blank_values=True))}
    read = read_json(text)
    return {**found, **read} if isinstance(read, dict) else found


def of_call(exchanges: Iterable[Exchange], *calls: str) -> Iterator[Exchange]:
    """Return the exchanges of some client methods."""
    return (exchange for exchange in exchanges if exchange.call in calls)

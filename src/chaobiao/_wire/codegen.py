"""Generates, for each record class, the function that turns a row into a record.

A generic reader calls a function for every cell, and the constructor of a frozen class sets every field through
``object.__setattr__``. Together they took two thirds of the time of a page. The generated function tests the class of
each cell inline and sets the fields as plain attributes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from chaobiao._contract.fields import NO_EXTRAS


@attrs.frozen
class Cell:
    """How one field is read. Cells of exactly the class ``plain``, and ``None``, need no call of ``read``."""

    python_name: str
    wire_name: str
    plain: type
    read: Callable[[Any], Any]


def compile_reader(record: type, cells: Sequence[Cell]) -> Callable[[dict[str, Any]], Any]:
    """Return the function. It raises ``KeyError`` for a missing cell and passes on what ``read`` raises.

    It does not call the record's constructor: the class must have no converters and no ``__attrs_post_init__``.
    """
    names: dict[str, Any] = {"new": object.__new__, "unfrozen": _unfrozen(record), "record": record, "none": NO_EXTRAS}
    read, fill = ["def read_row(row):"], ["    made = new(unfrozen)"]
    for number, cell in enumerate(cells):
        value = f"cell{number}"
        names |= {f"plain{number}": cell.plain, f"read{number}": cell.read}
        read.append(f"    {value} = row[{cell.wire_name!r}]")
        read.append(f"    if {value}.__class__ is not plain{number} and {value} is not None:")
        read.append(f"        {value} = read{number}({value})")
        fill.append(f"    made.{cell.python_name} = {value}")
    fill += ["    made.extra = made.unreadable = none", "    made.__class__ = record", "    return made"]
    # The source holds only numbered names, field names and quoted wire names, all from the record class.
    exec(compile("\n".join([*read, *fill]), f"<reader of {record.__name__}>", "exec"), names)  # noqa: S102  # see above
    made: Callable[[dict[str, Any]], Any] = names["read_row"]
    return made


def _unfrozen(record: type) -> type:
    """Return a mutable class with the same slots; setting ``__class__`` turns its instances into records."""
    slots: Any = record.__dict__["__slots__"]
    # Both, because CPython sets slots the fast way only if neither method is overridden.
    setters = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(record.__name__, record.__bases__, {"__slots__": slots, **setters})

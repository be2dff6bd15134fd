"""A function of its own for each record class, which turns a row into a record.

A generic reader calls a hook for every cell, and the constructor of a frozen class sets every field through
``object.__setattr__``; together that was two thirds of the time a page took. A function written out for the class
tests plain cells in place, and fills a record before it is frozen.
"""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from chaobiao._contract.fields import NO_EXTRAS


@attrs.frozen
class Cell:
    """How one field is read: cells of the class ``plain``, and ``None``, are kept as they are."""

    python_name: str
    wire_name: str
    plain: type
    read: Callable[[Any], Any]


def compile_reader(record: type, cells: Sequence[Cell]) -> Callable[[dict[str, Any]], Any]:
    """Make the function. It raises ``KeyError`` for a missing cell and whatever ``read`` raises for a bad one.

    The record's constructor is not called, so its class must have no converters and nothing to do after it.
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
    # The source is made of numbered names, field names and quoted wire names, all of them from the record class.
    exec(compile("\n".join([*read, *fill]), f"<reader of {record.__name__}>", "exec"), names)  # noqa: S102  # see above
    made: Callable[[dict[str, Any]], Any] = names["read_row"]
    return made


def _unfrozen(record: type) -> type:
    """A class with the same slots whose instances can be set, and then be made the record's own."""
    slots: Any = record.__dict__["__slots__"]
    # both, for the interpreter's fast way of setting slots is lost if either is not object's own
    setters = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(record.__name__, record.__bases__, {"__slots__": slots, **setters})

"""Generates, for each record class, the function that turns rows into records.

A generic reader calls a function for every cell, and the constructor of a frozen class sets every field through
``object.__setattr__``. Together they took two thirds of the time of a page. The generated function loops over the rows
itself, reads the usual forms of each cell inline and sets the fields as plain attributes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from chaobiao._contract.fields import NO_EXTRAS

#: From rows, and what reads a row that has another form, to records.
RowsReader = Callable[[Iterable[Any], Callable[[Any], Any]], list[Any]]


@attrs.frozen
class Inline:
    """How the usual form of a value is read without a call: Python source in which ``{v}`` is the value.

    ``when`` is an expression that tells whether a value has this form, ``then`` the statements that read it, ``names``
    what both refer to. Those must not depend on the field, except for names that begin with ``{v}``.
    """

    when: str
    then: tuple[str, ...] = ("pass",)
    names: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen
class Cell:
    """How one field is read: inline where the value has the usual form, otherwise by ``read``, except for ``None``."""

    python_name: str
    wire_name: str
    inline: Inline
    read: Callable[[Any], Any]


def compile_reader(record: type, cells: Sequence[Cell]) -> RowsReader:
    """Return the function. Rows that are not objects with just these fields, all readable, go to its second argument.

    It does not call the record's constructor: the class must have no converters and no ``__attrs_post_init__``.
    """
    names: dict[str, Any] = {"new": object.__new__, "unfrozen": _unfrozen(record), "record": record, "none": NO_EXTRAS}
    read, fill = [f"if len(row) != {len(cells)}:", "    raise ValueError"], ["made = new(unfrozen)"]
    for number, cell in enumerate(cells):
        value = f"cell{number}"
        names[f"read{number}"] = cell.read
        names |= {name.format(v=value): found for name, found in cell.inline.names.items()}
        read.append(f"{value} = row[{cell.wire_name!r}]")
        read.append(f"if {cell.inline.when.format(v=value)}:")
        read += [f"    {line.format(v=value)}" for line in cell.inline.then]
        read.append(f"elif {value} is not None:")
        read.append(f"    {value} = read{number}({value})")
        fill.append(f"made.{cell.python_name} = {value}")
    fill += ["made.extra = made.unreadable = none", "made.__class__ = record", "append(made)"]
    lines = [
        "def read_rows(rows, read_other):",
        "    records = []",
        "    append = records.append",
        "    for row in rows:",
        "        try:",
        *(f"            {line}" for line in read),
        "        except RecursionError:",
        "            raise",  # reading so deep a tree again at each of its levels would take exponential time
        "        except Exception:",
        "            append(read_other(row))",
        "        else:",
        *(f"            {line}" for line in fill),
        "    return records",
    ]
    # The source holds only numbered names, field names and quoted wire names, all from the record class, and the
    # codecs' own source.
    exec(compile("\n".join(lines), f"<reader of {record.__name__}>", "exec"), names)  # noqa: S102  # see above
    made: RowsReader = names["read_rows"]
    return made


def _unfrozen(record: type) -> type:
    """Return a mutable class with the same slots; setting ``__class__`` turns its instances into records."""
    slots: Any = record.__dict__["__slots__"]
    # Both, because CPython sets slots the fast way only if neither method is overridden.
    setters = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(record.__name__, record.__bases__, {"__slots__": slots, **setters})

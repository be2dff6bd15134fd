"""Print tables in a terminal, Chinese in line with the rest. Only for these examples."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if hasattr(value, "strftime"):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)


def step(number: int, title: str) -> None:
    """Print a step's heading."""
    print(f"\n{number}. {title}\n")


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, more: int = 0) -> None:
    """Print rows under headings; ``more`` says how many rows are not shown."""
    lines = [list(headings), *([_text(value) for value in row] for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(headings))]
    for number, line in enumerate(lines):
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        print("   " + "  ".join(cells).rstrip())
        if number == 0:
            print("   " + "  ".join("─" * width for width in widths))
    if more > 0:
        print(f"   … and {more} more")

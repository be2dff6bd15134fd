"""What reports on a page have in common: columns, what could not be read, and files. Only for these examples."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from _charts import MARGIN, NO_CHINESE_FONT, RED, WIDTH, Page
from _gaps import Gap

#: The widths of a page and of one of two columns, and where the right column begins.
FULL = WIDTH - 2 * MARGIN
HALF = (FULL - 8) / 2
RIGHT = MARGIN + HALF + 8


def draw_gaps(page: Page, gaps: Sequence[Gap], names: Mapping[str, str], place_name: Callable[[str], str]) -> None:
    """Write what could not be read below the title; ``names`` are those of the parts."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for gap in gaps:
        places = found.setdefault((gap.zh, gap.en), {}).setdefault(names[gap.part], [])
        if gap.place is not None:
            places.append(place_name(gap.place))
    comma, semicolon = page.label("、", ", "), page.label("；", "; ")
    texts = []
    for (zh, en), parts in found.items():
        where = {
            part: page.label(f"（{comma.join(places)}）", f" ({comma.join(places)})")
            for part, places in parts.items()
            if places
        }
        texts.append(comma.join(part + where.get(part, "") for part in parts) + page.label(zh, f" {en}"))
    if text := semicolon.join(texts):
        page.text(MARGIN, 34.8, page.label("数据不完整：", "Incomplete: ") + text, size=7.5, color=RED, width=FULL)


def figure(page: Page, amount: Decimal, write: Callable[[Decimal], str], incomplete: bool) -> str:
    """Write a sum; an incomplete one is a lower bound, and none if nothing came."""
    if not incomplete:
        return write(amount)
    return f"≥ {write(amount)}" if amount else page.label("未取得", "not read")


def of(page: Page, rows: Sequence[object], found: Sequence[object]) -> str:
    """Say how many lines of how many a table shows."""
    return (
        page.label(f"前 {len(rows)}，共 {len(found)}", f"{len(rows)} of {len(found)}") if len(rows) < len(found) else ""
    )


def output(text: str) -> Path:
    """Return the path of an output."""
    path = Path(text)
    if path.suffix.lower() not in (".png", ".pdf"):
        raise argparse.ArgumentTypeError(f"{text} must end in .png or .pdf")
    return path


def write_page(page: Page, paths: Sequence[Path], summary: str, contents: str) -> None:
    """Write the page, and say so; ``contents`` says what is on it."""
    for path in paths:
        page.save(path, summary)
        print(f"{path}: {contents}", file=sys.stderr)
    if not page.chinese:
        print(NO_CHINESE_FONT, file=sys.stderr)


def exit_code(gaps: Sequence[Gap]) -> int:
    """Print what could not be read, and return the exit code of the program."""
    for gap in gaps:
        print(f"{' '.join(filter(None, [gap.part, gap.place]))}: {gap.en}", file=sys.stderr)
    return 1 if gaps else 0

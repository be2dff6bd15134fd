"""An A4 page of figures, charts and tables, in Chinese where the system has a font for it. Only for these examples.

Lengths are millimetres; x counts from the left edge of the page, y from its top. Needs matplotlib
(``pip install "chaobiao[plot]"``). Amounts stay decimal until they become the length of a bar.
"""

import logging
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from math import nan
from pathlib import Path
from typing import Final, Literal, NamedTuple

try:
    from matplotlib import colors, font_manager
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.patches import Rectangle
    from matplotlib.ticker import MaxNLocator
except ImportError as error:
    raise SystemExit(f'Drawing needs matplotlib: pip install "chaobiao[plot]" ({error})') from error

WIDTH: Final = 210.0
HEIGHT: Final = 297.0
MARGIN: Final = 14.0

INK: Final = "#1f2d3a"
GREY: Final = "#6b7783"
RULE: Final = "#d5dbe1"
PAPER: Final = "#f3f6f8"
BLUE: Final = "#2468a2"
PALE_BLUE: Final = "#a9c6de"
ORANGE: Final = "#c8652d"
RED: Final = "#b3261e"

#: Fonts with simplified Chinese, the best first. Debian's packages are fonts-noto-cjk and fonts-wqy-microhei.
CHINESE_FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Sans CJK JP",  # the only name of Noto Sans CJK in matplotlib before 3.11
)
NO_CHINESE_FONT: Final = (
    "No font with Chinese characters was found, so the page is in English and shows codes in place of Chinese names. "
    "On Debian and Ubuntu, install one with: apt-get install fonts-noto-cjk (or fonts-wqy-microhei, which is smaller)."
)
#: Comes with matplotlib, and has what a Chinese font may lack, such as ³.
_PLAIN_FONT: Final = "DejaVu Sans"
_MM_PER_INCH: Final = 25.4
_DPI: Final = 200
_SMALLEST: Final = 3.0

# A font without a bold face is drawn in its normal one, which matplotlib would report each time.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

Align = Literal["left", "center", "right"]


def find_chinese_font() -> str | None:
    """Return the name of an installed font with simplified Chinese, or ``None``."""
    known = {font.fname for font in font_manager.fontManager.ttflist}
    # matplotlib keeps its list of fonts in a file, which misses those that were installed since.
    for path in set(font_manager.findSystemFonts()) - known:
        try:
            font_manager.fontManager.addfont(path)
        except (OSError, RuntimeError):
            continue  # no font that matplotlib can read
    names = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in names), None)


def volume(value: Decimal) -> str:
    """Write an amount of water or energy."""
    return f"{value:,.1f}"


def rounded(value: Decimal) -> str:
    """Write a large amount without decimal places, and a small one with one."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"


def change(now: Decimal | int, before: Decimal | int) -> str:
    """Write a change against an earlier amount."""
    return f"{Decimal(now) / Decimal(before) - 1:+.1%}" if before else "-"


def money(value: Decimal) -> str:
    """Write an amount of money with its cents."""
    return f"{value:,.2f}"


def percent(part: Decimal | int, whole: Decimal | int, places: int = 0) -> str:
    """Write a part of a whole."""
    return f"{Decimal(part) / Decimal(whole):.{places}%}" if whole else "-"


class Tile(NamedTuple):
    """A headline figure with a remark; the unit stands in the label."""

    label: str
    value: str
    note: str
    color: str = INK


class Bar(NamedTuple):
    """A bar and the text at its end."""

    value: Decimal
    text: str
    color: str = BLUE


class Line(NamedTuple):
    """A line through one value for each label; where a value is missing, it has a gap."""

    values: Sequence[Decimal | None]
    color: str = BLUE


class Column(NamedTuple):
    """A column of a table."""

    heading: str
    width: float
    align: Align = "left"


class Page:
    """One A4 page."""

    def __init__(self) -> None:
        font = find_chinese_font()
        #: Whether the page is in Chinese.
        self.chinese = font is not None
        self._families = [font, _PLAIN_FONT] if font else [_PLAIN_FONT]
        self.figure = Figure(figsize=(WIDTH / _MM_PER_INCH, HEIGHT / _MM_PER_INCH), dpi=_DPI, facecolor="white")
        self._renderer = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]  # matplotlib gives no type
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        self._axes.axis("off")

    def label(self, zh: str, en: str) -> str:
        """Return the text in the language of the page."""
        return zh if self.chinese else en

    def name(self, name: str | None, otherwise: str) -> str:
        """Return a name from the server, or something else where there is none or the page cannot show it."""
        wide = any(unicodedata.east_asian_width(mark) in "WF" for mark in name or "")
        return name if name and (self.chinese or not wide) else otherwise

    def save(self, path: Path, summary: str) -> None:
        """Write the page as a picture or a PDF, by the ending of the path, with a summary for programs and search."""
        key = "Subject" if path.suffix.lower() == ".pdf" else "Description"
        self.figure.savefig(path, dpi=_DPI, metadata={key: summary})

    # --- parts of the page --------------------------------------------------------------------------------------------

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 8,
        bold: bool = False,
        color: str = INK,
        align: Align = "left",
        width: float | None = None,
        shrink: bool = False,
    ) -> float:
        """Write a line around y, and return its width. What is wider than ``width`` is made smaller, or cut off."""
        font = FontProperties(family=self._families, size=size, weight="bold" if bold else "normal")
        line = self._axes.text(
            x, y, text, color=color, ha=align, va="center_baseline", fontproperties=font, parse_math=False
        )

        def measure() -> float:
            return float(line.get_window_extent(self._renderer).width) / _DPI * _MM_PER_INCH

        while width is not None and measure() > width and text and size > _SMALLEST:
            if shrink:
                size *= 0.96
                line.set_fontsize(size)
            else:
                text = text[:-1]
                line.set_text(f"{text}…")
        return measure()

    def title(self, title: str, subtitle: str, right: str) -> None:
        """Write the head of the page."""
        self.text(MARGIN, 18, title, size=21, bold=True)
        self.text(WIDTH - MARGIN, 18, right, size=13, align="right")
        self.text(MARGIN, 27, subtitle, size=8, color=GREY)
        self.rule(MARGIN, 31.5, WIDTH - 2 * MARGIN, INK, 1.2)

    def rule(self, x: float, y: float, width: float, color: str = RULE, weight: float = 0.6) -> None:
        """Draw a horizontal line."""
        self._axes.plot([x, x + width], [y, y], color=color, linewidth=weight, solid_capstyle="butt")

    def heading(self, x: float, y: float, width: float, text: str, note: str = "") -> None:
        """Write the heading of a part, with a remark at the right, and a line below."""
        used = self.text(x, y, text, size=10, bold=True)
        if note:
            self.text(x + width, y, note, size=7, color=GREY, align="right", width=width - used - 3)
        self.rule(x, y + 3.6, width)

    def tiles(self, y: float, tiles: Sequence[Tile]) -> None:
        """Draw headline figures side by side, 23 mm high."""
        gap, size = 3.5, 17 if len(tiles) <= 5 else 14
        width = (WIDTH - 2 * MARGIN - gap * (len(tiles) - 1)) / len(tiles)
        for number, tile in enumerate(tiles):
            x = MARGIN + number * (width + gap)
            self._axes.add_patch(Rectangle((x, y), width, 23, facecolor=PAPER, edgecolor="none"))
            self._axes.add_patch(Rectangle((x, y), 1.0, 23, facecolor=tile.color, edgecolor="none"))
            inner = width - 5.5
            self.text(x + 3.5, y + 4.6, tile.label, size=8, color=GREY, width=inner, shrink=True)
            self.text(x + 3.5, y + 12, tile.value, size=size, bold=True, color=tile.color, width=inner, shrink=True)
            self.text(x + 3.5, y + 19.2, tile.note, size=7, color=GREY, width=inner, shrink=True)

    def bars(self, x: float, y: float, width: float, step: float, bars: Sequence[Bar], text_width: float) -> None:
        """Draw horizontal bars from the top down, ``step`` apart; ``text_width`` is kept for the texts."""
        largest = max((bar.value for bar in bars), default=Decimal(0))
        for number, bar in enumerate(bars):
            middle = y + (number + 0.5) * step
            length = float(bar.value / largest) * (width - text_width) if bar.value > 0 else 0.0
            self._axes.barh(middle, length, height=step * 0.62, left=x, color=bar.color)
            self.text(x + length + 1.4, middle, bar.text, size=7.5, width=text_width - 1.4, shrink=True)
        self._axes.plot([x, x], [y, y + step * len(bars)], color=GREY, linewidth=0.8)

    def columns(self, x: float, y: float, width: float, height: float, bars: Sequence[tuple[str, Bar]]) -> None:
        """Draw vertical bars with their texts above and their labels below."""
        largest = max((bar.value for _, bar in bars), default=Decimal(0))
        step = width / max(len(bars), 1)
        base = y + height - 5
        for number, (label, bar) in enumerate(bars):
            middle = x + (number + 0.5) * step
            length = float(bar.value / largest) * (height - 11) if bar.value > 0 else 0.0
            self._axes.bar(middle, -length, width=step * 0.62, bottom=base, color=bar.color)
            self.text(middle, base - length - 2.4, bar.text, size=7, align="center", width=step - 0.6, shrink=True)
            self.text(middle, base + 3.2, label, size=7, color=GREY, align="center", width=step - 0.6, shrink=True)
        self.rule(x, base, width, GREY, 0.8)

    def legend(self, right: float, y: float, width: float, entries: Sequence[tuple[str, str]]) -> None:
        """Write names, each after a square of its color, so that the last one ends at ``right``."""
        square, gap = 2.2, 3.2
        room = width / max(len(entries), 1) - square - 1.2 - gap
        for name, color in reversed(entries):
            right -= self.text(right, y, name, size=7, color=GREY, align="right", width=room) + 1.2 + square
            self._axes.add_patch(Rectangle((right, y - square / 2), square, square, facecolor=color, edgecolor="none"))
            right -= gap

    def stacked(
        self, x: float, y: float, width: float, step: float, rows: Sequence[Sequence[Bar]], whole: Decimal
    ) -> None:
        """Draw rows of bars behind each other, in which ``whole`` has the full width; texts stand where they fit."""
        for number, bars in enumerate(rows):
            middle, left = y + (number + 0.5) * step, x
            for bar in bars:
                length = float(bar.value / whole) * width if bar.value > 0 else 0.0
                self._axes.barh(middle, length, height=step * 0.7, left=left, color=bar.color)
                if length > 8:
                    dark = sum(colors.to_rgb(bar.color)) < 1.8
                    color = "white" if dark else INK
                    self.text(left + length / 2, middle, bar.text, size=7, color=color, align="center")
                left += length

    def lines(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        lines: Sequence[Line],
        labels: Sequence[str],
        axis: float,
    ) -> None:
        """Draw lines over a scale from 0, with labels below; ``axis`` is kept at the left for the scale.

        The last line is above the others, and the area below it is tinted.
        """
        largest = max((float(value) for line in lines for value in line.values if value is not None), default=0.0)
        marks = MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(0, largest or 1)
        left, base, step = x + axis, y + height - 5, (width - axis) / max(len(labels), 1)
        scale = (height - 5) / float(marks[-1])
        for mark in marks:
            self.rule(left, base - mark * scale, width - axis, RULE if mark else GREY, 0.4 if mark else 0.8)
            self.text(
                left - 1.5, base - mark * scale, f"{mark:,.12g}", size=7, color=GREY, align="right", width=axis - 2
            )
        for line in lines:
            xs = [left + (number + 0.5) * step for number in range(len(line.values))]
            ys = [nan if value is None else base - float(value) * scale for value in line.values]
            if line is lines[-1]:
                self._axes.fill_between(xs, ys, base, color=line.color, alpha=0.08, linewidth=0)
            self._axes.plot(xs, ys, color=line.color, linewidth=1.4, marker="o", markersize=2)
        for number, label in enumerate(labels):
            self.text(left + (number + 0.5) * step, base + 3.2, label, size=7, color=GREY, align="center")

    def table(
        self, x: float, y: float, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, empty: str
    ) -> None:
        """Draw a table with lines 4.8 mm high. What is too long is cut off, or at the right of its column made smaller.

        A column without values ("-" in each line) is left out, and the next one gets its width.
        """
        gap, step, left, spare = 1.5, 4.8, x, 0.0
        if not rows:
            self.text(x, y + step / 2, empty, size=8, color=GREY)
            return
        for number, column in enumerate(columns):
            last = number == len(columns) - 1
            if not last and all(row[number] == "-" for row in rows):
                spare += column.width
                continue
            # The last column ends at the edge of the part.
            width = column.width + spare
            room = width if last else width - gap
            spare = 0.0
            place = left + {"left": 0, "center": room / 2, "right": room}[column.align]
            for line, cell in enumerate([column.heading, *(row[number] for row in rows)]):
                color = INK if line else GREY
                self.text(
                    place,
                    y + (line + 0.5) * step,
                    cell,
                    size=7.5,
                    color=color,
                    align=column.align,
                    width=room,
                    shrink=column.align == "right",
                )
            left += width
        for line in range(1, len(rows) + 1):
            self.rule(x, y + line * step, sum(column.width for column in columns), RULE, 0.4)

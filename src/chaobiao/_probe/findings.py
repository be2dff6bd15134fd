"""What observers make of exchanges: for every point that the documents leave open, what a server shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import attrs

from chaobiao._contract.family import Family
from chaobiao._probe.exchange import Exchange
from chaobiao._probe.points import POINTS

See = Callable[[Sequence[Exchange]], Iterable[str]]


@attrs.frozen(kw_only=True)
class Observer:
    """Sees which interpretation of one point responses show.

    ``row`` is the number of the point on the page of ambiguities, ``name`` the mock's quirk, or the dialect's switch
    where the mock has none. ``see`` returns the interpretations that agree with what was seen: none if nothing was.
    """

    row: int
    name: str
    see: See
    #: Why reading cannot show it, in English and Chinese; ``None`` where it can.
    unreadable: tuple[str, str] | None = None
    #: The switch of the dialect that an interpretation needs, as an argument in Python.
    switches: Mapping[str, str] = attrs.field(factory=dict)
    #: Whether ``name`` is a quirk of the mock.
    is_quirk: bool = True


@attrs.frozen(kw_only=True)
class Finding:
    """What a server shows of one point. ``seen`` has several values where what was seen agrees with each of them."""

    row: int
    title: tuple[str, str]
    name: str
    seen: tuple[str, ...]
    #: The switches that the dialect needs, as arguments in Python.
    switch: str
    note: tuple[str, str]
    is_quirk: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "row": self.row,
            "title": self.title[0],
            "title_zh": self.title[1],
            "name": self.name,
            "seen": list(self.seen),
            "switch": self.switch,
            "note": self.note[0],
            "note_zh": self.note[1],
        }


NOT_SEEN: Final = ("not seen", "未见")
SEVERAL: Final = ("agrees with each of these", "与这些解释均相符")
UNOBSERVED: Final = ("responses do not show it", "返回内容不体现")
UNREADABLE: Final = ("not observable by reading", "只读调用无法观察")


def find(family: Family, observers: Iterable[Observer], exchanges: Sequence[Exchange]) -> list[Finding]:
    """Return the findings on every point of a family, in the order of the page of ambiguities."""
    by_row: dict[int, list[Observer]] = {}
    for observer in observers:
        by_row.setdefault(observer.row, []).append(observer)
    found: list[Finding] = []
    for row, title in enumerate(POINTS[family.name], start=1):
        if row not in by_row:
            found.append(Finding(row=row, title=title, name="", seen=(), switch="", note=UNOBSERVED))
        for observer in by_row.get(row, ()):
            seen = tuple(dict.fromkeys(observer.see(exchanges)))
            note = ("", "") if len(seen) == 1 else SEVERAL
            if not seen:
                reason = observer.unreadable
                note = (
                    NOT_SEEN if reason is None else (f"{UNREADABLE[0]}: {reason[0]}", f"{UNREADABLE[1]}：{reason[1]}")
                )
            switch = observer.switches.get(seen[0], "") if len(seen) == 1 else ""
            found.append(
                Finding(
                    row=row,
                    title=title,
                    name=observer.name,
                    seen=seen,
                    switch=switch,
                    note=note,
                    is_quirk=observer.is_quirk,
                )
            )
    return found


def dialect_line(family: Family, findings: Iterable[Finding]) -> str:
    """Return the dialect to pass to a client, as Python; empty where the default one fits."""
    switches = dict.fromkeys(finding.switch for finding in findings if finding.switch)
    return f"{family.dialect.__name__}({', '.join(switches)})" if switches else ""


def quirk_options(family: Family, findings: Iterable[Finding]) -> str:
    """Return the options with which the mock behaves as the server does."""
    return " ".join(
        f"--quirk {family.name}.{finding.name}={finding.seen[0]}"
        for finding in findings
        if len(finding.seen) == 1 and finding.is_quirk
    )

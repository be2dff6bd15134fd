"""Parts of a report that could not be read. Only for these examples."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from chaobiao import ChaobiaoError, Listing, Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Gap:
    """What could not be read: a part, of one place or of all, and why, in Chinese and in English."""

    part: str
    place: str | None
    zh: str
    en: str


@dataclass
class Gaps:
    """A report with parts that may be incomplete."""

    gaps: list[Gap] = field(default_factory=list, kw_only=True)

    @contextmanager
    def reading(self, part: str, place: str | None = None) -> Iterator[None]:
        """Turn an error into a gap."""
        try:
            yield
        except ChaobiaoError as error:
            name = type(error).__name__
            self.gaps.append(Gap(part, place, f"未能完整取得（{name}）", f"could not be read completely ({name})"))

    def rows(self, listing: Listing[R], part: str, place: str | None = None) -> Iterable[R]:
        """Return the rows of a list, as many as come; what is missing becomes a gap."""
        with self.reading(part, place):
            yield from listing

    def unreadable(self, part: str, count: int) -> None:
        """Note how many rows lacked a value, if any."""
        if count:
            self.gaps.append(
                Gap(part, None, f"有 {count} 行缺少数值，未计入", f"{count} rows without a value left out")
            )

    def lacks(self, part: str, places: Sequence[str] | None = None) -> bool:
        """Tell whether a part is incomplete, for all places together or for some."""
        return any(gap.part == part and (places is None or gap.place in places) for gap in self.gaps)

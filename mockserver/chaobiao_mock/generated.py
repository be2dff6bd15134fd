"""What generated fleets have in common: repeatable numbers, names, and codes that follow from an index."""

from collections.abc import Iterable
from typing import Final

SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN_NAMES: Final[tuple[str, ...]] = (*"伟芳娜敏静强磊洋艳杰婷鹏", "秀英", "建国", "桂兰", "志明")


def hash32(seed: int, index: int, salt: int) -> int:
    """Return a repeatable number from 0 to 2³²-1 that looks random."""
    value = (index * 2_654_435_761 + seed * 40_503 + salt * 2_246_822_519) & 0xFFFF_FFFF
    value ^= value >> 15
    return (value * 2_246_822_519) & 0xFFFF_FFFF


class CodeSeries:
    """Codes of one length for items that are counted from 0: ``first`` is the code of item 0."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._length = len(str(first))

    def code(self, index: int) -> str:
        """Return the code of an item."""
        return str(self._first + index)

    def index(self, code: str, count: int) -> int | None:
        """Return the item with a code, or ``None`` where none of ``count`` items has it."""
        if not (len(code) == self._length and code.isascii() and code.isdigit()):
            return None
        index = int(code) - self._first
        return index if 0 <= index < count else None

    def containing(self, part: str, indexes: Iterable[int]) -> list[int]:
        """Return the items among ``indexes`` whose codes contain a text."""
        first = self._first
        return [index for index in indexes if part in str(first + index)]

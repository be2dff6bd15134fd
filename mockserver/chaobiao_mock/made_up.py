"""What made-up worlds are made of: repeatable numbers and names."""

from typing import Final

SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN: Final = ("伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "杰", "婷", "鹏", "秀英", "建国", "桂兰", "志明")


def hash32(seed: int, index: int, salt: int) -> int:
    """Return a repeatable number from 0 to 2³²-1 that looks random."""
    value = (index * 2_654_435_761 + seed * 40_503 + salt * 2_246_822_519) & 0xFFFF_FFFF
    value ^= value >> 15
    return (value * 2_246_822_519) & 0xFFFF_FFFF

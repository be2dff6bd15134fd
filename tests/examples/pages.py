"""What a page of an example shows."""

import unicodedata
from itertools import combinations
from typing import Any


def texts(page: Any) -> list[str]:
    """All texts of a page."""
    return [line.get_text() for axes in page.figure.axes for line in axes.texts]


def is_chinese(text: str) -> bool:
    """Whether a text needs a Chinese font."""
    return any(unicodedata.east_asian_width(mark) == "W" for mark in text)


def check_texts_are_apart(page: Any) -> None:
    """Assert that all texts lie inside the margins and clear of each other."""
    renderer = page.figure.canvas.get_renderer()
    lines = [line for axes in page.figure.axes for line in axes.texts if line.get_text()]
    boxes = [(line.get_text(), line.get_window_extent(renderer)) for line in lines]
    margin = 13 / 25.4 * page.figure.dpi
    width, height = page.figure.bbox.size
    for text, box in boxes:
        assert margin < box.x0 < box.x1 < width - margin, text
        assert margin < box.y0 < box.y1 < height - margin, text
    for (one, box), (other, other_box) in combinations(boxes, 2):
        apart = box.x1 <= other_box.x0 or other_box.x1 <= box.x0 or box.y1 <= other_box.y0 or other_box.y1 <= box.y0
        assert apart, (one, other)

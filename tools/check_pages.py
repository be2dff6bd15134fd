"""Check the pages that examples drew into the current folder: A4 pictures, filled from top to bottom, of several parts.

In CI the machine must also have a font for Chinese, or the pages would be checked in English only.
"""

import os
import sys
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "examples"))
from _charts import find_chinese_font

#: The pages, by the pattern of their names; each describes its parts, such as regions, divided by semicolons.
PAGES = ("energy-month-*.png", "water-daily-*.png")
A4 = 297 / 210
BANDS = 12
#: The part of a band that is not white; a line of text makes more.
LEAST_INK = 0.002


def faults_of(path: Path) -> list[str]:
    """Return what is wrong with a page."""
    found = []
    with Image.open(path) as picture:
        width, height = picture.size
        described = str(picture.info.get("Description", ""))
        grey = picture.convert("L")
    if picture.format != "PNG" or width < 1200 or abs(height / width - A4) > 0.01:
        found.append(f"{picture.format} of {width} x {height} pixels is no A4 picture")
    if described.count("; ") < 1:
        found.append(f"it has fewer than two parts: {described!r}")
    for band in range(BANDS):
        histogram = grey.crop((0, band * height // BANDS, width, (band + 1) * height // BANDS)).histogram()
        if sum(histogram[:200]) < LEAST_INK * sum(histogram):
            found.append(f"band {band + 1} of {BANDS} is empty")
    return found


def main() -> int:
    faults = 0
    if os.environ.get("CI") and find_chinese_font() is None:
        print("The machine has no font for Chinese.")
        faults += 1
    for pattern in PAGES:
        paths = sorted(Path().glob(pattern))
        if not paths:
            print(f"{pattern}: no such page")
            faults += 1
        for path in paths:
            found = faults_of(path)
            print(f"{path}: {'; '.join(found) or 'as it should be'}")
            faults += len(found)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

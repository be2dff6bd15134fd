"""The families that the mock serves."""

from typing import Final

from chaobiao_mock.jrhsz.family import JrhszFamily
from chaobiao_mock.serves import Family
from chaobiao_mock.water.family import WaterFamily

FAMILIES: Final[dict[str, Family]] = {"jrhsz": JrhszFamily(), "water": WaterFamily()}

"""What the documented rows of a fresh world are called."""

from datetime import datetime
from typing import Final

from chaobiao import SHANGHAI

BEGAN: Final = datetime(2026, 6, 10, 10, 20, tzinfo=SHANGHAI)
#: Ids of machines, meters and others that the documented rows have.
MACHINE, OTHER_MACHINE = 1, 2
WATER_METER, METER, VIRTUAL_METER, MANUAL_METER = 12, 13, 17, 18
HOURLY_ALARM, PARAMETER_ALARM = 1, 2
PRODUCT, BATCH, FREE_BATCH = 1, 1, 2
USER: Final = 1

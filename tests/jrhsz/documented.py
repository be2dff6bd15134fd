"""What the prepaid platform's documents show, beside the samples' rows."""

from typing import Final

from tests.harness.clients import account_of
from tests.harness.mock_server import at

_ACCOUNT = account_of("jrhsz")
assert _ACCOUNT is not None
USERNAME, PASSWORD = _ACCOUNT

#: The documented rows of all histories lie in this period, and no made-up meter reports in it.
PERIOD: Final = {"begin": at("2022-01-01 00:00:00"), "end": at("2025-08-01 00:00:00")}

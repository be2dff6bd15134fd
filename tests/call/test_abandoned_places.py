"""A call that ends while it waits gives its place in the queue back, though its error is kept."""

import pytest

from chaobiao import Jrhsz, VirtualClock, WrongPassword
from chaobiao.jrhsz import JrhszDialect
from chaobiao_mock import JrhszQuirks, MockServer, World, WorldSettings


def test_a_refused_login_gives_the_place_in_the_queue_back() -> None:
    """A call queues before it logs in. When that fails, the next call of the account does not wait for its place."""
    clock = VirtualClock()
    dialect = JrhszDialect(login_paced=False)
    with MockServer(World(WorldSettings(quirks=(JrhszQuirks(login_paced="no"),)))) as server:
        wrong = Jrhsz("khcs", "wrong", base_url=server.url, clock=clock, dialect=dialect)
        right = Jrhsz("khcs", "123456", base_url=server.url, clock=clock, dialect=dialect)
        with wrong, right:
            with pytest.raises(WrongPassword) as kept:  # its traceback holds the frames of the call
                wrong.buildings.list().collect()
            before = clock.monotonic()
            assert right.buildings.list().collect()
            assert clock.monotonic() == before
            assert kept.value.code == 1005

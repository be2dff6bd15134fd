"""Readings that were asked for (meterInstruct type 3): in the order of time, one a second, and known to consumption."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import httpx

from chaobiao import Jrhsz, VirtualClock
from chaobiao.jrhsz import ConsumptionKind, Instruction
from chaobiao_mock import JrhszQuirks, MockServer, World, WorldSettings

METER = "202600000000"


def test_a_reading_that_was_asked_for_stands_in_its_place() -> None:
    """Three commands in one second make one reading; it stands between those before and after it; sums agree."""
    world = World(WorldSettings(meters=4, quirks=[JrhszQuirks(paced="no")]), VirtualClock())
    with MockServer(world) as server, Jrhsz("khcs", "123456", base_url=server.url, paced=False) as client:
        world.clock.advance(3600.0 + 1234.0)
        asked_at = world.clock.now().replace(microsecond=0)
        for _ in range(3):
            client.meters.instruct(METER, Instruction.READ)
        world.clock.advance(2 * 86_400.0)
        period = {"begin": asked_at - timedelta(days=2), "end": asked_at + timedelta(days=2)}
        readings = client.meters.readings(table_no=METER, **period).collect()
        times = [reading.read_at for reading in readings]
        assert times == sorted(times)
        assert times.count(asked_at) == 1
        assert times[0] != asked_at != times[-1]
        rows = client.meters.consumption(table_no=METER, kind=ConsumptionKind.REALTIME, **period).collect()
        assert [row.read_at for row in rows] == sorted(row.read_at for row in rows)
        assert [row.read_at for row in rows].count(asked_at) == 1
        for before, after in pairwise(rows):
            assert after.reading - before.reading == after.usage
        used = sum((row.usage for row in rows[1:]), Decimal(0))
        assert used == rows[-1].reading - rows[0].reading
        assert sum(page.total or 0 for page in [next(iter(client.meters.readings(**period).pages()))]) >= len(readings)


def test_numbers_of_thousands_of_digits_find_nothing() -> None:
    """A meter or device number longer than Python converts is unknown like any other."""
    huge = "2" * 5000
    with MockServer(World(WorldSettings(meters=2, quirks=[JrhszQuirks(paced="no")]))) as server:
        token = httpx.post(
            server.url + "/user/login", json={"admin_user_name": "khcs", "api_password": "123456"}, trust_env=False
        ).json()["data"]
        period = {"BeginDate": "2023-01-01 00:00:00", "EndDate": "2023-02-01 00:00:00", "pageNo": 1, "pageSize": 10}
        for path, body in (
            ("/meter/readMeter", {"tableNo": huge}),
            ("/meter/readMeterList", {"tableNo": huge, **period}),
            ("/meter/readMeterDataList", {"tableNo": huge, "type": "1", **period}),
            ("/meter/peaksValleysRead", {"tableNo": huge, **period}),
            ("/meter/cameraRead", {"tableNo": huge, **period}),
            ("/meter/meterInstruct", {"deviceId": huge, "type": "3"}),
            ("/user/GetUserInfo", {"user_code": huge}),
        ):
            sent = {"token": token, "admin_user_name": "khcs", **body}
            response = httpx.post(server.url + path, json=sent, trust_env=False)
            assert response.status_code == 200, path

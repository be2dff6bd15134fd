"""A live prepaid platform for one test: a world of its own, clients of one colour, and raw requests."""

from datetime import datetime
from typing import Any

import attrs
import httpx

from chaobiao import SHANGHAI, VirtualClock
from chaobiao_mock import JrhszQuirks, MockServer, World
from chaobiao_mock.clock import WorldClock
from chaobiao_mock.world import WorldSettings
from tests.sdk.driver import Driver, settle

USERNAME = "khcs"
PASSWORD = "123456"


def at(text: str) -> datetime:
    """A moment in China Standard Time, such as "2023-04-22 10:31:53"."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


#: The documents' samples all lie in here, and no made-up meter reports in it.
SAMPLES = {"begin": at("2022-01-01 00:00:00"), "end": at("2025-08-01 00:00:00")}


class LiveDriver(Driver):
    """A client of either colour over a real socket."""

    def __init__(self, colour: str, **options: Any) -> None:
        super().__init__(colour, "jrhsz", _unused, http_client=None, **options)

    def copy(self, **changes: Any) -> "LiveDriver":
        """A driver of the client's with_options() copy."""
        other = object.__new__(LiveDriver)
        other.__dict__.update(self.__dict__, client=self.client.with_options(**changes))
        return other

    async def rows(self, method: str, /, *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method that answers rows, whether it fetches them now or lazily, and answer all of them."""
        answer = await self.call(method, *args, **kwargs)
        return list(await settle(answer.collect())) if hasattr(answer, "collect") else list(answer)


def _unused(_: httpx.Request) -> httpx.Response:
    raise AssertionError("a live driver sends over the socket")


class Platform:
    """The server, the world that it serves in this test, and the clock that world and clients share."""

    def __init__(self, server: MockServer, http: httpx.Client, colour: str) -> None:
        self.url = server.url
        self.world: World = server.world
        self._http = http
        self._colour = colour
        self._drivers: list[LiveDriver] = []
        self.begin()

    def begin(self, *, meters: int = 20, start: str | None = None, **quirks: Any) -> None:
        """Begin anew with a world of these settings."""
        self.clock = VirtualClock()
        started = None if start is None else at(start)
        self.world.settings = WorldSettings(meters=meters, start=started, quirks=[JrhszQuirks(**quirks)])
        self.world.clock = WorldClock(self.clock, started)
        self.world.reset()

    def quirks(self, **changes: Any) -> None:
        """Play other readings from here on; the world's state stays as it is."""
        self.world.states["jrhsz"].quirks = attrs.evolve(self.world.states["jrhsz"].quirks, **changes)

    @property
    def now(self) -> datetime:
        """The platform's time, in whole seconds as it writes them."""
        return self.world.clock.now().replace(microsecond=0)

    def client(self, username: str = USERNAME, password: str = PASSWORD, **options: Any) -> LiveDriver:
        """A client of this test's colour."""
        settings: dict[str, Any] = {"base_url": self.url, "clock": self.clock, **options}
        self._drivers.append(LiveDriver(self._colour, username=username, password=password, **settings))
        return self._drivers[-1]

    def post(self, path: str, body: dict[str, Any] | None = None, **how: Any) -> dict[str, Any]:
        """Send a raw request and answer the whole envelope."""
        if body is not None:
            how["json"] = body
        response = self._http.post(self.url + path, **how)
        assert response.status_code == 200
        answer: dict[str, Any] = response.json()
        return answer

    def token(self, username: str = USERNAME, password: str = PASSWORD) -> str:
        """Log in by a raw request."""
        answer = self.post("/user/login", {"admin_user_name": username, "api_password": password})
        return str(answer["data"])

    def authorised(self, **arguments: Any) -> dict[str, Any]:
        """A raw body with a fresh token."""
        return {"token": self.token(), "admin_user_name": USERNAME, **arguments}

    async def close(self) -> None:
        """Close every client."""
        for driver in self._drivers:
            await driver.close()

"""What the live tests are made of: a place with a server and a time, clients of both colours, and crowds of callers."""

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from typing import Any

import httpx

from chaobiao import AsyncJrhsz, Jrhsz, VirtualClock
from chaobiao.clock import Waiter
from chaobiao.jrhsz import ListBuildings, ListMeters, ListResidents
from chaobiao_mock import Fault, World
from chaobiao_mock.journal import Entry
from chaobiao_mock.jrhsz.accounts import Account

USERNAME = "canary-account-7Q"
PASSWORD = "canary-password-9Z&é"
INTERVAL = 2.0

#: A paced read.
BUILDINGS = ListBuildings()
METERS = ListMeters()
RESIDENTS = ListResidents()

Client = Jrhsz | AsyncJrhsz
#: A call on a client of either colour; answers a value or something to await.
Call = Callable[[Any], Any]


class WatchedClock(VirtualClock):
    """A virtual clock that can be asked how many waiters were made, and that can interrupt one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.made = threading.Semaphore(0)
        self._interrupt_after: int | None = None

    def interrupt(self, after: int = 0) -> None:
        """Let the next waiter but ``after`` be interrupted the moment it waits."""
        self._interrupt_after = after

    def waiter(self) -> Waiter:
        self.made.release()
        if self._interrupt_after is not None:
            self._interrupt_after -= 1
            if self._interrupt_after < 0:
                self._interrupt_after = None
                return _Interrupted()
        return super().waiter()


class _Interrupted:
    """A waiter that Ctrl-C or a cancellation meets at once."""

    def wake(self) -> None:
        return

    def wait(self, timeout: float | None) -> None:
        raise KeyboardInterrupt

    async def wait_async(self, timeout: float | None) -> None:  # noqa: ASYNC109  # the protocol's own name
        raise asyncio.CancelledError


class Place:
    """A world that is served at a URL, and the clients that were made for it."""

    def __init__(self, url: str, world: World, clock: WatchedClock) -> None:
        self.url = url
        self.world = world
        self.clock = clock
        self._clients: list[Client] = []
        self.admit(USERNAME, PASSWORD)

    def admit(self, username: str, password: str) -> None:
        """Let somebody log in."""
        self.world.states["jrhsz"].accounts.add(Account(username, password))

    def connect(self, colour: str, username: str = USERNAME, password: str = PASSWORD, **options: Any) -> Any:
        """Make a client; it is closed when the test ends."""
        kind = {"sync": Jrhsz, "async": AsyncJrhsz}[colour]
        options = {"base_url": self.url, "clock": self.clock, **options}
        client = kind(username, password, **options)
        self._clients.append(client)
        return client

    def fault(self, path: str, kind: Any, **facts: Any) -> None:
        """Let something go wrong."""
        self.world.faults.add(Fault(path, kind, **facts))

    def entries(self, operation: str, account: str = USERNAME) -> list[Entry]:
        """What the server saw of one account's calls; faults hide the account, and count for all."""
        return [entry for entry in self.world.journal.of(operation) if entry.account in (account, "")]

    def codes(self, operation: str) -> list[int]:
        """The codes that the server answered, in order."""
        return [entry.code for entry in self.world.journal.of(operation)]

    def times(self, operation: str, account: str = USERNAME) -> list[float]:
        """When the server saw the calls, in seconds."""
        return [entry.at for entry in self.entries(operation, account)]

    def elsewhere(self, path: str, **arguments: Any) -> dict[str, Any]:
        """Call as another process would that uses the same account: with a login of its own, unpaced."""
        login = self.raw("/user/login", admin_user_name=USERNAME, api_password=PASSWORD)
        if "data" not in login:
            return login
        return self.raw(path, token=login["data"], admin_user_name=USERNAME, **arguments)

    def raw(self, path: str, **arguments: Any) -> dict[str, Any]:
        """Post JSON, without the SDK."""
        found: dict[str, Any] = httpx.post(self.url + path, json=arguments, trust_env=False, verify=False).json()
        return found

    async def close(self) -> None:
        """Close the clients that tests left open."""
        for client in self._clients:
            await settled(client.close() if isinstance(client, Jrhsz) else client.aclose())


def gaps(times: Sequence[float]) -> list[float]:
    """The times between calls."""
    return [after - before for before, after in pairwise(times)]


async def settled(value: Any) -> Any:
    """Await what needs it, so that one body serves both colours."""
    return await value if inspect.isawaitable(value) else value


async def outcome(value: Callable[[], Any]) -> Any:
    """Answer a call's value, or the error with which it ended."""
    try:
        return await settled(value())
    except BaseException as error:  # noqa: BLE001  # a test looks at whatever it is
        return error


async def crowd(clock: VirtualClock, calls: Sequence[tuple[Any, Call]]) -> list[Any]:
    """Let everybody call at once, threads and tasks alike; answer values and errors in the order of ``calls``.

    Time stands still until all have begun.
    """
    results: list[Any] = [None] * len(calls)
    threads = [(number, client, call) for number, (client, call) in enumerate(calls) if isinstance(client, Jrhsz)]
    tasks = [(number, client, call) for number, (client, call) in enumerate(calls) if not isinstance(client, Jrhsz)]
    ready = threading.Barrier(len(threads) + 1)
    gate = asyncio.Event()

    def in_thread(number: int, client: Any, call: Call) -> None:
        with clock.taking_part():
            ready.wait(30)
            try:
                results[number] = call(client)
            except BaseException as error:  # noqa: BLE001  # a test looks at whatever it is
                results[number] = error

    async def in_task(number: int, client: Any, call: Call) -> None:
        with clock.taking_part():
            await gate.wait()
            results[number] = await outcome(lambda: call(client))

    started = [threading.Thread(target=in_thread, args=each) for each in threads]
    for thread in started:
        thread.start()
    running = [asyncio.create_task(in_task(*each)) for each in tasks]
    await asyncio.sleep(0)  # every task announces itself
    await asyncio.to_thread(ready.wait, 30)
    gate.set()
    await asyncio.gather(*running)
    for thread in started:
        await asyncio.to_thread(thread.join, 60)
    assert not any(thread.is_alive() for thread in started), "somebody waits for ever"
    return results


def sending(operation: Any) -> Call:
    """Send one operation."""
    return lambda client: client.send(operation)


def sending_later(place: Place, operation: Any, seconds: float) -> Call:
    """Send one operation a little later, when others have begun."""

    def later(client: Any) -> Any:
        if isinstance(client, Jrhsz):
            place.clock.sleep(seconds)
            return client.send(operation)

        async def soon() -> Any:
            await place.clock.waiter().wait_async(seconds)
            return await client.send(operation)

        return soon()

    return later


async def taking_part(clock: VirtualClock, call: Awaitable[Any]) -> Any:
    """Await a call as somebody who takes part: time stands still while its request is under way."""
    with clock.taking_part():
        return await call


async def seen(what: Callable[[], Any]) -> None:
    """Let the event loop work until something is there, such as a request in the server's journal."""
    async with asyncio.timeout(30):
        # The server works in a thread of its own and cannot set this loop's events.
        while not what():  # noqa: ASYNC110  # see above
            await asyncio.sleep(0)

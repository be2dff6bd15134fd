"""What all ways of sending requests have in common: they know what is under way, close after it, and survive forks."""

import asyncio
import os
import threading
from typing import Any

from chaobiao._call.effects import Transmit
from chaobiao._call.messages import Failure, Response
from chaobiao._client.attempt import Attempt, current
from chaobiao._client.responses import CLOSED, failure


class SyncTransport:
    """Carries out one attempt after another, from any thread."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._inherited: list[Any] = []
        self.closed = False
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._under_way = 0
        self._connections = self._open()

    def _leave_parent(self) -> None:
        """Begin anew in a child process: two processes on one connection would read each other's responses."""
        if self._process != os.getpid():
            self._inherited.append(self._connections)  # the parent's: kept, and not used
            self._begin()

    def _open(self) -> Any:
        """Return what holds the connections of this process."""
        raise NotImplementedError

    def _exchange(self, transmit: Transmit, attempt: Attempt) -> Response:
        raise NotImplementedError

    def _end(self) -> None:
        """Close the connections."""
        raise NotImplementedError

    def _failure(self, error: Exception, attempt: Attempt, transmit: Transmit) -> Failure:
        return failure(error, attempt, transmit)

    def transmit(self, transmit: Transmit) -> Response | Failure:
        self._leave_parent()
        with self._lock:
            if self.closed:
                return CLOSED
            self._under_way += 1
        attempt = Attempt(transmit.timeout, transmit.sent)
        token = current.set(attempt)
        try:
            return self._exchange(transmit, attempt)
        except Exception as error:  # noqa: BLE001  # the boundary: every foreign error becomes a Failure
            return self._failure(error, attempt, transmit)
        finally:
            current.reset(token)
            with self._lock:
                self._under_way -= 1
                last = self.closed and not self._under_way
            if last:
                self._end()

    def close(self) -> None:
        """Refuse further requests; the last of those under way closes the connections."""
        self._leave_parent()
        with self._lock:
            idle = not self.closed and not self._under_way
            self.closed = True
        if idle:
            self._end()


class AsyncTransport:
    """The same for event loops."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._under_way: dict[asyncio.AbstractEventLoop, set[asyncio.Future[None]]] = {}
        self.closed = False

    def prepare(self) -> None:
        """Load, in a running loop, what a first request would load after its turn has come."""

    async def _exchange(self, transmit: Transmit, attempt: Attempt) -> Response:
        raise NotImplementedError

    async def _end(self) -> None:
        """Close the connections that belong to the running loop."""
        raise NotImplementedError

    def _failure(self, error: Exception, attempt: Attempt, transmit: Transmit) -> Failure:
        return failure(error, attempt, transmit)

    async def transmit(self, transmit: Transmit) -> Response | Failure:
        if self.closed:
            return CLOSED
        loop = asyncio.get_running_loop()
        under_way = self._under_way.setdefault(loop, set())
        ended = loop.create_future()
        under_way.add(ended)
        attempt = Attempt(transmit.timeout, transmit.sent)
        token = current.set(attempt)
        try:
            return await self._exchange(transmit, attempt)
        except Exception as error:  # noqa: BLE001  # the boundary: every foreign error becomes a Failure
            return self._failure(error, attempt, transmit)
        finally:
            current.reset(token)
            under_way.discard(ended)
            ended.set_result(None)

    async def aclose(self) -> None:
        """Refuse further requests, let those under way in this loop end, and close the connections."""
        self.closed = True
        under_way = self._under_way.get(asyncio.get_running_loop())
        if under_way:
            await asyncio.wait(under_way)
        await self._end()

"""What all ways of sending requests from event loops have in common."""

import asyncio

from chaobiao._call.effects import Transmit
from chaobiao._call.messages import Failure, Response
from chaobiao._client.attempt import Attempt, current
from chaobiao._client.responses import CLOSED, failure


class AsyncTransport:
    """Carries out attempts in event loops."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._under_way: dict[asyncio.AbstractEventLoop, set[asyncio.Future[None]]] = {}
        self.closed = False

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

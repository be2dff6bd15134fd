"""Servers of the energy management API that tests play: with sessions in cookies, and with pages of every kind."""

from typing import Any

import attrs
import httpx

from tests.harness.clients import ClientUnderTest, resolve
from tests.harness.fake_server import arguments_of, respond

#: The verb and path of a login and a logout.
AUTH = "/api/auth"


def envelope(data: Any = None, total: Any = None, code: Any = "0", words: str = "ok") -> dict[str, Any]:
    """Return an envelope as the document shows it, without what is None."""
    found = {"Err_No": code, "Err_Msg": words, "Data": data, "Total_Numbers": total}
    return {name: value for name, value in found.items() if value is not None}


def cookies_of(request: httpx.Request) -> dict[str, str]:
    """Return the cookies that a request carries; each name must come once."""
    pairs = [pair.partition("=")[::2] for pair in request.headers.get("cookie", "").split("; ") if pair]
    found = dict(pairs)
    assert len(found) == len(pairs), f"a cookie was sent twice: {pairs}"
    return found


async def carry_out(client: ClientUnderTest, method: str, *args: Any, **given: Any) -> Any:
    """Call a client method; a list is read whole."""
    found = await client.call(method, *args, **given)
    return list(await resolve(found.collect())) if hasattr(found, "collect") else found


class SessionServer:
    """Gives two cookies at each login and lets in only who has the newest ones; then ``reply`` decides."""

    def __init__(self, reply: Any = None, *, status: int = 200, extra_cookies: tuple[str, ...] = ()) -> None:
        self._reply = envelope([]) if reply is None else reply
        self._status = status
        self._extra = extra_cookies
        self.logins: list[httpx.Request] = []
        self.logouts: list[httpx.Request] = []
        self.requests: list[httpx.Request] = []
        #: Whether the newest login still holds.
        self.alive = False

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies of the newest login."""
        number = len(self.logins)
        return {"sessionid": f"session-secret-{number}", "csrftoken": f"csrf/secret+{number}=="}

    def __call__(self, request: httpx.Request) -> Any:
        if request.url.path == AUTH and request.method == "POST":
            self.logins.append(request)
            self.alive = True
            set_cookies = [f"{name}={value}; Path=/; HttpOnly" for name, value in self.cookies.items()]
            headers = [("Set-Cookie", value) for value in (*set_cookies, *self._extra)]
            return httpx.Response(200, json=envelope(), headers=headers)
        (self.logouts if request.url.path == AUTH else self.requests).append(request)
        if not self.alive or self.cookies.items() - cookies_of(request).items():
            return httpx.Response(self._status, json=envelope(code="4101", words="用户未登录"))
        if request.url.path == AUTH:
            self.alive = False
            return respond(envelope(), request)
        return respond(self._reply(request) if callable(self._reply) else self._reply, request)


@attrs.frozen(kw_only=True)
class Pages:
    """How a server pages its rows.

    ``below`` and ``beyond`` say what it returns for a page number that is too small or too large: nothing (as an empty
    list or as 4002), or the nearest page. ``change`` happens to its rows after the first request.
    """

    count: int
    base: int = 0
    below: str = "empty"
    beyond: str = "empty"
    ignores_page: bool = False
    total: Any = "right"
    change: str = "none"

    def counted(self, rows: int, served: int) -> Any:
        """Return what it gives as the total."""
        return {"right": rows, "text": str(rows), "word": "many", "page": served}.get(self.total, self.total)


class PageServer:
    """Plays the lists of a server; rows have ids from 1, in the order of the list."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self.ids = list(range(1, pages.count + 1))
        self.asked: list[int] = []

    def __call__(self, request: httpx.Request) -> Any:
        if request.url.path == AUTH:
            return httpx.Response(200, json=envelope(), headers={"Set-Cookie": "sessionid=session-secret"})
        arguments = arguments_of(request)
        number, size = int(arguments["Page_Counts"]), int(arguments["Per_Page_Counts"])
        if len(self.asked) == 1:
            self._change()
        self.asked.append(number)
        rows = self._rows(number - self._pages.base, size)
        if rows is None:
            return respond(envelope(code="4002", words="无数据"), request)
        total = self._pages.counted(len(self.ids), len(rows))
        return respond(envelope([{"id": each, "Meter_Name": f"表{each}"} for each in rows], total), request)

    def _rows(self, index: int, size: int) -> list[int] | None:
        pages, last = self._pages, max((len(self.ids) - 1) // size, 0)
        if pages.ignores_page:
            index = 0
        if index < 0 or index > last:
            how = pages.below if index < 0 else pages.beyond
            if how == "4002":
                return None
            if how == "empty":
                return []
            if how == "offset":  # as many rows as fit before the end
                return self.ids[-size:]
            index = min(max(index, 0), last)
        return self.ids[index * size : index * size + size]

    def _change(self) -> None:
        if self._pages.change == "insert":
            self.ids.insert(0, 1000)
        elif self._pages.change == "append":
            self.ids.append(1001)
        elif self._pages.change == "delete" and self.ids:
            del self.ids[0]

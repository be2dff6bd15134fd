"""The application that passes calls through: any verb, path and body."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import httpx
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from chaobiao_mock.record.recorder import Recorder
from chaobiao_mock.replies import error_payload, json_response

#: Headers that belong to one connection, or that the other side's HTTP library writes itself.
_OWN: Final = frozenset(
    {
        b"connection",
        b"content-length",
        b"expect",
        b"host",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_SECONDS: Final = 120.0


def create_proxy(upstream: str, recorder: Recorder, transport: httpx.AsyncBaseTransport | None = None) -> Starlette:
    """Create the application; ``transport`` is what its requests are sent with, where it is not httpx's own."""
    client = httpx.AsyncClient(transport=transport, follow_redirects=False)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    async def forward(scope: Scope, receive: Receive, send: Send) -> None:
        response = await _response(Request(scope, receive), upstream.rstrip("/"), client, recorder)
        await response(scope, receive, send)

    app = Starlette(routes=[Mount("/", app=forward)], lifespan=lifespan)
    app.state.stopping = asyncio.Event()
    return app


async def _response(incoming: Request, upstream: str, client: httpx.AsyncClient, recorder: Recorder) -> Response:
    at = recorder.now()
    try:
        body = await incoming.body()
    except ClientDisconnect:
        return Response(status_code=400)
    raw_path: bytes = incoming.scope.get("raw_path") or incoming.url.path.encode()
    path, query = raw_path.decode("ascii"), incoming.scope["query_string"].decode("ascii")
    # Built by hand: the client would add its own headers, and the cookies of earlier responses.
    request = httpx.Request(
        incoming.method,
        upstream + path + (f"?{query}" if query else ""),
        headers=_request_headers(incoming),
        content=body,
        extensions={"timeout": httpx.Timeout(_SECONDS).as_dict()},
    )
    if not body and incoming.method in ("GET", "HEAD", "OPTIONS"):
        request.headers.pop("content-length", None)
    try:
        outcome = await client.send(request, stream=True)
        try:
            content = b"".join([chunk async for chunk in outcome.aiter_raw()])
        finally:
            await outcome.aclose()
    except httpx.HTTPError as error:
        kind = type(error).__name__
        english, chinese = f"the server could not be reached ({kind})", f"无法连接真实服务器（{kind}）"
        return json_response(error_payload(english, chinese), 502)
    recorder.add(
        at=at,
        verb=incoming.method,
        path=incoming.url.path,
        query=query,
        request_headers=incoming.headers.items(),
        body=body,
        status=outcome.status_code,
        headers=outcome.headers.multi_items(),
        text=_text(outcome, content),
    )
    response = Response(content, outcome.status_code)
    own = _OWN - {b"content-length"}
    kept = [(name.lower(), value) for name, value in outcome.headers.raw if name.lower() not in own]
    if "content-length" not in outcome.headers and incoming.method != "HEAD" and outcome.status_code not in (204, 304):
        kept.append((b"content-length", str(len(content)).encode()))
    response.raw_headers = kept
    return response


def _request_headers(incoming: Request) -> list[tuple[bytes, bytes]]:
    found = [(name, value) for name, value in incoming.headers.raw if name not in _OWN and name != b"accept-encoding"]
    # Only what can be unpacked here; and it is always sent, as httpx would else ask for what it likes.
    packed = b"gzip" in incoming.headers.get("accept-encoding", "").encode()
    return [*found, (b"accept-encoding", b"gzip, deflate" if packed else b"identity")]


def _text(outcome: httpx.Response, content: bytes) -> str:
    """Return a response's text, unpacked."""
    packed = [(name, value) for name, value in outcome.headers.multi_items() if name.lower() == "content-encoding"]
    try:
        return httpx.Response(200, headers=packed, content=content).content.decode("utf-8", "replace")
    except httpx.DecodingError:
        return ""

"""What follows from each outcome of an attempt, for every operation: its effect alone decides."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

import chaobiao
from chaobiao._contract.family import Kind
from chaobiao._contract.operation import Acknowledgement
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer
from tests.harness.forms import form_in
from tests.harness.operations import ACCOUNT_CALLS, CALLS, example, family_of, for_each, success
from tests.harness.wire_formats import format_of

Connect = Callable[..., ClientUnderTest]


@for_each(CALLS)
async def test_a_call_without_a_response(kind: Kind, connect: Connect) -> None:
    """What may be repeated is sent four times, then raises NoResponse; the rest is sent once, then OutcomeUnknown."""
    server = FakeServer(httpx.ReadTimeout("slow"))
    client = connect(server, family_of(kind).name)
    expected = chaobiao.NoResponse if kind.spec.effect.repeatable else chaobiao.OutcomeUnknown
    with pytest.raises(expected) as caught:
        await client.send(example(kind))
    error = caught.value
    assert (error.operation, error.section) == (kind.spec.call, kind.spec.section)
    assert error.attempts == len(server.requests) == (4 if kind.spec.effect.repeatable else 1)
    if isinstance(error, chaobiao.OutcomeUnknown):
        assert error.reference == example(kind).reference
        assert error.reference


@for_each([kind for kind in CALLS if kind.spec.effect.repeatable])
async def test_a_response_to_a_later_attempt_counts(kind: Kind, connect: Connect) -> None:
    """After a lost response the next one is returned; an acknowledgement says that the call was repeated."""
    server = FakeServer(httpx.ReadTimeout("slow"), success(kind))
    found = await connect(server, family_of(kind).name).send(example(kind))
    assert len(server.requests) == 2
    assert not isinstance(found, Acknowledgement) or found.repeated


@for_each(CALLS)
async def test_a_call_that_was_not_sent_is_repeated(kind: Kind, connect: Connect) -> None:
    """A call that could not be sent is sent again, whatever its effect, with the same arguments."""
    seen: list[tuple[Any, ...]] = []

    def server(request: httpx.Request) -> Any:
        is_form = request.headers.get("content-type", "").startswith("multipart")
        seen.append((request.method, request.url, form_in(request) if is_form else request.content))
        return httpx.ConnectError("refused") if len(seen) == 1 else success(kind)

    found = await connect(FakeServer(server), family_of(kind).name).send(example(kind))
    assert len(seen) == 2
    assert seen[0] == seen[1]
    assert not getattr(found, "repeated", False)


@for_each(CALLS)
async def test_a_refusal_by_http_is_final(kind: Kind, connect: Connect) -> None:
    """HTTP 404 raises HttpStatusError after one request, also for money and commands: nothing was carried out."""
    server = FakeServer(httpx.Response(404, text="<html>not here</html>"))
    with pytest.raises(chaobiao.HttpStatusError) as caught:
        await connect(server, family_of(kind).name).send(example(kind))
    assert (caught.value.code, caught.value.operation, len(server.requests)) == (404, kind.spec.call, 1)


@for_each(CALLS)
async def test_too_fast_is_waited_out(kind: Kind, connect: Connect) -> None:
    """A refusal as too fast, by HTTP 429 or in the family's own words, is followed by one more attempt, later."""
    family = family_of(kind)
    refusals = [refusal for refusal in (httpx.Response(429), format_of(family).too_fast) if refusal is not None]
    for refusal in refusals:
        server = FakeServer(refusal, success(kind))
        client = connect(server, family.name)
        await client.send(example(kind))
        assert len(server.requests) == 2
        assert client.clock.monotonic() > 0.0


@for_each(CALLS)
async def test_the_interval_is_kept(kind: Kind, connect: Connect) -> None:
    """Two calls are as far apart as the family's interval for the operation says, or follow at once without one."""
    server = FakeServer(success(kind))
    client = connect(server, family_of(kind).name)
    await client.send(example(kind))
    before = client.clock.monotonic()
    await client.send(example(kind))
    assert client.clock.monotonic() - before == pytest.approx(family_of(kind).interval_of(kind) or 0.0)
    assert len(server.requests) == 2


@for_each(ACCOUNT_CALLS)
async def test_a_refused_session_is_renewed_once(kind: Kind, connect: Connect) -> None:
    """One refusal of the session costs one login and one repetition, whatever the operation's effect."""
    refusal = format_of(family_of(kind)).session_refused
    assert refusal is not None
    server = FakeServer(refusal, success(kind))
    await connect(server, family_of(kind).name).send(example(kind))
    assert (len(server.logins), len(server.requests)) == (2, 2)
    server = FakeServer(refusal)
    with pytest.raises(chaobiao.SessionRefused) as caught:
        await connect(server, family_of(kind).name).send(example(kind))
    assert (len(server.logins), len(server.requests), caught.value.attempts) == (2, 2, 2)


@for_each(ACCOUNT_CALLS)
async def test_a_failed_login_sends_no_call(kind: Kind, connect: Connect) -> None:
    """A login that fails is raised by the call, which is not sent."""
    server = FakeServer(success(kind), login=httpx.Response(404))
    with pytest.raises(chaobiao.HttpStatusError) as caught:
        await connect(server, family_of(kind).name).send(example(kind))
    login = family_of(kind).login
    assert login is not None
    assert (caught.value.operation, len(server.logins), server.requests) == (login.spec.call, 1, [])


@for_each(CALLS)
async def test_the_address_and_headers_of_a_call(kind: Kind, connect: Connect) -> None:
    """Each call, and the login before it, is sent below the base URL with the caller's headers."""
    server = FakeServer(success(kind))
    base_url = "https://gate.example:8443/prefix"
    client = connect(server, family_of(kind).name, base_url=f"{base_url}/", headers={"X-Tenant": "7"})
    await client.send(example(kind))
    (request,) = server.requests
    assert request.method == kind.spec.method
    assert str(request.url).partition("?")[0] == base_url + kind.spec.path
    for each in (*server.logins, request):
        assert each.headers["x-tenant"] == "7"
        assert each.headers["accept"] == "application/json"


@for_each(CALLS)
async def test_a_closed_client_sends_nothing(kind: Kind, connect: Connect) -> None:
    """After close() the operation raises ClientClosed, through its method as well."""
    server = FakeServer(success(kind))
    client = connect(server, family_of(kind).name)
    await client.close()
    for call in (lambda: client.send(example(kind)), lambda: client.records(example(kind))):
        with pytest.raises(chaobiao.ClientClosed):
            await call()
    assert (server.logins, server.requests) == ([], [])

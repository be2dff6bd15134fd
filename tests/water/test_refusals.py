"""The server says what is wrong with a request; the clients raise it as a typed error."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from chaobiao import HttpStatusError, UnreadableResponse
from chaobiao.water import ListCosts, ListPayments, ListReadings
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer
from tests.harness.mock_server import LiveMock

pytestmark = pytest.mark.single_client


@pytest.mark.parametrize(
    ("method", "name", "value"),
    [
        ("flows.list", "page", "0"),
        ("flows.list", "page", "-1"),
        ("flows.list", "page", "one"),
        ("costs.list", "page_count", "0"),
        ("costs.list", "page_count", "1.5"),
        ("flows.list", "region_id", "山东省"),
        ("costs.list", "region_id", "-1"),
        ("readings.list", "start_time", "2023-06-26 00:16:03"),
        ("readings.list", "end_time", "1687709763"),
        ("payments.list", "start_time", "16877097630000"),
        ("payments.list", "end_time", "yesterday"),
    ],
)
def test_a_malformed_parameter_is_named(raw: LiveMock, method: str, name: str, value: str) -> None:
    """A value that cannot be read is HTTP 400 with the parameter's wire name, in both languages."""
    response = raw.request(raw.operation(method), {"page": "1", "page_count": "10", name: value})
    assert response.status_code == 400
    found = response.json()
    assert found["parameter"] == name
    assert name in found["error"]
    assert name in found["error_zh"]


def test_a_period_that_ends_before_it_begins_is_refused(raw: LiveMock) -> None:
    """Both parameters are given by their wire names."""
    response = raw.request(
        ListReadings,
        {"page": 1, "page_count": 1, "start_time": "1687709763001", "end_time": "1687709763000"},
    )
    assert response.status_code == 400
    assert "start_time" in response.json()["error"]
    assert "end_time" in response.json()["error"]


@pytest.mark.parametrize("missing", ["page", "page_count"])
async def test_the_clients_raise_the_status(mock: LiveMock, client_kind: str, missing: str) -> None:
    """HTTP 400 raises HttpStatusError with operation and section, and is not repeated."""

    def strip(request: httpx.Request) -> None:
        request.url = request.url.copy_remove_param(missing)

    async def strip_async(request: httpx.Request) -> None:
        strip(request)

    http: Any = (
        httpx.Client(event_hooks={"request": [strip]})
        if client_kind == "sync"
        else httpx.AsyncClient(event_hooks={"request": [strip_async]})
    )
    client = mock.client(http_client=http)
    with pytest.raises(HttpStatusError) as caught:
        await client.rows("flows.list")
    assert (caught.value.code, caught.value.operation, caught.value.section) == (400, "flows.list", "2")
    assert [(entry.operation, entry.code) for entry in mock.world.journal] == [("flows.list", 400)]
    await client.close_http()


@pytest.mark.parametrize(("path", "near"), [("/flows", "/flow"), ("/hispays", "/hispay"), ("/Region", "/region")])
def test_an_unknown_path_names_the_nearest(raw: LiveMock, path: str, near: str) -> None:
    """HTTP 404 names the endpoint that was probably meant."""
    response = raw.http("GET", path, params={"page": 1, "page_count": 1})
    assert response.status_code == 404
    assert near in response.json()["nearest"]


async def test_a_refusal_by_code_is_raised_at_once(mock: LiveMock) -> None:
    """No codes are documented: a fault's code is HTTP 400 in words, as for wrong arguments, and is not repeated."""
    mock.add_fault(ListCosts, "code", times=10)
    with pytest.raises(HttpStatusError) as caught:
        await mock.rows("costs.list")
    assert caught.value.code == 400
    assert len(mock.world.journal.of("costs.list")) == 1


@pytest.mark.parametrize("kind", ["status", "garbage", "cut"])
async def test_a_read_is_repeated_after_one_fault(mock: LiveMock, kind: Any) -> None:
    """Whatever goes wrong once, the read is repeated and returns the same rows."""
    expected = await mock.rows("payments.list", device_code="230000000003")
    mock.add_fault(ListPayments, kind)
    assert await mock.rows("payments.list", device_code="230000000003") == expected
    assert [entry.fault for entry in mock.world.journal.of("payments.list")] == [None, kind, None]


@pytest.mark.parametrize("body", ['{"total": 1}', '{"data": {"a": 1}}', '{"data": "x"}', "[]", "7"])
async def test_a_response_without_its_list_is_unreadable(body: str, connect: Callable[..., ClientUnderTest]) -> None:
    """The water API has no codes: a response without a list called data is unreadable."""
    with pytest.raises(UnreadableResponse):
        await connect(FakeServer(body), "water").rows("flows.list")

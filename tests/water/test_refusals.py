"""What the server refuses, it refuses clearly; the clients make typed errors of it."""

from typing import Any

import httpx
import pytest

from chaobiao import HttpStatusError, UnreadableResponse
from chaobiao_mock import Fault
from tests.water.waterworks import PAGED, PATHS, Waterworks, client_of, close, settle

pytestmark = pytest.mark.one_colour

only_the_wire = pytest.mark.parametrize("colour", ["sync"], indirect=True)


@only_the_wire
@pytest.mark.parametrize("method", PAGED)
@pytest.mark.parametrize("missing", ["page", "page_count"])
def test_a_missing_page_is_named(works: Waterworks, method: str, missing: str) -> None:
    """Page and page size are required by every list: without one, HTTP 400 names it."""
    query = {"page": "1", "page_count": "10"}
    del query[missing]
    response = works.get(PATHS[method], **query)
    assert response.status_code == 400
    words = {"error": f"{missing} is missing", "error_zh": f"缺少参数 {missing}"}
    assert response.json() == {**words, "parameter": missing}
    assert works.get(PATHS[method], **query, **{missing: ""}).status_code == 400


@only_the_wire
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
def test_a_malformed_parameter_is_named(works: Waterworks, method: str, name: str, value: str) -> None:
    """What cannot be understood is HTTP 400 with the parameter's name as it stands on the wire, in both languages."""
    response = works.get(PATHS[method], **{"page": "1", "page_count": "10", name: value})
    assert response.status_code == 400
    answer = response.json()
    assert answer["parameter"] == name
    assert name in answer["error"]
    assert name in answer["error_zh"]


@only_the_wire
def test_a_period_that_ends_before_it_begins_is_refused(works: Waterworks) -> None:
    """Both parameters are named as they stand on the wire."""
    response = works.get("/trans", page=1, page_count=1, start_time="1687709763001", end_time="1687709763000")
    assert response.status_code == 400
    assert "start_time" in response.json()["error"]
    assert "end_time" in response.json()["error"]


@pytest.mark.parametrize("missing", ["page", "page_count"])
async def test_the_clients_raise_the_status(works: Waterworks, colour: str, missing: str) -> None:
    """HTTP 400 is an HttpStatusError with operation and section, and asking again is no use."""

    def strip(request: httpx.Request) -> None:
        request.url = request.url.copy_remove_param(missing)

    async def strip_async(request: httpx.Request) -> None:
        strip(request)

    http: Any = (
        httpx.Client(event_hooks={"request": [strip]})
        if colour == "sync"
        else httpx.AsyncClient(event_hooks={"request": [strip_async]})
    )
    client = client_of(colour)(base_url=works.url, http_client=http)
    with pytest.raises(HttpStatusError) as caught:
        await settle(client.flows.list().collect())
    assert (caught.value.code, caught.value.operation, caught.value.section) == (400, "flows.list", "2")
    assert [(entry.operation, entry.code) for entry in works.world.journal] == [("flows.list", 400)]
    await close(client)
    await close(http)


@only_the_wire
@pytest.mark.parametrize("path", PATHS.values())
@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE", "HEAD"])
def test_only_get_is_served(works: Waterworks, path: str, verb: str) -> None:
    """Every other verb is HTTP 405, and says which one it should be."""
    response = works.request(verb, path)
    assert response.status_code == 405
    if verb != "HEAD":  # whose answers have no body
        assert response.json()["allowed"] == "GET"


@only_the_wire
@pytest.mark.parametrize(("path", "near"), [("/flows", "/flow"), ("/hispays", "/hispay"), ("/Region", "/region")])
def test_an_unknown_path_names_the_nearest(works: Waterworks, path: str, near: str) -> None:
    """HTTP 404 says what was probably meant."""
    response = works.get(path, page=1, page_count=1)
    assert response.status_code == 404
    assert near in response.json()["nearest"]


async def test_a_refusal_without_data_is_unreadable(works: Waterworks) -> None:
    """No codes are documented: an answer without data is an UnreadableResponse, after the attempts a read has."""
    works.world.faults.add(Fault("/cost", "code", times=10))
    with pytest.raises(UnreadableResponse, match="no list called data"):
        await works.all("costs.list")
    assert len(works.world.journal.of("costs.list")) == 4


@pytest.mark.parametrize("kind", ["code", "status", "garbage", "cut"])
async def test_a_read_survives_a_server_that_stumbles(works: Waterworks, kind: Any) -> None:
    """Whatever goes wrong once, the read is repeated and answers as if nothing had happened."""
    expected = await works.all("payments.list", device_code="230000000003")
    works.world.faults.add(Fault("/hispay", kind))
    assert await works.all("payments.list", device_code="230000000003") == expected
    assert [entry.fault for entry in works.world.journal.of("payments.list")] == [None, kind, None]

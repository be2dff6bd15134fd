"""Wrong paths and wrong verbs are answered with the way to the right ones."""

from typing import Any

import httpx
import pytest

from chaobiao import jrhsz, water
from chaobiao._contract.operation import Operation
from chaobiao_mock import World

OPERATIONS = (*jrhsz.FAMILY.operations, *water.FAMILY.operations)


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/user/getbuildcode", "/user/getBuildCode"),
        ("/user/GetConsumerList", "/user/GetConsumenList"),
        ("/meter/meterlist/", "/meter/meterList"),
        ("/user/login/", "/user/login"),
        ("//user/login", "/user/login"),
        ("/meters/readMeter", "/meter/readMeter"),
        ("/api/hispay", "/hispay"),
        ("/_mock/jurnal", "/_mock/journal"),
    ],
)
def test_an_unknown_path_names_the_nearest(http: httpx.Client, path: str, nearest: str) -> None:
    """404 as JSON, in both languages, with the endpoint that was probably meant."""
    url = str(http.base_url).rstrip("/") + path
    response = http.request("POST", httpx.URL(url))
    assert response.status_code == 404
    answer = response.json()
    assert answer["nearest"][0] == nearest
    assert answer["error"] == f"no endpoint at {path}; did you mean {nearest}?"
    assert nearest in answer["error_zh"]


@pytest.mark.parametrize("path", ["/x", "/" + "y" * 5000, "/%00", "/中文"])
def test_a_path_like_no_other_is_just_unknown(http: httpx.Client, path: str) -> None:
    """No far-fetched guess: the answer says that there is none."""
    response = http.get(path)
    assert response.status_code == 404
    assert response.json()["nearest"] == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.spec.path)
def test_a_wrong_verb_names_the_right_one(world: World, http: httpx.Client, operation: type[Operation[Any]]) -> None:
    """405 as JSON, and the call counts as none."""
    right = operation.spec.method
    for wrong in {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"} - {right}:
        response = http.request(wrong, operation.spec.path)
        assert response.status_code == 405
        assert response.json()["allowed"] == response.headers["allow"] == right
        assert response.json()["error"] == f"{operation.spec.path} does not take {wrong}, but {right}"
    assert len(world.journal) == 0


def test_a_wrong_verb_at_the_mock_s_own_endpoints(http: httpx.Client) -> None:
    """They say what they take as well."""
    assert http.post("/").json()["allowed"] == "GET"
    assert http.delete("/_mock/clock").json()["allowed"] == "GET, POST"
    assert http.get("/_mock/reset").json()["allowed"] == "POST"

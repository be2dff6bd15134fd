"""The responses to wrong paths name the right ones."""

import httpx
import pytest


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
        ("/__mock__/jurnal", "/__mock__/journal"),
    ],
)
def test_an_unknown_path_names_the_nearest(http: httpx.Client, path: str, nearest: str) -> None:
    """404 as JSON, in both languages, with the endpoint that was probably meant."""
    url = str(http.base_url).rstrip("/") + path
    response = http.request("POST", httpx.URL(url))
    assert response.status_code == 404
    found = response.json()
    assert found["nearest"][0] == nearest
    assert found["error"] == f"no endpoint at {path}; did you mean {nearest}?"
    assert nearest in found["error_zh"]


@pytest.mark.parametrize("path", ["/x", "/" + "y" * 5000, "/%00", "/中文"])
def test_a_path_like_no_other_has_no_nearest(http: httpx.Client, path: str) -> None:
    """Nothing is guessed where no path is similar."""
    response = http.get(path)
    assert response.status_code == 404
    assert response.json()["nearest"] == []


def test_a_wrong_verb_at_the_mocks_own_endpoints(http: httpx.Client) -> None:
    """Their responses name the right verbs too."""
    assert http.post("/").json()["allowed"] == "GET"
    assert http.delete("/__mock__/clock").json()["allowed"] == "GET, POST"
    assert http.get("/__mock__/reset").json()["allowed"] == "POST"

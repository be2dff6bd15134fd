"""Test a metering platform's API from a container of one's own, in a world of one's own, with nothing but Python.

CHAOBIAO_MOCK_URL says where the mock is, CHAOBIAO_MOCK_TOKEN opens its own endpoints.
"""

import json
import os
import urllib.request
from typing import Any

MOCK = os.environ["CHAOBIAO_MOCK_URL"]
TOKEN = os.environ.get("CHAOBIAO_MOCK_TOKEN", "")
#: A world that belongs to this run; the base URL chooses it.
WORLD = f"{MOCK}/w/compose-check"
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(url: str, body: dict[str, Any] | None = None) -> Any:
    """Send a request, with JSON where there is a body, and return the JSON of the response."""
    content = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(url, content, headers)  # noqa: S310  # the URL is the mock's
    with OPENER.open(request, timeout=30) as response:
        return json.load(response)


def main() -> None:
    call(f"{MOCK}/__mock__/worlds", {"name": "compose-check", "meters": 10, "rate": 0})
    login = {"admin_user_name": "khcs", "api_password": "123456"}
    session = {"admin_user_name": "khcs", "token": call(f"{WORLD}/user/login", login)["data"]}

    buildings = call(f"{WORLD}/user/getBuildCode", session)
    rows = json.loads(buildings["data"])  # the recharge document has its data as text
    print("buildings:", [row["name"] for row in rows])
    too_soon = call(f"{WORLD}/user/getBuildCode", session)
    print("the same call at once:", too_soon["code"], too_soon["msg"])
    assert too_soon["code"] == 1011  # noqa: S101  # a test

    call(f"{WORLD}/__mock__/clock", {"advance": 3 * 3600})
    expired = call(f"{WORLD}/user/getBuildCode", session)
    print("three hours later:", expired["code"], expired["msg"])
    assert expired["code"] in (1006, 1007)  # noqa: S101  # a test


if __name__ == "__main__":
    main()

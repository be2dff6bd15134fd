"""Start examples/web_service.py as its docstring describes, call each route over HTTP, and check the responses.

Run it against a mock server: ``python tools/with_mock.py tools/check_web_service.py``.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import httpx

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
RESIDENT = "2022040001"
READINGS = "/meters/190620833464/readings"


@contextmanager
def running() -> Iterator[str]:
    """Run the service on a free loopback port; yield its URL."""
    command = [sys.executable, "-m", "uvicorn", "--app-dir", EXAMPLES, "web_service:app", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as service:
        try:
            assert service.stderr is not None  # noqa: S101  # stderr=PIPE above
            output = ""
            for line in service.stderr:
                output += line
                if found := re.search(r"running on (http://\S+)", line):
                    yield found[1]
                    break
            else:
                sys.exit(f"the service did not start:\n{output}")
        finally:
            service.terminate()
            _, rest = service.communicate()
            print(rest if "Traceback" in rest else "", end="", file=sys.stderr)


class Checker:
    """Sends requests to the service, prints the responses, and counts differences from what is expected."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self.differences = 0

    def expect(self, what: str, found: object, wanted: object) -> None:
        """Compare a value with the expected one."""
        if found != wanted:
            self.differences += 1
            print(f"   DIFFERENT: {what} is {found!r}, not {wanted!r}")

    def call(self, method: str, path: str, status: int, **how: object) -> httpx.Response:
        """Send one request and expect a status."""
        response = self._http.request(method, path, **how)  # type: ignore[arg-type]  # passed on as it is
        print(f"{method} {response.request.url.raw_path.decode()}: {response.status_code} {response.text[:150]}")
        self.expect("status", response.status_code, status)
        return response

    def refused(self, method: str, path: str, status: int, error: str, **how: object) -> httpx.Response:
        """Send one request and expect an error response."""
        response = self.call(method, path, status, **how)
        self.expect("error", response.json().get("error"), error)
        return response

    def balance(self) -> Decimal:
        """Return a resident's balance, which must be text."""
        [meter] = self.call("GET", f"/residents/{RESIDENT}/meters", 200).json()
        self.expect("type of balance", type(meter["balance"]), str)
        return Decimal(meter["balance"])


def check_everything(checker: Checker, mock: str) -> None:
    """Call each route with valid and with invalid arguments."""
    checker.expect("number of meters", len(checker.call("GET", "/meters", 200).json()), 208)

    april = {"begin": "2023-04-01T00:00:00", "end": "2023-04-30T23:59:59"}
    readings = checker.call("GET", READINGS, 200, params=april).json()
    checker.expect("readings", [row["reading"] for row in readings], ["313.60", "316.03"])
    checker.expect("read_at", readings[0]["read_at"], "2023-04-06T10:30:28+08:00")
    backwards = {"begin": april["end"], "end": april["begin"]}
    response = checker.refused("GET", READINGS, 422, "InvalidArgument", params=backwards)
    checker.expect("argument", response.json()["argument"], "begin")

    path, number = f"/residents/{RESIDENT}/recharges", f"web-{uuid4().hex[:12]}"
    order = {"amount": "10.00", "order_number": number}
    before = checker.balance()
    checker.call("POST", path, 201, json=order)
    checker.expect("balance", checker.balance(), before + 10)
    response = checker.refused("POST", path, 409, "DuplicateOrder", json=order)
    checker.expect("reference", response.json()["reference"], number)
    checker.refused("POST", path, 422, "InvalidArgument", json={**order, "amount": "10.005"})
    checker.call("POST", path, 422, json={**order, "amount": 10.0})

    lost = {**order, "order_number": f"{number}-lost"}
    fault = {"operation": "/user/Prestore", "kind": "cut"}
    httpx.post(f"{mock}/__mock__/faults", json=fault, trust_env=False).raise_for_status()
    response = checker.refused("POST", path, 409, "OutcomeUnknown", json=lost)
    checker.expect("reference", response.json()["reference"], lost["order_number"])

    response = checker.refused("GET", "/residents/9999999999/meters", 502, "OperationFailed")
    checker.expect("code", response.json()["code"], 1001)

    with ThreadPoolExecutor() as pool:  # more callers than the interval lets through before the deadline
        responses = list(pool.map(lambda _: checker._http.get("/meters"), range(6)))
    refused = [response for response in responses if response.status_code != 200]
    print(f"6 x GET /meters at once: {[(r.status_code, r.headers.get('Retry-After')) for r in responses]}")
    checker.expect("whether some succeed and some must wait", 0 < len(refused) < 6, True)
    for response in refused:
        checker.expect("status", response.status_code, 503)
        checker.expect("whether Retry-After is plausible", 1 <= int(response.headers["Retry-After"]) <= 20, True)


def main() -> int:
    mock = os.environ["CHAOBIAO_JRHSZ_BASE_URL"]
    with running() as url, httpx.Client(base_url=url, trust_env=False, timeout=60) as http:
        checker = Checker(http)
        check_everything(checker, mock)
    print("The service returns what it should." if not checker.differences else f"{checker.differences} differences.")
    return 1 if checker.differences else 0


if __name__ == "__main__":
    sys.exit(main())

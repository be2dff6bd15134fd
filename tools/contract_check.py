"""Check the mock against the OpenAPI documents that it serves: ``python tools/contract_check.py``.

Schemathesis generates requests that the documents allow; each response must have a documented status, content type and
schema. Every second request names residents, meters and periods that exist, so that it can succeed: an operation that
never succeeds fails the check as well. Exit status 0 means that documents and mock agree.
"""

import sys
import warnings
from collections import Counter
from typing import Any, Final

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from chaobiao_mock import JrhszQuirks, MockServer, World
from chaobiao_mock.arguments import MAX_TEXT
from chaobiao_mock.world import WorldSettings

EXAMPLES: Final = 8
ACCOUNT: Final = {"admin_user_name": "khcs", "api_password": "123456"}
#: Arguments with which requests can succeed, by wire name.
KNOWN: Final[dict[str, Any]] = {
    **ACCOUNT,
    "user_code": "2022040001",
    "deviceId": "202005005292",
    "address": "一栋一层",
    "BeginDate": "2023-04-01 00:00:00",
    "EndDate": "2026-12-31 00:00:00",
    "total_fee": "1.00",
    "pageNo": 1,
    "pageSize": 50,
    "type": "1",
    "page": 1,
    "page_count": 20,
}


class Contract:
    """A family's OpenAPI document and the mock server that it is checked against."""

    def __init__(self, family: str, url: str) -> None:
        self.family = family
        self._url = url
        self._schema = schemathesis.openapi.from_url(f"{url}/openapi/{family}.json")
        self._orders = 0
        self._succeeded: Counter[str] = Counter()
        self._token = self._log_in() if family == "jrhsz" else None
        self.sent = 0

    def _log_in(self) -> str:
        return str(httpx.post(f"{self._url}/user/login", json=ACCOUNT).json()["data"])

    def problems(self) -> list[str]:
        """Check every operation and return the disagreements."""
        found: list[str] = []
        for result in self._schema.get_all_operations():
            operation = result.ok()
            label = f"{self.family} {operation.label}"
            try:
                self._try(operation)
            except (Exception, FailureGroup) as error:  # noqa: BLE001  # it is reported, and the next operation is checked
                found.append(f"{label}: {error}")
            else:
                if not self._succeeded[operation.label]:
                    found.append(f"{label}: no request succeeded")
        return found

    def _try(self, operation: Any) -> None:
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def hold(case: Any) -> None:
            self._send(case)

        hold()

    def _send(self, case: Any) -> None:
        self.sent += 1
        can_succeed = self.sent % 2 == 0
        arguments = case.body if isinstance(case.body, dict) else case.query
        if arguments is None or not isinstance(arguments, dict):
            arguments = {}
        if can_succeed:
            named = set(arguments)
            arguments.update({name: value for name, value in KNOWN.items() if name in named})
            for optional in named & {"tableNo", "build_code"}:
                del arguments[optional]
            if self.family == "water":  # a generated filter would match no row
                for optional in named - {"page", "page_count"}:
                    del arguments[optional]
        if self.family == "water":  # its document has no limits, but the mock refuses some values with HTTP 400
            for name, value in arguments.items():
                if isinstance(value, int):
                    arguments[name] = min(value, 10**18 - 1)
                elif isinstance(value, str):
                    arguments[name] = "".join(filter(str.isprintable, value))[:MAX_TEXT]
        if self._token is not None and "token" in arguments:
            self._orders += 1
            arguments |= {"token": self._token, "admin_user_name": ACCOUNT["admin_user_name"]}
            if can_succeed and "out_trade_no" in arguments:
                arguments["out_trade_no"] = f"order-{self._orders}"
        response = case.call()
        case.validate_response(
            response,
            checks=[
                not_a_server_error,
                status_code_conformance,
                content_type_conformance,
                response_schema_conformance,
                unsupported_method,
            ],
        )
        payload = response.json()
        if response.status_code == 200 and str(payload.get("code", 200)) == "200":
            self._succeeded[case.operation.label] += 1


def main() -> int:
    """Check both families, and the prepaid platform with both forms of its envelope."""
    warnings.simplefilter("ignore")  # deprecations within schemathesis are not checked here
    found: list[str] = []
    for family, quirks in (
        ("jrhsz", JrhszQuirks(paced="no")),
        ("jrhsz", JrhszQuirks(paced="no", data="native", code="text", single_row="list")),
        ("water", JrhszQuirks()),
    ):
        with MockServer(World(WorldSettings(meters=20, quirks=[quirks]))) as server:
            contract = Contract(family, server.url)
            problems = contract.problems()
            print(f"{family}: {contract.sent} requests, {len(problems)} disagreements")
            found += problems
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

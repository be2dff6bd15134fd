"""Endpoints that check what clients did: HTTP 200 where an assertion holds, else 409 with the calls that show it."""

from collections.abc import Callable
from typing import Any, Final

import attrs

from chaobiao_mock.admin.bodies import described
from chaobiao_mock.admin.endpoints import Context, Endpoints
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.replies import error_payload, json_response
from chaobiao_mock.verification import Verification, VerificationFailed

endpoints: Final = Endpoints()


@attrs.frozen
class Called:
    """How an operation should have been called."""

    operation: str = described(attrs.NOTHING, "Client method, or path.", "客户端方法或路径。")
    times: int | None = described(None, "How often; without it, at least once.", "次数，省略表示至少一次。")
    account: str | None = described(None, "Only calls of this account.", "仅统计该账号。")
    arguments: dict[str, Any] | None = described(None, "Arguments by wire name.", "参数（按接口名称）。")


@attrs.frozen
class Logins:
    """How often clients should have logged in."""

    times: int = described(attrs.NOTHING, "How often.", "次数。")
    account: str | None = described(None, "Only logins of this account.", "仅统计该账号。")


@attrs.frozen
class Books:
    """The books of the caller."""

    expected: dict[str, Any] | None = described(None, "Amounts by order number.", "订单号与金额。")


@attrs.frozen
class Nothing:
    """No arguments."""


def _verified(check: Callable[[], None]) -> Any:
    try:
        check()
    except VerificationFailed as failed:
        calls = [entry.to_dict() for entry in failed.calls]
        return json_response(error_payload(failed.english, failed.chinese, passed=False, calls=calls), 409)
    return {"passed": True}


@endpoints.serves("POST", "/verify/called", "Whether an operation was called.", "接口是否被调用。", body=Called)
def called(context: Context, wanted: Called) -> Any:
    verification = Verification(context.world)
    return _verified(
        lambda: verification.assert_called(
            wanted.operation, times=wanted.times, account=wanted.account, arguments=wanted.arguments
        )
    )


@endpoints.serves("POST", "/verify/logins", "How often clients logged in.", "登录次数。", body=Logins)
def logins(context: Context, wanted: Logins) -> Any:
    return _verified(lambda: Verification(context.world).assert_logins(wanted.times, account=wanted.account))


@endpoints.serves(
    "POST", "/verify/intervals-kept", "Whether the intervals were kept.", "是否遵守调用间隔。", body=Nothing
)
def intervals_kept(context: Context, _: Nothing) -> Any:
    return _verified(Verification(context.world).assert_intervals_kept)


@endpoints.serves(
    "POST",
    "/verify/no-double-spend",
    "Whether no payment was made again whose response was lost.",
    "返回丢失的充值是否未被重复执行。",
    body=Nothing,
)
def no_double_spend(context: Context, _: Nothing) -> Any:
    return _verified(Verification(context.world).assert_no_double_spend)


@endpoints.serves(
    "POST",
    "/verify/no-violations",
    "Whether requests agreed with their contract.",
    "请求是否符合接口文档。",
    body=Nothing,
)
def no_violations(context: Context, _: Nothing) -> Any:
    return _verified(Verification(context.world).assert_no_violations)


@endpoints.serves(
    "POST",
    "/verify/books-balance",
    "Whether balances add up, and agree with the given books.",
    "余额是否与充值、用量相符，并与给定账目一致。",
    body=Books,
)
def books_balance(context: Context, books: Books) -> Any:
    try:
        return _verified(lambda: Verification(context.world).assert_books_balance(books.expected))
    except ArithmeticError:
        raise InvalidInput("expected must map order numbers to amounts", "expected 须为订单号到金额的映射") from None

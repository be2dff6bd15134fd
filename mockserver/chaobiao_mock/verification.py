"""Assertions about the calls that a world has received. Each fails with an explanation that shows the calls."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from chaobiao._contract.fields import fields_of
from chaobiao._contract.operation import Effect
from chaobiao_mock.journal import Entry
from chaobiao_mock.world import World

#: The faults after which a client cannot know what happened to its request.
LOSSES: Final = frozenset({"cut", "reset", "hang", "status", "code", "garbage", "large", "length", "latency", "drip"})
#: How many calls an explanation shows.
_SHOWN: Final = 20
#: Arrivals are compared with this tolerance, in seconds: clocks count in floats.
_TOLERANCE: Final = 1e-6


class VerificationFailed(AssertionError):
    """An assertion about the calls does not hold."""

    def __init__(self, english: str, chinese: str, calls: Iterable[Entry] = ()) -> None:
        self.english = english
        self.chinese = chinese
        self.calls: Sequence[Entry] = [*calls]
        shown = [describe(entry) for entry in self.calls[:_SHOWN]]
        if len(self.calls) > _SHOWN:
            shown.append(f"… {len(self.calls) - _SHOWN} more")
        super().__init__("\n  ".join([f"{english}\n{chinese}", *shown]))


def describe(entry: Entry) -> str:
    """Return one line about a call."""
    arguments = ", ".join(f"{name}={value}" for name, value in entry.arguments.items() if value != "***")
    fault = f", fault {entry.fault}" if entry.fault else ""
    return (
        f"#{entry.number} {entry.time:%H:%M:%S.%f} {entry.account or '-'} {entry.operation}({arguments}) "
        f"-> {entry.code}{fault}"
    )


class Verification:
    """Assertions about one world. They raise ``ValueError`` where the journal has dropped calls that they need."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _calls(self, operation: str | None = None, account: str | None = None) -> list[Entry]:
        self._world.journal.complete()
        return self._world.journal.select(operation=operation, account=account)

    def assert_called(
        self,
        operation: str,
        *,
        times: int | None = None,
        account: str | None = None,
        arguments: Mapping[str, Any] | None = None,
    ) -> None:
        """Check that an operation was called, so many times if given, with these arguments by wire name if given."""
        calls = self._calls(operation, account)
        wanted = {name: str(value) for name, value in (arguments or {}).items()}
        found = [entry for entry in calls if _has(entry, wanted)]
        if len(found) == times or (times is None and found):
            return
        often = "at least once" if times is None else f"{times} times"
        often_zh = "至少一次" if times is None else f"{times} 次"
        raise VerificationFailed(
            f"{operation} should have been called {often}, but was called {len(found)} times",
            f"{operation} 应被调用{often_zh}，实际 {len(found)} 次",
            found or calls or self._calls(),
        )

    def assert_logins(self, times: int, *, account: str | None = None) -> None:
        """Check how often clients have logged in."""
        logins = [each.family.login for each in self._world.families]
        found = [entry for entry in self._calls(account=account) if entry.kind in logins]
        if len(found) != times:
            raise VerificationFailed(
                f"there should have been {times} logins, but there were {len(found)}",
                f"应登录 {times} 次，实际 {len(found)} 次",
                found,
            )

    def assert_intervals_kept(self) -> None:
        """Check that no account called an endpoint again before its documented interval had passed."""
        latest: dict[tuple[str, str, str], Entry] = {}
        for entry in self._calls():
            interval = entry.kind.spec.interval
            key = entry.family.name, entry.account, entry.operation
            earlier = latest.get(key)
            latest[key] = entry
            if interval is None or earlier is None:
                continue
            passed = entry.at - earlier.at
            if passed < interval - _TOLERANCE:
                raise VerificationFailed(
                    f"{entry.operation} was called again after {passed:.3f} s; the interval is {interval:g} s",
                    f"{entry.operation} 在 {passed:.3f} 秒后再次被调用，文档规定的间隔为 {interval:g} 秒",
                    [earlier, entry],
                )

    def assert_no_double_spend(self) -> None:
        """Check that no payment was made again whose response was lost, under whichever order number."""
        for earlier, entry in double_spends(self._calls()):
            raise VerificationFailed(
                "a payment was made twice: the first response was lost, and the second request paid again",
                "同一笔充值执行了两次：第一次已入账但返回丢失，第二次再次入账",
                [earlier, entry],
            )

    def assert_no_violations(self) -> None:
        """Check that every request agreed with its contract."""
        for entry in self._calls():
            if entry.violations:
                english = "; ".join(english for english, _ in entry.violations)
                chinese = "；".join(chinese for _, chinese in entry.violations)
                raise VerificationFailed(
                    f"{entry.operation} differs from its contract: {english}",
                    f"{entry.operation} 与接口文档不符：{chinese}",
                    [entry],
                )

    def assert_books_balance(self, expected: Mapping[str, Any] | None = None) -> None:
        """Check that each balance is what the payments and the consumption make it.

        ``expected`` are the books of the caller: amounts by order number. Each order must have been booked with its
        amount, and no other order.
        """
        for family in self._world.families:
            for english, chinese in family.audit(self._world.states[family.name]):
                raise VerificationFailed(english, chinese)
        if expected is None:
            return
        booked: dict[str, list[Entry]] = defaultdict(list)
        for entry in self._calls():
            if entry.kind.spec.effect is Effect.MONEY and entry.carried_out:
                booked[str(argument_of(entry, "order_number"))].append(entry)
        for order in {**dict.fromkeys(expected), **dict.fromkeys(booked)}:
            entries = booked.get(order, [])
            amounts = sum((Decimal(str(argument_of(entry, "amount"))) for entry in entries), Decimal(0))
            if Decimal(str(expected.get(order, 0))) != amounts:
                raise VerificationFailed(
                    f"order {order}: {expected.get(order, 'nothing')} in the given books, {amounts} on the platform",
                    f"订单 {order}：给定账目为 {expected.get(order, '无')}，平台账目为 {amounts}",
                    entries,
                )


def double_spends(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Yield payments that were made again after their response was lost, each as the first and the second call."""
    paid: dict[tuple[Any, ...], Entry] = {}
    for entry in entries:
        if entry.kind.spec.effect is not Effect.MONEY or not entry.carried_out:
            continue
        key = payment_key(entry)
        earlier = paid.get(key)
        if earlier is not None and earlier.fault in LOSSES:
            yield earlier, entry
        paid[key] = entry


def _has(entry: Entry, wanted: Mapping[str, str]) -> bool:
    return all(str(entry.arguments.get(name)) == value for name, value in wanted.items())


def argument_of(entry: Entry, python_name: str) -> Any:
    """Return the value of an argument by its name in Python."""
    return next(
        (entry.arguments.get(field.name) for field in fields_of(entry.kind) if field.python_name == python_name), None
    )


def payment_key(entry: Entry) -> tuple[Any, ...]:
    """Return what two requests for the same payment have in common: all but the order number."""
    fields = [field for field in fields_of(entry.kind) if field.python_name not in ("order_number", "amount")]
    rest = tuple(str(entry.arguments.get(field.name)) for field in fields)
    return (entry.family.name, entry.operation, entry.account, Decimal(str(argument_of(entry, "amount"))), *rest)

"""What a run of a drill shows: its effects are compared with those of the run without faults."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

import attrs

from chaobiao._contract.operation import Effect
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.journal import STRUCK, Entry
from chaobiao_mock.verification import Verification, VerificationFailed, payment_key
from chaobiao_mock.world import World

#: The effects of the operations that are drilled.
WRITING: Final = frozenset({Effect.MONEY, Effect.CREATE, Effect.COMMAND, Effect.UPDATE, Effect.DELETE})


class Verdict(StrEnum):
    """What a run shows about the program."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    UNKNOWN = "unknown"


@attrs.frozen
class Ended:
    """How a run of the program ended. ``status`` is ``None`` if it had to be ended because its time was up."""

    status: int | None
    seconds: float
    #: The end of what it has printed.
    output: str = attrs.field(repr=False)


@attrs.frozen
class Judgement:
    """A verdict with its reason in English and Chinese, and the calls that show it."""

    verdict: Verdict
    reason: tuple[str, str]
    calls: Sequence[Entry] = ()


def name_of(entry: Entry) -> str:
    """Return the operation of a call with its family, such as ``"jrhsz:recharges.create"``."""
    return f"{entry.family.name}:{entry.operation}"


def writing_calls(entries: Iterable[Entry]) -> list[Entry]:
    """Return the calls of operations that write."""
    return [entry for entry in entries if entry.kind.spec.effect in WRITING]


class Effects:
    """How often each operation took effect in a run, and with which arguments."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._counts: dict[str, Counter[Any]] = defaultdict(Counter)
        self._kinds: dict[str, Effect] = {}
        for entry in writing_calls(entries):
            if entry.carried_out:
                self._kinds[name_of(entry)] = entry.kind.spec.effect
                self._counts[name_of(entry)][_key(entry)] += 1

    @property
    def kinds(self) -> Mapping[str, Effect]:
        """The operations that took effect, in the order of their first calls."""
        return self._kinds

    def of(self, operation: str) -> Counter[Any]:
        """Return how often an operation took effect with the same arguments, by these."""
        return self._counts.get(operation, Counter())

    def size(self, operation: str) -> int:
        """Return how often an operation took effect; repeating an update or a deletion changes nothing."""
        counts = self.of(operation)
        kind = self._kinds.get(operation)
        return len(counts) if kind is not None and kind.repeatable else counts.total()

    def surplus(self, expected: "Effects") -> str | None:
        """Return an operation that took effect more often than expected, or ``None``."""
        for operation, kind in self._kinds.items():
            if kind.repeatable or (operation not in expected.kinds and kind is not Effect.MONEY):
                continue  # what a program does only after a failure, such as an alarm of its own
            counts, usual = self.of(operation), expected.of(operation)
            most = max(usual.values(), default=0)  # of arguments that differ from run to run
            if counts.total() > usual.total() or any(count > usual.get(key, most) for key, count in counts.items()):
                return operation
        return None

    def missing(self, expected: "Effects") -> str | None:
        """Return an operation that took effect less often than expected, or ``None``."""
        return next((name for name in expected.kinds if self.size(name) < expected.size(name)), None)


def _key(entry: Entry) -> Any:
    """Return what two requests for the same effect have in common."""
    if entry.kind.spec.effect is Effect.MONEY:
        return payment_key(entry)
    return tuple(sorted((name, str(value)) for name, value in entry.arguments.items() if value != STRUCK))


def judge(world: World, expected: Effects, operation: str, ended: Ended) -> Judgement:
    """Judge a run in which a call of ``operation`` has met a fault."""
    try:
        entries = world.journal.complete()
    except InvalidInput as error:
        return Judgement(Verdict.UNKNOWN, (error.english, error.chinese))
    found = Effects(entries)
    unsafe = _carried_out_too_often(world, entries, found, expected)
    if unsafe is not None:
        return unsafe
    calls = [entry for entry in entries if name_of(entry) == operation]
    if ended.status is None:
        reason = (
            f"it had not ended after {ended.seconds:.0f} s; does it wait without a time limit?",
            f"{ended.seconds:.0f} 秒后仍未结束，是否没有设置超时？",
        )
        return Judgement(Verdict.UNKNOWN, reason, calls)
    if not any(entry.fault for entry in calls):
        reason = (
            f"it ended with status {ended.status} and has not called {operation}",
            f"程序以退出码 {ended.status} 结束，未调用 {operation}",
        )
        return Judgement(Verdict.UNKNOWN, reason, calls)
    return _judge_status(found, expected, operation, ended.status, entries)


def _carried_out_too_often(
    world: World, entries: Sequence[Entry], found: Effects, expected: Effects
) -> Judgement | None:
    surplus = found.surplus(expected)
    if surplus is not None:
        times, usual = found.of(surplus).total(), expected.of(surplus).total()
        calls = [entry for entry in entries if name_of(entry) == surplus]
        if times > usual:
            reason = (
                f"{surplus} took effect too often: {times} instead of {usual}",
                f"{surplus} 生效次数过多：{times} 次，应为 {usual} 次",
            )
        else:
            reason = (
                f"{surplus} took effect again with the same arguments; without faults, it did not",
                f"{surplus} 以相同参数重复生效，无故障时没有",
            )
        if found.kinds[surplus] is Effect.MONEY:
            reason = (f"money was booked again: {reason[0]}", f"重复入账：{reason[1]}")
        return Judgement(Verdict.UNSAFE, reason, calls)
    try:
        Verification(world).assert_books_balance()
    except VerificationFailed as failed:
        return Judgement(Verdict.UNSAFE, (failed.english, failed.chinese), writing_calls(entries))
    return None


def _judge_status(
    found: Effects, expected: Effects, operation: str, status: int, entries: Sequence[Entry]
) -> Judgement:
    missing = found.missing(expected)
    name = missing or operation
    calls = [entry for entry in entries if name_of(entry) == name]
    if status == 0 and missing is not None:
        reason = (
            f"it ended with status 0, although {name} took effect too seldom: {found.size(name)} instead of "
            f"{expected.size(name)}",
            f"程序以退出码 0 结束，但 {name} 生效 {found.size(name)} 次，应为 {expected.size(name)} 次",
        )
        return Judgement(Verdict.UNSAFE, reason, calls)
    if status == 0:
        return Judgement(Verdict.SAFE, ("all took effect as without faults", "全部生效，与无故障时相同"), calls)
    if missing is None:
        reason = (
            f"nothing took effect twice, and status {status} says that it is to be checked",
            f"没有重复生效，并以退出码 {status} 提示需要核对",
        )
    else:
        reason = (
            f"{name} did not take effect as without faults, and status {status} says so",
            f"{name} 未如无故障时生效，并以退出码 {status} 报告",
        )
    return Judgement(Verdict.SAFE, reason, calls)

"""Endpoints for the page: a world at a glance, its meters, its recharges, its energy, and what happens in it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

import attrs
from starlette.responses import Response, StreamingResponse

from chaobiao._call.retry import Outcome
from chaobiao._contract.fields import fields_of
from chaobiao._contract.operation import Effect
from chaobiao_mock.admin.bodies import described
from chaobiao_mock.admin.control import clock_of, describe, fault_to_dict
from chaobiao_mock.admin.endpoints import Context, Endpoints
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.faults import KINDS, PHASES
from chaobiao_mock.journal import Entry
from chaobiao_mock.overview import ShownAccount, plain
from chaobiao_mock.registry import MockFamily
from chaobiao_mock.verification import LOSSES, argument_of, double_spends
from chaobiao_mock.world import World

endpoints: Final = Endpoints()

_EVENTS: Final = "text/event-stream"
#: The pause between two looks at a world, in seconds: other threads change worlds too, and send no notice.
_PAUSE: Final = 0.2
#: A connection that is silent for so many looks gets a comment, so that neither side takes it for dead.
_SILENT_LOOKS: Final = 75
#: The most calls that are sent at once, and the most recharges that are listed.
_MOST_CALLS: Final = 200
#: The longest reading curve and the longest period of energy.
_MOST_DAYS, _MOST_HOURS = 400, 24 * 400


@attrs.frozen
class MeterFilter:
    """Which meters are listed."""

    family: str = described(attrs.NOTHING, "Family of the meters.", "接口系列。")
    search: str = described("", "Part of the number.", "表号的一部分。")


@attrs.frozen
class CurveFilter:
    """Which readings are listed."""

    family: str = described(attrs.NOTHING, "Family of the meter.", "接口系列。")
    number: str = described(attrs.NOTHING, "Number of the meter.", "表号。")
    days: int = described(30, "How many days back.", "回溯天数。")


@attrs.frozen
class EnergyFilter:
    """Which period is meant."""

    hours: int = described(24, "How many hours back.", "回溯小时数。")


def _family(context: Context, name: str) -> MockFamily:
    for family in context.world.families:
        if family.name == name:
            return family
    names = [family.name for family in context.world.families]
    raise InvalidInput(f"family must be one of {', '.join(names)}", f"family 须为以下之一：{'、'.join(names)}")


def _at_most(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise InvalidInput(f"{name} must be from 1 to {most}", f"{name} 须为 1 到 {most} 的整数")


@endpoints.serves("GET", "/overview", "This world at a glance.", "当前模拟环境概览。")
def overview(context: Context, _: None) -> Any:
    world = context.world
    return {
        "world": describe(context, context.name, world),
        "worlds": [name for name, _ in context.worlds],
        "families": [_overview_of(context, family) for family in world.families],
        "fault_kinds": KINDS,
        "fault_phases": PHASES,
    }


def _overview_of(context: Context, family: MockFamily) -> dict[str, Any]:
    state, shown = context.world.states[family.name], family.overview
    accounts = [{**plain(each), **_examples(context, family, each)} for each in shown.accounts(state)]
    if family.family.login is None:
        accounts = [{"name": "", "note": ("no login", "无需登录"), **_examples(context, family, None)}]
    return {
        "name": family.name,
        "title": family.family.title,
        "title_zh": family.family.title_zh,
        "meters": shown.meter_count(state),
        "accounts": accounts,
        "sessions": [plain(each) for each in shown.sessions(state)],
        "operations": [
            {
                "operation": operation.spec.call,
                "path": operation.spec.path,
                "title": operation.spec.title,
                "interval": operation.spec.interval,
            }
            for operation in family.family.operations
        ],
    }


def _examples(context: Context, family: MockFamily, account: ShownAccount | None) -> dict[str, str]:
    """Return a first call with curl and in Python."""
    base, login, given = context.base_url, family.family.login, ""
    if account is None or login is None:
        curl = f"curl -s '{base}{family.overview.example_path}'"
    else:
        password = account.password or "PASSWORD"
        names = [field.name for field in fields_of(login)]
        content = json.dumps(dict(zip(names, (account.name, password), strict=True)), ensure_ascii=False)
        quoted = content.replace("'", "'\\''")
        curl = f"curl -s '{base}{login.spec.path}' -H 'Content-Type: application/json' -d '{quoted}'"
        given = f"{json.dumps(account.name, ensure_ascii=False)}, {json.dumps(password, ensure_ascii=False)}, "
    client = family.family.client
    return {
        "curl": curl,
        "python": f"from chaobiao import {client}\n\n"
        f'with {client}({given}base_url="{base}") as client:\n'
        f"    for row in {family.overview.example}:\n        print(row)\n",
    }


@endpoints.serves("GET", "/meters", "The first meters of a family.", "一个接口系列的表计。", query=MeterFilter)
def meters(context: Context, wanted: MeterFilter) -> Any:
    family = _family(context, wanted.family)
    state = context.world.states[family.name]
    found = family.overview.meters(state, wanted.search)
    return {"count": family.overview.meter_count(state), "meters": [plain(each) for each in found]}


@endpoints.serves("GET", "/curve", "Readings of a meter over time.", "表计读数曲线。", query=CurveFilter)
def curve(context: Context, wanted: CurveFilter) -> Any:
    family = _family(context, wanted.family)
    _at_most("days", wanted.days, _MOST_DAYS)
    points = family.overview.curve(context.world.states[family.name], wanted.number, wanted.days)
    if points is None:
        raise InvalidInput(f"there is no meter {wanted.number}", f"没有表计 {wanted.number}")
    return {"number": wanted.number, "points": [(at.isoformat(), str(reading)) for at, reading in points]}


@endpoints.serves("GET", "/energy", "Energy by machine and kind.", "按机器与能源种类的能耗。", query=EnergyFilter)
def energy(context: Context, wanted: EnergyFilter) -> Any:
    _at_most("hours", wanted.hours, _MOST_HOURS)
    for family in context.world.families:
        found = family.overview.energy(context.world.states[family.name], wanted.hours)
        if found is not None:
            rows = [
                {"machine": machine, "kind": kind, "unit": unit, "amount": str(amount)}
                for machine, kind, unit, amount in found.rows
            ]
            return {"hours": found.hours, "meters": found.meters, "rows": rows}
    return {"hours": wanted.hours, "meters": 0, "rows": []}


@endpoints.serves("GET", "/ledger", "The newest recharges.", "最近的充值。")
def ledger(context: Context, _: None) -> Any:
    entries = [entry for entry in context.world.journal if entry.kind.spec.effect is Effect.MONEY]
    again = {second.number: first.number for first, second in double_spends(entries)}
    return {
        "count": len(entries),
        "double_spends": len(again),
        "recharges": [
            {
                **call_to_dict(entry),
                "resident": _text(argument_of(entry, "user_code")),
                "amount": _text(argument_of(entry, "amount")),
                "order": _text(argument_of(entry, "order_number")),
                "lost": entry.carried_out and entry.fault in LOSSES,
                "repeats": again.get(entry.number),
            }
            for entry in entries[-_MOST_CALLS:]
        ],
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@endpoints.serves("GET", "/journal/{number}", "One call, with its answer.", "一次调用的详情。")
def journal_entry(context: Context, _: None) -> Any:
    text = context.request.path_params["number"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    entry = context.world.journal.find(number)
    if entry is None:
        raise InvalidInput(f"there is no call {text} in the journal", f"日志中没有编号为 {text} 的调用")
    return {**call_to_dict(entry), **entry.to_dict()}


def call_to_dict(entry: Entry) -> dict[str, Any]:
    """Return a call in short: what a list and a timeline show of it."""
    meaning = entry.family.family.codes.get(entry.code)
    return {
        "number": entry.number,
        "at": round(entry.at, 3),
        "time": entry.time.isoformat(),
        "family": entry.family.name,
        "operation": entry.operation,
        "title": entry.kind.spec.title,
        "account": entry.account,
        "code": entry.code,
        "reason": entry.reason[0],
        "reason_zh": entry.reason[1],
        "fault": entry.fault,
        "interval": entry.kind.spec.interval,
        "accepted": entry.code == entry.family.success,
        "too_fast": meaning is not None and meaning[0] is Outcome.TOO_FAST,
        "carried_out": entry.carried_out,
        "money": entry.kind.spec.effect is Effect.MONEY,
        "violations": len(entry.violations),
    }


@endpoints.serves(
    "GET",
    "/events",
    "What happens in this world, as server-sent events.",
    "当前模拟环境的实时事件（SSE）。",
    media_type=_EVENTS,
)
def events(context: Context, _: None) -> Any:
    if context.request.method == "HEAD":
        return Response(media_type=_EVENTS)
    stopping: asyncio.Event = context.request.app.state.stopping
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_events(context, stopping), media_type=_EVENTS, headers=headers)


async def _events(context: Context, stopping: asyncio.Event) -> AsyncIterator[str]:
    """Look at the world until the server stops or the client leaves; send what differs from the last look."""
    watch, silent = _Watch(context), 0
    while not stopping.is_set():
        found = [*watch.news()]
        silent = 0 if found else silent + 1
        if found:
            yield "".join(f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=True)}\n\n" for kind, data in found)
        elif silent % _SILENT_LOOKS == 0:
            yield ": still here\n\n"
        if found and found[-1][0] == "gone":
            return
        try:
            await asyncio.wait_for(stopping.wait(), _PAUSE)
        except TimeoutError:
            continue


class _Watch:
    """What one page has been told of a world."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._told: dict[str, Any] = {}
        self._number = 0

    def news(self) -> Iterable[tuple[str, Any]]:
        """Yield what is new, as names and values of events."""
        name, worlds = self._context.name, self._context.worlds
        world = worlds.find(name)
        if world is None:
            yield "gone", {"world": name}
            return
        journal = world.journal
        if self._is_new("beginning", (world.clock, journal.cleared)):  # reset, cleared, or made anew
            self._number = max(journal.next_number() - 1 - _MOST_CALLS, journal.cleared)
            yield "world", {"world": name}
        if self._is_new("worlds", names := [each for each, _ in worlds]):
            yield "worlds", {"worlds": names}
        if self._is_new("clock", clock := clock_of(world)):
            yield "clock", {"world": name, **clock}
        if self._is_new("faults", faults := [fault_to_dict(fault) for fault in world.faults]):
            yield "faults", {"faults": faults}
        yield from self._calls(world)

    def _calls(self, world: World) -> Iterable[tuple[str, Any]]:
        if world.journal.next_number() - 1 > self._number:
            calls = world.journal.newest(_MOST_CALLS, self._number)
            self._number = calls[-1].number if calls else world.journal.next_number() - 1
            dropped = world.journal.dropped
            yield "calls", {"calls": [call_to_dict(entry) for entry in calls], "dropped": dropped}

    def _is_new(self, kind: str, value: Any) -> bool:
        if self._told.get(kind) == value:
            return False
        self._told[kind] = value
        return True

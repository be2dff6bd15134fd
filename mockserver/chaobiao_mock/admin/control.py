"""Endpoints that read and change a world: clock, faults, journal, worlds."""

from datetime import datetime
from typing import Any, Final

import attrs

from chaobiao._version import __version__
from chaobiao_mock.admin.bodies import described
from chaobiao_mock.admin.endpoints import Context, Endpoints
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.faults import Fault
from chaobiao_mock.fixtures import Fixtures
from chaobiao_mock.jrhsz.devices import Valve
from chaobiao_mock.quirks import parse_family_quirks
from chaobiao_mock.registry import MockFamily
from chaobiao_mock.world import World, WorldSettings, family_fixtures

endpoints: Final = Endpoints()

#: The most seconds by which one request may move the clock: ten years.
MAX_ADVANCE: Final = 10 * 365 * 86_400


def moment(name: str, text: str) -> datetime:
    """Read a time. Raises ``ValueError``."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            f'{name} must be a time such as "2023-04-22 10:31:53"', f'{name} 须为时间，例如 "2023-04-22 10:31:53"'
        ) from None


@attrs.frozen
class Settings:
    """The settings of a world."""

    meters: int | None = described(
        None, "Number of generated meters: 200, or 0 with fixtures.", "生成的表计数量：默认 200，有基础数据时为 0。"
    )
    seed: int = described(1, "Seed of what is generated.", "随机种子。")
    start: str | None = described(None, "First time, such as 2023-04-22 10:31:53.", "起始时间。")
    rate: float = described(1.0, "World seconds in a second; 0 freezes the clock.", "时间倍率，0 表示冻结。")
    quirks: dict[str, str] | None = described(
        None, 'Quirks, such as {"jrhsz.data": "text"}.', '行为差异，例如 {"jrhsz.data": "text"}。'
    )

    fixtures: dict[str, Any] | None = described(
        None,
        'Things of your own in the place of the documented ones, such as {"jrhsz": {"meters": [...]}}.',
        '自备的基础数据，代替文档样例，例如 {"jrhsz": {"meters": [...]}}。',
    )

    def world_settings(self, families: tuple[MockFamily, ...]) -> WorldSettings:
        """Return them as the world takes them. Raises ``ValueError``."""
        if not 0 <= (self.meters or 0) <= 10_000_000:
            raise InvalidInput("meters must be from 0 to 10000000", "meters 须为 0 到 10000000")
        assignments = [f"{name}={value}" for name, value in (self.quirks or {}).items()]
        quirks = parse_family_quirks({family.name: family.quirks for family in families}, assignments)
        start = None if self.start is None else moment("start", self.start)
        fixtures = None if self.fixtures is None else Fixtures.from_json(self.fixtures, family_fixtures(families))
        found = WorldSettings(seed=self.seed, start=start, quirks=[*quirks.values()], rate=self.rate, fixtures=fixtures)
        return found if self.meters is None else attrs.evolve(found, meters=self.meters)


@attrs.frozen
class NewWorld(Settings):
    """A world that is to be created."""

    name: str = described("", "Its name; its base URL is …/w/NAME.", "名称，其地址为 …/w/NAME。")


@attrs.frozen
class ClockChange:
    """A change of the clock; what is given is done in this order."""

    set: str | None = described(None, "Move forward to this time.", "前进到该时间。")
    advance: float | None = described(None, "Move forward by so many seconds.", "前进若干秒。")
    rate: float | None = described(None, "World seconds in a second; 0 freezes it.", "时间倍率，0 表示冻结。")


@attrs.frozen
class CallFilter:
    """Which calls of the journal are meant."""

    operation: str | None = described(None, "Client method, or path.", "客户端方法或路径。")
    account: str | None = described(None, "Account.", "账号。")
    code: int | None = described(None, "Code that was returned.", "返回码。")
    fault: str | None = described(None, "Kind of fault.", "故障类型。")
    after: int = described(0, "Only calls after the one with this number.", "仅返回该序号之后的调用。")
    limit: int = described(1_000, "The most calls; the newest are returned.", "最多返回的条数（最新的）。")


def describe(context: Context, name: str, world: World) -> dict[str, Any]:
    """Return what is to be known of a world."""
    root = str(context.request.base_url).rstrip("/")
    return {
        "name": name,
        "base_url": root if name == "default" else f"{root}/w/{name}",
        "meters": world.settings.meters,
        "seed": world.settings.seed,
        **clock_of(world),
        "quirks": {
            f"{family.name}.{field.name}": getattr(world.states[family.name].quirks, field.name)
            for family in world.families
            for field in attrs.fields(family.quirks)
            if getattr(world.states[family.name].quirks, field.name) != field.default
        },
        "calls": len(world.journal),
    }


def clock_of(world: World) -> dict[str, Any]:
    """Return a world's time."""
    return {"now": world.clock.now().isoformat(), "rate": world.clock.rate}


@endpoints.serves("GET", "/health", "Whether the mock serves.", "服务是否可用。")
def health(context: Context, _: None) -> Any:
    return {"status": "ok", "service": "chaobiao-mock", "version": __version__, "worlds": len([*context.worlds])}


@endpoints.serves("GET", "/world", "The settings and the time of this world.", "当前模拟环境的设置与时间。")
def world(context: Context, _: None) -> Any:
    return describe(context, context.name, context.world)


@endpoints.serves("GET", "/worlds", "All worlds.", "全部模拟环境。")
def worlds(context: Context, _: None) -> Any:
    return {"worlds": [describe(context, name, each) for name, each in context.worlds]}


@endpoints.serves(
    "POST", "/worlds", "Create a world, or make it anew.", "创建模拟环境，已存在时重新创建。", body=NewWorld
)
def create_world(context: Context, wanted: NewWorld) -> Any:
    made = context.worlds.create(wanted.name, wanted.world_settings(context.worlds.default.families))
    return describe(context, wanted.name, made)


@endpoints.serves("DELETE", "/worlds/{name}", "Delete a world.", "删除模拟环境。")
def delete_world(context: Context, _: None) -> Any:
    name = context.request.path_params["name"]
    context.worlds.delete(name)
    return {"deleted": name}


@endpoints.serves(
    "POST",
    "/reset",
    "Restart this world: with its settings, or with others if the body has any.",
    "重置当前模拟环境；请求体可给出新的设置。",
    body=Settings,
)
def reset(context: Context, wanted: Settings) -> Any:
    settings = wanted.world_settings(context.world.families) if context.request.scope.get("chaobiao.body") else None
    context.world.reset(settings)
    return describe(context, context.name, context.world)


@endpoints.serves("GET", "/clock", "The world's time.", "模拟环境的时间。")
def clock(context: Context, _: None) -> Any:
    return clock_of(context.world)


@endpoints.serves("POST", "/clock", "Move, freeze or scale the clock.", "前进、冻结或加速时钟。", body=ClockChange)
def change_clock(context: Context, change: ClockChange) -> Any:
    found = context.world.clock
    if change == ClockChange():
        raise InvalidInput("give advance, set or rate", "请给出 advance、set 或 rate")
    if change.advance is not None and not 0 <= change.advance <= MAX_ADVANCE:
        raise InvalidInput(
            f"advance must be a number of seconds from 0 to {MAX_ADVANCE}",
            f"advance 须为 0 到 {MAX_ADVANCE} 之间的秒数",
        )
    if change.set is not None:
        found.set(moment("set", change.set))
    found.advance(change.advance or 0.0)
    if change.rate is not None:
        found.run(change.rate)
    return clock_of(context.world)


def fault_to_dict(fault: Fault) -> dict[str, Any]:
    """Return a fault as plain values."""
    return attrs.asdict(fault)


@endpoints.serves("GET", "/faults", "The faults, with how often each happened.", "故障列表及发生次数。")
def faults(context: Context, _: None) -> Any:
    return {"faults": [fault_to_dict(fault) for fault in context.world.faults]}


@endpoints.serves("POST", "/faults", "Add a fault.", "添加故障。", body=Fault)
def add_fault(context: Context, fault: Fault) -> Any:
    names = {"*"}
    for family in context.world.families:
        for operation in family.family.operations:
            names |= {operation.spec.path, operation.spec.call, f"{family.name}:{operation.spec.call}"}
    if fault.operation not in names:
        raise InvalidInput(
            'operation must be a client method such as "meters.list", a path, or "*"',
            'operation 须为客户端方法（例如 "meters.list"）、路径或 "*"',
        )
    return {"added": fault_to_dict(context.world.faults.add(fault, context.world.clock.monotonic()))}


@endpoints.serves("DELETE", "/faults", "Remove all faults.", "删除全部故障。")
def clear_faults(context: Context, _: None) -> Any:
    context.world.faults.clear()
    return {"faults": []}


@endpoints.serves("DELETE", "/faults/{id}", "Remove a fault.", "删除一个故障。")
def remove_fault(context: Context, _: None) -> Any:
    text = context.request.path_params["id"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidInput("the id of a fault is a whole number", "故障编号须为整数")
    return {"removed": fault_to_dict(context.world.faults.remove(int(text)))}


@endpoints.serves("GET", "/journal", "The newest calls.", "最近的调用。", query=CallFilter)
def journal(context: Context, wanted: CallFilter) -> Any:
    found = context.world.journal.select(
        operation=wanted.operation,
        account=wanted.account,
        code=wanted.code,
        fault=wanted.fault,
        after=wanted.after,
    )
    return {
        "count": len(found),
        "dropped": context.world.journal.dropped,
        "calls": [entry.to_dict() for entry in found[len(found) - min(wanted.limit, len(found)) :]],
    }


@endpoints.serves("DELETE", "/journal", "Clear the journal.", "清空日志。")
def clear_journal(context: Context, _: None) -> Any:
    context.world.journal.clear()
    return {"count": 0}


@attrs.frozen
class MeterControl:
    """How a meter behaves."""

    number: str = described(attrs.NOTHING, "Number of a meter of the prepaid platform.", "预付费平台的表号。")
    online: bool | None = described(None, "Whether it can be reached; commands wait until it can.", "是否在线。")
    valve: Valve | None = described(
        None, "Its valve: at once, after a minute, or never.", "阀门：立即动作、一分钟后动作或不动作。"
    )


@endpoints.serves(
    "POST",
    "/meters",
    "Set a meter online or offline, or its valve slow or stuck.",
    "设置表计在线状态与阀门行为。",
    body=MeterControl,
)
def control_meter(context: Context, wanted: MeterControl) -> Any:
    state = context.world.states.get("jrhsz")
    if state is None:
        raise InvalidInput("this world has no prepaid platform", "该模拟环境没有预付费平台")
    state.devices.control(wanted.number, context.world.clock.now(), online=wanted.online, valve=wanted.valve)
    return state.devices.describe(wanted.number)

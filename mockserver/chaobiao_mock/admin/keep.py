"""Endpoints that keep a world: its snapshot, and its things as fixtures."""

from typing import Any, Final

from chaobiao_mock.admin.control import describe
from chaobiao_mock.admin.endpoints import Context, Endpoints

endpoints: Final = Endpoints()


@endpoints.serves(
    "GET",
    "/snapshot",
    "Everything of this world but its journal; it contains passwords and tokens.",
    "当前模拟环境的快照（不含日志），其中含有密码与令牌。",
)
def snapshot(context: Context, _: None) -> Any:
    return context.world.snapshot()


@endpoints.serves(
    "POST",
    "/restore",
    "Return this world to a snapshot, of itself or of another world.",
    "将当前模拟环境恢复到快照，快照可来自其他模拟环境。",
    body=dict,
)
def restore(context: Context, given: dict[str, Any]) -> Any:
    context.world.restore(given)
    return describe(context, context.name, context.world)


@endpoints.serves(
    "GET",
    "/fixtures",
    "The things of this world, in the form that POST /__mock__/worlds and /reset take.",
    "当前模拟环境的基础数据，格式与 POST /__mock__/worlds 和 /reset 的 fixtures 相同。",
)
def fixtures(context: Context, _: None) -> Any:
    return {"fixtures": context.world.fixtures().to_json()}

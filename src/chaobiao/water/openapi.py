"""What the water query API's OpenAPI document says beyond its operations: envelope, bounds, known values."""

from typing import Final

import attrs

from chaobiao._contract.family import Kind
from chaobiao._openapi.document import Describer
from chaobiao._wire.codecs import Schema
from chaobiao.water import FAMILY

_DESCRIPTION: Final = """\
Water queries and statistics: regions, flows, costs, logs, schedules, past readings and payments. All are GET with \
query parameters, all text filters match parts of values, all times are milliseconds since 1970. Neither a host nor a \
way to authenticate nor error codes are documented.

水务查询与统计：区域、流水、费用、操作日志、定时任务、历史抄收、历史缴费。均为 GET 请求加查询参数，文本条件为模糊匹配，\
时间为毫秒时间戳。文档未规定服务器地址、认证方式和错误码。"""


@attrs.define
class WaterDescriber(Describer):
    """Describes the envelope of the water query API."""

    def envelope(self, operation: Kind, record: Schema | None) -> Schema:
        return {
            "type": "object",
            "required": ["data"],
            "properties": {
                "data": {
                    "type": ["array", "null"],
                    "items": record,
                    "description": "The rows. / 数据列表",
                    "x-python-name": "rows",
                },
                "total": {
                    "type": ["integer", "string", "null"],
                    "pattern": "^[0-9]*$",
                    "minimum": 0,
                    "description": "How many rows the question has in all. / 数据总数",
                    "x-python-name": "total",
                    "examples": [100],
                },
            },
        }


DESCRIBER: Final = WaterDescriber(FAMILY, _DESCRIPTION)

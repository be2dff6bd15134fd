"""The parts of the water query API's OpenAPI document that all its endpoints share: description and envelope."""

from typing import Final

import attrs

from chaobiao._contract.family import Kind
from chaobiao._openapi.document import Describer
from chaobiao._wire.codecs import Schema
from chaobiao.water import FAMILY

_DESCRIPTION: Final = """\
Water queries and statistics: regions, flows, costs, operation logs, schedules, past readings and payments. All \
endpoints take GET with query parameters. Text filters match parts of values. Times are milliseconds since 1970. The \
document gives no host, no authentication and no error codes.

水务查询与统计：区域、流水、费用、操作日志、定时任务、历史抄收、历史缴费。所有接口均为 GET 请求加查询参数，\
文本条件为模糊匹配，时间为毫秒时间戳。文档未规定服务器地址、认证方式和错误码。"""


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
                    "description": "Number of rows on all pages. / 数据总数",
                    "x-python-name": "total",
                    "examples": [100],
                },
            },
        }


DESCRIBER: Final = WaterDescriber(FAMILY, _DESCRIPTION)

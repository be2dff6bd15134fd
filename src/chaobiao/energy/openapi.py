"""The parts of the energy API's OpenAPI document that all its endpoints share: description, codes and envelope."""

from typing import Final

import attrs

from chaobiao._contract.family import Kind
from chaobiao._contract.operation import Acknowledgement, PagedOperation, RowsOperation
from chaobiao._contract.secret import Secret
from chaobiao._openapi.document import Describer
from chaobiao._wire.codecs import Schema
from chaobiao.energy import CODES, FAMILY

_DESCRIPTION: Final = """\
Industrial energy management: users, meters, machines, consumption, rates, the provincial platform, alarms, OEE, \
products and output. GET takes a query, the other verbs JSON. POST /api/auth sets the cookies of the session. \
Times are China Standard Time. The document gives no host.

工业能源管理：用户、仪表、机器、能耗、费率、省平台、报警、OEE、产品与产量。GET 请求使用查询参数，其他请求使用 JSON。\
POST /api/auth 通过 Cookie 建立会话。时间为北京时间。文档未给出服务器地址。"""


@attrs.define
class EnergyDescriber(Describer):
    """Describes the envelope and the codes of the energy API."""

    def envelope(self, operation: Kind, record: Schema | None) -> Schema:
        properties: Schema = {
            "Err_No": {
                "type": ["string", "integer"],
                "description": "Code; 0 is success. / 返回码，0 表示正常",
                "x-python-name": "code",
                "examples": ["0"],
            },
            "Err_Msg": {
                "type": ["string", "null"],
                "description": "The server's words. / 返回信息",
                "x-python-name": "message",
                "examples": ["ok"],
            },
        }
        if record is not None and issubclass(operation, RowsOperation):
            properties["Data"] = {
                "type": ["array", "null"],
                "items": record,
                "description": "The rows. / 返回数据",
                "x-python-name": "rows",
            }
        elif record is not None:
            properties["Data"] = {
                "anyOf": [record, {"type": "array", "items": record, "maxItems": 1}, {"type": "null"}],
                "description": "The object, or a list of one. / 返回数据，对象或只有一个元素的列表",
                "x-python-name": "value",
            }
        elif operation.spec.returns not in (Acknowledgement, Secret):
            properties["Data"] = {"description": "Data. / 返回数据"}
        if issubclass(operation, PagedOperation):
            properties["Total_Numbers"] = {
                "type": ["integer", "string", "null"],
                "pattern": "^[0-9]*$",
                "minimum": 0,
                "description": "Number of rows on all pages. / 返回数据的总条数",
                "x-python-name": "total",
                "examples": ["52"],
            }
        return {"type": "object", "required": ["Err_No"], "properties": properties}

    def response_description(self) -> Schema:
        codes = {str(code): f"{english} / {chinese}" for code, (_, _, english, chinese) in CODES.items()}
        return {**super().response_description(), "x-codes": codes}


DESCRIBER: Final = EnergyDescriber(FAMILY, _DESCRIPTION)

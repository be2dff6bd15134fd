"""The parts of the prepaid platform's OpenAPI document that all its endpoints share: envelope, codes and token."""

from typing import Any, Final

import attrs

from chaobiao._contract.family import Kind
from chaobiao._contract.operation import Effect
from chaobiao._openapi.codes import describe_codes
from chaobiao._openapi.document import Describer
from chaobiao._wire.codecs import Schema
from chaobiao.jrhsz import CODES, FAMILY

_DESCRIPTION: Final = """\
The prepaid platform: residents, recharges, meters, readings, commands to valves and breakers. Every endpoint takes \
POST with JSON or a form. It returns an envelope in which `code` is 200 for success and another number for a refusal; \
the HTTP status is 200 for both. `login` returns a token that is valid for two hours and that every other body must \
hold. Protect it like the password.

预付费抄表平台：住户、充值、表计、读数、阀门与断路器指令。所有接口均为 POST，请求体为 JSON 或表单。\
返回体中的 `code` 为 200 表示成功，其他值表示拒绝，两种情况下 HTTP 状态均为 200。\
`login` 返回的 token 两小时内有效，其余接口的请求体都必须携带；请像密码一样保管。"""

_ADDED: Final[dict[str, Schema]] = {
    "token": {
        "type": "string",
        "format": "password",
        "writeOnly": True,
        "minLength": 1,
        "description": "The token that login returned; the client adds it. / 登录返回的 token，由客户端自动填写",
        "x-python-name": "token",
        "x-sent-by-client": True,
    },
    "admin_user_name": {
        "type": "string",
        "minLength": 1,
        "description": "Name of the account that logged in; the client adds it. / 用户账号，由客户端自动填写",
        "x-python-name": "username",
        "x-sent-by-client": True,
    },
}


@attrs.define
class JrhszDescriber(Describer):
    """Describes the envelope of the prepaid platform; ``data`` may be JSON, or JSON text in a string."""

    def added_arguments(self, operation: Kind) -> dict[str, Schema]:
        return {} if operation.spec.effect is Effect.SESSION else dict(_ADDED)

    def response_description(self) -> Schema:
        return describe_codes("code", 200, CODES)

    def envelope(self, operation: Kind, record: Schema | None) -> Schema:
        properties: dict[str, Any] = {
            "code": {
                "type": ["integer", "string"],
                "pattern": "^[0-9]{1,9}$",
                "description": "200 for success, or the code of an error; a number or text. / 返回码，数字或文本",
                "x-python-name": "code",
                "examples": [200, "200"],
            },
            "msg": {
                "type": ["string", "null"],
                "description": "A text from the server. / 服务器返回的说明文字",
                "x-python-name": "message",
                "examples": ["操作成功"],
            },
        }
        if operation.spec.effect is Effect.SESSION:
            properties["data"] = {
                "type": ["string", "null"],
                "format": "password",
                "description": "The token, valid for two hours. / token，两小时内有效",
                "x-python-name": "token",
            }
        elif record is not None:
            rows: Schema = {"type": "array", "items": record}
            text = {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {"anyOf": [rows, record]},
            }
            properties["data"] = {
                "anyOf": [rows, record, text, {"type": "null"}],
                "description": "The rows, or a single row as an object; JSON, or JSON text in a string."
                " / 记录列表或单条记录，可能是 JSON，也可能是字符串中的 JSON 文本",
                "x-python-name": "rows",
            }
            properties["totalCount"] = {
                "type": ["integer", "string", "null"],
                "pattern": "^[0-9]*$",
                "minimum": 0,
                "description": "Number of rows on all pages. / 总记录数",
                "x-python-name": "total",
            }
        return {"type": "object", "required": ["code"], "properties": properties}


DESCRIBER: Final = JrhszDescriber(FAMILY, _DESCRIPTION, ("application/json", "application/x-www-form-urlencoded"))

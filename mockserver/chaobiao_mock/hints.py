"""What is probably wrong with a refused request that was meant to be JSON: curl and Windows shells change it."""

import re
from typing import Final

from chaobiao._wire.json_text import MalformedJson, parse_json
from chaobiao_mock.registry import Call

Texts = tuple[str, str]

_GET: Final = (
    "a GET request has its arguments in the query; its body is not read",
    "GET 请求的参数在查询串中，不读取请求体",
)
_UNQUOTED: Final = re.compile(rb"\s*(?:['\"]\s*[{\[]|\{\s*\\?['\\]|\{\s*[A-Za-z_])")
_FORM: Final = re.compile(rb"[A-Za-z_]+=[^{}]*")


def hint_for(call: Call) -> Texts:
    """Return a hint for a refused request, in English and Chinese; two empty texts where nothing is conspicuous."""
    kind = call.content_type.partition(";")[0].strip().lower()
    if call.verb == "GET":
        return _GET if call.body and not call.query else ("", "")
    if kind == "application/x-www-form-urlencoded":
        if not _is_json(call.body):
            return _quotes(call.body)
        return (
            "the body is JSON, but its Content-Type is application/x-www-form-urlencoded, which curl -d sends by "
            "default, so no argument was found in it: add -H 'Content-Type: application/json'",
            "请求体是 JSON，但 Content-Type 为 application/x-www-form-urlencoded（curl -d 的默认值），因而没有从中读到"
            "参数：请加上 -H 'Content-Type: application/json'",
        )
    if kind.startswith("multipart/") or _is_json(call.body):
        return "", ""
    if _FORM.fullmatch(call.body.strip()):
        sent = kind or "missing"
        return (
            f"the body is a form, but its Content-Type is {sent}, so it was read as JSON: send it as "
            "application/x-www-form-urlencoded where the family takes forms, else as JSON",
            f"请求体是表单，但 Content-Type 为 {kind or '空'}，因而按 JSON 解析：接口支持表单时请改用 "
            "application/x-www-form-urlencoded，否则请发送 JSON",
        )
    return _quotes(call.body)


def _quotes(body: bytes) -> Texts:
    if not _UNQUOTED.match(body):
        return "", ""
    return (
        "the body lacks the double quotes of JSON, or has others around it: cmd.exe and PowerShell treat quotes in "
        "their own way; put the JSON into a file and send it with -d @file.json",
        "请求体缺少 JSON 的双引号，或外面多了引号：cmd.exe 与 PowerShell 对引号的处理不同，请把 JSON 存为文件，用"
        " -d @file.json 发送",
    )


def _is_json(body: bytes) -> bool:
    try:
        return isinstance(parse_json(body), dict)
    except MalformedJson:
        return False

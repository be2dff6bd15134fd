"""The arguments of requests, as they are on the wire: in the query, in a JSON body, or in a multipart form."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, cast

from chaobiao._contract.upload import Upload
from chaobiao._wire.json_text import MalformedJson, parse_json
from chaobiao.energy import UploadMachineImage
from chaobiao_mock.energy.quirks import EnergyQuirks
from chaobiao_mock.energy.tables import WRONG
from chaobiao_mock.errors import Refused
from chaobiao_mock.registry import Call


def arguments_of(call: Call, quirks: EnergyQuirks) -> Mapping[str, Any]:
    """Return the arguments by wire name. Raises ``Refused`` with 4103 for what cannot be read."""
    if call.verb == "GET":
        return dict(call.query)
    if call.verb == "DELETE":
        query = {} if quirks.delete_parameters == "body" else call.query
        body = _json(call.body) if call.body and quirks.delete_parameters != "query" else {}
        return {**query, **body}
    is_form = call.content_type.lower().startswith("multipart/form-data")
    if is_form and call.operation is UploadMachineImage:
        return _form(call)
    if is_form or call.content_type.lower().startswith("application/x-www-form-urlencoded"):
        raise Refused(WRONG, "请求体须为 JSON")
    if not call.body:
        raise Refused(WRONG, "缺少请求体，须为 JSON 对象")
    return _json(call.body)


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = parse_json(body)
    except MalformedJson:
        raise Refused(WRONG, "请求体不是合法的 JSON") from None
    if not isinstance(found, dict):
        raise Refused(WRONG, "请求体必须是 JSON 对象")
    return found


def _form(call: Call) -> dict[str, Any]:
    """Read a form with the parser of the standard library, whose messages have the same format."""
    head = b"Content-Type: " + call.content_type.encode("latin-1") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + call.body)
    if not message.is_multipart() or message.defects:
        raise Refused(WRONG, "multipart 表单无法解析")
    found: dict[str, Any] = {}
    for part in cast("list[EmailMessage]", message.get_payload()):
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise Refused(WRONG, "multipart 表单无法解析")
        filename = part.get_filename()
        if filename is None:
            found[name] = content.decode("utf-8", "replace")
        else:
            found[name] = Upload(filename, content, part.get_content_type())
    return found

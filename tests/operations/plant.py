"""A small family whose arguments and fields have parts, its clients, and a server for it on a real socket."""

import json
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import attrs

from chaobiao._call.dialect import DecodeOptions, Dialect, page_of
from chaobiao._call.messages import Accepted, Form, Request, Verdict
from chaobiao._client.async_client import AsyncClient
from chaobiao._client.sync_client import Client
from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.file_checks import file
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation, RowsOperation, operation
from chaobiao._contract.secret import Secret
from chaobiao._contract.upload import Upload
from chaobiao._wire.arguments import write_arguments
from chaobiao._wire.codecs import FLAG, INVERTED_FLAG, JSON_OR_TEXT, NUMERIC_FLAG, SEVERAL_CODES
from chaobiao._wire.json_text import write_json

LARGEST = 1000


@frozen
class Unit(Record):
    """A part of an organisation."""

    code: str | None = cell("code", "编码", "Code.", required=True, check=checks.code)
    metered: bool | None = cell("isMetered", "是否计量", "Whether it has a meter.", codec=FLAG)
    segmented: bool | None = cell("isSegmentation", "是否分段", "Whether it is divided.", codec=INVERTED_FLAG)
    since: datetime | None = cell("since", "起始时间", "Since when.")


@frozen
class Organisation(Record):
    """An organisation: a document that is read, changed and written back."""

    name: str | None = cell("name", "名称", "Name.", required=True)
    head: Unit | None = cell("head", "总部", "Its head unit.")
    units: tuple[Unit, ...] | None = cell("units", "单元", "Its units.")
    tags: tuple[str, ...] | None = cell("tags", "标签", "Words.")
    founded: date | None = cell("founded", "成立日期", "The day of its founding.")
    origin: Any = cell("origin", "原始数据", "What a platform sent.", codec=JSON_OR_TEXT)


@operation("GET", "/organisations", section="1", call="organisations.list", effect=Effect.READ)
@frozen
class ListOrganisations(RowsOperation[Organisation]):
    """List organisations."""

    manual: bool | None = arg("Is_HandWork", "是否手工", "Only these.", default=None, codec=NUMERIC_FLAG)
    codes: tuple[str, ...] | None = arg("codes", "编码", "Only these.", default=None, codec=SEVERAL_CODES)


@operation("PUT", "/organisations", section="2", call="organisations.update", effect=Effect.UPDATE)
@frozen
class UpdateOrganisation(ObjectOperation[Acknowledgement]):
    """Replace an organisation."""

    organisation: Organisation = arg("organisation", "组织", "What it is.", check=checks.document(Organisation))
    units: tuple[Unit, ...] | None = arg("more", "更多单元", "More units.", default=None, check=checks.documents(Unit))
    tags: tuple[str, ...] | None = arg("tags", "标签", "Words.", default=None, check=checks.texts)
    virtual: bool | None = arg(
        "virtual", "是否虚拟", "Whether it is real.", default=None, check=checks.flag, codec=FLAG
    )


@operation("POST", "/images", section="3", call="organisations.upload", effect=Effect.UPDATE)
@frozen
class UploadImage(ObjectOperation[Acknowledgement]):
    """Upload a picture."""

    id: int = arg("id", "主键", "Number.")
    image: Upload = arg("image", "图片", "The picture.", check=file(LARGEST, "image/png"))


@attrs.frozen
class PlantDialect(Dialect):
    """GET with a query, JSON bodies, and a form where there is a file."""

    family: ClassVar[str] = "plant"
    env_prefix: ClassVar[str] = "CHAOBIAO_PLANT"

    def request(self, operation: Any, username: str | None, credential: Secret | None) -> Request:
        arguments = write_arguments(operation, self.times)
        files = {name: value for name, value in arguments.items() if isinstance(value, Upload)}
        path = operation.spec.path
        if files:
            fields = {name: str(value) for name, value in arguments.items() if name not in files}
            return Request("POST", path, form=Form(fields, files))
        if operation.spec.method == "GET":
            return Request("GET", path + "?" + "&".join(f"{name}={value}" for name, value in arguments.items()))
        return Request(operation.spec.method, path, write_json(arguments).encode(), "application/json")

    def open_envelope(self, operation: Any, envelope: dict[str, Any], decode: DecodeOptions) -> Verdict:
        if isinstance(operation, RowsOperation):
            return Accepted(page_of(operation, decode.rows(operation.spec.returns, envelope["Data"]), None))
        return Accepted(Acknowledgement("ok"))


class Plant(Client[PlantDialect]):
    _dialect_type = PlantDialect


class AsyncPlant(AsyncClient[PlantDialect]):
    _dialect_type = PlantDialect


class Server(ThreadingHTTPServer):
    """Keeps what it was sent, and returns the rows that a test sets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.rows: list[Any] = []
        self.received: list[tuple[str, str, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def body(self) -> Any:
        """The newest body, as JSON."""
        return json.loads(self.received[-1][2])


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:  # the name that the library calls
        length = int(self.headers.get("Content-Length") or 0)
        self.server.received.append((self.path, self.headers.get("Content-Type") or "", self.rfile.read(length)))
        body = json.dumps({"Err_No": "0", "Data": self.server.rows}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_GET  # noqa: N815  # the name that the library calls
    do_POST = do_GET  # noqa: N815  # the name that the library calls

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""

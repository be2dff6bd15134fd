"""Arguments and fields that have parts: documents, lists, flags, files, days and embedded JSON, over real sockets."""

import json
import threading
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

from chaobiao import InvalidArgument, UnreadableResponse
from chaobiao._call.dialect import DecodeOptions, Dialect, page_of
from chaobiao._call.messages import Accepted, Form, Request, Verdict
from chaobiao._client.async_client import AsyncClient
from chaobiao._client.sync_client import Client
from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation, RowsOperation, operation
from chaobiao._contract.secret import Secret
from chaobiao._contract.upload import Upload
from chaobiao._wire.arguments import read_arguments, write_arguments
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
    image: Upload = arg("image", "图片", "The picture.", check=checks.file(LARGEST, "image/png"))


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


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a free loopback port."""
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def client(server: Server) -> Iterator[Plant]:
    with Plant(base_url=server.url) as found:
        yield found


HEAD = {"code": "A", "isMetered": "1", "isSegmentation": "0", "since": "2019-04-01 13:53:59"}
ROW = {
    "name": "甲",
    "head": HEAD,
    "units": [HEAD, {"code": "B", "isMetered": 0, "isSegmentation": 1}],
    "tags": ["x", "y"],
    "founded": "2001-02-03",
    "origin": '{"a": [1, 2.5]}',
}


def read(client: Plant) -> Organisation:
    (found,) = client.iterate(ListOrganisations())
    return found


def test_nested_records_are_read(server: Server, client: Plant) -> None:
    """Documents, lists of documents, lists of texts, flags in three spellings, a day and embedded JSON are typed."""
    server.rows = [ROW]
    found = read(client)
    assert found.head is not None
    assert found.units is not None
    assert (found.head.metered, found.head.segmented) == (True, True)  # 0 means segmented
    assert [(unit.metered, unit.segmented) for unit in found.units] == [(True, True), (False, False)]
    assert (found.tags, found.founded) == (("x", "y"), date(2001, 2, 3))
    assert json.dumps(found.origin["a"][0]) == "1"
    assert dict(client.oddities) == {}


def test_a_bad_cell_costs_itself_alone_at_any_depth(server: Server, client: Plant) -> None:
    """What can't be read inside a nested record is None there, kept beside it, and counted; all else stays."""
    bad = {**HEAD, "isMetered": "maybe", "colour": "red"}
    server.rows = [{**ROW, "head": bad, "units": [bad, "none"]}]
    found = read(client)
    assert found.head is not None
    assert found.units is not None
    assert (found.head.code, found.head.metered, dict(found.head.unreadable)) == ("A", None, {"metered": "maybe"})
    assert dict(found.units[1].unreadable) == {"(row)": "none"}
    assert dict(client.oddities) == {
        ("Unit", "unreadable", "metered"): 2,
        ("Unit", "extra", "colour"): 2,
        ("Unit", "unreadable", "(row)"): 1,
    }


@pytest.mark.parametrize("field", ["head", "units", "tags", "founded"])
def test_a_value_of_another_shape_costs_its_field(server: Server, client: Plant, field: str) -> None:
    """A number where a document, a list or a day belongs is unreadable, and the rest of the row is there."""
    server.rows = [{**ROW, field: 7}]
    found = read(client)
    assert (getattr(found, field), dict(found.unreadable), found.name) == (None, {field: 7}, "甲")


def test_strict_reading_names_the_path(server: Server, client: Plant) -> None:
    """The error of strict reading leads to the cell inside the nested record."""
    server.rows = [{**ROW, "head": {**HEAD, "isMetered": "maybe"}}]
    with pytest.raises(UnreadableResponse) as caught:
        read(client.with_options(strict=True))
    assert (caught.value.row, caught.value.field) == (0, "head.isMetered")


@pytest.mark.parametrize(("written", "expected"), [([HEAD], "A"), ("", None), (None, None)])
def test_a_single_document_may_come_in_a_list_or_as_nothing(
    server: Server, client: Plant, written: Any, expected: str | None
) -> None:
    """A list of one is its item; an empty text is no document."""
    server.rows = [{**ROW, "head": written}]
    found = read(client)
    assert (found.head and found.head.code) == expected
    assert not found.unreadable


async def test_a_document_is_written_back_as_it_came(server: Server) -> None:
    """Reading, changing one field and sending the whole back loses nothing, unknown members included."""
    server.rows = [{**ROW, "founded": None, "mark": {"kept": 1}}]
    async with AsyncPlant(base_url=server.url) as client:
        (found,) = [row async for row in client.iterate(ListOrganisations())]
        await client.send(UpdateOrganisation(organisation=attrs.evolve(found, name="乙")))
    sent = server.body["organisation"]
    assert sent == {
        "name": "乙",
        "head": HEAD,
        "units": [HEAD, {"code": "B", "isMetered": "0", "isSegmentation": "1"}],
        "tags": ["x", "y"],
        "origin": {"a": [1, 2.5]},
        "mark": {"kept": 1},
    }


def test_numbers_in_unknown_members_go_back_digit_by_digit(server: Server, client: Plant) -> None:
    """A fraction that no binary float can hold is sent as it came, beside texts that look like it."""
    exact = "12345678901234567890.123456789"
    sent = UpdateOrganisation(organisation=Organisation(name=exact, extra={"mark": [Decimal(exact), exact]}))
    client.send(sent)
    assert server.received[-1][2].decode() == (f'{{"organisation":{{"name":"{exact}","mark":[{exact},"{exact}"]}}}}')


def test_a_document_that_holds_what_could_not_be_read_is_refused(server: Server, client: Plant) -> None:
    """Sending it would erase what the server has there; once the field is set it goes."""
    server.rows = [{**ROW, "head": {**HEAD, "isMetered": "maybe"}}]
    found = read(client)
    with pytest.raises(InvalidArgument, match=r"organisation\.head holds values that could not be read \(metered\)"):
        UpdateOrganisation(organisation=found)
    assert found.head is not None
    client.send(UpdateOrganisation(organisation=attrs.evolve(found, head=attrs.evolve(found.head, metered=False))))
    assert server.body["organisation"]["head"]["isMetered"] == "0"


def test_what_a_document_requires_is_checked_with_its_path(server: Server) -> None:
    """A member that its table requires is missed by name, in Python's words and the vendor's."""
    with pytest.raises(InvalidArgument) as caught:
        UpdateOrganisation(organisation=Organisation(name="甲", units=(Unit(code="A"), Unit(metered=True))))
    error = caught.value
    assert (error.argument, error.wire_name, error.missing) == ("organisation.units[1].code", "code", True)
    assert "缺少参数 organisation.units[1].code" in str(error)
    with pytest.raises(InvalidArgument, match=r"units\[0\]\.code must be non-empty"):
        UpdateOrganisation(organisation=Organisation(name="甲"), units=[Unit(code=" ")])
    assert server.received == []


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"organisation": {"name": "甲"}}, "organisation must be an instance of Organisation"),
        ({"units": Unit(code="A")}, "units must be an iterable of Unit"),
        ({"units": ["A"]}, r"units\[0\] must be an instance of Unit"),
        ({"tags": "x"}, "tags must be an iterable of texts"),
        ({"tags": ["x", ""]}, r"tags\[1\] must be non-empty text"),
        ({"virtual": "1"}, "virtual must be True or False"),
    ],
)
def test_arguments_with_parts_are_checked(arguments: dict[str, Any], rule: str) -> None:
    """Each is refused with its name, its place and the rule."""
    with pytest.raises(InvalidArgument, match=rule):
        UpdateOrganisation(**{"organisation": Organisation(name="甲"), **arguments})


def test_unset_is_left_out_and_empty_is_sent(server: Server, client: Plant) -> None:
    """None is not sent; an empty list is; a naive time in a document is China Standard Time."""
    since = datetime(2019, 4, 1, 13, 53, 59)
    client.send(
        UpdateOrganisation(
            organisation=Organisation(name="甲", units=(), head=Unit(code="A", since=since)),
            units=[],
            tags=[],
            virtual=True,
        )
    )
    assert server.body == {
        "organisation": {"name": "甲", "units": [], "head": {"code": "A", "since": "2019-04-01 13:53:59"}},
        "more": [],
        "tags": [],
        "virtual": "1",
    }


def test_flags_and_several_codes_in_a_query(server: Server, client: Plant) -> None:
    """A numeric flag is 1 or 0, and several codes are joined by commas."""
    client.iterate(ListOrganisations(manual=False, codes=("a", "b"))).collect()
    assert server.received[-1][0] == "/organisations?Is_HandWork=0&codes=a,b"


def test_what_the_sdk_writes_a_server_reads() -> None:
    """The mock's way of reading arguments gives the operation back, documents and flags included."""
    sent = UpdateOrganisation(
        organisation=Organisation(name="甲", head=Unit(code="A", segmented=True), tags=("x",)),
        tags=["y"],
        virtual=False,
    )
    assert read_arguments(UpdateOrganisation, write_arguments(sent, "datetime")) == sent


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small file."""
    path = tmp_path / "machine.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff--")
    return path


def test_a_file_travels_as_a_form(server: Server, picture: Path) -> None:
    """Bytes, a path and an open file arrive with name, type and every byte."""
    content = picture.read_bytes()
    with Plant(base_url=server.url) as client, picture.open("rb") as opened:
        for image, name in ((content, "image"), (picture, "machine.png"), (opened, "machine.png")):
            client.send(UploadImage(id=7, image=image))  # type: ignore[arg-type]  # what the check takes too
            assert form_of(server) == {"id": (None, None, b"7"), "image": (name, "image/png", content)}


async def test_an_upload_has_a_name_and_a_type_of_its_own(server: Server) -> None:
    """An async client sends it as it is, a name outside ASCII included."""
    async with AsyncPlant(base_url=server.url) as client:
        await client.send(UploadImage(id=8, image=Upload("图.jpg", b"\xff\xd8", "image/jpeg")))
    assert form_of(server)["id"] == (None, None, b"8")
    assert form_of(server)["image"][1:] == ("image/jpeg", b"\xff\xd8")
    assert "图.jpg".encode() in server.received[-1][2]


def form_of(server: Server) -> dict[str, tuple[str | None, str | None, bytes]]:
    """The newest form, by the standard library's parser: file name, type and content by field."""
    _, kind, body = server.received[-1]
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found: dict[str, tuple[str | None, str | None, bytes]] = {}
    for part in message.get_payload():
        name = part.get_param("name", header="content-disposition")  # type: ignore[union-attr]  # a multipart message
        typed = part.get_content_type() if part.get("content-type") else None  # type: ignore[union-attr]
        found[str(name)] = (part.get_filename(), typed, part.get_payload(decode=True))  # type: ignore[union-attr, assignment]
    return found


@pytest.mark.parametrize(
    ("image", "rule"),
    [
        (b"", r"a file of 1 to 1000 bytes, not of 0"),
        (b"x" * (LARGEST + 1), r"a file of 1 to 1000 bytes, not of 1001"),
        ("machine.png", "bytes, a Path or a file opened in binary mode"),
        (Path("no-such-file.png"), r"a readable file \(No such file or directory\)"),
    ],
)
def test_what_is_no_file_is_refused(image: Any, rule: str) -> None:
    """The error names the argument, the rule and what would do."""
    with pytest.raises(InvalidArgument, match=rf"image must be {rule}"):
        UploadImage(id=7, image=image)


def test_a_file_opened_as_text_is_refused(picture: Path) -> None:
    """Text mode would change the bytes."""
    picture.write_text("text")
    with picture.open() as opened, pytest.raises(InvalidArgument, match="binary mode"):
        UploadImage(id=7, image=opened)  # type: ignore[arg-type]  # the mistake

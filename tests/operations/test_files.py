"""Arguments that are files, over real sockets."""

from pathlib import Path
from typing import Any

import pytest

from chaobiao import InvalidArgument
from chaobiao._contract.upload import Upload
from tests.harness.forms import Parts, parts_of
from tests.operations.plant import LARGEST, AsyncPlant, Plant, Server, UploadImage


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


def form_of(server: Server) -> Parts:
    """The newest form."""
    _, kind, body = server.received[-1]
    return parts_of(kind, body)


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

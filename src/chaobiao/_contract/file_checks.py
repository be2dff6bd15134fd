"""Checks of arguments that are files."""

from pathlib import Path
from typing import Any, Final

import attrs

from chaobiao._contract.checks import Rule, refuse
from chaobiao._contract.upload import Upload


def file(max_bytes: int, content_type: str = "application/octet-stream") -> Rule[Upload]:
    """Make the check for a file: bytes, a Path, a file opened in binary mode, or an Upload."""

    def check(name: str, value: Any) -> Upload:
        if isinstance(value, Upload):
            upload = value
        elif isinstance(value, bytes | bytearray):
            upload = Upload(name, bytes(value), content_type)
        elif isinstance(value, Path):
            upload = Upload(value.name, _content_of(name, value, max_bytes + 1), content_type)
        elif hasattr(value, "read"):
            filename = Path(str(getattr(value, "name", name))).name
            upload = Upload(filename, _read(name, value, max_bytes + 1), content_type)
        else:
            raise refuse(
                name, "bytes, a Path or a file opened in binary mode", " bytes、Path 或以二进制模式打开的文件", value
            )
        if not 0 < len(upload.content) <= max_bytes:
            size = len(upload.content)
            raise refuse(
                name,
                f"a file of 1 to {max_bytes} bytes, not of {size}",
                f" 1 到 {max_bytes} 字节的文件，而不是 {size} 字节",
            )
        return upload

    return Rule(check)


#: How image files begin, and their media types.
_IMAGES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


def image(max_bytes: int) -> Rule[Upload]:
    """Make the check for an image: a file that begins as PNG, JPEG, GIF, BMP or WebP files do."""
    of_size = file(max_bytes)

    def check(name: str, value: Any) -> Upload:
        upload = of_size(name, value)
        begin = upload.content[:16]
        kind = next((kind for start, kind in _IMAGES if begin.startswith(start)), None)
        if begin[:4] == b"RIFF" and begin[8:12] == b"WEBP":
            kind = "image/webp"
        if kind is None:
            raise refuse(name, "a PNG, JPEG, GIF, BMP or WebP image", " PNG、JPEG、GIF、BMP 或 WebP 图片")
        filename = upload.filename if "." in upload.filename else f"{upload.filename}.{kind.partition('/')[2]}"
        return attrs.evolve(upload, filename=filename, content_type=kind)

    return Rule(check)


def _content_of(name: str, path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(limit)
    except OSError as error:
        raise refuse(
            name, f"a readable file ({error.strerror})", f"可读取的文件（{error.strerror}）", path.name
        ) from None


def _read(name: str, opened: Any, limit: int) -> bytes:
    """Read a file from its begin, wherever the caller has read it up to; a stream from where it stands."""
    if getattr(opened, "seekable", bool)():
        opened.seek(0)
    content = b""
    while len(content) < limit:  # a stream may return less than it was asked for
        part = opened.read(limit - len(content))
        if not isinstance(part, bytes):
            raise refuse(name, 'a file opened in binary mode ("rb")', '以二进制模式（"rb"）打开的文件')
        if not part:
            break
        content += part
    return content

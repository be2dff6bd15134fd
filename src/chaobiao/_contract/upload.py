"""A file as an argument of an operation."""

import attrs


@attrs.frozen
class Upload:
    """A file to send as a part of a multipart form: its name, its bytes and its media type."""

    filename: str
    content: bytes = attrs.field(repr=False)
    content_type: str = "application/octet-stream"

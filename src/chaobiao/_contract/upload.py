"""A file among an operation's arguments."""

import attrs


@attrs.frozen
class Upload:
    """A file to send in a multipart form."""

    filename: str
    content: bytes = attrs.field(repr=False)
    content_type: str = "application/octet-stream"

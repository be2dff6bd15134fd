"""The rows of the energy management API's samples: ``documented.json`` holds them as they are on the wire.

Where the samples name things that they do not show (meters 15 and 16, the machine 空压机), the file completes them.
"""

import base64
from collections.abc import Mapping
from typing import Final, TypeVar

from chaobiao._contract.fields import Record
from chaobiao._contract.upload import Upload
from chaobiao_mock.documented import Samples
from chaobiao_mock.energy.accounts import DEMO_PASSWORD, DEMO_USERNAME

R = TypeVar("R", bound=Record)


class EnergySamples(Samples):
    """What a fresh world holds, whatever its size."""

    #: The passwords of users, by name.
    passwords: Mapping[str, str] = {DEMO_USERNAME: DEMO_PASSWORD}

    def rows(self, record: type[R], section: str) -> tuple[R, ...]:
        """Return the rows of a section."""
        return self.read(record, self.content[section])

    def images(self) -> dict[str, Upload]:
        """Return the images of machines by the end of their address."""
        return {
            image["path"]: Upload(image["path"], base64.b64decode(image["content"]), image["content_type"])
            for image in self.content["images"]
        }


SAMPLES: Final = EnergySamples("chaobiao_mock.energy")

"""The documents that the tests of this directory look at, made once."""

import pytest

from chaobiao._families import NAMES
from chaobiao._families import family as find_family
from chaobiao._openapi.document import document
from tests.openapi.described import Document


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    """Both families' documents."""
    return {family: document(find_family(family)) for family in NAMES}


@pytest.fixture(scope="session")
def jrhsz(documents: dict[str, Document]) -> Document:
    return documents["jrhsz"]


@pytest.fixture(scope="session")
def water(documents: dict[str, Document]) -> Document:
    return documents["water"]

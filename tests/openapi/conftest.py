"""The OpenAPI documents, made once."""

import pytest

from chaobiao._families import NAMES
from chaobiao._families import family as find_family
from chaobiao._openapi.document import document
from tests.openapi.openapi_helpers import Document


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    """Every family's document."""
    return {family: document(find_family(family)) for family in NAMES}


@pytest.fixture(scope="session")
def jrhsz(documents: dict[str, Document]) -> Document:
    return documents["jrhsz"]


@pytest.fixture(scope="session")
def water(documents: dict[str, Document]) -> Document:
    return documents["water"]

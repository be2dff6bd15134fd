"""Rows of the energy management API, as the samples show them."""

from typing import Final

from chaobiao._contract.fields import WireField
from chaobiao._wire.codecs import TEXT
from chaobiao._wire.records import codec_of
from chaobiao_mock.serializer import OMITTED, Column, RowSerializer, cell_writer


def _column(field: WireField) -> Column:
    """Write missing text as empty text, and leave out other cells without a value."""
    return Column(field.name, cell_writer(field, "datetime"), "" if codec_of(field) is TEXT else OMITTED)


#: Writes a record as an object.
serialize: Final = RowSerializer(_column)

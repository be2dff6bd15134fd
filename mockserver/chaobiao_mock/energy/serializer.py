"""Rows of the energy management API, as the samples show them."""

from typing import Final

from chaobiao._contract.fields import WireField
from chaobiao._wire.records import Document, Documents, codec_of
from chaobiao_mock.serializer import OMITTED, Column, RowSerializer, cell_writer


def _column(field: WireField) -> Column:
    """Write a value that is missing as empty text where values are text, and else leave it out, as the samples do."""
    codec = codec_of(field)
    if isinstance(codec, Documents):
        return Column(field.name, lambda rows: [*map(serialize, rows)])
    if isinstance(codec, Document):
        return Column(field.name, lambda row: serialize(row))
    return Column(field.name, cell_writer(field, "datetime"), "" if codec.scalar and not field.number else OMITTED)


#: Writes a record as an object.
serialize: Final = RowSerializer(_column)

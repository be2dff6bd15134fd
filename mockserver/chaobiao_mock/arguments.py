"""Errors about the arguments of a request, worded with the vendor's names."""

from chaobiao._contract.family import Kind
from chaobiao._contract.fields import fields_of
from chaobiao.errors import InvalidArgument


def in_wire_names(operation: Kind, error: InvalidArgument) -> tuple[str, str]:
    """Return the error's text in English and Chinese, in which arguments have the names of the request."""
    names = {field.python_name: field.name for field in fields_of(operation)}
    return error.worded(lambda name: names.get(name, name))

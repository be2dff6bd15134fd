"""What is wrong with a request, in the vendor's names."""

from chaobiao._contract.family import Kind
from chaobiao._contract.fields import fields_of
from chaobiao.errors import InvalidArgument


def in_wire_names(operation: Kind, error: InvalidArgument) -> tuple[str, str]:
    """Word an error in English and Chinese, with the arguments under the names that a request gives them."""
    names = {field.python_name: field.name for field in fields_of(operation)}
    return error.worded(lambda name: names.get(name, name))

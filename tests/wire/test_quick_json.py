"""With msgspec installed, JSON is read faster, and the result is the same for every text.

The texts are documents of every shape, and the same documents with bytes changed, inserted, removed and repeated.
"""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chaobiao._wire import json_text, quick_json
from chaobiao._wire.json_text import MalformedJson, parse_json
from chaobiao._wire.quick_json import DOUBT, quick_parser

quick: Any = quick_parser()

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text()
    | st.sampled_from(['":', '\\":', "{", "\\"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3) | st.sampled_from(["a", '":', "b\\"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A JSON document, as compact or spaced, escaped or raw text, with up to three places changed."""
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,", "\t:\r\n")]))
    text = bytearray(
        json.dumps(draw(values), ensure_ascii=draw(st.booleans()), separators=separators).encode(
            "utf-8", "surrogatepass"
        )
    )
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(text)))
        end = draw(st.integers(begin, len(text)))
        match draw(st.sampled_from(["remove", "repeat", "insert"])):
            case "remove":
                del text[begin:end]
            case "repeat":
                text[begin:begin] = text[begin:end] + draw(st.sampled_from([b"", b","]))
            case _:
                text[begin:begin] = draw(
                    st.binary(max_size=2)
                    | st.sampled_from([b'"a":1,', b'"a" :1,', b'"\\u0061":2,', b"\\", b'"', b"1e400", b"-0"])
                )
    return bytes(text)


def strictly(text: bytes | str) -> Any:
    """What the strict reader returns, or the message of its error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "_QUICK", None)
        try:
            return repr(parse_json(text))
        except MalformedJson as error:
            return error.args


@given(documents())
@settings(max_examples=1500)
@example(b'{"a":1,"a":1}')
@example(b'{"a":1,"a" :2}')
@example(b'{"a\\\\":1,"a\\\\":2}')
@example(b'{"a":"\\":","a":2}')
@example(b'{"a":{"b":1},"a":{"b":1}}')
@example(b'[{"a":"{","a":"{"}]')
@example(b'{"x\\\\":1,"a":1,"a":2}')
@example(b"1e99999999999999999999")
@example(b"1" * 5000)
@example(b"[" * 900 + b"]" * 900)
def test_the_quick_reader_agrees_with_the_strict_one(text: bytes) -> None:
    """Whatever msgspec is trusted with, the strict reader reads to the same value."""
    found = quick(text)
    assert found is DOUBT or repr(found) == strictly(text)


@pytest.mark.parametrize(
    "text",
    [
        b'{"code":200,"data":[{"tableNo":"1","gate":"\xe8\xb7\xb3\xe9\x97\xb8"},{"tableNo":"2","gate":null}]}',
        b'{ "code" : 200,\r\n "data" : [ { "reading" : 5.50 , "readTime" : "2023-04-22 10:31:53" } ] }',
        b'{"data":"[{\\"tableNo\\":\\"1\\"},{\\"tableNo\\":\\"{2}\\"}]","totalCount":2}',
        '{"data":"[{\\"tableNo\\": \\"1\\"}]"}',
        b'{"a":"\\u4e2d","path":"\\/x"}',
    ],
)
def test_documents_without_repeated_keys_are_read_quickly(text: bytes | str) -> None:
    """Compact, spaced, escaped and encoded documents do not need the strict reader."""
    found = quick(text)
    assert found is not DOUBT
    assert repr(found) == strictly(text)


@pytest.mark.parametrize("text", [b'{"a":1,"a":2}', b'{"a":1,"a" :2}', b'[{"a":1,"\\u0061":2}]', b'{"a":{},"a":{}}'])
def test_repeated_keys_are_left_to_the_strict_reader(text: bytes) -> None:
    """A repeated key is never dropped in silence."""
    assert quick(text) is DOUBT


def test_without_msgspec_everything_is_read_strictly() -> None:
    """A plain installation has no quick reader, and reads the same."""
    code = """
import sys
sys.modules["msgspec"] = None
from chaobiao._wire.json_text import parse_json
from chaobiao._wire.quick_json import quick_parser
assert quick_parser() is None
print(parse_json('{"a": [1, 2.50]}'))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "{'a': [1, Decimal('2.50')]}\n"


def test_the_client_uses_the_quick_reader() -> None:
    """With msgspec installed, responses go through it."""
    assert json_text._QUICK is not None
    assert quick_json.quick_parser() is not None

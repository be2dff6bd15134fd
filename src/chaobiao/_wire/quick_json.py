"""JSON by msgspec (extra ``fast``), where its result is certain to be that of the strict reader.

msgspec drops all but the last of repeated keys without a word. That no key repeats is proved from counts, which is far
cheaper than to compare all keys.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

#: Returned where the strict reader must decide.
DOUBT: Final = object()

_WHITESPACE: Final = (b" ", b"\t", b"\r", b"\n")


def quick_parser() -> Callable[[str | bytes], Any] | None:
    """Return a function that parses JSON or returns ``DOUBT``; ``None`` where msgspec is not installed."""
    try:
        import msgspec
    except ImportError:
        return None
    decode = msgspec.json.Decoder(float_hook=Decimal).decode
    encode = msgspec.json.Encoder().encode

    def parse(text: str | bytes) -> Any:
        try:
            found = decode(text)
            whole = text.encode() if isinstance(text, str) else text
            # Text that is exactly what msgspec would write itself repeats no key either.
            if encode(found) == whole or _no_key_repeats(whole, found):
                return found
        except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError):
            pass  # the strict reader reads it, or says what is wrong
        return DOUBT

    return parse


def _no_key_repeats(text: bytes, value: Any) -> bool:
    """Tell whether the counts prove that no key repeats; ``value`` is what the text was decoded to.

    Each key in the text ends with a quote and is followed, whitespace aside, by a colon. Within a string the same pair
    has a backslash before it. So the text has as many keys as pairs without one, and the value has fewer if the
    decoder dropped any.
    """
    compact = text.translate(None, b"".join(_WHITESPACE)) if any(space in text for space in _WHITESPACE) else text
    pairs = compact.count(b'":')
    if b"\\" in compact:
        if b"\\\\" in compact:  # the quote after it may end a string or not
            return False
        pairs -= compact.count(b'\\":')
    return pairs == _count_keys(value, text.count(b"{"))


def _count_keys(value: Any, braces: int) -> int:
    """Count the keys of all objects. A text has as many opening braces as objects, or more: some may be in strings."""
    objects = keys = 0
    level = [value]
    while level:
        found: list[dict[str, Any]] = [part for part in level if part.__class__ is dict]
        objects += len(found)
        keys += sum(map(len, found))
        if objects == braces:
            break
        inner: list[Iterable[Any]] = [part for part in level if part.__class__ is list]
        inner += [part.values() for part in found]
        level = [part for parts in inner for part in parts if part.__class__ is dict or part.__class__ is list]
    return keys

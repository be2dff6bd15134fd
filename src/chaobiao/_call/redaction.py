"""Strike secrets out of a server's words: servers echo what they were sent."""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, quote_plus

from chaobiao._contract.secret import Secret

STRUCK: Final = "***"
#: What may be base64, a token or a part of one.
_ENCODED: Final = re.compile(r"[A-Za-z0-9+/_=-]{12,}")


def strike_out(words: str, secrets: Iterable[Secret]) -> str:
    """Return the words with every spelling of the secrets replaced.

    Spellings are the plain one, JSON's (with and without escapes of other scripts and of slashes) and URLs' escapes, a
    part of a secret from twelve characters on, and base64 of anything that has a secret in it: a token is base64 of the
    password, and may come cut short or newer than the one that was sent.
    """
    spellings: set[str] = set()
    for secret in secrets:
        plain = secret.reveal()
        written = {plain, json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1]}
        spellings |= written | {each.replace("/", "\\/") for each in written}
        spellings |= {quote(plain), quote(plain, safe=""), quote_plus(plain)}
    spellings.discard("")
    for spelling in sorted(spellings, key=len, reverse=True):
        words = words.replace(spelling, STRUCK)
    # PHP writes a slash with a backslash before it; base64 has slashes.
    unescaped = words.replace("\\/", "/")
    found = [spelling.encode("utf-8", "replace") for spelling in spellings]
    if any(_holds(match[0], spellings, found) for match in _ENCODED.finditer(unescaped)):
        words = _ENCODED.sub(lambda m: STRUCK if _holds(m[0], spellings, found) else m[0], unescaped)
    return words


def _holds(text: str, spellings: set[str], encoded: list[bytes]) -> bool:
    """Tell whether a run of characters is a part of a secret, or base64 of something that has one in it."""
    part = text.rstrip("=")
    if any(part in spelling for spelling in spellings):
        return True
    text = text.replace("-", "+").replace("_", "/").replace("=", "")
    for start in range(4):  # what stands before it, or a cut, may have put it out of step
        part = text[start:]
        try:
            decoded = base64.b64decode(part[: len(part) // 4 * 4])
        except binascii.Error:
            continue
        if any(secret in decoded for secret in encoded):
            return True
    return False

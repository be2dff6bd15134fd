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
_ENCODED: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}")


def strike_out(words: str, secrets: Iterable[Secret]) -> str:
    """Answer the words with every spelling of the secrets replaced.

    Spellings are the plain one, JSON's and URLs' escapes, and base64 of anything that has a secret in it: a token is
    base64 of the password, and may come cut short or newer than the one that was sent.
    """
    spellings: set[str] = set()
    for secret in secrets:
        plain = secret.reveal()
        spellings |= {plain, json.dumps(plain)[1:-1], quote(plain), quote(plain, safe=""), quote_plus(plain)}
    spellings.discard("")
    for spelling in sorted(spellings, key=len, reverse=True):
        words = words.replace(spelling, STRUCK)
    found = [spelling.encode("utf-8", "replace") for spelling in spellings]
    return _ENCODED.sub(lambda match: STRUCK if _holds(match[0], found) else match[0], words)


def _holds(text: str, secrets: list[bytes]) -> bool:
    text = text.replace("-", "+").replace("_", "/")
    for start in range(4):  # what stands before it, or a cut, may have put it out of step
        part = text[start:]
        try:
            decoded = base64.b64decode(part[: len(part) // 4 * 4])
        except binascii.Error:
            continue
        if any(secret in decoded for secret in secrets):
            return True
    return False

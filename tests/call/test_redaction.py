"""Secrets in a server's words are struck out, however they are written there."""

import base64

import pytest

from chaobiao._call.redaction import STRUCK, strike_out
from chaobiao._contract.secret import Secret

PASSWORD = "canary-password"
TOKEN = base64.b64encode(f'{{"admin_user_name":"khcs","api_password":"{PASSWORD}","time":1}}'.encode()).decode()


@pytest.mark.parametrize("before", ["", "t", "_", "old_token_", "/cache/", "ab/"])
@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_a_token_is_struck_out_wherever_it_begins(before: str, cut: int) -> None:
    """A token that is joined to other text, or lacks its beginning, still holds the password and is struck out."""
    struck = strike_out(f"refused: {before}{TOKEN[cut:]} (1007)", [Secret(PASSWORD)])
    assert TOKEN[8:40] not in struck
    assert STRUCK in struck


def test_other_words_are_kept() -> None:
    """Long words that hold no secret are kept."""
    words = "abcdefghijklmnopqrstuvwxyz0123456789 失败"
    assert strike_out(words, [Secret(PASSWORD)]) == words


def test_of_a_secret_that_begins_with_another_nothing_is_left() -> None:
    """The longest spelling is struck out first, or the rest of it would stay."""
    secrets = [Secret("pass"), Secret("passport-7")]
    assert strike_out("no passport-7, no pass", secrets) == f"no {STRUCK}, no {STRUCK}"

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


@pytest.mark.parametrize("length", [12, 20, 40])
def test_a_part_of_a_token_is_struck_out(length: int) -> None:
    """A token that was cut short, and is no base64 of the password, is a part of a secret all the same."""
    token = "opaque-0123456789-abcdefghijklmnop-QRSTUVWXYZ"
    struck = strike_out(f"refused {token[:length]}…", [Secret(token)])
    assert struck == f"refused {STRUCK}…"


def test_escaped_slashes_hide_no_token() -> None:
    """A token in base64 with slashes, which PHP writes with backslashes before them, is found."""
    token = base64.b64encode(f"???>>>???{PASSWORD}".encode()).decode()
    assert "/" in token
    struck = strike_out(f"refused {token}".replace("/", "\\/"), [Secret(PASSWORD)])
    assert struck == f"refused {STRUCK}"


@pytest.mark.parametrize("written", [r"ab\/中", r"ab/\u4e2d", r"ab\/\u4e2d", "ab/%E4%B8%AD", "ab%2F%E4%B8%AD"])
def test_every_spelling_of_a_short_secret_is_struck_out(written: str) -> None:
    """JSON's and URLs' escapes of a secret that is too short for a token hide nothing."""
    assert strike_out(f"no {written}!", [Secret("ab/中")]) == f"no {STRUCK}!"


def test_json_with_other_scripts_and_quotes_hides_no_secret() -> None:
    """JSON may escape quotes alone, and leave Chinese characters as they are."""
    assert strike_out(r"no 中\"x!", [Secret('中"x')]) == f"no {STRUCK}!"


@pytest.mark.parametrize("written", ["a%20b/c", "a%20b%2Fc", "a+b%2Fc"])
def test_each_of_urls_escapes_is_struck_out(written: str) -> None:
    """A path, a part of a path and a form write a secret with a space and a slash in three ways."""
    assert strike_out(f"no {written}!", [Secret("a b/c")]) == f"no {STRUCK}!"


def test_eleven_characters_are_not_taken_for_a_part() -> None:
    """Words of up to eleven characters are kept, though a secret has them in it."""
    assert strike_out("no transaction!", [Secret("transactions-4711")]) == "no transaction!"

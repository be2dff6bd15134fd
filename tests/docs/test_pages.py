"""The documentation names what exists, and all of it."""

import re
import shlex
from collections.abc import Iterator
from typing import Any, get_args

import attrs
import httpx
import pytest

from chaobiao._families import NAMES
from chaobiao._families import family as find_family
from chaobiao_mock import MockServer
from chaobiao_mock.commands import NAMES as COMMANDS
from chaobiao_mock.commands import make_parser, parse_line
from chaobiao_mock.quirks import parse_family_quirks
from chaobiao_mock.registry import mock_families
from tests.docs.pages import DOCS, PAGES, blocks_of, name_of

AMBIGUITIES, AMBIGUITIES_ZH = (
    (DOCS / page).read_text(encoding="utf-8") for page in ("ambiguities.md", "zh/ambiguities.md")
)
TESTING, TESTING_ZH = (
    (DOCS / page).read_text(encoding="utf-8") for page in ("testing-with-the-mock.md", "zh/testing-with-the-mock.md")
)


def _quirks() -> dict[str, type[Any]]:
    """The classes of the mock's quirks, by family."""
    return {family.name: family.quirks for family in mock_families()}


def _commands(program: str) -> list[Any]:
    """Return the calls of a program in console blocks, by their arguments."""
    return list(_calls(program))


def _calls(program: str) -> Iterator[Any]:
    for page in PAGES:
        for block in blocks_of(page):
            for line in block.text.splitlines() if block.language == "console" else ():
                words = line.split(" & ")[0].removeprefix("$ ")
                if words == program or words.startswith(f"{program} "):
                    yield pytest.param(shlex.split(words)[1:], id=f"{name_of(page)}: {words}")


@pytest.mark.parametrize("text", [AMBIGUITIES, AMBIGUITIES_ZH], ids=["English", "Chinese"])
@pytest.mark.parametrize("family", NAMES)
def test_every_quirk_is_explained_with_its_values(family: str, text: str) -> None:
    """Each quirk of the mock is explained on the page of ambiguities, with each of its values."""
    quirks = _quirks()[family]
    for field in attrs.fields(quirks):
        explained = [words for words in text.split("\n\n") if f"`{quirks.__name__}.{field.name}`" in words]
        missing = [value for value in get_args(field.type) if not any(f"`{value}`" in words for words in explained)]
        assert not missing, f"{quirks.__name__}.{field.name}"


@pytest.mark.parametrize("text", [AMBIGUITIES, AMBIGUITIES_ZH], ids=["English", "Chinese"])
@pytest.mark.parametrize("family", NAMES)
def test_every_switch_is_explained(family: str, text: str) -> None:
    """Each switch of a dialect is explained there too, as it is written in code."""
    dialect: Any = find_family(family).dialect
    for field in attrs.fields(dialect):
        assert re.search(rf"{dialect.__name__}\([^)]*\b{field.name}=", text), field.name


def test_every_point_names_tests_that_there_are() -> None:
    """Each numbered point on that page names the tests that check it, and the test suite has them."""
    suite = "".join(path.read_text(encoding="utf-8") for path in DOCS.parent.glob("tests/*/test_*.py"))
    points = re.split(r"^### ", AMBIGUITIES, flags=re.MULTILINE)[1:]
    assert len(points) == 28 + 11 + 48
    for point in points:
        named = re.findall(r"`(test_\w+)(…?)`", point)
        assert named, point
        for name, prefix in named:
            assert f"def {name}{'' if prefix else '('}" in suite, name


def test_both_languages_have_the_same_points() -> None:
    """The Chinese page of ambiguities has each point, with the same tests, quirks and switches."""

    def facts(text: str) -> list[list[str]]:
        pattern = r"`(test_\w+|\w+Quirks\.\w+|\w+Dialect\([^`]*)"
        return [re.findall(pattern, point) for point in re.split(r"^### ", text, flags=re.MULTILINE)]

    assert facts(AMBIGUITIES_ZH) == facts(AMBIGUITIES)


@pytest.mark.parametrize("arguments", _commands("chaobiao-mock"))
def test_commands_are_understood(arguments: list[str]) -> None:
    """Every call of chaobiao-mock on a page is accepted by the command line, and its quirks exist."""
    _, options = parse_line(arguments)
    parse_family_quirks(_quirks(), getattr(options, "quirk", ()))


def test_every_option_of_the_command_is_explained() -> None:
    """The page about the mock names each option of its command line."""
    actions = [action for name in (None, *COMMANDS) for action in make_parser(name)._actions]
    for action in actions:
        for name in action.option_strings:
            assert name in ("-h", "--help") or all(f"`{name}`" in text for text in (TESTING, TESTING_ZH)), name


@pytest.mark.parametrize("arguments", _commands("curl"))
def test_requests_succeed(arguments: list[str]) -> None:
    """The mock responds with success to every curl command on a page."""
    body = arguments[arguments.index("-d") + 1] if "-d" in arguments else None
    method = arguments[arguments.index("-X") + 1] if "-X" in arguments else "POST" if body else "GET"
    [url] = [argument for argument in arguments if argument.startswith("http://")]
    with MockServer() as server, httpx.Client(verify=False) as http:  # plain http: no certificates to load
        response = http.request(method, url.replace("http://127.0.0.1:8765", server.url), content=body)
    assert response.status_code == 200, response.text

"""A headless Chromium, and pages of the mock in it. Without Chromium these tests fail: they are never skipped."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from chaobiao_mock import MockServer, World, WorldSettings

_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: How long a page may take to show something, in milliseconds.
PATIENCE = 15_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of all tests."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail(f"install one of {', '.join(_NAMES)}, such as Debian's package chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def server() -> Iterator[MockServer]:
    """A mock with a world of 40 meters; its clock runs."""
    with MockServer(World(WorldSettings(meters=40, start=datetime(2026, 5, 6, 9, 30)))) as running:
        yield running


@pytest.fixture
def world(server: MockServer) -> World:
    """The world at the root."""
    return server.world


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make a browser's session: its language, colour scheme and size."""
    made: list[BrowserContext] = []

    def make(locale: str = "en-US", width: int = 1440, **settings: Any) -> BrowserContext:
        made.append(browser.new_context(locale=locale, viewport={"width": width, "height": 1000}, **settings))
        made[-1].set_default_timeout(PATIENCE)
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def console() -> list[str]:
    """The errors that consoles show; a test that expects some removes them."""
    return []


@pytest.fixture
def open_page(
    server: MockServer, context: Callable[..., BrowserContext], console: list[str]
) -> Iterator[Callable[..., Page]]:
    """Open the page of a world, and wait until it is complete. At the end, no console may show an error."""

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            console.append(message.text)

    def make(path: str = "/", **settings: Any) -> Page:
        page = context(**settings).new_page()
        page.on("pageerror", lambda error: console.append(str(error)))
        page.on("console", note)
        page.goto(server.url + path)
        page.wait_for_selector("#live.live")
        page.wait_for_selector("#meters tbody tr")
        return page

    yield make
    assert console == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """The page of the world at the root, in English."""
    return open_page()

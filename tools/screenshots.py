"""Take the pictures of the mock's page for the documentation: ``python tools/screenshots.py FOLDER``.

It needs Chromium, a font for Chinese, and playwright. The world, its time and its calls are the same each time.
"""

import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from chaobiao import EnergyManager, Jrhsz, OutcomeUnknown, VirtualClock, WaterQuery
from chaobiao_mock import Fault, MockServer, World, WorldSettings

START = datetime(2026, 5, 6, 9, 30)
HEIGHT = 1_000
#: Name, language, colour scheme, width, and whether the whole page is taken.
PICTURES = (
    ("mock-page-en", "en-US", "light", 1_440, True),
    ("mock-page-zh", "zh-CN", "light", 1_440, True),
    ("mock-page-dark-en", "en-US", "dark", 1_440, False),
    ("mock-page-dark-zh", "zh-CN", "dark", 1_440, False),
    ("mock-page-phone-en", "en-US", "light", 390, False),
    ("mock-page-phone-zh", "zh-CN", "dark", 390, False),
)


def main(folder: Path) -> int:
    found = shutil.which("chromium")
    if found is None:
        print("install chromium first")
        return 1
    clock = VirtualClock()
    world = World(WorldSettings(start=START, rate=1.0), clock=clock)
    with MockServer(world, port=8765) as server, sync_playwright() as playwright:
        live(server, clock)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for picture in PICTURES:
            take(browser, server.url, folder, *picture)
        browser.close()
    return 0


def live(server: MockServer, clock: VirtualClock) -> None:
    """Let programs use the mock: well-behaved ones, one that is too fast, and one that pays twice."""
    httpx.post(f"{server.url}/__mock__/worlds", json={"name": "team-a", "meters": 40})
    options = {"base_url": server.url, "clock": clock}
    with (
        Jrhsz("khcs", "123456", **options) as client,
        EnergyManager("zhangwei", "Energy2019", **options) as manager,
        WaterQuery(**options) as water,
    ):
        client.buildings.list().collect()
        client.meters.list(page_size=50).collect()
        manager.machines.list().collect()
        water.flows.list(page_size=100).collect()
        client.recharges.create("ceshi1", amount=100, order_number="WX-20260506-0001")
        server.world.faults.add(Fault("recharges.create", "cut", phase="after_commit"))
        server.world.faults.add(Fault("jrhsz:meters.list", "latency", seconds=3, times=100, probability=0.1))
        try:
            client.recharges.create("2026000003", amount=50, order_number="WX-20260506-0002")
        except OutcomeUnknown:
            client.recharges.create("2026000003", amount=50, order_number="WX-20260506-0003")
        clock.advance(6)
        client.meters.latest_readings().collect()
        hasty(server, clock)
        client.recharges.create("2026000004", amount=200, order_number="WX-20260506-0004")
        client.residents.get("ceshi1")
        clock.advance(1)


def hasty(server: MockServer, clock: VirtualClock) -> None:
    """Call an endpoint again before its interval has passed, as a program without pacing does."""
    account = {"admin_user_name": "recharge-only", "api_password": "123456"}
    token = httpx.post(f"{server.url}/user/login", json=account).json()["data"]
    for _ in range(6):
        httpx.post(f"{server.url}/user/getBuildCode", json={**account, "token": token})
        clock.advance(0.9)


def take(
    browser: Browser, url: str, folder: Path, name: str, locale: str, scheme: str, width: int, is_whole: bool
) -> None:
    """Take one picture, and save it with 256 colours: a page has few."""
    context = browser.new_context(
        locale=locale, color_scheme=scheme, viewport={"width": width, "height": HEIGHT}, device_scale_factor=1.5
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("#live.live")
    if is_whole:
        choose(page)
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(0, 0)
    with TemporaryDirectory() as temporary:
        path = Path(temporary) / "page.png"
        page.screenshot(path=path, full_page=is_whole)
        with Image.open(path) as picture:
            picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE).save(folder / f"{name}.png", optimize=True)
    print(folder / f"{name}.png")
    context.close()


def choose(page: Page) -> None:
    """Open an example, a curve and a call."""
    wait: Callable[[str], object] = page.wait_for_selector
    page.click('[data-example="jrhsz/khcs/python"]')
    page.click('#meters tbody tr[data-row="202600000000"]')
    wait("#curve path.trace")
    page.locator("#journal tbody tr", has_text="1011").first.click()
    wait("#answer")
    page.evaluate("document.activeElement.blur()")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

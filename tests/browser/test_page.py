"""The mock's page in a real browser: what it shows, what its buttons do, and how it looks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from chaobiao import EnergyManager, Jrhsz, OutcomeUnknown
from chaobiao_mock import Fault, MockServer, World

BRIGHTNESS = """() => {
    const colours = getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number);
    return Math.max(...colours);
}"""
LANGUAGES = pytest.mark.parametrize(("locale", "heading"), [("en-US", "Recharges"), ("zh-CN", "充值台账")])


def client_of(server: MockServer, path: str = "") -> Jrhsz:
    """Return a client of a world."""
    return Jrhsz("khcs", "123456", base_url=server.url + path)


@LANGUAGES
def test_it_speaks_the_language_of_the_browser(open_page: Callable[..., Page], locale: str, heading: str) -> None:
    """All parts have their heading in the browser's language, nothing is left unnamed, and the console is silent."""
    page = open_page(locale=locale)
    expect(page.locator("#ledger h2")).to_contain_text(heading)
    assert page.locator("html").get_attribute("lang") == locale.replace("-US", "")
    assert all(text.strip() for text in page.locator("h2, th:not(:empty), button").all_inner_texts())
    other = {"Recharges": "充值台账", "充值台账": "Recharges"}[heading]
    page.click("#language")
    expect(page.locator("#ledger h2")).to_contain_text(other)
    page.reload()
    expect(page.locator("#ledger h2")).to_contain_text(other)


def test_the_clock_is_moved_and_frozen(page: Page, world: World) -> None:
    """The buttons move the world's time by what they say, freeze it and let it run, and the page shows the time."""
    page.click("#freeze")
    expect(page.locator("#rate-now")).to_have_text("frozen")
    before = world.clock.monotonic()
    for label, seconds in (("+2 s", 2), ("+2 h", 7_200), ("+1 day", 86_400)):
        moved = world.clock.now() + timedelta(seconds=seconds)  # from before the click, which takes its time
        page.get_by_role("button", name=label).click()
        before += seconds
        expect(page.locator("#now")).to_have_text(f"{moved:%Y-%m-%d %H:%M:%S}")
        assert world.clock.monotonic() == pytest.approx(before)
    page.select_option("#rate", "60")
    expect(page.locator("#rate-now")).to_have_text("×60")
    assert world.clock.rate == 60


def test_time_that_moves_elsewhere_is_shown(page: Page, world: World) -> None:
    """Another program freezes and moves the clock, and the page follows."""
    world.clock.freeze()
    world.clock.advance(86_400 * 30)
    expect(page.locator("#now")).to_have_text(f"{world.clock.now():%Y-%m-%d %H:%M:%S}")


def test_a_recharge_appears_without_reload(page: Page, server: MockServer) -> None:
    """It is in the ledger, in the journal and in the balance of the meter."""
    row = page.locator("#meters tbody tr", has_text="ceshi1")
    expect(row).to_contain_text("¥ 0.00")
    with client_of(server) as client:
        client.recharges.create("ceshi1", amount=50, order_number="A-1")
    expect(page.locator("#ledger tbody tr")).to_contain_text(["A-1"])
    expect(page.locator("#ledger tbody tr")).to_contain_text(["booked"])
    expect(page.locator("#journal tbody tr").first).to_contain_text("recharges.create")
    expect(row).to_contain_text("¥ 50.00")
    expect(page.locator("#ledger tr.bad")).to_have_count(0)


def test_a_double_spend_is_red(page: Page, world: World, server: MockServer) -> None:
    """A payment whose response was lost, and that is made again, is marked with the call that it repeats."""
    world.faults.add(Fault("recharges.create", "cut", phase="after_commit"))
    with client_of(server) as client:
        with pytest.raises(OutcomeUnknown):
            client.recharges.create("ceshi1", amount=50, order_number="A-1")
        client.recharges.create("ceshi1", amount=50, order_number="A-2")
    marked = page.locator("#ledger tr.bad")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("A-2")
    first = world.journal.of("recharges.create")[0].number
    expect(marked).to_contain_text(f"first: #{first}")
    red, green, blue = (
        int(part)
        for part in page.evaluate(
            "getComputedStyle(document.querySelector('#ledger tr.bad td')).color.match(/[0-9]+/g).slice(0, 3)"
        )
    )
    assert red > 2 * max(green, blue)


def test_a_fault_of_the_form_hits_the_next_call(page: Page, world: World, server: MockServer) -> None:
    """The form adds a fault, the next call meets it, the list counts it, and it can be removed there."""
    page.select_option("#faults [name=operation]", "jrhsz:buildings.list")
    page.select_option("#faults [name=kind]", "status")
    page.fill("#faults [name=status]", "503")
    page.fill("#faults [name=times]", "2")
    page.get_by_role("button", name="Add fault").click()
    row = page.locator("#faults tbody tr")
    expect(row).to_contain_text("0 / 2")
    with client_of(server) as client:
        client.buildings.list().collect()
    assert [entry.fault for entry in world.journal.of("buildings.list")] == ["status", "status", None]
    expect(row).to_contain_text("2 / 2")
    row.get_by_role("button").click()
    expect(row).to_have_count(0)
    assert [*world.faults] == []


def test_a_wrong_fault_is_explained_in_the_form(page: Page, world: World, console: list[str]) -> None:
    """The reason is shown beside the form, and no fault is added."""
    page.fill("#faults [name=probability]", "0.5")
    page.select_option("#faults [name=kind]", "status")
    page.fill("#faults [name=status]", "99")
    page.get_by_role("button", name="Add fault").click()
    expect(page.locator("#faults .error")).to_contain_text("status must be")
    assert "400" in console.pop()
    assert [*world.faults] == []


def test_worlds_are_made_and_switched(page: Page, server: MockServer) -> None:
    """A world of the form has a page of its own, where only its calls appear; the list leads back."""
    page.click("#new-world")
    page.fill("#world-form [name=name]", "other")
    page.fill("#world-form [name=meters]", "4")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/w/other/")
    expect(page.locator("#meter-count")).to_have_text("12 / 12")
    with client_of(server, "/w/other") as client:
        client.buildings.list().collect()
    expect(page.locator("#journal tbody tr")).to_have_count(2)
    page.select_option("#worlds", "default")
    page.wait_for_url(server.url + "/")
    expect(page.locator("#meter-count")).to_have_text("48 / 48")
    expect(page.locator("#journal .empty")).to_have_count(1)
    assert page.locator("#worlds option").all_inner_texts() == ["default", "other"]
    page.select_option("#worlds", "other")
    page.wait_for_url("**/w/other/")
    page.click("#delete-world")
    page.wait_for_url(server.url + "/")
    expect(page.locator("#worlds option")).to_have_text(["default"])


def test_a_reset_empties_the_page(page: Page, server: MockServer) -> None:
    """The calls and recharges of before are gone, on this page and on others of the world."""
    with client_of(server) as client:
        client.recharges.create("ceshi1", amount=50, order_number="A-1")
    expect(page.locator("#ledger tbody tr")).to_have_count(1)
    page.click("#reset")
    expect(page.locator("#ledger .empty")).to_have_count(1)
    expect(page.locator("#journal .empty")).to_have_count(1)
    expect(page.locator("#meters tbody tr", has_text="ceshi1")).to_contain_text("¥ 0.00")


def test_meters_are_found_and_show_their_curve(page: Page, server: MockServer) -> None:
    """A part of the number finds a meter, and a click shows its readings over time; each family has its meters."""
    page.fill("#search", "00000007")
    row = page.locator("#meters tbody tr")
    expect(row).to_have_count(1)
    row.click()
    expect(page.locator("#curve")).to_contain_text("202600000007")
    expect(page.locator("#curve path.trace")).to_have_count(1)
    page.get_by_role("button", name="7 days").click()
    expect(page.locator("#curve svg")).to_contain_text("05-06")
    page.fill("#search", "")
    for family, text in (("water", "230000000000"), ("energy", "织机001电表")):
        page.locator("#meter-families").get_by_role("button", name=family).click()
        page.locator("#meters tbody tr", has_text=text).first.click()
        expect(page.locator("#curve path.trace")).to_have_count(1)


def test_a_call_that_came_too_fast_is_marked(page: Page, server: MockServer) -> None:
    """It is a red cross in the lane of its account and endpoint, and its reason is in the journal."""
    for _ in range(2):
        page.request.post(server.url + "/user/login", data={"admin_user_name": "khcs", "api_password": "123456"})
    expect(page.locator("#timeline .too-fast")).to_have_count(1)
    expect(page.locator("#timeline rect.wait").first).to_be_attached()
    expect(page.locator("#journal tbody tr").first).to_contain_text("called too fast")
    page.click("#only-refused")
    expect(page.locator("#journal tbody tr")).to_have_count(1)


def test_a_call_is_shown_with_its_request_and_answer(page: Page, server: MockServer) -> None:
    """A click on a call shows arguments, response, reason and violations; the filter narrows the list."""
    page.request.post(server.url + "/user/getBuildCode", data={"token": "x", "surprise": 1})
    with client_of(server) as client:
        client.buildings.list().collect()
    page.fill("#filter", "1008")
    expect(page.locator("#journal tbody tr")).to_have_count(1)
    page.locator("#journal tbody tr").press("Enter")
    expect(page.locator("#arguments")).to_contain_text("surprise")
    expect(page.locator("#answer")).to_contain_text("1008")
    expect(page.locator("#call")).to_contain_text("Contract violations")


def test_sessions_show_their_age_and_no_secret(page: Page, server: MockServer) -> None:
    """Logins of both kinds are listed; no token and no cookie is anywhere on the page or in what it loads."""
    loaded: list[str] = []
    page.on("response", lambda response: loaded.append(response.text()) if "events" not in response.url else None)
    with client_of(server) as client:
        client.buildings.list().collect()
    with EnergyManager("zhangwei", "Energy2019", base_url=server.url) as manager:
        manager.machines.list().collect()
    expect(page.locator("#sessions tbody tr")).to_have_count(2)
    expect(page.locator("#sessions")).to_contain_text("1 h 59 min")
    expect(page.locator("#sessions")).to_contain_text("until logout")
    secrets = [*server.world.states["jrhsz"].accounts._tokens, *server.world.states["energy"].accounts._sessions]
    assert len(secrets) == 2
    for text in [page.content(), *loaded]:
        assert not any(secret in text for secret in secrets)


def test_energy_is_shown_by_machine_and_kind(page: Page) -> None:
    """The largest consumer has the longest bar, and a click chooses another kind of energy."""
    widths = page.evaluate("[...document.querySelectorAll('#energy .bar i')].map((bar) => bar.clientWidth)")
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > widths[-1] > 0
    expect(page.locator("#energy .bar").last).to_contain_text("kWh")
    page.locator("#kinds").get_by_role("button", name="natural gas").click()
    expect(page.locator("#energy .bar").last).to_contain_text("m³")


@LANGUAGES
def test_a_phone_needs_no_horizontal_scrolling(open_page: Callable[..., Page], locale: str, heading: str) -> None:
    """At the width of a phone nothing but tables scrolls sideways, also with calls and a curve on the page."""
    page = open_page(locale=locale, width=360)
    page.request.post(page.url + "user/login", data={"admin_user_name": "khcs", "api_password": "123456"})
    page.locator("#meters tbody tr").nth(8).click()
    expect(page.locator("#curve svg")).to_be_visible()
    expect(page.locator("#timeline svg[role=img]")).to_be_visible()
    page.locator("#journal tbody tr").first.click()
    page.locator("#accounts button").first.click()
    expect(page.locator("#answer")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("h2", has_text=heading).is_visible()


@pytest.mark.parametrize("preferred", ["light", "dark"])
def test_it_is_light_or_dark(open_page: Callable[..., Page], preferred: str) -> None:
    """It follows the system, the switch turns it over, and that is kept."""
    page = open_page(color_scheme=preferred)
    assert (page.evaluate(BRIGHTNESS) < 60) is (preferred == "dark")
    page.click("#theme")
    assert (page.evaluate(BRIGHTNESS) > 200) is (preferred == "dark")
    page.reload()
    assert (page.evaluate(BRIGHTNESS) > 200) is (preferred == "dark")

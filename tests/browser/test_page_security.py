"""The mock's page in a real browser: what clients send stays text, and other pages have no power over the mock."""

import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chaobiao import Jrhsz
from chaobiao_mock import MockServer, World

SCRIPT = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"


def test_what_clients_send_stays_text(page: Page, server: MockServer) -> None:
    """HTML in an account, in arguments and in an order number is shown as it was sent, and nothing of it runs."""
    page.request.post(server.url + "/user/login", data={"admin_user_name": SCRIPT, "api_password": "1"})
    with Jrhsz("khcs", "123456", base_url=server.url) as client:
        client.recharges.create("ceshi1", amount=1, order_number=SCRIPT[:64])
    expect(page.locator("#ledger")).to_contain_text(SCRIPT[:64])
    expect(page.locator("#journal")).to_contain_text(SCRIPT)
    expect(page.locator("#timeline")).to_contain_text(SCRIPT)
    page.locator("#journal tbody tr", has_text="recharges.create").click()
    expect(page.locator("#arguments")).to_contain_text(SCRIPT[:64])
    page.select_option("#faults [name=operation]", "*")
    page.fill("#faults [name=account]", SCRIPT)
    page.get_by_role("button", name="Add fault").click()
    expect(page.locator("#faults tbody")).to_contain_text(SCRIPT)
    assert page.evaluate("window.hacked") is None
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0


def test_its_policy_stops_foreign_scripts(server: MockServer, context: Callable[..., BrowserContext]) -> None:
    """Even HTML that got into the page would not run, nor load anything from elsewhere."""
    page = context().new_page()
    page.goto(server.url)
    found = page.evaluate(
        """async () => {
            const script = document.createElement('script');
            script.textContent = 'window.hacked = 1';
            document.body.append(script);
            const left = await fetch('http://localhost:9/').then(() => 'loaded', () => 'refused');
            return [window.hacked === undefined, left];
        }"""
    )
    assert found == [True, "refused"]


def test_a_page_of_another_origin_has_no_power(
    server: MockServer, world: World, context: Callable[..., BrowserContext]
) -> None:
    """Its requests reach the mock, which refuses them: the clock stays, and no fault is added."""
    with MockServer() as other:
        page = context().new_page()
        page.goto(f"{other.url}/__mock__/health")  # a page without a policy
        for path, body in (
            ("clock", '{"advance": 86400}'),
            ("faults", '{"operation": "*", "kind": "cut"}'),
        ):
            sent = {"method": "POST", "mode": "no-cors", "body": body}
            page.evaluate("([url, sent]) => fetch(url, sent).then(() => 0)", [f"{server.url}/__mock__/{path}", sent])
    assert world.clock.monotonic() < 86_400
    assert [*world.faults] == []


def test_an_open_tab_does_not_hold_the_server(server: MockServer, page: Page) -> None:
    """The server stops at once while a tab listens, and the tab shows that it has lost it."""
    stopped = threading.Event()
    threading.Thread(target=lambda: (server.stop(), stopped.set())).start()
    assert stopped.wait(1.5)  # uvicorn cuts connections off after two seconds
    expect(page.locator("#live.live")).to_have_count(0)
    page.close()


@pytest.fixture
def guarded() -> MockServer:
    """A mock that wants a token."""
    return MockServer(admin_token="letmein")


def test_it_asks_for_the_admin_token(guarded: MockServer, context: Callable[..., BrowserContext]) -> None:
    """Without the token the page shows no data and asks for it; with it, everything works, events too."""
    with guarded:
        page = context().new_page()
        page.goto(guarded.url)
        expect(page.locator("#notice")).to_contain_text("Bearer TOKEN")
        assert page.locator("#meters tbody tr").count() == 0
        page.fill("#token", "letmein")
        page.get_by_role("button", name="Use").click()
        page.wait_for_selector("#live.live")
        expect(page.locator("#meters tbody tr").first).to_be_visible()
        page.close()

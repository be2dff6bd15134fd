"""Sessions of the mock: cookies, users, and what ends a session."""

from typing import Any

import pytest

from chaobiao import (
    AlreadyExists,
    EnergyManager,
    NotFound,
    PermissionRefused,
    UnknownAccount,
    UnreadableResponse,
    WrongPassword,
)
from tests.energy.names import USER
from tests.harness.mock_server import LiveMock

WHO = {"Err_No": "4101", "Err_Msg": "用户未登录"}


def user_names(raw: LiveMock, cookies: dict[str, str]) -> list[str]:
    """Return the name of the user whose session these cookies are; nothing without one."""
    header = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    raw.no_session()
    return [user["Usr_Name"] for user in raw.http("GET", "/api/users", headers=header).json().get("Data", [])]


def test_a_login_returns_the_user_and_sets_a_cookie(raw: LiveMock) -> None:
    """The response is that of the sample; with its cookie, later requests are served."""
    response = raw.log_in()
    assert response.json()["Data"] == [{"Usr_Name": "zhangwei", "Usr_ID": str(USER)}]
    (name,) = response.cookies
    assert "HttpOnly" in response.headers["set-cookie"]
    assert user_names(raw, {name: response.cookies[name]}) == ["zhangwei"]
    assert user_names(raw, {name: "another"}) == []


@pytest.mark.parametrize("method", ["meters.list", "logout", "users.get", "regions.list"])
def test_without_a_session_a_call_is_4101(raw: LiveMock, method: str) -> None:
    """Everything but login and registration needs a session."""
    assert raw.envelope(method) == WHO


def test_several_users_are_logged_in_at_once(raw: LiveMock, energy: EnergyManager) -> None:
    """Each session is its own user's, and ends alone."""
    energy.users.register("liming", password="a-password", email="liming@example.com")
    accounts = ("zhangwei", "Energy2019"), ("liming", "a-password"), ("liming", "a-password")
    sessions = [dict(raw.log_in(*account).cookies) for account in accounts]
    assert [user_names(raw, cookies) for cookies in sessions] == [["zhangwei"], ["liming"], ["liming"]]
    header = {"cookie": f"sessionid={sessions[1]['sessionid']}"}
    assert raw.http("DELETE", "/api/auth", headers=header).json() == {"Err_No": "0", "Err_Msg": "ok"}
    assert [user_names(raw, cookies) for cookies in sessions] == [["zhangwei"], [], ["liming"]]
    assert [entry.account for entry in raw.entries("logout")] == ["liming"]


def test_a_restart_ends_all_sessions(raw: LiveMock) -> None:
    """Cookies are never given twice, so an old one is unknown even after another login."""
    old = dict(raw.log_in().cookies)
    raw.world.reset()
    raw.log_in()
    assert user_names(raw, old) == []


async def test_clients_log_in_again(mock: LiveMock) -> None:
    """A session that the server has lost is renewed once, and the call is carried out."""
    client = mock.client()
    assert (await client.call("users.get")).name == "zhangwei"
    mock.world.reset()
    assert (await client.call("users.get")).name == "zhangwei"
    assert mock.codes("users.get") == [4101, 0]


@pytest.mark.parametrize(
    ("account", "error", "code"),
    [(("nobody", "Energy2019"), UnknownAccount, 4104), (("zhangwei", "wrong"), WrongPassword, 4106)],
)
async def test_wrong_accounts(mock: LiveMock, account: tuple[str, str], error: type[Exception], code: int) -> None:
    """An unknown user and a wrong password have codes of their own."""
    with pytest.raises(error):
        await mock.client(*account).login()
    assert mock.codes("login") == [code]


def test_users_change_their_own_data(energy: EnergyManager) -> None:
    """Another user's data are refused, an unknown user is 4104, and a name that is taken is 4003."""
    energy.users.register("liming", password="a-password", email="liming@example.com")
    with pytest.raises(AlreadyExists):
        energy.users.register("liming", password="another", email="liming@example.com")
    energy.users.update(USER, name="zhangwei", email="new@example.com", company="")
    user = energy.users.get()
    assert (user.email, user.company, user.city) == ("new@example.com", "", "常州市")
    with pytest.raises(PermissionRefused):
        energy.users.update(USER + 1, name="liming", email="new@example.com")
    with pytest.raises(NotFound):
        energy.users.update(99, name="zhangwei", email="new@example.com")
    with pytest.raises(AlreadyExists):
        energy.users.update(USER, name="liming", email="new@example.com")
    assert energy.wechat.bind(code="c", encrypted_data="d", iv="i").message == "ok"


@pytest.mark.parametrize("unauthorized", ["200", "401"])
async def test_4101_may_come_with_http_401(mock: LiveMock, unauthorized: Any) -> None:
    """Clients log in again under either status."""
    mock.restart(unauthorized=unauthorized)
    response = mock.http("GET", "/api/users")
    assert (response.status_code, response.json()) == (int(unauthorized), WHO)
    client = mock.client()
    await client.call("users.get")
    mock.world.reset()
    await client.call("users.get")
    assert mock.codes("users.get") == [4101, 0]


async def test_two_cookies_are_needed_together(mock: LiveMock) -> None:
    """A login that sets two cookies makes a session of both; clients send both."""
    mock.restart(cookies="two")
    first, second = (dict(mock.log_in().cookies) for _ in range(2))
    assert len(first) == 2
    assert user_names(mock, first) == ["zhangwei"]
    mixed = {**first, [*first][1]: [*second.values()][1]}
    assert user_names(mock, {"sessionid": first["sessionid"]}) == user_names(mock, mixed) == []
    assert (await mock.client().call("users.get")).name == "zhangwei"


async def test_a_login_without_a_cookie_is_an_error(mock: LiveMock) -> None:
    """Clients say so, instead of calling without a session."""
    mock.restart(cookies="none")
    with pytest.raises(UnreadableResponse, match="sets no cookie"):
        await mock.client().call("users.get")
    assert mock.entries("users.get") == []

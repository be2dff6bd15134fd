"""The environment variables by which the clients of every family find the mock."""

from collections.abc import Iterable

from chaobiao_mock.registry import MockFamily


def client_environment(url: str, families: Iterable[MockFamily]) -> dict[str, str]:
    """Return base URL, user name and password of each family, and the mock's own URL, as environment variables."""
    found = {"CHAOBIAO_MOCK_URL": url}
    for family in families:
        prefix = family.family.dialect.env_prefix
        found[f"{prefix}_BASE_URL"] = url
        if family.account is not None:
            found[f"{prefix}_USERNAME"], found[f"{prefix}_PASSWORD"] = family.account
    return found

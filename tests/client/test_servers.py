"""Which server a client connects to, through which proxy, and which URLs name the same server."""

import pytest
import tenacity

import chaobiao._client.base
from chaobiao import Jrhsz, NotSent


def test_a_proxy_may_be_named_without_a_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    """http_proxy=host:port, as many machines have it, is a plain http proxy, as for curl."""
    monkeypatch.setenv("http_proxy", "127.0.0.1:1")
    monkeypatch.setattr(chaobiao._client.base, "_warned", {"http://meters.invalid"})
    with Jrhsz("someone", "secret", base_url="http://meters.invalid", paced=False, deadline=5.0) as client:
        client = client.with_options(stop=tenacity.stop_after_attempt(1))
        with pytest.raises(NotSent, match="could not be reached"):
            client.buildings.list().collect()


def test_two_spellings_of_a_server_share_pacing_and_login() -> None:
    """Upper case in the host and a default port do not make another server."""
    with (
        Jrhsz("a", "b", base_url="https://METERS.example") as one,
        Jrhsz("a", "b", base_url="https://meters.example:443/") as two,
    ):
        assert one._context.session is two._context.session
        assert one._context.pacers is two._context.pacers

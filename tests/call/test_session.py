"""The state of a login while several threads use it."""

from chaobiao import NoResponse, NotSent, VirtualClock
from chaobiao._call.session import Follower, Leader, Session, Use
from chaobiao._contract.secret import Secret

LIFETIME = 7200.0


def logged_in(clock: VirtualClock) -> Session:
    """Return a session with a token."""
    session = Session(clock, LIFETIME)
    leader = session.look()
    assert isinstance(leader, Leader)
    session.granted(leader.login, Secret("first"))
    return session


def test_a_token_is_not_used_in_its_last_half_minute() -> None:
    """With 30 s left, a caller logs in first; before, it goes on with the token."""
    clock = VirtualClock()
    session = logged_in(clock)
    clock.advance(LIFETIME - 31.0)
    assert isinstance(session.look(), Use)
    clock.advance(1.0)
    assert isinstance(session.look(), Leader)


def test_one_caller_is_asked_to_renew_and_another_after_the_pause() -> None:
    """The renewal is asked of one caller; if it never begins, of another half a minute later."""
    clock = VirtualClock()
    session = logged_in(clock)
    clock.advance(LIFETIME - 600.0)
    asked = []
    for _ in range(3):
        step = session.look()
        assert isinstance(step, Use)
        asked.append(step.renew)
    clock.advance(30.0)
    step = session.look()
    assert isinstance(step, Use)
    assert [*asked, step.renew] == [True, False, False, True]


def test_the_pause_after_a_failed_renewal_ends_with_a_success() -> None:
    """A renewal that failed is not tried again at once; a login that succeeds ends that pause."""
    clock = VirtualClock()
    session = logged_in(clock)
    clock.advance(LIFETIME - 600.0)
    renewal = session.start_renewal(30.0)
    assert renewal is not None
    session.failed(renewal.login, NoResponse("slow", "慢"))
    step = session.look()
    assert isinstance(step, Use)
    assert not step.renew
    leader = session.force(30.0)
    assert isinstance(leader, Leader)
    session.granted(leader.login, Secret("second"))
    assert session._renewal_not_before == float("-inf")


def test_a_login_that_succeeds_late_replaces_no_newer_one() -> None:
    """A leader whose lease ended and that succeeds after its successor changes nothing."""
    clock = VirtualClock()
    session = Session(clock, LIFETIME)
    slow = session.look(10.0)
    clock.advance(60.0)
    successor = session.look(10.0)
    assert isinstance(slow, Leader)
    assert isinstance(successor, Leader)
    session.granted(successor.login, Secret("newer"))
    session.granted(slow.login, Secret("older"))
    step = session.look()
    assert isinstance(step, Use)
    assert step.grant.credential.reveal() == "newer"


def test_followers_share_the_failure_of_their_login() -> None:
    """Who followed a login gets its error; who followed one before a success gets none."""
    session = Session(VirtualClock(), LIFETIME)
    leader, follower = session.look(), session.look()
    assert isinstance(leader, Leader)
    assert isinstance(follower, Follower)
    error = NotSent("refused", "被拒绝")
    session.failed(leader.login, error)
    assert session.failure_of(follower.login) is error
    successor = session.look()
    assert isinstance(successor, Leader)
    session.granted(successor.login, Secret("token"))
    assert session.failure_of(follower.login) is None

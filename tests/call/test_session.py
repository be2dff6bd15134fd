"""The state of a login while several threads use it."""

from chaobiao import NoResponse, NotSent, VirtualClock, WrongPassword
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


def lead(session: Session, lease: float = 10.0) -> int:
    """Begin a login, and return its number."""
    leader = session.look(lease)
    assert isinstance(leader, Leader)
    return leader.login


def test_a_refusal_that_comes_late_forbids_nothing() -> None:
    """A wrong password that an earlier login met says nothing once a later login has succeeded."""
    clock = VirtualClock()
    session = Session(clock, LIFETIME)
    slow = lead(session)
    clock.advance(60.0)
    session.granted(lead(session), Secret("newer"))
    session.failed(slow, WrongPassword("refused", "被拒绝"))
    assert isinstance(session.look(), Use)
    session.invalidate(1)
    assert isinstance(session.look(), Leader)


def test_followers_of_a_later_login_share_an_earlier_refusal() -> None:
    """A slow login meets a wrong password while the next is under way: who waits for that one need not try as well."""
    clock = VirtualClock()
    session = Session(clock, LIFETIME)
    slow = lead(session)
    clock.advance(60.0)
    lead(session)
    follower = session.look()
    assert isinstance(follower, Follower)
    refusal = WrongPassword("refused", "被拒绝")
    session.failed(slow, refusal)
    assert session.failure_of(follower.login) is refusal


def test_a_login_that_ends_late_leaves_the_newer_one_under_way() -> None:
    """A leader that lost its lease and then fails, succeeds or shows life changes nothing for the newer login."""
    for late in (
        lambda session, slow: session.failed(slow, NoResponse("slow", "慢")),
        lambda session, slow: session.granted(slow, Secret("late")),
        lambda session, slow: session.keep(slow, 600.0),
    ):
        clock = VirtualClock()
        session = Session(clock, LIFETIME)
        slow = lead(session)
        clock.advance(60.0)
        lead(session)
        late(session, slow)
        follower = session.force(10.0)
        assert isinstance(follower, Follower)
        assert follower.seconds == 15.0


def test_a_sign_of_life_prolongs_a_login() -> None:
    """A leader that is about to wait keeps the login for that long."""
    clock = VirtualClock()
    session = Session(clock, LIFETIME)
    login = lead(session)
    session.keep(login, 120.0)
    clock.advance(120.0)
    assert isinstance(session.look(), Follower)


def test_a_renewal_does_not_begin_beside_a_login() -> None:
    """While a login is under way, no renewal begins."""
    session = Session(VirtualClock(), LIFETIME)
    lead(session)
    assert session.start_renewal(10.0) is None


def test_a_forked_child_does_not_wait_for_a_login_of_its_parent() -> None:
    """The leader in the parent does not exist in the child: its first caller logs in."""
    session = Session(VirtualClock(), LIFETIME)
    lead(session)
    session.after_fork()
    assert isinstance(session.look(), Leader)

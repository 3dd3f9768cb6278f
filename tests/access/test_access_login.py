"""Who gets in, who does not, and what does a stranger learn from it?"""

from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest
from sqlalchemy import text

from outreach.access import factors, guesses, login, passwords, sessions, users
from outreach.access.login import Attempt, LoggedIn, TooEarly, Wrong
from outreach.access.model import Session, User
from outreach.access.patience import ADDRESS
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Invalid, NotFound
from tests import builders as b


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, "worked")


def an_attempt(user: User, password: str = b.PASSWORD, **more: str) -> Attempt:
    fields = {"code": "", "address": "198.51.100.7", "browser": "tests", "known": ""} | more
    return Attempt(user.login, password, **fields)


def tried(app: Outreach, attempt: Attempt, *, later: float = 0) -> LoggedIn | Wrong | TooEarly:
    now = app.means.clock() + timedelta(seconds=later)
    return login.log_in(app.means.database, app.link_keys, app.sealing, attempt, now=now)


def of(app: Outreach, token: str, *, later: timedelta = timedelta(0)) -> Session | None:
    with app.means.database.access() as tx:
        return sessions.find(tx, token, now=app.means.clock() + later)


def test_the_right_password_begins_a_session(app: Outreach, brand: BrandRef) -> None:
    """It knows who it is, and in which role at which brand."""
    user = b.a_user(app, brand, role="lead")
    answer = tried(app, an_attempt(user))
    assert isinstance(answer, LoggedIn)
    found = of(app, answer.token)
    assert found == Session(user, {brand.id: "lead"}, None)


@pytest.mark.parametrize("password", ["", "wrong", b.PASSWORD + "x", "\0", "x" * 10_000])
def test_a_wrong_password_and_an_unknown_user_are_answered_alike(
    app: Outreach, brand: BrandRef, password: str
) -> None:
    user = b.a_user(app, brand)
    nobody = User(user.id, "nobody\0at-all", "")
    far = {"address": f"2001:db8:{len(password)}::1"}
    assert tried(app, an_attempt(user, password, **far)) == Wrong()
    assert tried(app, an_attempt(nobody, password, **far)) == Wrong()


def test_a_disabled_user_is_answered_like_a_stranger(app: Outreach, brand: BrandRef) -> None:
    user = b.a_user(app, brand)
    with app.means.database.access() as tx:
        users.disable(tx, user, now=b.NOON)
    assert tried(app, an_attempt(user, address="203.0.113.20")) == Wrong()


def test_who_guesses_waits_and_the_owner_gets_in(app: Outreach, brand: BrandRef) -> None:
    """From the address that guesses not even the right password is looked at."""
    user = b.a_user(app, brand)
    bad = an_attempt(user, "guessed wrongly", address="203.0.113.9")
    answers = [tried(app, bad) for _ in range(12)]
    assert answers[0] == Wrong()
    assert isinstance(answers[-1], TooEarly)
    assert isinstance(tried(app, an_attempt(user, address="203.0.113.9")), TooEarly)
    fresh = tried(app, an_attempt(user, address="192.0.2.77"))
    assert isinstance(fresh, LoggedIn)
    known = an_attempt(user, address="203.0.113.9", known=fresh.known)
    assert isinstance(tried(app, known), LoggedIn)


def test_success_takes_back_its_own_count_alone(app: Outreach, brand: BrandRef) -> None:
    """Else who has one account of their own could guess at another's for ever."""
    user, other = b.a_user(app, brand), b.a_user(app, brand)
    for _ in range(6):
        tried(app, an_attempt(other, "guessed wrongly", address="203.0.113.50"))
        tried(app, an_attempt(user, address="203.0.113.50"))
    with app.means.database.access() as tx:
        keys = login.counted_under(app.link_keys, an_attempt(other, address="203.0.113.50"))
        level = text("select level from outreach.guesses where key = :key")
        found = {of: tx.execute(level, {"key": key}).scalar_one() for of, key in keys.items()}
    assert found["account"] > 4
    assert found["address"] > 4


def test_what_comes_too_early_leaves_nothing_behind(app: Outreach, brand: BrandRef) -> None:
    """Else who only asks fills the table; what is long eased is let go of a set at a time."""
    stray = an_attempt(User(uuid4(), "stray", ""), address="203.0.113.77")
    keys = login.counted_under(app.link_keys, stray)
    with app.means.database.access() as tx:
        for _ in range(12):
            guesses.admit(tx, {ADDRESS: keys[ADDRESS]}, now=app.means.clock())
    before = counted(app)
    assert isinstance(tried(app, stray), TooEarly)
    assert counted(app) == before
    with app.means.database.access() as tx:
        assert guesses.forget(tx, now=app.means.clock() + timedelta(days=2)) > 0
    assert counted(app) == 0


def counted(app: Outreach) -> int:
    with app.means.database.access() as tx:
        return int(tx.execute(text("select count(*) from outreach.guesses")).scalar_one())


def with_second_factor(app: Outreach, brand: BrandRef) -> tuple[User, str]:
    user, secret = b.a_user(app, brand), pyotp.random_base32()
    kept = app.sealing.seal(secret, of=factors.sealed_as(user.id))
    with app.means.database.access() as tx:
        users.set_second_factor(tx, user, kept, now=b.NOON)
    return user, secret


def test_who_has_the_password_and_guesses_codes_waits_from_wherever_they_come(
    app: Outreach, brand: BrandRef, caplog: pytest.LogCaptureFixture
) -> None:
    """A clean address helps nobody, the answer does not tell, and the owner's browser gets in."""
    user, secret = with_second_factor(app, brand)
    code = pyotp.TOTP(secret).at(app.means.clock())
    wrong = f"{(int(code) + 500_000) % 1_000_000:06}"
    for n in range(6):
        guess = an_attempt(user, code=wrong, address=f"2001:db8:77:{n}::1")
        assert tried(app, guess) == Wrong()
    assert tried(app, an_attempt(user, code=code, address="2001:db8:78::1")) == Wrong()
    assert str(user.id) in caplog.text
    own = {"known": login.mark(app.link_keys, user.login)}
    assert isinstance(tried(app, an_attempt(user, code=code, **own)), LoggedIn)


@pytest.mark.parametrize("change", ["seat", "unseat"])
def test_who_logs_in_waits_for_a_change_of_roles(
    app: Outreach, brand: BrandRef, change: str
) -> None:
    """The row of the user is held until the seat is given or taken, and the sessions have ended."""
    user = b.a_user(app, brand)
    held = text("select 1 from outreach.users where id = :id for update skip locked")
    with app.means.database.access() as tx:
        if change == "seat":
            users.seat(tx, user, brand, role="agent", now=b.NOON)
        else:
            users.unseat(tx, user, brand, now=b.NOON)
        with app.means.database.access() as another:
            assert another.execute(held, {"id": user.id}).first() is None


def test_neighbours_in_one_ipv6_network_are_one_address() -> None:
    assert login.network("2001:db8:1:2::1") == login.network("2001:db8:1:2:ffff::9")
    assert login.network("2001:db8:1:2::1") != login.network("2001:db8:1:3::1")
    assert login.network("::ffff:192.0.2.1") == login.network("192.0.2.1")
    assert login.network("unknown") == "unknown"


def test_a_second_factor_is_asked_for_and_its_code_is_good_once(
    app: Outreach, brand: BrandRef
) -> None:
    user, secret = with_second_factor(app, brand)
    code = pyotp.TOTP(secret).at(app.means.clock())
    elsewhere = {"address": "192.0.2.90"}
    assert tried(app, an_attempt(user, **elsewhere)) == Wrong()
    assert isinstance(tried(app, an_attempt(user, code=code, **elsewhere)), LoggedIn)
    assert tried(app, an_attempt(user, code=code, **elsewhere)) == Wrong()


def test_a_session_ends_by_itself_and_by_whatever_changes_who_one_is(
    app: Outreach, brand: BrandRef
) -> None:
    """Half an hour without use, twelve hours in all, another role, another password, disabled."""
    user, other = b.a_user(app, brand), b.a_brand(app, "second")
    token = b.a_session(app, user)
    assert of(app, token, later=timedelta(minutes=29)) is not None
    assert of(app, token, later=timedelta(minutes=58)) is not None  # it was used in between
    assert of(app, token, later=timedelta(minutes=89)) is None
    used = b.a_session(app, user)
    for half in range(1, 24):
        assert of(app, used, later=timedelta(minutes=29 * half)) is not None
    assert of(app, used, later=timedelta(hours=12, seconds=1)) is None
    changes = (
        lambda tx: users.seat(tx, user, other, role="agent", now=b.NOON),
        lambda tx: users.unseat(tx, user, other, now=b.NOON),
        lambda tx: users.set_password(tx, user, "another good one", now=b.NOON),
        lambda tx: users.disable(tx, user, now=b.NOON),
    )
    for change in changes:
        token = b.a_session(app, user)
        with app.means.database.access() as tx:
            change(tx)
        assert of(app, token) is None


def test_only_hashes_are_kept(app: Outreach, brand: BrandRef) -> None:
    """Of references and passwords alike, and of the names that guesses are counted for."""
    user = b.a_user(app, brand)
    answer = tried(app, an_attempt(user, address="192.0.2.123"))
    assert isinstance(answer, LoggedIn)
    with app.means.database.access() as tx:
        rows = [
            row
            for name in ("users", "sessions", "guesses")
            for row in tx.execute(text(f"select t::text from outreach.{name} t")).scalars()
        ]
        counted = tx.execute(text("select key from outreach.guesses")).scalars().all()
    assert not any(b.PASSWORD in row or answer.token in row for row in rows)
    assert not any(b"192.0.2.123" in bytes(key) for key in counted)


def test_access_sees_no_row_of_a_brand_and_a_brand_sees_no_user(
    app: Outreach, brand: BrandRef
) -> None:
    b.a_person(app, brand)
    user = b.a_user(app, brand)
    count = "select count(*) from outreach."
    with app.means.database.access() as tx:
        assert tx.execute(text(f"{count}persons")).scalar_one() == 0
        assert tx.execute(text(f"{count}users")).scalar_one() > 0
    with app.means.database.begin(brand) as tx:
        assert tx.execute(text(f"{count}users")).scalar_one() == 0
        assert tx.execute(text(f"{count}sessions")).scalar_one() == 0
        seats = tx.execute(text("select user_id from outreach.seats")).scalars().all()
    assert user.id in seats


@pytest.mark.parametrize("login_", ["", "UPPER", "a b", "-x", "x\n", "é", "a" * 81])
def test_a_login_that_queues_could_not_hold_is_refused(app: Outreach, login_: str) -> None:
    with pytest.raises(Invalid, match="is no login"), app.means.database.access() as tx:
        users.add(tx, login_, name="A", password=b.PASSWORD, now=b.NOON)


def test_a_login_is_given_once(app: Outreach, brand: BrandRef) -> None:
    user = b.a_user(app, brand)
    with pytest.raises(Conflict), app.means.database.access() as tx:
        users.add(tx, user.login, name="Another", password=b.PASSWORD, now=b.NOON)
    with pytest.raises(NotFound), app.means.database.access() as tx:
        users.get(tx, "nobody")


@pytest.mark.parametrize(
    "password", ["short", "a" * 20, "abcabcabcabcabc", "x" * 300, "my-Lovelace-password"]
)
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="password"):
        passwords.hashed(password, login="lovelace")

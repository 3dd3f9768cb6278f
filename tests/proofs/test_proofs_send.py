"""Does a test reach the listed addresses of our own, those alone, and count as nothing else?"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from optout.model import Channel, How
from outreach.app import Outreach
from outreach.channels.memory import Memory
from outreach.channels.protocol import Own as Ways
from outreach.channels.protocol import Refused
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Invalid, NotFound
from outreach.proofs import pace, send, store
from outreach.proofs.send import Wanted
from outreach.proofs.store import Own
from tests import builders as b

PHONE = Own(Channel.SMS, "+35 1210001234", "Robin's telephone")
READ = Own(Channel.SMS, "+351210001234")
_COUNTS = text("""
    select (select count(*) from outreach.touches) + (select count(*) from outreach.attempts)
         + (select count(*) from outreach.contacts)
""")


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    """A brand with a text that goes by both channels, and one telephone of its own."""
    brand = b.a_brand(app)
    b.a_text(app, brand, "hello", "Good morning")
    with app.means.database.begin(brand) as tx:
        store.put(tx, brand, PHONE, by="ada", now=b.NOON)
    return brand


def outcomes(app: Outreach, brand: BrandRef, to: Own = READ) -> list[str]:
    """Which outcomes a test of the text had."""
    asked = Wanted(["hello"], "en", to)
    return [one.outcome for one in send.send(app.means, brand, asked, by="ada")]


def test_a_test_reaches_a_listed_address_and_is_no_contact(app: Outreach, brand: BrandRef) -> None:
    assert outcomes(app, brand) == ["accepted"]
    [left] = b.reached(app, Channel.SMS)
    assert (left.to, left.brand) == ("+351210001234", brand.key)
    assert "Good morning" in left.content.text
    with app.means.database.begin(brand) as tx:
        assert tx.execute(_COUNTS).scalar_one() == 0
        [kept] = store.newest(tx)
        assert (kept["outcome"], kept["by"], kept["template"]) == ("accepted", "ada", "hello")


def test_a_test_leaves_by_the_account_that_the_brand_has_of_its_own(
    app: Outreach, brand: BrandRef
) -> None:
    theirs = Memory()
    own = Ways({Channel.SMS: theirs}, {Channel.SMS: b.NOON})
    having = replace(app, means=replace(app.means, own=lambda _: own))
    assert outcomes(having, brand) == ["accepted"]
    assert [one.to for one in theirs.reached] == [READ.address]
    assert b.reached(app, Channel.SMS) == []


def test_nothing_goes_to_whom_nobody_listed(app: Outreach, brand: BrandRef) -> None:
    """Nor to an address that was removed, whoever has it."""
    person = b.a_person(app, brand, "ada")
    stranger = Own(Channel.EMAIL, next(a.value for a in person.addresses if "@" in a.value))
    with pytest.raises(Conflict, match="listed addresses of our own alone"):
        outcomes(app, brand, stranger)
    with app.means.database.begin(brand) as tx:
        store.remove(tx, READ, now=b.NOON)
    with pytest.raises(Conflict, match="listed addresses of our own alone"):
        outcomes(app, brand)
    assert b.reached(app, Channel.SMS) == []


def test_nothing_goes_where_somebody_refused_everything(app: Outreach, brand: BrandRef) -> None:
    with app.means.database.begin(brand) as tx:
        app.means.registry.block(
            tx, identity=READ.identity, brand=brand.key, how=How.CONSOLE, effective_at=b.NOON,
            evidence="said so",
        )  # fmt: skip
    with pytest.raises(Conflict, match="refused messages"):
        outcomes(app, brand)


def test_nobody_tests_for_ever(app: Outreach, brand: BrandRef) -> None:
    """Whose hour is full waits; a test that is under way counts."""
    with app.means.database.begin(brand) as tx:
        many = [UUID(int=n) for n in range(pace.AN_HOUR_EACH)]
        begun = [store.Begun(one, "hello", "en") for one in many]
        store.begin(tx, brand, READ, begun, by="ada", now=b.NOON - timedelta(minutes=59))
    with pytest.raises(Conflict, match="20 of 20 tests of this hour"):
        outcomes(app, brand)
    with app.means.database.begin(brand) as tx:
        assert store.sent(tx, by="ada", now=b.NOON + timedelta(minutes=2)).of_user == 0


def test_what_a_provider_refuses_is_told(app: Outreach, brand: BrandRef) -> None:
    says_no = Refused("rejected", "no such sender", permanent=True)
    assert outcomes(b.through(app, Channel.SMS, lambda _: says_no), brand) == ["refused"]
    with app.means.database.begin(brand) as tx:
        assert store.newest(tx)[0]["detail"] == "rejected: no such sender"


def test_what_cannot_be_sent_is_said(app: Outreach, brand: BrandRef) -> None:
    for wanted, says in (
        (Wanted(["unheard-of"], "en", READ), "no template 'unheard-of'"),
        (Wanted(["hello"], "fr", READ), "no words for sms in 'fr'"),
    ):
        with pytest.raises(NotFound, match=says):
            send.send(app.means, brand, wanted, by="ada")
    with app.means.database.begin(brand) as tx:
        with pytest.raises(Invalid, match="cannot be used"):
            store.put(tx, brand, Own(Channel.SMS, "12"), by="ada", now=b.NOON)
        with pytest.raises(Invalid, match="not by chat"):
            store.put(tx, brand, Own(Channel.CHAT, "x"), by="ada", now=b.NOON)


def test_no_more_addresses_than_people_read(app: Outreach, brand: BrandRef) -> None:
    with app.means.database.begin(brand) as tx:
        for n in range(store.MOST - 1):
            own = Own(Channel.EMAIL, f"robin{n}@example.com")
            store.put(tx, brand, own, by="ada", now=b.NOON)
        store.put(tx, brand, PHONE, by="ada", now=b.NOON)
        with pytest.raises(Conflict, match="remove one"):
            store.put(tx, brand, Own(Channel.EMAIL, "new@example.com"), by="ada", now=b.NOON)

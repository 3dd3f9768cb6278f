"""Is a forgotten person gone, is what was said remembered, and does nothing start afterwards?"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.dispatch import claims, send, wording
from outreach.dispatch.facts import gather
from outreach.dispatch.mark import mark
from outreach.dispatch.means import Look
from outreach.errors import Conflict, Invalid, NotFound
from outreach.inbound import consent, erasure
from outreach.inbound.erasure import erase
from outreach.people import legal_holds
from outreach.people import store as people
from outreach.people.legal_holds import Grounds
from outreach.people.model import Person, person_id
from outreach.reports.reconcile import reconcile
from tests import builders as b
from tests.waiting import wait_until

_BRANDS = count(1)
CANARY = "Canary"


@pytest.fixture
def brand(shared_app: Outreach, monkeypatch: pytest.MonkeyPatch) -> BrandRef:
    monkeypatch.setattr(consent, "PATIENCE", timedelta(milliseconds=50))
    brand = b.a_brand(shared_app, f"erasure-{next(_BRANDS)}")
    b.a_live_campaign(shared_app, brand)
    return brand


@pytest.fixture
def person(shared_app: Outreach, brand: BrandRef) -> Person:
    person = b.a_person(
        shared_app, brand, "c-canary", name=CANARY, email="canary@customers.example"
    )
    b.accepted(shared_app, brand, b.an_event(shared_app, brand, person, product=CANARY))
    contract = {"contract": "K-1", "ends_on": "2026-12-31", "plan": CANARY}
    b.accepted(
        shared_app, brand, b.an_event(shared_app, brand, person, "contract.started", **contract)
    )
    return person


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def forget(app: Outreach, brand: BrandRef, person: Person) -> consent.Changed:
    return erase(app.means, brand, person.id, evidence="ticket 7")


def everything(app: Outreach, brand: BrandRef) -> str:
    """All that persons, addresses, dates, events, tasks and consent hold of this brand, as text."""
    tables = (
        "persons", "addresses", "dates", "events", "tasks", "enrolments", "touches", "attempts",
    )  # fmt: skip
    with app.means.database.begin(brand) as tx:
        rows = [
            str(row)
            for name in [*(f"outreach.{table}" for table in tables), "optout.entries"]
            for row in tx.execute(text(f"select to_jsonb(t)::text from {name} t"))
        ]
    return "\n".join(rows)


def test_names_and_addresses_are_gone_and_the_account_still_closes(
    shared_app: Outreach, brand: BrandRef, person: Person
) -> None:
    """What was planned is cancelled with its reason; candidates still add up."""
    assert "canary" in everything(shared_app, brand).lower()
    assert forget(shared_app, brand, person).entries == 2
    assert "canary" not in everything(shared_app, brand).lower()
    assert b.fates(shared_app, brand) == [("email", "cancelled", "erased")]
    with shared_app.means.database.begin(brand) as tx:
        assert reconcile(tx).closes


def test_an_import_of_the_same_person_revives_nobody(
    shared_app: Outreach, brand: BrandRef, person: Person
) -> None:
    """The keyed hash of the address outlives the address."""
    forget(shared_app, brand, person)
    again = b.a_person(shared_app, brand, "c-canary", email="canary@customers.example")
    b.accepted(shared_app, brand, b.an_event(shared_app, brand, again, parcel="P-2"))
    send.dispatch(shared_app.means, Look(brand, Channel.EMAIL))
    assert ("email", "skipped", "withdrawn") in b.fates(shared_app, brand)


def test_whoever_marks_at_the_same_time_is_waited_for_or_finds_nothing(
    shared_app: Outreach, brand: BrandRef, person: Person, thread: ThreadPoolExecutor
) -> None:
    """The mark was first: the erasure waits for it and names its call; later nothing starts."""
    means = shared_app.means
    with means.database.begin(brand) as tx:
        lease = timedelta(seconds=60)
        touches = claims.claim_due(tx, channel=Channel.EMAIL, now=b.NOON, limit=9, lease=lease)
        known = brands.get(tx)
        gathered = gather(tx, means, known, touches, now=b.NOON)
        words = wording.collect(tx, means, known, touches, gathered)
    ready = [one for one in map(wording.fill, words) if isinstance(one, wording.Ready)]
    with means.database.begin(brand) as tx:
        (call,) = mark(tx, means, brands.get(tx), ready, deadline=0)
        erasing = thread.submit(forget, shared_app, brand, person)
        wait_until(lambda: somebody_waits(shared_app))
        assert not erasing.done()
    assert erasing.result().in_air == (call.outgoing.touch_id,)
    with means.database.begin(brand) as tx:
        assert mark(tx, means, brands.get(tx), ready, deadline=0) == []


def somebody_waits(app: Outreach) -> bool:
    waiting = text("""
        select count(*) from pg_stat_activity
        where wait_event_type = 'Lock' and datname = current_database()
    """)
    with app.means.database.engine.begin() as tx:
        return bool(tx.execute(waiting).scalar_one())


def test_whoever_is_not_there_cannot_be_forgotten(shared_app: Outreach, brand: BrandRef) -> None:
    with pytest.raises(NotFound):
        erase(shared_app.means, brand, person_id(brand, "nobody"), evidence="ticket 7")


def test_a_legal_hold_keeps_the_data_and_silences_at_once(
    shared_app: Outreach, brand: BrandRef, person: Person
) -> None:
    """What was asked for is done when the last hold ends, and not before."""
    app, now = shared_app, shared_app.means.clock()
    with app.means.database.begin(brand) as tx:
        first = legal_holds.place(
            tx, brand, person.id, Grounds("claim 7", "counsel"), by="ann", now=now
        )
        whole = legal_holds.place(tx, brand, None, Grounds("file", "court"), by="ann", now=now)
    assert forget(app, brand, person).pending
    assert CANARY in _name(app, brand, person)
    b.everything_due(app)
    assert not [one for one in b.reached(app, Channel.EMAIL) if one.brand == brand.key]
    for hold in (first, whole):
        assert erasure.catch_up(app.means, brand) == 0
        with app.means.database.begin(brand) as tx:
            legal_holds.lift(tx, hold, by="bo", now=now)
    assert erasure.catch_up(app.means, brand) == 1
    assert _name(app, brand, person) == ""
    assert "canary" not in everything(app, brand).lower()
    assert erasure.catch_up(app.means, brand) == 0


def test_a_hold_on_the_whole_brand_comes_before_an_erasure_or_after_it(
    shared_app: Outreach, brand: BrandRef, person: Person, thread: ThreadPoolExecutor
) -> None:
    """Who is forgotten while it is placed waits for it, and then for its end."""
    means = shared_app.means
    with means.database.begin(brand) as tx:
        grounds = Grounds("file", "court")
        legal_holds.place(tx, brand, None, grounds, by="ann", now=means.clock())
        erasing = thread.submit(forget, shared_app, brand, person)
        wait_until(lambda: somebody_waits(shared_app))
        assert not erasing.done()
    assert erasing.result().pending
    assert CANARY in _name(shared_app, brand, person)


def _name(app: Outreach, brand: BrandRef, person: Person) -> str:
    with app.means.database.begin(brand) as tx:
        return people.by_id(tx, [person.id])[person.id].name


def test_a_hold_that_is_over_is_not_lifted_again(
    shared_app: Outreach, brand: BrandRef, person: Person
) -> None:
    now = shared_app.means.clock()
    ends = Grounds("claim", "counsel", now + timedelta(days=1))
    with shared_app.means.database.begin(brand) as tx:
        hold = legal_holds.place(tx, brand, person.id, ends, by="ann", now=now)
        with pytest.raises(Conflict, match="over"):
            legal_holds.lift(tx, hold, by="bo", now=now + timedelta(days=1))
        with pytest.raises(Invalid, match="over already"):
            legal_holds.place(tx, brand, person.id, ends, by="ann", now=now + timedelta(days=2))
        with pytest.raises(NotFound):
            legal_holds.place(tx, brand, person_id(brand, "nobody"), ends, by="ann", now=now)

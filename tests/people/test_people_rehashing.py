"""Does everything that was said of a person count as theirs, under whichever secret it was said?"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from optout import identity
from optout.model import Action, How
from outreach import app as application
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.experiments import guards, outcomes
from outreach.inbound.consent import Change, change_person
from outreach.people import rehashing
from outreach.people import store as people
from outreach.people.model import Person
from outreach.records import holds
from outreach.reports import consents, domains, finding, period
from outreach.settings import Secret, Settings
from tests import builders as b

SECRETS = ("k" * 32, "n" * 32, "z" * 32)
REFUSAL = Change(Action.WITHDRAW, How.LINK, "button")
RAILS = {"opt_outs": 0.02, "within": "2 h"}


def _under(settings: Settings, secrets: int) -> Outreach:
    """The application when so many secrets have been in use, the last of them now."""
    *former, current = SECRETS[:secrets]
    told = {"secret_key": Secret(current), "former_secret_keys": Secret(" ".join(former))}
    return application.build(replace(settings, **told))  # type: ignore[arg-type]  # both are secrets


@pytest.fixture
def rotated(settings: Settings) -> Iterator[Outreach]:
    """The application with a new secret."""
    with closing(_under(settings, 2)) as app:
        yield app


def _rehashed(app: Outreach, brand: BrandRef) -> int:
    return sum(rehashing.rehash(partial(app.means.database.begin, brand), app.means.hasher))


def _at(number: int) -> dict[str, str]:
    return {"email": f"p-{number}@one.example", "phone": f"+1212555010{number}"}


def _contacted(app: Outreach, brand: BrandRef) -> list[Person]:
    somebody = [b.a_person(app, brand, f"p-{n}", **_at(n)) for n in range(6)]
    told = [b.an_event(app, brand, p, parcel=p.ref, order=p.ref) for p in somebody]
    b.accepted(app, brand, *told)
    b.everything_due(app)
    return somebody


def test_who_refused_under_either_secret_counts_everywhere(
    app: Outreach, rotated: Outreach, clock: SteppedClock
) -> None:
    """One refused before, one after, one before and was brought in again since; three did not."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, guardrails=RAILS)
    before, after, again, *_ = _contacted(app, brand)
    clock.step_to(b.NOON + timedelta(hours=1))
    for person, means in ((before, app), (again, app), (after, rotated)):
        change_person(means.means, brand, person.id, REFUSAL)
    b.a_person(rotated, brand, again.ref, **_at(2))
    clock.step_to(b.NOON + timedelta(hours=4))
    asked = {"within": timedelta(hours=2), "since": b.NOON, "now": clock()}

    assert _rehashed(rotated, brand) == 10  # two addresses each, and one was brought in anew

    with rotated.means.database.begin(brand) as tx:
        month = period.of(tx, since=b.NOON, until=clock(), zone="UTC")
        seen = outcomes.observed(tx, "reminder", outcomes.REFUSED, **asked)  # type: ignore[arg-type]  # a span and instants
        assert {one.ref for one in seen if one.did} == {"p-0", "p-1", "p-2"}
        said = [*consents.of_brand(tx)]
        (at,) = domains.of(tx, since=b.NOON, until=clock())
    assert (month.reached, month.refused) == (6, 3)
    assert {one.refs for one in said if one.entry.action is Action.WITHDRAW} == {
        ("p-0",), ("p-1",), ("p-2",)
    }  # fmt: skip
    assert {one.address.kind for one in said if one.address} == {"email", "phone"}
    assert (at.domain, at.sent) == ("one.example", 6)
    database, book = rotated.means.database, rotated.means.book
    (stopped,) = guards.watch(database, book, brand, now=clock())
    assert (stopped.people, stopped.did) == (6, 3)


def test_a_person_is_held_and_found_across_secrets(
    app: Outreach, rotated: Outreach, clock: SteppedClock
) -> None:
    """A hold told under the former secret is heeded, and ends, under the new one."""
    brand, sister = b.a_brand(app, group="sun"), b.a_brand(app, "sister", group="sun")
    person = b.a_person(app, brand, "ada", email="ada@one.example")
    opened: dict[str, object] = {"case": "C-1", "opened_at": clock().isoformat()}
    b.accepted(app, brand, b.an_event(app, brand, person, "case.opened", **opened))
    hashes = rotated.means.hasher.all(identity.email("ada@one.example"))

    def held() -> bool:
        with rotated.means.database.begin(sister) as tx:
            return bool(holds.elsewhere(tx, sister, hashes, now=clock()))

    assert held()
    b.a_person(rotated, brand, "ada", email="ada@one.example")
    assert held()
    closed = opened | {"closed_at": clock().isoformat()}
    b.accepted(rotated, brand, b.an_event(rotated, brand, person, "case.closed", **closed))
    clock.step_to(clock() + timedelta(days=90))
    assert not held()
    bo = b.a_person(app, brand, "bo", email="bo@one.example")
    with rotated.means.database.begin(brand) as tx:
        known = brands.get(tx)
        (found,) = finding.find(tx, rotated.means, known, "bo@one.example")
    assert found.id == bo.id


def test_every_address_comes_to_be_known_under_every_secret(
    app: Outreach, settings: Settings, rotated: Outreach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In steps, once; after a third secret too; and who is brought in has nothing left to do."""
    monkeypatch.setattr(rehashing, "STEP", 2)
    brand = b.a_brand(app)
    old = [b.a_person(app, brand, f"old-{n}") for n in range(3)]
    fresh = b.a_person(rotated, brand, "fresh")
    assert (_rehashed(rotated, brand), _rehashed(rotated, brand)) == (6, 0)
    with closing(_under(settings, 3)) as third:
        assert (_rehashed(third, brand), _rehashed(third, brand)) == (8, 0)
        with third.means.database.begin(brand) as tx:
            assert not rehashing.stale(tx, third.means.hasher)
            for person in (*old, fresh):
                for address in person.addresses:
                    known = third.means.hasher.all(address.identity)
                    whose = people.holders(tx, known)
                    assert whose == {one: {(person.id, address.kind)} for one in known}


def test_an_address_that_is_given_up_is_known_by_no_hash(app: Outreach, rotated: Outreach) -> None:
    """Nor is one of whoever was put by a worker that knows one secret alone, by a stale one."""
    brand = b.a_brand(app)
    b.a_person(rotated, brand, "ada", email="old@one.example", phone=None)
    b.a_person(app, brand, "ada", email="new@one.example", phone=None)
    with app.means.database.begin(brand) as tx:
        left = rotated.means.hasher.all(identity.email("old@one.example"))
        assert people.holders(tx, left) == {}
        assert tx.execute(text("select count(*) from outreach.former_hashes")).scalar_one() == 0

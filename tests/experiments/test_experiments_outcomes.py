"""Whose outcome counts, in which arm, and from when on?"""

from datetime import timedelta

import pytest
from sqlalchemy import text

from optout.model import Action, How
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.enrolments.plan import HOLDOUT
from outreach.errors import NotFound
from outreach.experiments import compared, outcomes
from outreach.experiments.compared import LEFT_ALONE, TAKEN_IN
from outreach.experiments.lift import Count
from outreach.experiments.outcomes import Observed
from outreach.inbound import erasure
from outreach.inbound.consent import Change, change_person
from tests import builders as b

A_WEEK = timedelta(days=7)
_COMPLAINT = text("""
    insert into outreach.receipts (brand_id, touch_id, kind, at)
    select t.brand_id, t.id, 'complained', :at from outreach.touches t
    join outreach.campaigns c on c.id = t.campaign_id where c.key = 'care'
""")


def _seen(app: Outreach, brand: BrandRef, outcome: str) -> list[Observed]:
    now = app.means.clock()
    with app.means.database.reading(brand) as tx:
        found = outcomes.observed(tx, "reminder", outcome, within=A_WEEK, since=b.NOON, now=now)
        return list(found)


def test_all_campaigns_that_ask_are_held_against_whom_the_brand_leaves_alone(
    app: Outreach, clock: SteppedClock
) -> None:
    """A campaign of service reaches everybody and takes no part, but people complain of it too."""
    brand = b.a_brand(app, holdout=0.5)
    b.a_live_campaign(app, brand, "care")
    b.a_live_campaign(app, brand, "renew", purpose="renewal")
    people = [b.a_person(app, brand, f"h-{n}") for n in range(12)]
    told = [b.an_event(app, brand, p, parcel=p.ref, order=p.ref) for p in people]
    b.accepted(app, brand, *told)
    with app.means.database.begin(brand) as tx:
        tx.execute(_COMPLAINT, {"at": b.NOON + timedelta(days=1)})
    clock.step_to(b.NOON + timedelta(days=8))
    with app.means.database.reading(brand) as tx:
        versions = app.means.book.every(tx)
        span = {"within": A_WEEK, "since": b.NOON, "now": app.means.clock()}
        seen = list(outcomes.observed_of_brand(tx, versions, "review.written", **span))  # type: ignore[arg-type]  # a span and instants
        refused = list(outcomes.observed_of_brand(tx, versions, "withdrawn", **span))  # type: ignore[arg-type]  # the same
        complained = list(outcomes.observed_of_brand(tx, versions, "complained", **span))  # type: ignore[arg-type]  # the same
        held = tx.execute(
            text("select count(*) from outreach.enrolments where reason = 'brand_holdout'")
        ).scalar_one()
    assert len(seen) == len(refused) == 12
    assert sum(one.left_alone for one in seen) == held
    assert 1 <= held <= 11
    assert sum(one.did for one in complained) == 12


def test_everybody_counts_once_when_their_time_is_over(app: Outreach, clock: SteppedClock) -> None:
    """In the arm of a hash; what comes later than the window counts for nothing."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, holdout=0.5)
    people = [b.a_person(app, brand, f"p-{n}") for n in range(12)]
    for person in people:
        for order in ("1", "2"):
            bought = {"parcel": f"P-{person.ref}-{order}", "order": f"O-{person.ref}-{order}"}
            b.accepted(app, brand, b.an_event(app, brand, person, **bought))
    clock.step_to(b.NOON + timedelta(days=1))
    wrote = b.an_event(app, brand, people[0], "review.written", order="O-1")
    b.accepted(app, brand, wrote)
    change_person(app.means, brand, people[1].id, Change(Action.WITHDRAW, How.LINK, "button"))
    assert _seen(app, brand, "review.written") == []
    clock.step_to(b.NOON + timedelta(days=8))
    late = b.an_event(app, brand, people[2], "review.written", order="O-2")
    b.accepted(app, brand, late)

    reviews, refusals = _seen(app, brand, "review.written"), _seen(app, brand, "withdrawn")

    assert {one.ref for one in reviews} == {person.ref for person in people}
    assert len(reviews) == 12
    assert [one.ref for one in reviews if one.did] == ["p-0"]
    assert [one.ref for one in refusals if one.did] == ["p-1"]
    with app.means.database.begin(brand) as tx:
        kept = tx.execute(
            text(
                "select count(distinct person_id) from outreach.enrolments where reason = :holdout"
            ),
            {"holdout": HOLDOUT},
        ).scalar_one()
    assert sum(one.left_alone for one in reviews) == kept
    assert 0 < kept < 12


def test_who_was_forgotten_did_neither(app: Outreach, clock: SteppedClock) -> None:
    """Nobody knows any more what they did, so they are in no arm."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, holdout=0.5)
    people = [b.a_person(app, brand, f"p-{n}") for n in range(3)]
    told = [b.an_event(app, brand, one, parcel=one.ref, order=one.ref) for one in people]
    b.accepted(app, brand, *told)
    erasure.erase(app.means, brand, people[0].id, evidence="asked for it")
    clock.step_to(b.NOON + timedelta(days=8))
    assert {one.ref for one in _seen(app, brand, "withdrawn")} == {"p-1", "p-2"}


def test_arms_are_held_against_the_first() -> None:
    """Day by day for the test, all together for the shares."""
    day = b.NOON.date()
    people = [
        Observed(f"p-{n}", left_alone=n % 2 == 0, known_on=day + timedelta(n % 5), did=n % 4 == 1)
        for n in range(400)
    ]
    found = compared.compared(people, [LEFT_ALONE, TAKEN_IN], compared.by_holdout)
    assert (found.first, found.count) == (LEFT_ALONE, Count(200, 0))
    (taken_in,) = found.others
    assert taken_in.count == Count(200, 100)
    assert taken_in.lift.value == pytest.approx(0.5)
    assert taken_in.evidence.decided(alpha=0.001)
    assert taken_in.ratio is None


def test_a_split_that_is_not_there_is_named_with_those_that_are(app: Outreach) -> None:
    """Rather than an empty comparison."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    with app.means.database.begin(brand) as tx:
        campaign = app.means.book.latest(tx, "reminder").campaign
    with pytest.raises(NotFound, match="no split 'subject'; it has none"):
        compared.by_split(campaign, "subject", brand=brand.key)

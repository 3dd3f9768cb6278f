"""What do answers come to, and is whoever is unhappy called in time?"""

from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.inbound import answers
from outreach.people.model import Person
from outreach.reports import surveys
from outreach.reports.surveys import By, Rate
from outreach.surveys.scoring import Counts
from tests import builders as b
from tests.surveys import asking

_BRANDS = count(1)
HOUR = timedelta(hours=1)
SPAN = {"since": b.NOON - HOUR, "until": b.NOON + HOUR}
_CALLED = text("""
    with called as (
        insert into outreach.touches (brand_id, id, enrolment_id, campaign_id, person_id, step,
            channel, purpose, priority, state, planned_for, due_at, useless_after, settled_at)
        select brand_id, gen_random_uuid(), enrolment_id, campaign_id, person_id, 0, 'voice',
               'service', 1, 'delivered', :at, :at, :at, :at
        from outreach.touches where person_id = :person limit 1
        returning brand_id, id, person_id)
    insert into outreach.attempts (brand_id, touch_id, fence, person_id, channel, purpose,
        address_hash, content_hash, started_at, outcome)
    select brand_id, id, 1, person_id, 'voice', 'service', '', '', :at, 'accepted' from called
""")


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app, f"scores-{next(_BRANDS)}")
    b.a_live_campaign(app, brand, steps=[asking.asks()])
    return brand


def answered(
    app: Outreach, brand: BrandRef, score: int | None, comment: str = "", **data: object
) -> Person:
    """Somebody who was asked, and answered this."""
    person = asking.somebody(app, brand)
    touch = asking.asked(app, brand, person, **data)
    asked = answers.of_touch(app.means, brand, touch)
    assert asked
    if score is not None:
        assert answers.take(app.means, brand, person, asked, score, by="page", comment=comment)
    return person


def scored(app: Outreach, brand: BrandRef, by: By) -> dict[str | None, Counts]:
    with app.means.database.begin(brand) as tx:
        found = surveys.scores(tx, by=by, zone="America/New_York", **SPAN)
    return {one.value: one.counts for one in found}


def test_answers_are_counted_by_whatever_they_name(app: Outreach, brand: BrandRef) -> None:
    for score, product in ((3, "kettle"), (9, "kettle"), (10, "fryer")):
        answered(app, brand, score, product=product)
    assert scored(app, brand, "all") == {None: Counts(1, 0, 2)}
    assert scored(app, brand, "product") == {"kettle": Counts(1, 0, 1), "fryer": Counts(0, 0, 1)}
    with app.means.database.begin(brand) as tx:
        [most] = surveys.scores(tx, by="product", zone="UTC", limit=1, **SPAN)
    assert most.value == "kettle"
    assert scored(app, brand, "campaign") == {"reminder": Counts(1, 0, 2)}
    assert scored(app, brand, "week") == {"2026-03-09": Counts(1, 0, 2)}


def test_a_rate_counts_those_who_were_asked(app: Outreach, brand: BrandRef) -> None:
    for score in (9, None, None, 2):
        answered(app, brand, score)
    with app.means.database.begin(brand) as tx:
        [rate] = surveys.rates(tx, app.means.book.every(tx), **SPAN)
    assert rate == Rate("reminder", "nps", asked=4, answered=2)
    assert rate.share == 0.5


@pytest.mark.parametrize(
    "odd",
    [
        {"score": 8.5}, {"score": "many"}, {"score": None}, {"score": 10**12},
        {"asked_at": "soon"}, {"asked_at": "2026-02-30T00:00:00Z"}, {"call_by": "tomorrow 5"},
    ],
)  # fmt: skip
def test_what_another_tool_tells_oddly_is_passed_over(
    app: Outreach, brand: BrandRef, odd: dict[str, object]
) -> None:
    answered(app, brand, 2, comment="ours")
    told = {
        "survey": "theirs", "form": "nps", "kind": "nps", "score": 1, "band": "low",
        "campaign": "reminder", "comment": "theirs", "asked_at": b.NOON.isoformat(),
        "call_by": b.NOON.isoformat(),
    }  # fmt: skip
    stranger = b.a_person(app, brand, "stranger")
    event = b.an_event(app, brand, stranger, "survey.answered", survey="theirs")
    b.accepted(app, brand, event._replace(data=told | odd))
    with app.means.database.begin(brand) as tx:
        [rate] = surveys.rates(tx, app.means.book.every(tx), **SPAN)
        written = {one.comment for one in surveys.comments(tx, **SPAN)}
        called = {one.ref for one in surveys.promises(tx, **SPAN)}
    assert rate.answered == (1 if "asked_at" in odd else 2)
    assert written == ({"ours"} if "score" in odd else {"ours", "theirs"})
    assert ("stranger" in called) == ("asked_at" in odd)


def test_what_was_written_is_shown_as_it_was_written(app: Outreach, brand: BrandRef) -> None:
    hostile = "<script>alert(1)</script> '; drop table outreach.events; --"
    person = answered(app, brand, 2, comment=hostile)
    answered(app, brand, 9)
    with app.means.database.begin(brand) as tx:
        [comment] = surveys.comments(tx, **SPAN, band="low")
        assert surveys.comments(tx, **SPAN, band="high") == []
    assert (comment.ref, comment.score, comment.comment) == (person.ref, 2, hostile)


@pytest.mark.parametrize(
    ("called_at", "now", "state"),
    [
        (None, b.NOON + 47 * HOUR, "open"),
        (None, b.NOON + 48 * HOUR, "breached"),
        (b.NOON + 3 * HOUR, b.NOON + 50 * HOUR, "kept"),
        (b.NOON + 49 * HOUR, b.NOON + 50 * HOUR, "late"),
    ],
)
def test_whoever_answered_low_is_called_in_time_or_not(
    app: Outreach, brand: BrandRef, *, called_at: datetime | None, now: datetime, state: str
) -> None:
    person = answered(app, brand, 3)
    answered(app, brand, 9)
    with app.means.database.begin(brand) as tx:
        if called_at:
            tx.execute(_CALLED, {"person": person.id, "at": called_at})
        [promised] = surveys.promises(tx, **SPAN)
        owed = surveys.promises(tx, **SPAN, owed=True)
    assert promised.ref == person.ref
    assert bool(owed) == (called_at is None)
    assert promised.state(now=now) == state

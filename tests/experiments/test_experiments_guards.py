"""Does a campaign pause itself when more people object than may, and only then?"""

from datetime import timedelta
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from optout.model import Action, How
from outreach import ids
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.enrolments import under_way
from outreach.experiments import guard, guards
from outreach.experiments.lift import Count
from outreach.inbound import erasure
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from outreach.reports import watch
from outreach.reports.alarms import Alarm, Limits
from outreach.ticker import Ticker
from tests import builders as b

_NUMBERS = count(1)
HOUR = timedelta(hours=1)
RAILS = {"opt_outs": 0.02, "complaints": 0.01, "within": "2 h"}


def _looks(seed: int, *, share: float, looks: int = 20, people: int = 50) -> list[Count]:
    """Looks at people who do it by chance, the same ones for a seed."""
    return [
        Count(people, sum(ids.share("guard", seed, look, n) < share for n in range(people)))
        for look in range(looks)
    ]


@pytest.mark.parametrize("seeds", [200, pytest.param(1000, marks=pytest.mark.long)])
def test_who_keeps_to_the_limit_is_stopped_no_more_often_than_promised(seeds: int) -> None:
    """So many campaigns at their limit exactly, each looked at twenty times."""
    stopped = sum(guard.crossed(_looks(seed, share=0.05), limit=0.05) for seed in range(seeds))
    assert stopped <= seeds * guard.ALPHA


def test_who_exceeds_it_is_stopped() -> None:
    """Three times the limit, within a thousand people."""
    stopped = [guard.crossed(_looks(seed, share=0.15), limit=0.05) for seed in range(20)]
    assert all(stopped)


def test_one_look_at_all_of_a_blast_is_enough() -> None:
    assert guard.crossed([Count(10_000, 300)], limit=0.02)
    assert not guard.crossed([Count(10_000, 200)], limit=0.02)


def test_the_evidence_is_the_mixture_of_robbins_in_whole_numbers() -> None:
    """Section 3 of the paper, by fractions instead of logarithms: three of four, where 1/10 may.

    Bets of 20 times the limit and more are none; half-way to all stands in their place.
    """
    limit = Fraction(1, 10)
    bets = [limit * times for times in map(Fraction, ("5/4", "3/2", "2", "3", "5"))]
    bets += [(1 + limit) / 2] * 2
    worth = sum((bet / limit) ** 3 * (1 - bet) / (1 - limit) for bet in bets) / len(bets)
    known = guard.evidence([Count(1, 1), Count(3, 2)], limit=0.1)
    assert known.now == pytest.approx(float(worth))


def test_the_chance_of_a_stop_at_the_limit_is_below_what_is_promised() -> None:
    """Ville's bound, exactly: each way in which 120 people can do it, one by one, is counted."""
    limit, stopped, left = 0.05, 0.0, {0: 1.0}
    for people in range(1, 121):
        came: dict[int, float] = {}
        for did, chance in left.items():
            came[did] = came.get(did, 0.0) + chance * (1 - limit)
            came[did + 1] = came.get(did + 1, 0.0) + chance * limit
        over = [n for n in came if guard.crossed([Count(people, n)], limit=limit)]
        stopped += sum(came.pop(did) for did in over)
        left = came
    assert 0.001 < stopped <= guard.ALPHA
    assert stopped + sum(left.values()) == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=6),
    st.floats(0.0001, 0.99),
)
def test_fewer_objections_never_speak_louder(seen: list[tuple[int, int]], limit: float) -> None:
    """And what is believed at most never shrinks by looking on."""
    looks = [Count(max(one), min(one)) for one in seen]
    fewer = [Count(one.people, one.did // 2) for one in looks]
    known = guard.evidence(looks, limit=limit)
    assert guard.evidence(fewer, limit=limit).now <= known.now
    assert known.most >= guard.evidence(looks[:-1], limit=limit).most


def _contacted(app: Outreach, brand: BrandRef, many: int, *, refusing: int) -> list[Person]:
    """So many people get a mail, and the first of them refuse at once."""
    people = [b.a_person(app, brand, f"g-{next(_NUMBERS)}") for _ in range(many)]
    told = [b.an_event(app, brand, p, parcel=p.ref, order=p.ref) for p in people]
    b.accepted(app, brand, *told)
    b.everything_due(app)
    app.means.clock.step_to(app.means.clock() + HOUR)  # type: ignore[attr-defined]  # a stepped one
    for person in people[:refusing]:
        change_person(app.means, brand, person.id, Change(Action.WITHDRAW, How.LINK, "button"))
    return people


def _watched(app: Outreach, brand: BrandRef) -> list[guards.Stopped]:
    return guards.watch(app.means.database, app.means.book, brand, now=app.means.clock())


def test_a_campaign_pauses_itself_and_begins_anew_when_it_goes_on(
    app: Outreach, clock: SteppedClock
) -> None:
    """Not before the time is over in which an objection counts; the other brand goes on."""
    brand, other = b.a_brand(app), b.a_brand(app, "other")
    for one in (brand, other):
        b.a_live_campaign(app, one, guardrails=RAILS)
    _contacted(app, brand, 12, refusing=4)
    assert _watched(app, brand) == []
    _contacted(app, other, 3, refusing=0)
    clock.step_to(clock() + 3 * HOUR)

    (stopped,) = _watched(app, brand)

    assert (stopped.campaign, stopped.guardrail) == ("reminder", "opt_outs")
    assert (stopped.people, stopped.did, stopped.p <= guard.ALPHA) == (12, 4, True)
    assert "4 of 12 people" in stopped.sentence
    assert _watched(app, brand) == _watched(app, other) == []
    raised = watch.alarms(app.means.database, Limits(), now=clock())
    assert [(r.brand, r.about) for r in raised if r.alarm is Alarm.GUARDED] == [
        ("lumen", "reminder")
    ]
    with app.means.database.begin(brand) as tx:
        assert guards.stops(tx) == guards.stops(tx, "reminder") == [stopped]
        assert guards.stops(tx, "another") == []
        under_way.resume(tx, app.means.book, "reminder", now=clock())
        under_way.pause(tx, app.means.book, "reminder")
    assert _watched(app, brand) == []
    raised = watch.alarms(app.means.database, Limits(), now=clock() + 2 * HOUR)
    assert [r.alarm for r in raised if r.alarm is Alarm.GUARDED] == []
    assert {r.brand for r in raised if r.alarm is Alarm.UNGUARDED} == {"lumen", "other"}


def test_who_was_forgotten_is_neither_content_nor_objecting(
    app: Outreach, clock: SteppedClock
) -> None:
    """Of six, three refuse; the three others are forgotten, and three remain."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, guardrails=RAILS)
    for content in _contacted(app, brand, 6, refusing=3)[3:]:
        erasure.erase(app.means, brand, content.id, evidence="asked for it")
    clock.step_to(clock() + 3 * HOUR)
    (stopped,) = _watched(app, brand)
    assert (stopped.people, stopped.did) == (3, 3)


def test_who_counts_waits_for_nobody_who_pauses(app: Outreach, clock: SteppedClock) -> None:
    """A campaign that is held by another transaction, or was paused meanwhile, is counted still."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, guardrails=RAILS)
    _contacted(app, brand, 3, refusing=0)
    clock.step_to(clock() + 3 * HOUR)
    with app.means.database.begin(brand) as tx:
        under_way.pause(tx, app.means.book, "reminder")
        assert _watched(app, brand) == []


def test_complaints_count_apart_from_refusals(app: Outreach, clock: SteppedClock) -> None:
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, guardrails=RAILS)
    _contacted(app, brand, 10, refusing=0)
    with app.means.database.begin(brand) as tx:
        tx.execute(
            text("""
                insert into outreach.receipts (brand_id, touch_id, kind, at)
                select brand_id, id, 'complained', :at from outreach.touches order by id limit 3
            """),
            {"at": clock()},
        )
    clock.step_to(clock() + 3 * HOUR)
    Ticker(app, None).guard()  # type: ignore[arg-type]  # a guard wakes nobody
    with app.means.database.reading(brand) as tx:
        assert [(s.guardrail, s.did) for s in guards.stops(tx)] == [("complaints", 3)]

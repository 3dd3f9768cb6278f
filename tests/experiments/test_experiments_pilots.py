"""Is a pilot judged by what was written down beforehand, and stopped by nothing else?"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from optout.model import Action, How
from outreach import ids
from outreach.app import Outreach
from outreach.campaigns import document
from outreach.campaigns import review as reviewing
from outreach.campaigns import store as campaigns
from outreach.campaigns.pilot import Pilot, StopRule, Success
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.experiments import guards, pilot, pilots, told
from outreach.experiments.lift import Count
from outreach.experiments.outcomes import Day
from outreach.experiments.pilot import Standing
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from tests import builders as b

A_DAY = timedelta(days=1)
UNTIL = b.NOON + 60 * A_DAY
REVIEWS = Success("review.written", 14 * A_DAY, 0.02)
PILOT = Pilot(0.5, UNTIL, (REVIEWS,))
TOO_LONG = {"outcome": "withdrawn", "within": "91 d", "by": 0.1}
REFUSED = {"outcome": "withdrawn", "within": "1 d"}
TRIED = {
    "share": 0.5,
    "until": (b.NOON + 2 * A_DAY).isoformat(),
    "success": [{"outcome": "review.written", "within": "1 d", "by": 0.1}],
    "stops": [REFUSED],
}


def _days(taken_in: Count, left_out: Count, *, many: int = 10) -> list[Day]:
    """So many alike days, each with these two sides."""
    return [
        Day(left_alone, b.NOON.date() + day * A_DAY, count)
        for day in range(many)
        for left_alone, count in ((False, taken_in), (True, left_out))
    ]


ALIKE = _days(Count(50, 5), Count(50, 5))
BETTER = _days(Count(50, 15), Count(50, 5))
OVER = UNTIL + REVIEWS.within


@pytest.mark.parametrize(
    ("days", "wanted", "meanwhile", "after"),
    [
        (ALIKE, "more", Standing.OPEN, Standing.MISSED),
        (BETTER, "more", Standing.AHEAD, Standing.REACHED),
        (BETTER, "fewer", Standing.BEHIND, Standing.MISSED),
        ([], "more", Standing.OPEN, Standing.MISSED),
    ],
)
def test_a_measure_is_judged_when_the_time_of_everybody_is_over(
    days: list[Day], wanted: str, meanwhile: Standing, after: Standing
) -> None:
    """Until then only the test speaks that may be looked at any day."""
    success = Success("review.written", 14 * A_DAY, 0.02, wanted)  # type: ignore[arg-type]  # two words
    before_the_end = OVER - timedelta(seconds=1)
    assert pilot.measured(success, days, pilot=PILOT, now=before_the_end).standing is meanwhile
    assert pilot.measured(success, days, pilot=PILOT, now=OVER).standing is after


def test_a_sure_difference_that_is_too_small_is_no_success() -> None:
    """Ten points were seen, and thirty were hoped for."""
    hoped = Success("review.written", 14 * A_DAY, 0.3)
    assert pilot.measured(hoped, BETTER, pilot=PILOT, now=OVER).standing is Standing.MISSED


def test_a_pilot_succeeded_when_all_its_measures_did() -> None:
    reached = pilot.measured(REVIEWS, BETTER, pilot=PILOT, now=OVER)
    missed = pilot.measured(REVIEWS, ALIKE, pilot=PILOT, now=OVER)
    assert pilot.whole([reached]) is Standing.REACHED
    assert pilot.whole([reached, missed]) is Standing.MISSED


def test_a_stop_rule_asks_for_more_than_its_limit_or_than_of_those_left_out() -> None:
    """Three in ten do it, where one in ten does of those left out."""
    without, with_limit = StopRule("withdrawn", A_DAY), StopRule("withdrawn", A_DAY, 0.4)
    crossed = pilot.crossed(without, BETTER)
    assert crossed is not None
    assert (crossed.people, crossed.did, crossed.limit) == (500, 150, 0.1)
    assert pilot.crossed(with_limit, BETTER) is None
    assert pilot.crossed(StopRule("withdrawn", A_DAY, 0.1), BETTER) is not None
    assert pilot.crossed(without, ALIKE) is None
    assert pilot.crossed(without, _days(Count(50, 5), Count(50, 15))) is None


def test_alike_sides_stop_a_pilot_no_more_often_than_promised() -> None:
    """A hundred pilots, judged after each of thirty days: one of them at most."""

    def coins(seed: int, day: int, side: int) -> Count:
        return Count(20, sum(ids.share("pilot", seed, day, side, n) < 0.1 for n in range(20)))

    def lived(seed: int) -> list[Day]:
        return [
            Day(bool(side), b.NOON.date() + day * A_DAY, coins(seed, day, side))
            for day in range(30) for side in (0, 1)
        ]  # fmt: skip

    rule = StopRule("withdrawn", A_DAY)
    assert sum(pilot.crossed(rule, lived(seed)) is not None for seed in range(100)) <= 1


@pytest.mark.parametrize(
    ("said", "at", "sentence"),
    [
        ({"share": 1.0}, "pilot", "write a share under 1"),
        ({"success": [{"outcome": "reviews", "within": "1 d", "by": 0.1}]}, "outcome", "such as"),
        ({"success": [TOO_LONG]}, "within", "at most 90"),
        ({"stops": [REFUSED, REFUSED]}, "pilot", "withdrawn stands twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_said_with_its_place(
    said: dict[str, object], at: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as raised:
        document.read(b.written("reminder", pilot=TRIED | said), name="reminder")
    (problem,) = raised.value.problems
    assert sentence in str(problem)
    assert at in str(problem)


def test_a_measured_pilot_ends_within_ninety_days() -> None:
    """One that is not measured may be longer: it promises nothing."""
    late = {"until": (b.NOON + 91 * A_DAY).isoformat()}

    def said(**pilot_: object) -> list[str]:
        read = document.read(b.written("reminder", pilot=pilot_), name="reminder")
        found = reviewing.objections(read, {}, locale="en", now=b.NOON)
        return [one.sentence for one in found if one.path == ("pilot", "until")]

    assert "ends within 90 days" in said(**TRIED | late)[0]
    assert said(share=0.5, **late) == []


def _told(app: Outreach, brand: BrandRef, many: int) -> list[Person]:
    people = [b.a_person(app, brand, f"t-{n}") for n in range(many)]
    told = [b.an_event(app, brand, p, parcel=p.ref, order=p.ref) for p in people]
    b.accepted(app, brand, *told)
    return people


def _stands(app: Outreach, brand: BrandRef) -> pilot.Progress:
    with app.means.database.reading(brand) as tx:
        version = app.means.book.latest(tx, "reminder")
        found = pilots.of(tx, version, now=app.means.clock())
    assert found is not None
    return found


def test_those_whom_the_coin_took_in_are_held_against_the_others(
    app: Outreach, clock: SteppedClock
) -> None:
    """Everybody taken in writes a review; a day after the end that is a success."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, pilot=TRIED)
    people = _told(app, brand, 40)
    taken_in = [p for p in people if ids.share("lumen", "reminder", "pilot", p.ref) < 0.5]
    assert _stands(app, brand).standing is Standing.OPEN
    clock.step_to(clock() + timedelta(hours=2))
    wrote = [b.an_event(app, brand, p, "review.written", order=p.ref) for p in taken_in]
    b.accepted(app, brand, *wrote)
    clock.step_to(b.NOON + 4 * A_DAY)

    found = _stands(app, brand)

    (measure,) = found.measures
    assert measure.taken_in == Count(len(taken_in), len(taken_in))
    assert measure.left_out == Count(40 - len(taken_in), 0)
    assert found.standing is Standing.REACHED


def test_a_pilot_counts_whom_its_own_version_met(app: Outreach, clock: SteppedClock) -> None:
    """Not those whom the version took in that widened it; a draft has met nobody."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, pilot=TRIED)
    _told(app, brand, 12)
    clock.step_to(b.NOON + A_DAY)
    b.a_live_campaign(app, brand)
    later = [b.a_person(app, brand, f"l-{n}") for n in range(5)]
    told = [b.an_event(app, brand, p, parcel=p.ref, order=p.ref) for p in later]
    b.accepted(app, brand, *told)
    with app.means.database.begin(brand) as tx:
        campaigns.put(tx, brand, b.written("reminder", pilot=TRIED), name="reminder")
    clock.step_to(b.NOON + 4 * A_DAY)

    def of_month(since: datetime, until: datetime) -> list[tuple[str, int]]:
        with app.means.database.reading(brand) as tx:
            every, now = app.means.book.every(tx), clock()
            found = pilots.between(tx, every, since=since, until=until, now=now)
            assert pilots.of(tx, every[-1], now=now) is None
        counts = [measure for _, one in found for measure in one.measures]
        return [(one.standing.value, one.taken_in.people + one.left_out.people) for one in counts]

    after = b.NOON + 3 * A_DAY
    assert of_month(b.NOON - A_DAY, after) == [("missed", 12)]
    assert of_month(b.NOON - A_DAY, b.NOON + A_DAY / 2) == [("open", 0)]
    assert of_month(after, clock()) == of_month(b.NOON - 9 * A_DAY, b.NOON - A_DAY) == []


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", ("care", "review, more wanted", "150 / 500 (30.00%)", "50 / 500 (10.00%)")),
        ("zh-CN", ("care", "评价(越多越好)", "150 / 500 (30.00%)", "50 / 500 (10.00%)")),
    ],
)
def test_a_pilot_is_told_in_both_languages(language: told.Language, line: tuple[str, ...]) -> None:
    """Line by line, as a whole, and where there is none."""
    measure = pilot.measured(REVIEWS, BETTER, pilot=PILOT, now=OVER)
    found = pilot.Progress(UNTIL, Standing.REACHED, (measure,))
    ((*first, lift, _),) = told.lines([("care", found)], language)
    assert tuple(first) == line
    assert lift.startswith("+20.00% (+15")
    assert "care" in told.sentence("care", None, language)
    assert len({told.sentence("care", replace(found, standing=s), language) for s in Standing}) == 5


def test_a_stop_rule_pauses_the_campaign_and_begins_anew_when_it_goes_on(
    app: Outreach, clock: SteppedClock
) -> None:
    """All who were taken in refuse, and nobody else does."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, pilot=TRIED)
    clock.step_to(clock() + timedelta(hours=1))
    for day in range(2):
        people = [b.a_person(app, brand, f"d{day}-{n}") for n in range(24)]
        told = [b.an_event(app, brand, p, parcel=p.ref, order=p.ref) for p in people]
        b.accepted(app, brand, *told)
        clock.step_to(clock() + timedelta(hours=1))
        for one in people:
            if ids.share("lumen", "reminder", "pilot", one.ref) < 0.5:
                change_person(app.means, brand, one.id, Change(Action.WITHDRAW, How.LINK, "button"))
        clock.step_to(clock() + timedelta(hours=22))
    clock.step_to(b.NOON + 4 * A_DAY)

    def watched() -> list[guards.Stopped]:
        return guards.watch(app.means.database, app.means.book, brand, now=app.means.clock())

    (stopped,) = watched()

    assert (stopped.guardrail, stopped.limit) == ("pilot withdrawn", 0.0)
    assert stopped.people == stopped.did > 10
    with app.means.database.begin(brand) as tx:
        assert app.means.book.latest(tx, "reminder").state == "paused"
        assert guards.stops(tx, "reminder") == [stopped]
    assert watched() == []

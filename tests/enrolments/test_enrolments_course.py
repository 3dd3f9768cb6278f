"""What comes next in a passage? Pure: from the event, or from a wait that is over."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach import timezones
from outreach.campaigns import rules
from outreach.campaigns.conditions import Clause, Condition
from outreach.campaigns.model import MOST_STEPS, Campaign
from outreach.campaigns.operators import Operator
from outreach.campaigns.seen import Seen
from outreach.campaigns.steps import (
    AnyStep,
    Arm,
    Awaited,
    Branch,
    Else,
    Split,
    Step,
    Wait,
    Way,
    placed,
)
from outreach.enrolments.course import Course, Ended, Passing, course
from outreach.enrolments.schedule import Clocks, day_left_out, due_at
from outreach.events.model import Event
from outreach.hours import calendar
from tests.enrolments.test_enrolments_plan import NOON, a_campaign, a_step, an_event

DAY = timedelta(days=1)
ANSWER = Awaited("survey.answered")
WEEK = Wait("answer", "wait", ANSWER, 7 * DAY)


def answered(score: int = 9, *, after: timedelta = DAY, key: str = "S-1", **data: object) -> Event:
    return an_event("survey.answered", key, NOON + after, score=score, **data)


def score_at_least(score: int) -> Clause:
    return Clause("event.data.score", Operator.AT_LEAST, score)


def holds(condition: Condition, event: Event | None) -> bool:
    about = {"type": event.type, "data": event.data} if event else {}
    return rules.matches(condition, Seen(about, {}, NOON)).yes


def a_passing(campaign: Campaign, **changes: Any) -> Passing:
    known = Passing("lumen", "c-1", campaign, an_event(), NOON, Clocks(("UTC",)), holds)
    return known._replace(**changes)


def taken(*steps: AnyStep, after: str | None = None, **changes: Any) -> Course:
    return course(a_passing(a_campaign(*steps), **changes), after=after)


def keys(found: Course) -> list[str]:
    return [contact.step.key for contact in found.contacts]


def test_without_waits_everything_is_planned_at_once() -> None:
    found = taken(a_step("one"), a_step("two", after=DAY))
    assert [(c.step.key, c.number, c.due_at) for c in found.contacts] == [
        ("one", 0, NOON),
        ("two", 1, NOON + DAY),
    ]
    assert found.waits == ()


def test_a_passage_stops_at_a_wait() -> None:
    """It runs out so long after the step before it is due, not after the event."""
    found = taken(a_step("ask", after=2 * DAY), WEEK, a_step("later"))
    [waited] = found.waits
    assert keys(found) == ["ask"]
    assert (waited.began_at, waited.due_at, waited.ended) == (NOON, NOON + 9 * DAY, None)


def test_after_a_wait_delays_count_from_its_end() -> None:
    steps = (a_step("ask"), WEEK, a_step("soon", after=timedelta(hours=1)))
    over = {"answer": Ended(NOON + 3 * DAY)}
    found = taken(*steps, after="answer", ended=over)
    assert [(c.step.key, c.due_at) for c in found.contacts] == [
        ("soon", NOON + 3 * DAY + timedelta(hours=1))
    ]


@pytest.mark.parametrize(
    ("since", "days"), [("trigger", 6), ("wait", 7), ("previous", 9), (None, 7)]
)
def test_a_delay_counts_from_where_the_document_says(since: Any, days: int) -> None:
    """The wait ended a day after the event, the step before is due two days after that."""
    steps = (WEEK, a_step("first", after=2 * DAY), a_step("second", after=6 * DAY, since=since))
    found = taken(*steps, after="answer", ended={"answer": Ended(NOON + DAY)})
    assert found.contacts[-1].due_at == NOON + days * DAY


def test_nothing_is_due_before_the_passage_has_come_there() -> None:
    steps = (WEEK, a_step("late", after=DAY, since="trigger"))
    found = taken(*steps, after="answer", ended={"answer": Ended(NOON + 3 * DAY)})
    assert found.contacts[0].due_at == NOON + 3 * DAY


@pytest.mark.parametrize(
    ("event", "ended"),
    [
        (answered(), True),
        (answered(after=-DAY), False),
        (answered(after=8 * DAY), False),
        (an_event("order.paid", at=NOON + DAY), False),
    ],
)
def test_an_event_ends_a_wait_in_its_time(event: Event, ended: bool) -> None:  # noqa: FBT001
    """Also one that was reported before the passage began; none before it, none too late."""
    found = taken(WEEK, a_step("next"), past=[event])
    assert (found.waits[0].ended is not None) is ended
    assert keys(found) == (["next"] if ended else [])


@pytest.mark.parametrize(("order", "ended"), [("O-1", True), ("O-2", False)])
def test_a_wait_may_be_about_the_same_thing(order: str, ended: bool) -> None:  # noqa: FBT001
    wait = replace(WEEK, until=replace(ANSWER, same="order"))
    found = taken(wait, a_step("next"), trigger=an_event(order="O-1"), past=[answered(order=order)])
    assert (found.waits[0].ended is not None) is ended


def test_a_wait_may_ask_something_of_its_event() -> None:
    wait = replace(WEEK, until=replace(ANSWER, condition=score_at_least(9)))
    past = [answered(3, key="S-1"), answered(10, key="S-2", after=2 * DAY)]
    [waited] = taken(wait, a_step("next"), past=past).waits
    assert waited.ended == Ended(NOON + 2 * DAY, past[1])


def test_one_event_does_not_end_two_waits() -> None:
    again = replace(WEEK, key="again")
    found = taken(WEEK, again, a_step("next"), past=[answered()])
    assert [waited.ended is not None for waited in found.waits] == [True, False]


HAPPY = Branch(
    "how", "branch",
    (Way(score_at_least(9), (a_step("invite"),)), Way(score_at_least(7), goto="last")),
    Else((a_step("call"),)), "wait",
)  # fmt: skip


@pytest.mark.parametrize(
    ("end", "way"),
    [
        (Ended(NOON + DAY, answered(10)), ["invite", "between", "last"]),
        (Ended(NOON + DAY, answered(8)), ["last"]),
        (Ended(NOON + DAY, answered(2)), ["call", "between", "last"]),
        (Ended(NOON + 7 * DAY), ["call", "between", "last"]),
    ],
)
def test_a_branch_takes_the_first_way_that_holds(end: Ended, way: list[str]) -> None:
    """Asked of the event that ended the wait; one that ran out has no fields."""
    steps = (a_step("ask"), WEEK, HAPPY, a_step("between"), a_step("last"))
    assert keys(taken(*steps, after="answer", ended={"answer": end})) == way


def test_a_branch_asks_the_trigger_unless_it_says_otherwise() -> None:
    rich = Branch("rich", "branch", (Way(score_at_least(1), (a_step("vip"),)),))
    assert keys(taken(rich, a_step("all"), trigger=an_event(score=5))) == ["vip", "all"]
    assert keys(taken(rich, a_step("all"))) == ["all"]


def test_a_wait_inside_a_way_goes_on_behind_the_branch() -> None:
    inside = Branch("b", "branch", (Way(score_at_least(0), (WEEK, a_step("in"))),))
    steps = (inside, a_step("behind"))
    found = taken(*steps, after="answer", ended={"answer": Ended(NOON)})
    assert keys(found) == ["in", "behind"]


SHARES = Split("s", "split", (Arm("a", 0.2, (a_step("a"),)), Arm("b", 0.8, (a_step("b"),))))


def test_a_split_parts_people_by_its_shares() -> None:
    """And a person stays in the same arm, whatever is written in it."""
    people = [f"c-{n}" for n in range(2000)]
    arms = Counter(keys(taken(SHARES, ref=ref))[0] for ref in people)
    assert 300 < arms["a"] < 500
    edited = replace(SHARES, arms=(Arm("a", 0.2, (a_step("x"),)), Arm("b", 0.8)))
    for ref in people[:200]:
        now = keys(taken(edited, a_step("y"), ref=ref))
        assert (keys(taken(SHARES, ref=ref)) == ["a"]) == (now == ["x", "y"])


def some_steps() -> st.SearchStrategy[tuple[AnyStep, ...]]:
    """Trees of steps, their names given afterwards."""
    leaf = st.one_of(st.just(a_step("k")), st.just(WEEK))

    def wider(inner: st.SearchStrategy[AnyStep]) -> st.SearchStrategy[AnyStep]:
        lists = st.lists(inner, max_size=3).map(tuple)
        ways = st.builds(Way, st.just(score_at_least(5)), lists)
        otherwise = st.builds(Else, lists)
        return st.one_of(
            st.builds(Branch, st.just("k"), st.just("branch"), st.tuples(ways), otherwise),
            lists.map(lambda steps: Split("k", "split", (Arm("a", 0.5, steps), Arm("b", 0.5)))),
        )  # fmt: skip

    trees = st.lists(st.recursive(leaf, wider, max_leaves=8), min_size=1, max_size=5).map(tuple)
    # Empty ways count as no leaves; a campaign has at most so many steps, the last one among them.
    return trees.filter(lambda steps: sum(1 for _ in placed(steps)) < MOST_STEPS)


def named(steps: tuple[AnyStep, ...], at: str = "k") -> tuple[AnyStep, ...]:
    """The same steps, each with a name of its own."""
    return tuple(_named(step, f"{at}-{n}") for n, step in enumerate(steps))


def _named(step: AnyStep, key: str) -> AnyStep:
    match step:
        case Branch(ways=(way,), otherwise=Else() as otherwise):
            inside = (replace(way, steps=named(way.steps, f"{key}-w")),)
            rest = replace(otherwise, steps=named(otherwise.steps, f"{key}-e"))
            return replace(step, key=key, ways=inside, otherwise=rest)
        case Split(arms=(one, other)):
            arms = (replace(one, steps=named(one.steps, f"{key}-a")), other)
            return replace(step, key=key, arms=arms)
        case _:
            return replace(step, key=key)


@given(some_steps(), st.integers(0, 9), st.lists(st.booleans(), max_size=20))
def test_every_way_has_an_end_and_meets_each_step_once(
    steps: tuple[AnyStep, ...], score: int, answers: list[bool]
) -> None:
    """However often it waits, it comes to the last step, and to none twice."""
    steps = named((*steps, a_step("sure")))
    campaign = a_campaign(*steps)
    trigger = an_event(score=score)
    ended: dict[str, Ended] = {}
    told: list[str] = []
    after = None
    for turn in range(sum(isinstance(step, Wait) for _, step in placed(steps)) + 1):
        found = course(a_passing(campaign, trigger=trigger, ended=ended), after=after)
        told += keys(found)
        if not found.waits or found.waits[-1].ended:
            break
        after = found.waits[-1].step
        by = answered(key=f"S-{turn}") if answers[turn : turn + 1] == [True] else None
        ended = {after: Ended(found.waits[-1].due_at, by)}
    else:
        pytest.fail("it never ends")
    assert len(told) == len(set(told))
    assert "k-" + str(len(steps) - 1) in told


def test_a_step_leaves_out_days_where_the_person_lives() -> None:
    """Friday noon and a day: Saturday; not on weekends: Monday at ten, unless that is a holiday."""
    step = a_step(after=DAY, at=time(10), not_on=("saturday", "sunday", "holiday"))
    friday = datetime(2026, 5, 22, 12, tzinfo=UTC)
    assert (
        due_at(step, friday, Clocks(("America/New_York",))).isoformat()
        == "2026-05-25T14:00:00+00:00"
    )
    memorial = due_at(step, friday, Clocks(("America/New_York",), ("US",)))
    assert memorial.isoformat() == "2026-05-26T14:00:00+00:00"


@settings(deadline=None)  # the first look at a calendar takes its time
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sets(st.sampled_from(["monday", "friday", "saturday", "sunday", "holiday"])),
    st.sampled_from([None, time(0), time(10), time(23, 59)]),
)
def test_no_day_left_out_is_chosen(since: datetime, days: set[Any], at: time | None) -> None:
    clocks = Clocks(("Asia/Shanghai", "America/Los_Angeles"), ("CN", "US"))
    step: Step = a_step(at=at, not_on=tuple(sorted(days)))
    due = due_at(step, since, clocks)
    assert due >= since
    for zone in clocks.zones:
        local = due.astimezone(timezones.load(zone)).date()
        assert f"{local:%A}".lower() not in days
        assert not ("holiday" in days and any(calendar.is_holiday(j, local) for j in ("CN", "US")))


@settings(deadline=None, max_examples=60)  # the first look at a calendar takes its time
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sets(st.sampled_from(["monday", "friday", "saturday", "sunday", "holiday"])),
    st.sampled_from([None, time(0), time(10), time(23, 59)]),
    st.lists(
        st.sampled_from(["Asia/Shanghai", "America/Los_Angeles", "Europe/Lisbon"]), max_size=3
    ),
)
def test_what_is_held_past_its_day_waits_for_the_next_that_is_left(
    at: datetime, days: set[Any], wall: time | None, zones: list[str]
) -> None:
    """None before it is left; asked again then, nothing is left out; at its time, if it has one."""
    clocks = Clocks(tuple(zones), ("CN", "US"))
    step: Step = a_step(at=wall, not_on=tuple(sorted(days)))
    until = day_left_out(step, at, clocks)
    anywhere = {f"{at.astimezone(timezones.load(zone)):%A}".lower() for zone in zones}
    if until is None:
        assert not anywhere & days
        return
    assert until > at
    assert day_left_out(step, until, clocks) is None
    shown = {until.astimezone(timezones.load(zone)).time() for zone in zones}
    assert (wall or time(0)) in shown

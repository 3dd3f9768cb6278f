"""What is alike for many is worked out once, and comes to the same as for each of them. Pure."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from optout.model import Channel
from outreach.campaigns import catalogue
from outreach.campaigns.steps import WEEKDAYS, Step, Wait
from outreach.enrolments import outlines
from outreach.enrolments.course import course, straight_on
from outreach.enrolments.model import Live, Plan
from outreach.enrolments.plan import further, plan
from outreach.enrolments.schedule import Clocks
from outreach.enrolments.told import About
from tests.enrolments.test_enrolments_course import ANSWER, DAY, WEEK, a_passing
from tests.enrolments.test_enrolments_plan import (
    MAIL,
    NOON,
    PHONE,
    a_campaign,
    a_candidate,
    a_person,
    a_step,
    an_event,
)

steps = st.builds(
    a_step,
    after=st.timedeltas(timedelta(), 9 * DAY),
    at=st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    since=st.sampled_from([None, "trigger", "previous"]),
    not_on=st.lists(st.sampled_from(WEEKDAYS), max_size=2, unique=True).map(tuple),
)
places = st.lists(
    st.sampled_from(["Europe/Lisbon", "America/New_York", "Asia/Shanghai"]), max_size=2, unique=True
)


def numbered(some: list[Step]) -> list[Step]:
    return [replace(step, key=f"step-{number}") for number, step in enumerate(some)]


@settings(max_examples=60)
@given(st.lists(steps, min_size=1, max_size=3).map(numbered), places)
def test_contacts_alone_are_due_as_any_course_has_it(some: list[Step], zones: list[str]) -> None:
    """Beside a wait the same contacts are found step by step."""
    clocks, end = Clocks(tuple(zones)), Wait("end", "wait", ANSWER, DAY)
    whole = a_passing(a_campaign(*some, end), clocks=clocks)
    assert tuple(straight_on(a_campaign(*some), NOON, clocks)) == course(whole).contacts


def test_people_alike_share_their_outlines_and_no_id() -> None:
    """Another way to reach somebody, or another place, is another outline."""
    outlines.straight.cache_clear()
    live = Live(UUID(int=7), a_campaign(a_step(), a_step("two")))
    others: tuple[dict[str, Any], ...] = (
        {}, {"person": a_person(ref="c-2")}, {"person": a_person(PHONE)}, {"zones": ()},
    )  # fmt: skip
    plans = [plan(a_candidate(live.campaign, an_event(), live=live, **one)) for one in others]
    touches = [touch for one in plans if isinstance(one, Plan) for touch in one.touches]
    assert outlines.straight.cache_info().misses == 3
    assert [t.channel for t in touches[::2]] == [
        Channel.EMAIL,
        Channel.EMAIL,
        Channel.SMS,
        Channel.EMAIL,
    ]
    assert len({touch.id for touch in touches[:4]}) == 4


def test_a_version_never_takes_the_outlines_of_another() -> None:
    """Not even of one that has the same id, as a document tried before it is kept has."""
    found = [
        plan(a_candidate(campaign, an_event(), live=Live(UUID(int=7), campaign)))
        for campaign in (a_campaign(priority=10), a_campaign(priority=90))
    ]
    assert [one.touches[0].priority for one in found if isinstance(one, Plan)] == [10, 90]


def test_what_follows_a_wait_is_not_outlined_from_the_beginning() -> None:
    campaign = a_campaign(a_step(), WEEK, a_step("later"))
    touches, waits = further(a_candidate(campaign, an_event()), UUID(int=1))
    assert ([t.step for t in touches], [w.step for w in waits]) == ([0], ["answer"])


def test_a_person_has_every_field_that_a_condition_may_name() -> None:
    """And a day of their own where it was gathered."""
    about = About(a_person(MAIL, name="A. Reader"), {"birthday": NOON.date(), "dates": {}})
    assert set(about) == set(catalogue.PERSON)
    assert (len(about), about["name"], about.get("nobody")) == (
        len(catalogue.PERSON),
        "A. Reader",
        None,
    )
    assert (about["has_email"], about["has_phone"]) == (True, False)

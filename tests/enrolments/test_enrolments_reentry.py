"""May this person pass again, and of what may they pass once?"""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.app import Outreach
from outreach.campaigns.triggers import EventTrigger
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.enrolments import in_turn
from outreach.enrolments.model import Plan
from tests import builders as b
from tests.enrolments.test_enrolments_plan import NOON, a_campaign, a_candidate, an_event

DAY = timedelta(days=1)


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app)


def test_two_parcels_of_one_order_are_one_passage(app: Outreach, brand: BrandRef) -> None:
    """And a parcel of which nobody knows the order counts by itself."""
    b.a_live_campaign(app, brand, trigger={"event": "parcel.delivered", "once_per": "order"})
    person = b.a_person(app, brand)
    for parcel, order in [("P-1", "O-1"), ("P-2", "O-1"), ("P-3", "O-2"), ("P-4", None)]:
        event = b.an_event(app, brand, person, parcel=parcel, order=order)
        b.accepted(app, brand, event)
    assert len(b.fates(app, brand)) == 3


def test_who_passed_a_while_ago_may_pass_again(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    b.a_live_campaign(app, brand, trigger={"event": "parcel.delivered", "again_after": "90 d"})
    person = b.a_person(app, brand)
    for days in (0, 89, 90, 100):
        clock.step_to(b.NOON + days * DAY)
        b.accepted(app, brand, b.an_event(app, brand, person, parcel=f"P-{days}"))
    assert len(b.fates(app, brand)) == 2


def test_a_recurring_audience_leaves_in_peace_whom_it_met(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    trigger = {"audience": "all", "every": "day", "at": "09:00", "again_after": "10 d"}
    b.a_live_campaign(app, brand, trigger=trigger)
    b.a_person(app, brand)
    for days in range(25):
        clock.step_to(b.NOON + days * DAY)
        b.planned(app, brand)
    assert len(b.fates(app, brand)) == 3


@given(st.lists(st.integers(0, 300), min_size=1, max_size=12, unique=True))
def test_passages_keep_their_distance_in_whatever_order_they_are_told(days: list[int]) -> None:
    """Also within one set, where nothing has been stored yet; the first of them begins."""
    trigger = EventTrigger("parcel.delivered", again_after=90 * DAY)
    wanted = [
        a_candidate(a_campaign(trigger=trigger), an_event(key=f"P-{day}", at=NOON + day * DAY))
        for day in days
    ]
    plans = in_turn.plans(wanted)
    began = sorted(day for day, one in zip(days, plans, strict=True) if isinstance(one, Plan))
    assert began[0] == min(days)
    assert all(later - sooner >= 90 for sooner, later in pairwise(began))

"""Does a campaign keep to its own caps, and is what it would rather drop not sent late?"""

from datetime import timedelta
from itertools import count

import pytest

from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.people.model import Person
from tests import builders as b

_BRANDS = count(1)
DAY = timedelta(days=1)


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, f"capped-{next(_BRANDS)}", caps=[])


def delivered(app: Outreach, brand: BrandRef, person: Person, parcel: str) -> None:
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=parcel))
    b.everything_due(app)


def test_a_campaign_contacts_a_person_so_often_and_no_more(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """In all passages together, longer ago than any law counts; other campaigns are not counted."""
    step = b.a_step(useful_for="1 d")
    b.a_live_campaign(app, brand, steps=[step], caps=[{"max": 1, "per": "60 d"}])
    b.a_live_campaign(app, brand, "other", steps=[step], trigger={"event": "order.paid"})
    person = b.a_person(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, person, "order.paid"))
    b.everything_due(app)
    clock.step_to(b.NOON + DAY)
    delivered(app, brand, person, "P-1")
    clock.step_to(b.NOON + 41 * DAY)
    delivered(app, brand, person, "P-2")
    clock.step_to(b.NOON + 62 * DAY)
    delivered(app, brand, person, "P-3")
    assert [fate for _, *fate in b.fates(app, brand)] == [
        ["sent", None],
        ["sent", None],
        ["skipped", "too_late"],
        ["sent", None],
    ]


@pytest.mark.parametrize(("late", "fate"), [("hold", "planned"), ("drop", "skipped")])
def test_a_step_that_may_not_go_now_is_held_or_dropped(
    app: Outreach, brand: BrandRef, clock: SteppedClock, late: str, fate: str
) -> None:
    """A text at three in the morning waits for the day, unless it would rather be dropped."""
    step = b.a_step(channels=["sms"], late=late)
    b.a_live_campaign(app, brand, steps=[step])
    person = b.a_person(app, brand)
    clock.step_to(b.NOON + timedelta(hours=19))
    delivered(app, brand, person, "P-1")
    [(_, state, _)] = b.fates(app, brand)
    assert state == fate

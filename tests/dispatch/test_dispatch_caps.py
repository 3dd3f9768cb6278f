"""Does each cap and quarantine count what it speaks of, on the right clock, and nothing else?"""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import text

from optout.model import Channel, Purpose
from outreach.app import Outreach
from outreach.brands.model import Profile
from outreach.brands.pace import Quarantines
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch import limits
from outreach.dispatch.caps import full_until, weighs_until
from outreach.dispatch.model import Attempted, Limit, Period
from outreach.people.model import Person
from tests import builders as b
from tests.brands.test_brands import PROFILE
from tests.dispatch import builders as d
from tests.tour.saying import agrees

_BRANDS = count(1)
DEFAULTS = dict(Quarantines())
AFTERNOON = datetime(2026, 3, 10, 16, tzinfo=UTC)  # noon in New York
AUCKLAND, HONOLULU = "Pacific/Auckland", "Pacific/Honolulu"


def calendar(period: Period, *zones: str) -> Limit:
    return Limit(1, period, d.EVERY_CHANNEL, d.EVERY_PURPOSE, "cap", zones=zones)


@pytest.mark.parametrize(
    ("period", "zones", "ends"),
    [
        ("day", ("America/New_York",), datetime(2026, 3, 11, 4, tzinfo=UTC)),
        ("week", ("America/New_York",), datetime(2026, 3, 16, 4, tzinfo=UTC)),
        ("month", ("America/New_York",), datetime(2026, 4, 1, 4, tzinfo=UTC)),
        ("day", (AUCKLAND,), datetime(2026, 3, 11, 11, tzinfo=UTC)),
        ("day", (AUCKLAND, HONOLULU), datetime(2026, 3, 11, 11, tzinfo=UTC)),
    ],
)
def test_a_period_ends_on_the_persons_own_clock(
    period: Period, zones: tuple[str, ...], ends: datetime
) -> None:
    """Where several places may be theirs, on the last of their clocks."""
    assert weighs_until(b.NOON, calendar(period, *zones)) == ends


def test_a_rolling_span_and_a_calendar_day_may_both_be_asked() -> None:
    """At 23:00 and at 00:00 are two days and one hour: the rolling one objects."""
    profile = Profile.model_validate(
        PROFILE | {"caps": [{"max": 1, "per": "PT12H", "calendar": "day"}]}
    )
    touch = d.a_touch(purpose=Purpose.MARKETING, channel=Channel.EMAIL)
    told = limits.speaking_of(touch, limits.of_brand(profile), zones=("America/New_York",))
    own = [limit for limit in told if limit.name.startswith("1 ")]
    before_midnight = d.attempted(0, purpose=Purpose.MARKETING)
    midnight = datetime(2026, 3, 11, 4, tzinfo=UTC)
    later = d.facts(
        touch=touch, now=midnight,
        attempts=(Attempted(before_midnight.touch_id, midnight - timedelta(hours=1),
                            Channel.EMAIL, Purpose.MARKETING),),
    )  # fmt: skip
    assert [full_until(later, limit) for limit in own] == [midnight + timedelta(hours=11), None]


def test_news_of_an_order_never_uses_up_what_may_be_asked() -> None:
    """Even under a cap that speaks of everything."""
    news = tuple(d.attempted(1, number=n, purpose=Purpose.TRANSACTIONAL) for n in (2, 3))
    asking = d.facts(attempts=news, touch=d.a_touch(purpose=Purpose.MARKETING))
    assert full_until(asking, d.a_limit(1)) is None


@pytest.mark.parametrize(
    ("purpose", "channel", "wait", "quarantine"),
    [
        (Purpose.SURVEY, "email", timedelta(days=30), "survey"),
        (Purpose.REVIEW, "email", timedelta(days=365), "review_of_product"),
        (Purpose.MARKETING, "email", timedelta(hours=16), "promotion_by_mail"),
        (Purpose.SURVEY, "sms", timedelta(hours=24), "promotion_by_sms"),
    ],
)
def test_each_quarantine_is_enforced_and_may_be_changed(
    app: Outreach, clock: SteppedClock, purpose: Purpose, channel: str, wait: timedelta,
    quarantine: str,
) -> None:  # fmt: skip
    """Across campaigns: the second of its kind waits for so long, and not where it is off."""
    off = dict.fromkeys(DEFAULTS, "PT0S")
    alone = off | {quarantine: DEFAULTS[quarantine]}
    assert DEFAULTS[quarantine] == wait
    for hour, quarantines in enumerate((alone, off)):
        begun = AFTERNOON + timedelta(hours=hour)
        clock.step_to(begun)
        brand = b.a_brand(app, f"caps-{next(_BRANDS)}", apart="PT1M", quarantines=quarantines)
        person = asked_twice(app, brand, purpose, channel)
        clock.step_to(begun + timedelta(minutes=2))
        closed = b.an_event(app, brand, person, "case.closed", case="C", closed_at="now")
        b.accepted(app, brand, closed)
        b.everything_due(app)
        expected = begun + wait if quarantines == alone else None
        assert held_until(app, brand) == expected, b.fates(app, brand)


def held_until(app: Outreach, brand: BrandRef) -> datetime | None:
    held = text("select until from outreach.verdicts where verdict = 'hold'")
    with app.means.database.begin(brand) as tx:
        found = tx.execute(held).scalar_one_or_none()
    assert found is None or isinstance(found, datetime)
    return found


def asked_twice(app: Outreach, brand: BrandRef, purpose: Purpose, channel: str) -> Person:
    """One campaign has asked; another begins when a case is closed."""
    step = b.a_step(channels=[channel], useful_for="400 d")
    b.a_live_campaign(app, brand, "first", purpose=purpose, steps=[step])
    b.a_live_campaign(
        app, brand, "second", purpose=purpose, steps=[step], trigger={"event": "case.closed"}
    )
    person = b.a_person(app, brand)
    agrees(app, brand, person, purpose)
    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    return person


@pytest.mark.parametrize(
    ("purpose", "quarantine"), [(Purpose.SURVEY, "survey"), (Purpose.REVIEW, "review_of_product")]
)
def test_a_reminder_of_the_same_passage_is_no_second_question(
    app: Outreach, clock: SteppedClock, purpose: Purpose, quarantine: str
) -> None:
    """It goes within the quarantine; another passage that would ask the same still waits."""
    alone = dict.fromkeys(DEFAULTS, "PT0S") | {quarantine: DEFAULTS[quarantine]}
    brand = b.a_brand(app, f"caps-{next(_BRANDS)}", apart="PT1M", quarantines=alone)
    steps = [b.a_step(useful_for="2 d"), b.a_step("again", after="3 d", useful_for="2 d")]
    b.a_live_campaign(app, brand, purpose=purpose, steps=steps)
    person = b.a_person(app, brand)
    agrees(app, brand, person, purpose)
    clock.step_to(AFTERNOON)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-1"))
    b.everything_due(app)
    clock.step_to(AFTERNOON + timedelta(days=3))
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-2"))
    b.everything_due(app)
    assert sorted(b.fates(app, brand), key=str) == [
        ("email", "planned", None),
        ("email", "sent", None),
        ("email", "sent", None),
        ("email", "skipped", "too_late"),
    ]

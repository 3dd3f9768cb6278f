"""Who is greeted on a festival, when on their own clock, and who is not?"""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.hours.model import Evidence
from outreach.hours.places import place_of
from tests import builders as b

EVE = {"holiday": "spring_festival", "offset": "-1 d", "at": "10:00"}
CHINA = {"country": "CN", "subdivision": "", "phone": "", "zone": "Asia/Shanghai"}
CANADA = {"country": "CA", "subdivision": "CA-ON", "phone": "", "zone": "America/Toronto"}
NOWHERE = {"country": "", "subdivision": "", "phone": ""}


@pytest.fixture
def clock(tmp_path) -> SteppedClock:
    stepped = SteppedClock(tmp_path / "clock")
    stepped.step_to(datetime(2026, 2, 10, tzinfo=UTC))
    return stepped


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app)


def passages(app: Outreach, brand: BrandRef) -> list[tuple[str, str | None]]:
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(
            text("""
            select p.ref, n.reason from outreach.enrolments n
            join outreach.persons p on p.id = n.person_id order by p.ref
        """)
        )
        return [(row.ref, row.reason) for row in rows]


def instants(app: Outreach, brand: BrandRef) -> list[datetime]:
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(text("select planned_for from outreach.touches order by 1"))
        return list(rows.scalars())


def through(app: Outreach, brand: BrandRef, clock: SteppedClock, *days: datetime) -> None:
    for day in days:
        clock.step_to(day)
        b.planned(app, brand)


def february(day: int) -> datetime:
    return datetime(2026, 2, day, 12, tzinfo=UTC)


def test_those_whose_calendar_has_it_are_greeted_on_their_clock(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """The day before New Year's Day at ten in China; nobody in Canada; and who is nowhere, why."""
    b.a_person(app, brand, "lin", **CHINA)
    b.a_person(app, brand, "ann", **CANADA)
    b.a_person(app, brand, "noone", **NOWHERE)
    b.a_live_campaign(app, brand, trigger=EVE)
    through(app, brand, clock, *map(february, range(10, 20)))
    assert passages(app, brand) == [("lin", None), ("noone", "place_unknown")]
    assert instants(app, brand) == [datetime(2026, 2, 16, 2, tzinfo=UTC)]


def test_who_says_they_keep_it_is_greeted_where_the_calendar_lacks_it(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """In Toronto at ten of the same day; those who do not keep it are no candidates."""
    b.a_person(app, brand, "mei", **CANADA, tags="lunar")
    b.a_person(app, brand, "lin", **CHINA)
    keeps = {"field": "person.tags", "operator": "contains", "value": "lunar"}
    b.a_live_campaign(app, brand, trigger=EVE | {"observed_by": keeps})
    through(app, brand, clock, *map(february, range(10, 20)))
    assert passages(app, brand) == [("mei", None)]
    assert instants(app, brand) == [datetime(2026, 2, 16, 15, tzinfo=UTC)]


def test_the_text_names_the_festival_in_the_persons_language(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    b.a_person(app, brand, "lin", **CHINA, locale="zh-CN")
    b.a_text(app, brand, "hello", "{{ event.data.name }} {{ event.data.date }}")
    b.a_live_campaign(app, brand, trigger=EVE, steps=[b.a_step(template="hello")])
    through(app, brand, clock, datetime(2026, 2, 15, 20, tzinfo=UTC))
    clock.step_to(datetime(2026, 2, 16, 2, tzinfo=UTC))
    b.everything_due(app)
    (mail,) = b.reached(app, Channel.EMAIL)
    assert "春节 2026-02-17" in mail.content.text


def test_a_greeting_that_may_not_shift_is_of_no_use_after_its_day(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """The same step lives for days where it may shift."""
    b.a_person(app, brand, "lin", **CHINA)
    for key, otherwise in (("shifts", "shift"), ("skips", "skip")):
        step = b.a_step(useful_for="3 d")
        b.a_live_campaign(app, brand, key, trigger=EVE | {"otherwise": otherwise}, steps=[step])
    through(app, brand, clock, datetime(2026, 2, 15, 20, tzinfo=UTC))
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(text("select useless_after from outreach.touches order by 1"))
        ends = list(rows.scalars())
    assert ends == [datetime(2026, 2, 16, 16, tzinfo=UTC), datetime(2026, 2, 19, 2, tzinfo=UTC)]


def test_a_place_is_known_by_its_number_too() -> None:
    """So somebody with a Chinese number alone lives by the Chinese calendar."""
    assert "CN" in place_of(Evidence(phone="+8613800000001")).jurisdictions

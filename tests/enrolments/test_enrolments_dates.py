"""What begins on a person's own day, and what follows when that day moves?"""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.people.model import Person, person_id
from outreach.records import dates
from outreach.records.dates import Dated, month_days
from outreach.reports.reconcile import reconcile
from tests import builders as b

_TERMS = count(1)
A_DAY = timedelta(days=1)
RENEWAL = {"date": "contract.ends_on", "offset": "-30 d", "at": "10:00"}
STEPS = [
    b.a_step("month", useful_for="5 d"),
    b.a_step("week", after="23 d", at="10:00", useful_for="3 d"),
    b.a_step("day", after="29 d", at="10:00", useful_for="1 d"),
]


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app)


def contract(
    app: Outreach, brand: BrandRef, person: Person, ends_on: str, kind: str = "contract.renewal_due"
) -> None:
    """The shop says when the contract K-1 ends."""
    told = {"contract": "K-1", "term": str(next(_TERMS)), "ends_on": ends_on, "plan": "Care"}
    b.accepted(app, brand, b.an_event(app, brand, person, kind, **told))
    b.planned(app, brand)


def touches(app: Outreach, brand: BrandRef) -> list[tuple[date, str, str | None]]:
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(
            text("""
            select planned_for, state::text, reason from outreach.touches order by planned_for
        """)
        )
        return [(row.planned_for.date(), row.state, row.reason) for row in rows]


def pass_days(app: Outreach, brand: BrandRef, clock: SteppedClock, number: int) -> None:
    for _ in range(number):
        clock.step_to(clock() + A_DAY)
        b.planned(app, brand)
        b.everything_due(app)


def test_a_passage_begins_so_many_days_before(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Nothing before the thirtieth day before, then all steps at ten on the person's clock."""
    person = b.a_person(app, brand)
    b.a_live_campaign(app, brand, trigger=RENEWAL, steps=STEPS)
    contract(app, brand, person, "2026-04-20")
    assert touches(app, brand) == []
    pass_days(app, brand, clock, 11)
    planned = [day for day, _, _ in touches(app, brand)]
    assert planned == [date(2026, 3, 21), date(2026, 4, 13), date(2026, 4, 19)]


def test_a_day_that_is_known_late_leaves_what_is_still_of_use(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Ten days before the end: the month's reminder is too late, the others come."""
    person = b.a_person(app, brand)
    b.a_live_campaign(app, brand, trigger=RENEWAL, steps=STEPS)
    b.planned(app, brand)
    contract(app, brand, person, "2026-03-20")
    pass_days(app, brand, clock, 10)
    fates = [(state, reason) for _, state, reason in touches(app, brand)]
    assert fates == [("skipped", "too_late"), ("sent", None), ("sent", None)]


def test_a_day_that_moves_cancels_what_is_not_sent_and_begins_anew(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    person = b.a_person(app, brand)
    b.a_live_campaign(app, brand, trigger=RENEWAL, steps=STEPS)
    contract(app, brand, person, "2026-04-09")
    pass_days(app, brand, clock, 2)
    assert [state for _, state, _ in touches(app, brand)] == ["sent", "planned", "planned"]
    contract(app, brand, person, "2026-04-11")
    fates = {(state, reason) for _, state, reason in touches(app, brand)}
    assert ("cancelled", "date_changed") in fates
    assert len(touches(app, brand)) == 6
    contract(app, brand, person, "2026-04-09")  # and back: that day has had its passage
    assert len(touches(app, brand)) == 6
    with app.means.database.begin(brand) as tx:
        assert reconcile(tx).closes


def test_a_contract_that_is_cancelled_is_not_to_be_renewed(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    person = b.a_person(app, brand)
    b.a_live_campaign(app, brand, trigger=RENEWAL, steps=STEPS)
    contract(app, brand, person, "2026-04-11")
    pass_days(app, brand, clock, 2)
    told = b.an_event(app, brand, person, "contract.cancelled", contract="K-1")
    b.accepted(app, brand, told)
    b.planned(app, brand)
    assert {(state, reason) for _, state, reason in touches(app, brand)} == {
        ("cancelled", "date_changed")
    }


def test_what_is_told_late_does_not_move_a_day_back(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """By when it happened, and not by when it came."""
    person = b.a_person(app, brand)
    contract(app, brand, person, "2026-06-01")
    earlier = b.an_event(
        app, brand, person, "contract.renewal_due", clock() - A_DAY, contract="K-1", term="0",
        ends_on="2026-05-01",
    )  # fmt: skip
    b.accepted(app, brand, earlier)
    with app.means.database.begin(brand) as tx:
        (own,) = dates.of(tx, [person.id])
    assert own.falls_on == date(2026, 6, 1)


def test_a_birthday_comes_round_each_year_and_a_person_without_one_is_left_alone(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    b.a_person(app, brand, birthday="1990-03-12")
    b.a_person(app, brand, birthday="03-12")
    b.a_person(app, brand)
    b.a_live_campaign(app, brand, trigger={"date": "person.birthday", "at": "10:00"})
    pass_days(app, brand, clock, 4)
    assert [day for day, _, _ in touches(app, brand)] == [date(2026, 3, 12)] * 2
    clock.step_to(datetime(2027, 3, 11, 20, tzinfo=UTC))
    b.planned(app, brand)
    assert [day.year for day, _, _ in touches(app, brand)] == [2026, 2026, 2027, 2027]


def test_a_birthday_that_is_corrected_or_taken_back_is_not_kept(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    b.a_person(app, brand, "ada", birthday="1990-03-10")
    b.a_live_campaign(app, brand, trigger={"date": "person.birthday", "at": "10:00"})
    b.planned(app, brand)
    assert [state for _, state, _ in touches(app, brand)] == ["planned"]
    b.a_person(app, brand, "ada")  # says nothing of days
    b.planned(app, brand)
    assert [state for _, state, _ in touches(app, brand)] == ["planned"]
    b.a_person(app, brand, "ada", birthday="")
    b.planned(app, brand)
    assert touches(app, brand) == [(date(2026, 3, 10), "cancelled", "date_changed")]


def test_a_day_waits_for_its_person(app: Outreach, brand: BrandRef, clock: SteppedClock) -> None:
    """The contract is known before the person is; nobody asks about it again and again."""
    b.a_live_campaign(app, brand, trigger=RENEWAL, steps=STEPS)
    unknown = Person(person_id(brand, "late"), "late")
    contract(app, brand, unknown, "2026-04-09")
    assert touches(app, brand) == []
    b.a_person(app, brand, "late")
    b.planned(app, brand)
    assert len(touches(app, brand)) == 3


@given(st.dates(date(1904, 1, 1), date(2030, 12, 31)), st.integers(2024, 2060))
def test_each_birthday_is_kept_exactly_once_a_year(born: date, year: int) -> None:
    """Also that of 29 February, on the 28th where there is no 29th."""
    own = Dated(person_id(BrandRef(1, "x"), "a"), "person.birthday", "", born, {})
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    kept = [day for day in days if own.comes_on(day, yearly=True)]
    assert len(kept) == 1
    assert dates.month_day(born) in month_days(kept[0])


def test_a_trial_that_has_become_a_contract_ends_no_more(app: Outreach, brand: BrandRef) -> None:
    """What was planned for its last days is cancelled; another trial of the person's stays."""
    person = b.a_person(app, brand)
    b.a_live_campaign(app, brand, trigger={"date": "trial.ends_on", "offset": "-3 d"})
    for trial in ("T-1", "T-2"):
        told = {"trial": trial, "ends_on": "2026-03-12"}
        b.accepted(app, brand, b.an_event(app, brand, person, "trial.ending", **told))
    b.planned(app, brand)
    assert [state for _, state, _ in touches(app, brand)] == ["planned", "planned"]
    became = {"contract": "K-1", "trial": "T-1"}
    b.accepted(app, brand, b.an_event(app, brand, person, "contract.started", **became))
    b.planned(app, brand)
    assert sorted(state for _, state, _ in touches(app, brand)) == ["cancelled", "planned"]

"""Does whoever is about to complain hear a person and no promotion?"""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import text

from outreach import work
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.enrolments import intake, warnings
from outreach.events import store as events
from outreach.people.model import Person
from tests import builders as b

_BRANDS = count(1)
DAY = timedelta(days=1)
_CASES = text("""
    select id from outreach.events
    where person_id = :person and type = 'case.opened' and data ->> 'kind' = 'early_warning'
""")


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, f"warned-{next(_BRANDS)}")


def told(app: Outreach, brand: BrandRef, person: Person) -> list[dict[str, Any]]:
    with app.means.database.begin(brand) as tx:
        found = tx.execute(_CASES, {"person": person.id}).scalars().all()
        return [dict(event.data) for event in events.by_id(tx, found).values()]


def two_cases(app: Outreach, brand: BrandRef, person: Person) -> None:
    for days, case in ((9, "C-1"), (1, "C-2")):
        at = b.NOON - days * DAY
        b.accepted(
            app, brand, b.an_event(app, brand, person, "case.opened", at, case=case, opened_at=case)
        )
        closed = b.an_event(
            app, brand, person, "case.closed", at + DAY / 2, case=case, closed_at=case
        )
        b.accepted(app, brand, closed)


def test_a_second_case_opens_one_warning_with_its_reasons(app: Outreach, brand: BrandRef) -> None:
    person = b.a_person(app, brand)
    two_cases(app, brand, person)
    two_cases(app, brand, person)
    [warning] = told(app, brand, person)
    assert warning["reasons"] == [{"sign": "second_case", "detail": "C-1, C-2"}]


def test_two_facts_at_once_are_seen_together(app: Outreach, brand: BrandRef) -> None:
    person = b.a_person(app, brand)
    facts = [
        b.an_event(app, brand, person, "survey.answered", survey="S-1", form="nps", band="low"),
        b.an_event(app, brand, person, "survey.commented", survey="S-1", comment="Scam"),
    ]

    def from_the_desk() -> None:
        with app.means.database.begin(brand) as tx:
            intake.accept(tx, brand, facts[1:], source="desk", refused=0, now=b.NOON)

    with ThreadPoolExecutor() as beside, app.means.database.begin(brand) as tx:
        intake.accept(tx, brand, facts[:1], source="shop", refused=0, now=b.NOON)
        other = beside.submit(from_the_desk)
        assert wait([other], timeout=0.3).not_done
    other.result()
    [warning] = told(app, brand, person)
    assert [one["sign"] for one in warning["reasons"]] == ["low_score", "angry_words"]


def test_it_holds_promotion_and_puts_a_person_in_front(app: Outreach, brand: BrandRef) -> None:
    b.a_campaign(app, brand, "early-warning-call")
    b.a_live_campaign(app, brand, "offers", purpose="survey")
    person = b.a_person(app, brand, zone="Europe/London", country="GB", subdivision="")
    two_cases(app, brand, person)
    b.accepted(app, brand, b.an_event(app, brand, person))
    with app.means.database.begin(brand) as tx:
        open_kinds = tx.execute(
            text("select kind from outreach.cases where person_id = :id and state = 'open'"),
            {"id": person.id},
        )
        assert list(open_kinds.scalars()) == ["early_warning"]
        planned = tx.execute(
            text("select channel, purpose from outreach.touches where person_id = :id order by 1"),
            {"id": person.id},
        )
        assert ("voice", "service") in [tuple(row) for row in planned]


def test_facts_of_no_such_kind_ask_nothing(app: Outreach, brand: BrandRef) -> None:
    person = b.a_person(app, brand)
    with app.means.database.begin(brand) as tx:
        parcel = b.an_event(app, brand, person)
        intake.accept(tx, brand, [parcel], source="shop", refused=0, now=b.NOON)
    assert told(app, brand, person) == []


def test_a_refund_becomes_slow_though_nothing_is_heard(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of everybody, a set at a time, and once; one that was paid in the meantime is none."""
    monkeypatch.setattr(warnings, "_BATCH", 1)
    persons = [b.a_person(app, brand) for _ in range(3)]
    for person in persons:
        told_of = {"refund": f"R-{person.ref}", "status": "approved"}
        b.accepted(
            app, brand, b.an_event(app, brand, person, "refund.progressed", b.NOON, **told_of)
        )
    paid = {"order": "O-1", "refund": f"R-{persons[2].ref}"}
    b.accepted(app, brand, b.an_event(app, brand, persons[2], "order.refunded", b.NOON, **paid))
    for at in (b.NOON + 6 * DAY, b.NOON + 7 * DAY, b.NOON + 7 * DAY):
        work.warn(app, brand, after=b.NOON - DAY, now=at)
        found = [told(app, brand, person) for person in persons]
        assert [len(one) for one in found] == ([0, 0, 0] if at < b.NOON + 7 * DAY else [1, 1, 0])
    assert found[0][0]["reasons"] == [{"sign": "slow_refund", "detail": f"R-{persons[0].ref}"}]

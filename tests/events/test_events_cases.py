"""Is a case open, in whatever order we hear of it?"""

from datetime import timedelta
from itertools import count, permutations

import pytest

from outreach.app import Outreach
from outreach.brands.pace import CASE_KINDS
from outreach.db.engine import BrandRef
from outreach.events.model import Event
from outreach.people.model import Person
from outreach.records import holds
from tests import builders as b

_BRANDS = count(1)


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, f"cases-{next(_BRANDS)}")


def told(app: Outreach, brand: BrandRef, person: Person, kind: str, hours_ago: int) -> Event:
    at = b.NOON - timedelta(hours=hours_ago)
    moment = kind.removeprefix("case.") + "_at"
    return b.an_event(app, brand, person, kind, at, case="C-1", **{moment: at.isoformat()})


def is_open(app: Outreach, brand: BrandRef, person: Person) -> bool:
    return bool(open_cases(app, brand, person))


def open_cases(app: Outreach, brand: BrandRef, person: Person) -> tuple[str, ...]:
    with app.means.database.begin(brand) as tx:
        spared = holds.of(tx, [person.id], kinds=sorted(CASE_KINDS), since=b.NOON)
    return spared[person.id].cases if person.id in spared else ()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_cases_follow_when_things_happened_and_not_when_they_were_told(
    app: Outreach, brand: BrandRef, order: tuple[int, ...]
) -> None:
    """Opened, closed and opened again is open, in all six orders of hearing of it."""
    person = b.a_person(app, brand)
    events = [
        told(app, brand, person, "case.opened", 9),
        told(app, brand, person, "case.closed", 6),
        told(app, brand, person, "case.opened", 3),
    ]
    for index in order:
        b.accepted(app, brand, events[index])
    assert is_open(app, brand, person)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_late_word_of_opening_does_not_reopen(
    app: Outreach, brand: BrandRef, order: tuple[int, ...]
) -> None:
    """It was closed after it was opened, whichever we heard first."""
    person = b.a_person(app, brand)
    events = [
        told(app, brand, person, "case.opened", 9),
        told(app, brand, person, "case.closed", 6),
    ]
    for index in order:
        b.accepted(app, brand, events[index])
    assert not is_open(app, brand, person)


def test_a_case_is_one_persons(app: Outreach, brand: BrandRef) -> None:
    """Somebody else's complaint holds nobody back, nor does another case's end."""
    person, other = b.a_person(app, brand), b.a_person(app, brand)
    b.accepted(app, brand, told(app, brand, person, "case.opened", 3))
    assert open_cases(app, brand, person) == ("C-1",)
    assert open_cases(app, brand, other) == ()

"""Does what is wrong become one case, whoever hears of it and however often?"""

from dataclasses import replace

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.errors import Invalid, NotFound
from outreach.inbound import cases
from outreach.inbound.cases import Raised
from outreach.people.model import Person, person_id
from tests import builders as b


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, purpose="survey")
    return brand


@pytest.fixture
def person(app: Outreach, brand: BrandRef) -> Person:
    return b.a_person(app, brand, "c-1")


def test_one_order_has_one_case_whatever_is_wrong_with_it(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    """An agent hears of damage, a survey of a replacement: one case, two notes."""
    damage = Raised("damage", "ana", "scratched", order="O-1")
    key, before = cases.raise_case(app.means, brand, person.id, damage)
    assert not before
    again = Raised("replacement", "survey:nps", order="O-1")
    assert cases.raise_case(app.means, brand, person.id, again) == (key, True)
    other = Raised("damage", "ana", order="O-2")
    assert cases.raise_case(app.means, brand, person.id, other)[0] != key
    with app.means.database.begin(brand) as tx:
        first = next(one for one in cases.opened(tx) if one.key == key)
        assert (first.said, first.topic, first.ref) == (2, "damage", "c-1")
        assert [note.by for note in cases.notes(tx, person.id, key)] == ["ana", "survey:nps"]


def test_a_case_without_an_order_is_of_the_one_that_is_named_later(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    """Two orders never share it, and what names the order again finds it before another."""
    key, _ = cases.raise_case(app.means, brand, person.id, Raised("damage", "ana"))
    first = Raised("exchange", "ana", order="O-1")
    apart, _ = cases.raise_case(app.means, brand, person.id, first)
    joining = Raised("damage", "survey:delivery", order="O-2")
    assert cases.raise_case(app.means, brand, person.id, joining) == (key, True)
    third, _ = cases.raise_case(app.means, brand, person.id, replace(joining, order="O-3"))
    assert len({key, apart, third}) == 3
    assert cases.raise_case(app.means, brand, person.id, replace(first, topic="damage")) == (
        apart,
        True,
    )


def test_what_the_help_desk_opened_is_joined_too(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    """Without an order the topic decides."""
    told = b.an_event(
        app, brand, person, "case.opened", case="Z-1", opened_at="2026-03-10", order=None
    )
    told = told._replace(data={**told.data, "kind": "return"})
    b.accepted(app, brand, told)
    raised = Raised("return", "ana", order=None)
    assert cases.raise_case(app.means, brand, person.id, raised) == ("Z-1", True)


def test_a_case_holds_what_can_wait_until_its_owner_closes_it(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    """It is the care hold that every case brings."""
    key, _ = cases.raise_case(app.means, brand, person.id, Raised("logistics", "ana"))
    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    assert {reason for *_, reason in b.fates(app, brand)} <= {"care_hold", "no_consent"}
    with app.means.database.begin(brand) as tx:
        cases.own(tx, brand, person.id, key, owner="eve")
        assert [one.owner for one in cases.opened(tx)] == ["eve"]
    cases.close(app.means, brand, person.id, key, by="eve", note="sent anew")
    with app.means.database.begin(brand) as tx:
        assert cases.opened(tx) == []
        assert tx.execute(text("select state from outreach.cases")).scalar_one() == "closed"
    with pytest.raises(NotFound, match="no open case"):
        cases.close(app.means, brand, person.id, key, by="eve")


def test_what_is_no_case_is_told(app: Outreach, brand: BrandRef, person: Person) -> None:
    """A topic that is none, a person who is none."""
    with pytest.raises(Invalid, match="did you mean `damage`"):
        cases.raise_case(app.means, brand, person.id, Raised("damages", "ana"))
    with pytest.raises(NotFound, match="no such person"):
        cases.raise_case(app.means, brand, person_id(brand, "nobody"), Raised("damage", "ana"))

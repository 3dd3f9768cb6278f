"""Does an event that names a trade and no person find its person?"""

from itertools import permutations

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.events import reading
from outreach.events.model import NOBODY, Refusal
from tests import builders as b
from tests.records import building as r

_STATES = text("select key, state::text, subject, waits_for from outreach.events order by key")


def states(app: Outreach, brand: BrandRef) -> list[tuple[str, ...]]:
    with app.means.database.begin(brand) as tx:
        return [tuple(row) for row in tx.execute(_STATES)]


def test_it_waits_and_says_for_what(app: Outreach, brand: BrandRef) -> None:
    bare = r.an_event("parcel.delivered", subject=None, brand=brand, parcel="P-1", order="O-1")
    assert bare.person_id == NOBODY
    r.tell(app, brand, bare)
    assert states(app, brand) == [("parcel.delivered:P-1", "waiting_for_person", "", "order:O-1")]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_it_is_taken_up_as_soon_as_the_trade_has_a_person(
    app: Outreach, brand: BrandRef, order: tuple[int, ...]
) -> None:
    """A carrier names the parcel, another event its order, a third whose order it is."""
    events = [
        r.an_event("parcel.delivered", r.hours_ago(1), subject=None, brand=brand, parcel="P-1"),
        r.an_event(
            "parcel.shipped", r.hours_ago(5), subject=None, brand=brand, parcel="P-1", order="O-1"
        ),
        r.an_event("order.placed", r.hours_ago(9), brand=brand, order="O-1"),
    ]
    for index in order:
        r.tell(app, brand, events[index])
    assert {row[1:] for row in states(app, brand)} == {("pending", "c-1", None)}
    assert r.derived(app, brand) == [("order.complete:O-1", "c-1", r.hours_ago(1))]


def test_a_passage_begins_for_the_person_who_was_found(app: Outreach, brand: BrandRef) -> None:
    """The carrier's bare report is enough, once the shop has said whose order it is."""
    b.a_person(app, brand, r.PERSON)
    b.a_live_campaign(app, brand)
    b.accepted(app, brand, r.an_event("parcel.delivered", subject=None, brand=brand, parcel="P-1"))
    assert b.fates(app, brand) == []
    shipped = r.an_event("parcel.shipped", r.hours_ago(5), brand=brand, parcel="P-1")
    b.accepted(app, brand, shipped)
    assert b.fates(app, brand) == [("email", "planned", None)]


def test_another_brands_order_tells_nothing(app: Outreach, brand: BrandRef) -> None:
    """Two brands may number their orders alike."""
    other = b.a_brand(app, f"other-{brand.key}")
    bare = r.an_event("parcel.delivered", subject=None, brand=brand, parcel="P-1", order="O-1")
    r.tell(app, brand, bare)
    r.tell(app, other, r.an_event("order.placed", brand=other, order="O-1"))
    assert [row[1] for row in states(app, brand)] == ["waiting_for_person"]


@pytest.mark.parametrize("kind", ["survey.answered", "membership.joined"])
def test_what_names_no_trade_needs_a_subject(brand: BrandRef, kind: str) -> None:
    """By nothing could its person be found."""
    raw = {
        "type": kind, "source": "shop", "time": b.NOON.isoformat(),
        "data": {"survey": "S-1", "member": "M-1"},
    }  # fmt: skip
    refused = reading.read(raw, position=0, brand=brand, now=b.NOON)
    assert isinstance(refused, Refusal)
    assert refused.code == "malformed"


def test_a_case_holds_from_the_moment_in_which_its_person_is_known(
    app: Outreach, brand: BrandRef
) -> None:
    person = b.a_person(app, brand)
    opened = r.an_event(
        "case.opened", subject=None, brand=brand, case="C-1", opened_at="x", order="O-1"
    )
    r.tell(app, brand, opened)
    assert r.rows(app, brand)["cases"] == []
    r.tell(app, brand, r.an_event("order.placed", subject=person.ref, brand=brand, order="O-1"))
    assert "'state': 'open'" in r.rows(app, brand)["cases"][0]

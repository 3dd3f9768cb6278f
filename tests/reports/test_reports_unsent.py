"""Is what was not sent found by its reason, and what happened to a person in one line of time?"""

from datetime import timedelta

import pytest
from sqlalchemy import event as hook

from outreach import ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.people.model import Person
from outreach.reports import finding, timeline, unsent
from outreach.reports.timeline import Line
from outreach.reports.unsent import Mark, Unsent
from tests import builders as b


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    """A brand that mails at once what was delivered."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, steps=[b.a_step()])
    return brand


def delivered(app: Outreach, brand: BrandRef, ref: str, **fields: object) -> Person:
    person = b.a_person(app, brand, ref, **fields)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=f"P-{ref}", order=f"O-{ref}"))
    return person


def test_every_contact_that_was_not_made_stands_once_on_some_page(
    app: Outreach, brand: BrandRef
) -> None:
    """Whatever the size of the pages, under its reason and under no other."""
    for key, ends in (("paid", "order.refunded"), ("kept", "parcel.returned")):
        later = [b.a_step(after="2 d")]
        b.a_live_campaign(app, brand, key, steps=later, exits=[{"event": ends}])
    for ref in ("c-1", "c-2", "c-3"):
        person = delivered(app, brand, ref)
        for kind in ("order.refunded", "parcel.returned"):
            named = {"parcel": f"P-{ref}", "order": f"O-{ref}"}
            b.accepted(app, brand, b.an_event(app, brand, person, kind, **named))
    with app.means.database.begin(brand) as tx:
        reasons = unsent.reasons(tx)
        everything = unsent.not_sent(tx, reasons)
        pages: list[Unsent] = []
        mark = Mark()
        while page := unsent.not_sent(tx, reasons, after=mark, limit=2):
            pages += page
            mark = page[-1].mark
        assert unsent.not_sent(tx, ["capped"]) == []
        asked: list[object] = []
        hook.listen(tx, "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert unsent.not_sent(tx, reasons, campaign="other") == []
        assert len(asked) == 1  # no touch is read for a name that nothing has
        named = unsent.not_sent(tx, ["exit:order.refunded"], campaign="paid")
    assert pages == everything
    assert len({one.id for one in everything}) == len(everything) == 2 * 3
    assert {one.ref for one in named} == {"c-1", "c-2", "c-3"}


def test_what_is_held_is_no_loss(app: Outreach, brand: BrandRef) -> None:
    nowhere = {"country": None, "subdivision": None, "zone": None, "phone": "+80012345678"}
    b.a_live_campaign(app, brand, "texts", steps=[b.a_step(channels=["sms"])])
    delivered(app, brand, "c-9", **nowhere)
    b.everything_due(app)
    with app.means.database.begin(brand) as tx:
        reasons = unsent.reasons(tx)
        held, lost = unsent.held(tx, reasons), unsent.not_sent(tx, reasons)
    assert {one.reason for one in held} == {"place_unknown"}
    assert not {one.id for one in held} & {one.id for one in lost}


def test_a_line_of_time_is_whole_and_in_order(app: Outreach, brand: BrandRef) -> None:
    """Read in pages of two it is what it is in one."""
    person = delivered(app, brand, "c-1")
    b.everything_due(app)
    now = app.means.clock()
    with app.means.database.begin(brand) as tx:
        whole = timeline.of_person(tx, person.id, now=now)
        pages: list[Line] = []
        before = None
        while page := timeline.of_person(tx, person.id, before=before, now=now, limit=2):
            pages += page
            before = page[-1].mark
    assert pages == whole
    assert {"event", "attempt", "verdict"} <= {line.kind for line in whole}
    assert [line.at for line in whole] == sorted((line.at for line in whole), reverse=True)


@pytest.mark.parametrize(
    "typed",
    ["c-1", " c-1@CUSTOMERS.example ", "(212) 555-0199", "+1 212 555 0199", "O-c-1", "P-c-1"],
)
def test_a_person_is_found_by_whatever_names_them(app: Outreach, typed: str) -> None:
    """A name of ours, an address however it is written, an order, a parcel."""
    brand = b.a_brand(app, market="US")
    person = delivered(app, brand, "c-1", phone="+12125550199")
    with app.means.database.begin(brand) as tx:
        found = finding.find(tx, app.means, brands.get(tx), typed)
        shown = ids.shown(ids.PERSON, person.id)
        assert [one.id for one in finding.find(tx, app.means, brands.get(tx), shown)] == [person.id]
    assert [one.ref for one in found] == ["c-1"]


def test_nobody_is_found_by_a_part_of_an_address(app: Outreach, brand: BrandRef) -> None:
    delivered(app, brand, "c-1")
    with app.means.database.begin(brand) as tx:
        for typed in ("", "customers.example", "c-1@", "%", "+1212"):
            assert finding.find(tx, app.means, brands.get(tx), typed) == []


def test_another_brand_finds_nobody_of_ours(app: Outreach, brand: BrandRef) -> None:
    person = delivered(app, brand, "c-1")
    other = b.a_brand(app, "other")
    now = app.means.clock() + timedelta(days=1)
    with app.means.database.begin(other) as tx:
        theirs = brands.get(tx)
        for typed in ("c-1", "c-1@customers.example", "O-c-1", ids.shown(ids.PERSON, person.id)):
            assert finding.find(tx, app.means, theirs, typed) == []
        assert timeline.of_person(tx, person.id, now=now) == []
        assert unsent.reasons(tx) == []

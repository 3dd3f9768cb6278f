"""Do brands of one group heed each other's contacts and holds, and learn no more than that?"""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import text

from optout.model import Channel, Purpose
from outreach import ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.brands.model import BrandDocument
from outreach.channels.protocol import Accepted, Outgoing, Refused
from outreach.channels.receipts import Kind
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch import claims
from outreach.dispatch.means import Look
from outreach.dispatch.send import dispatch
from outreach.dispatch.settle import settle
from outreach.inbound.receipts import Receipt, receive
from outreach.people.model import Person, person_id
from outreach.records import rebuild
from tests import builders as b
from tests.records import building as r
from tests.tour.saying import agrees

_GROUPS = count(1)
SHARED = "shared@customers.example"


def two_brands(app: Outreach, *, grouped: bool = True, **profile: object) -> list[BrandRef]:
    """Two brands of one house, or two competitors that one agency serves."""
    number = next(_GROUPS)
    group = {"group": f"house-{number}"} if grouped else {}
    return [b.a_brand(app, f"{name}-{number}", **group, **profile) for name in ("one", "two")]


def a_customer(app: Outreach, brand: BrandRef, **step: object) -> Person:
    """The same customer, under a number of each brand's own, who is to be asked something."""
    b.a_live_campaign(app, brand, "asking", purpose="marketing", steps=[b.a_step(**step)])
    person = b.a_person(app, brand, f"of-{brand.key}", email=SHARED, phone="")
    agrees(app, brand, person, Purpose.MARKETING)
    return person


def parcel(app: Outreach, brand: BrandRef, person: Person) -> None:
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=f"P-{brand.key}"))


def case(app: Outreach, brand: BrandRef, person: Person, kind: str, **data: object) -> None:
    b.accepted(app, brand, b.an_event(app, brand, person, kind, **data))


def fate(app: Outreach, brand: BrandRef) -> tuple[str, str | None]:
    ((_, state, reason),) = b.fates(app, brand)
    return state, reason


def test_a_cap_across_the_group_counts_what_other_brands_sent(app: Outreach) -> None:
    """One mail a day to one address, whoever of the house sends it."""
    caps = [{"max": 1, "per": "P1D", "whom": "address", "across": "group"}]
    one, two = two_brands(app, caps=caps)
    for brand in (one, two):
        parcel(app, brand, a_customer(app, brand))
        b.everything_due(app)
    assert fate(app, one) == ("sent", None)
    assert fate(app, two) == ("planned", "capped")


def refused(app: Outreach, brand: BrandRef) -> UUID:
    """A mail of this brand's that its provider refused for good, as it seemed."""
    handed: list[Outgoing] = []

    def decide(one: Outgoing) -> Refused:
        handed.append(one)
        return Refused("bad", "550", permanent=True)

    parcel(app, brand, a_customer(app, brand))
    dispatch(b.through(app, Channel.EMAIL, decide).means, Look(brand, Channel.EMAIL))
    assert fate(app, brand) == ("failed", "bad")
    return ids.read(ids.TOUCH, handed[0].touch_id)


def delivered_after_all(app: Outreach, brand: BrandRef, touch: UUID) -> None:
    receive(app.means, brand, [Receipt(touch, Kind.DELIVERED)])


def answered_after_all(app: Outreach, brand: BrandRef, touch: UUID) -> None:
    with app.means.database.begin(brand) as tx:
        settle(tx, [(claims.get(tx, [touch])[touch], Accepted("1"))], now=b.NOON)


@pytest.mark.parametrize("after_all", [delivered_after_all, answered_after_all])
def test_what_came_about_after_all_counts_across_the_group(
    app: Outreach, after_all: Callable[[Outreach, BrandRef, UUID], None]
) -> None:
    """A refusal gave the place free; a receipt, or the answer of an earlier call, takes it back."""
    one, two = two_brands(
        app, caps=[{"max": 1, "per": "P1D", "whom": "address", "across": "group"}]
    )
    after_all(app, one, refused(app, one))
    parcel(app, two, a_customer(app, two))
    b.everything_due(app)
    assert fate(app, two) == ("planned", "capped")


def test_competitors_never_count_for_each_other(app: Outreach) -> None:
    """One agency may serve both; neither learns from the other's silence whose customer it is."""
    caps = [{"max": 1, "per": "P1D", "whom": "address", "across": "group"}]
    for brand in two_brands(app, grouped=False, caps=caps):
        parcel(app, brand, a_customer(app, brand))
    b.everything_due(app)
    assert len(b.reached(app, Channel.EMAIL)) == 2


def test_a_complaint_at_one_brand_mutes_the_other_and_lifts_by_itself(
    app: Outreach, clock: SteppedClock
) -> None:
    """Two days after the case is closed, and without anybody telling the other brand."""
    one, two = two_brands(app)
    complaining, asked = a_customer(app, one), a_customer(app, two, useful_for="9 d")
    case(app, one, complaining, "case.opened", case="C-1", opened_at="a")
    parcel(app, two, asked)
    b.everything_due(app)
    assert fate(app, two) == ("planned", "care_hold")
    case(app, one, complaining, "case.closed", case="C-1", closed_at="b")
    for hours, state in ((6, "planned"), (47, "planned"), (48, "sent")):
        clock.step_to(b.NOON + timedelta(hours=hours))
        b.everything_due(app)
        assert fate(app, two)[0] == state


def test_the_other_brand_learns_that_there_is_a_hold_and_nothing_of_the_case(
    app: Outreach,
) -> None:
    """Neither whose it is nor what it is about."""
    one, two = two_brands(app)
    complaining, asked = a_customer(app, one), a_customer(app, two)
    case(app, one, complaining, "case.opened", case="C-1", opened_at="a")
    parcel(app, two, asked)
    b.everything_due(app)
    with app.means.database.begin(two) as tx:
        because = tx.execute(text("select because from outreach.verdicts")).scalar_one()
        assert because == {"elsewhere": True}
        assert tx.execute(text("select count(*) from outreach.cases")).scalar_one() == 0
        seen = tx.execute(text("select * from outreach.holds")).one()._asdict()
    assert set(seen) == {"brand_id", "address_hash", "group_key", "lifts_at", "for_good"}


def test_a_brand_that_joins_a_group_brings_its_contacts_and_holds_along(app: Outreach) -> None:
    """And takes them with it when it leaves."""
    one, two = two_brands(app, grouped=False)
    complaining = a_customer(app, one)
    parcel(app, one, complaining)
    b.everything_due(app)
    case(app, one, complaining, "case.opened", case="C-1", opened_at="a")
    for group, seen in (("house", (1, 1)), ("house-b", (0, 0))):
        joined(app, one, group)
        joined(app, two, "house")
        with app.means.database.begin(two) as tx:
            counts = text("""
                select (select count(*) from outreach.contacts),
                       (select count(*) from outreach.holds)
            """)
            assert tuple(tx.execute(counts).one()) == seen


def joined(app: Outreach, ref: BrandRef, group: str) -> None:
    with app.means.database.begin(ref) as tx:
        known = brands.get(tx)
    profile = known.profile.model_copy(update={"group": group})
    document = {"key": ref.key, "name": known.name, "locale": known.locale, "zone": known.zone}
    brands.put(app.means.database, BrandDocument.model_validate(document | {"profile": profile}))


def test_no_brand_writes_into_another_ones_rows(app: Outreach) -> None:
    """It sees those of its group, and changes none of them."""
    one, two = two_brands(app)
    case(app, one, a_customer(app, one), "case.opened", case="C-1", opened_at="a")
    with app.means.database.begin(two) as tx:
        assert tx.execute(text("update outreach.holds set lifts_at = now()")).rowcount == 0
        assert tx.execute(text("delete from outreach.holds")).rowcount == 0
        assert tx.execute(text("select count(*) from outreach.holds")).scalar_one() == 1


def holds_of(app: Outreach, brand: BrandRef) -> list[tuple[bool, bool]]:
    """Of each hold that this brand sees: whether it is open, and whether it is for good."""
    seen = text("select lifts_at is null, for_good from outreach.holds")
    with app.means.database.begin(brand) as tx:
        return [tuple(row) for row in tx.execute(seen)]


def test_a_case_that_waited_for_its_person_reaches_the_group_at_once(app: Outreach) -> None:
    """It named an order; the other brand is silent from the word of whose order that is."""
    one, two = two_brands(app)
    complaining, asked = a_customer(app, one), a_customer(app, two)
    bare = r.an_event("case.opened", subject=None, brand=one, case="C", opened_at="a", order="O")
    b.accepted(app, one, bare)
    parcel(app, two, asked)
    assert holds_of(app, two) == []
    b.accepted(app, one, b.an_event(app, one, complaining, "order.placed", order="O"))
    assert holds_of(app, two) == [(True, False)]
    b.everything_due(app)
    assert fate(app, two) == ("planned", "care_hold")


def test_a_case_of_somebody_unknown_reaches_the_group_when_they_are_brought_in(
    app: Outreach,
) -> None:
    """The help desk knows a customer before the shop has told of them."""
    one, two = two_brands(app)
    stranger = Person(person_id(one, "late"), "late")
    case(app, one, stranger, "case.opened", case="C-1", opened_at="a")
    assert holds_of(app, two) == []
    b.a_person(app, one, "late", email=SHARED, phone="")
    assert holds_of(app, two) == [(True, False)]


def test_a_death_told_to_one_brand_silences_the_others_for_good(app: Outreach) -> None:
    """Every purpose, service too; unless it was told by mistake."""
    one, two = two_brands(app)
    mourned, asked = a_customer(app, one), a_customer(app, two)
    b.a_live_campaign(app, two, "news", trigger={"event": "order.paid"})
    case(app, one, mourned, "person.deceased", notice="N-1")
    parcel(app, two, asked)
    b.accepted(app, two, b.an_event(app, two, asked, "order.paid"))
    b.everything_due(app)
    assert {fate[1:] for fate in b.fates(app, two)} == {("skipped", "deceased")}
    case(app, one, mourned, "person.alive", notice="N-2")
    assert holds_of(app, two) == [(False, False)]


def test_a_rebuild_of_records_tells_the_group_anew(app: Outreach) -> None:
    """What was lost holds again, and what no record bears out holds nobody."""
    one, two = two_brands(app)
    case(app, one, a_customer(app, one), "case.opened", case="C-1", opened_at="a")
    with app.means.database.begin(one) as tx:
        tx.execute(text("delete from outreach.holds"))
        tx.execute(
            text("""
                insert into outreach.holds (brand_id, address_hash, group_key, for_good)
                select id, 'nobody', group_key, true from outreach.brands
            """)
        )
    with app.means.database.begin(one) as tx:
        rebuild.begin(tx, one, now=b.NOON)
        while rebuild.step(tx, one, now=b.NOON):
            pass
        rebuild.end(tx)
    assert sorted(holds_of(app, two)) == [(False, False), (True, False)]

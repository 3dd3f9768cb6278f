"""Whose law is a person asked under, and what does the dispatcher know of them as a customer?"""

from datetime import UTC, datetime, timedelta

import pytest

from optout import regimes
from optout.model import Channel, Purpose, Relationship
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.dispatch.standing import where_of
from outreach.records import custom
from tests import builders as b

NOWHERE = {"country": None, "subdivision": None, "phone": None}


def where(app: Outreach, person: dict[str, object], **profile: object) -> dict[str, object]:
    ref = b.a_brand(app, "lumen", **profile)
    someone = b.a_person(app, ref, **person)
    with app.means.database.begin(ref) as tx:
        brand = brands.get(tx)
    return dict(where_of(brand, someone, Relationship(), now=b.NOON))


def test_the_law_is_that_of_every_place_where_somebody_may_be(app: Outreach) -> None:
    """An address and a number that disagree: both laws count."""
    asked = where(app, {"country": "DE", "subdivision": None, "phone": "+442079460123"})
    assert set(asked["jurisdictions"]) >= {"DE", "GB"}


def test_a_brand_may_name_the_market_of_those_without_a_place(app: Outreach) -> None:
    """Known by mail alone; without a market no law is known, which leaves care."""
    assert where(app, NOWHERE)["jurisdictions"] == ()
    assert where(app, NOWHERE, market="DE")["jurisdictions"] == ("DE",)
    assert where(app, {"country": "FR"}, market="DE", sector="telecom")["sector"] == "telecom"


def test_the_day_is_the_latest_that_it_may_be_there(app: Outreach) -> None:
    assert where(app, {"zone": "Pacific/Kiritimati"})["on"] == (b.NOON + timedelta(days=1)).date()


@pytest.mark.parametrize(
    ("ends", "until"),
    [
        (["2026-12-09"], datetime(2026, 12, 9, 23, 59, 59, 999999, tzinfo=UTC)),
        (["2026-12-09", "2027-01-31"], datetime(2027, 1, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        (["soon"], b.NOON),
        (["2026-02-31"], b.NOON),
    ],
)
def test_customers_are_read_off_the_events(app: Outreach, ends: list[str], until: datetime) -> None:
    """The last delivery, and the end that a contract names, or else the day on which it ran."""
    brand = b.a_brand(app)
    known, stranger = b.a_person(app, brand), b.a_person(app, brand)
    early = b.NOON - timedelta(days=3)
    b.accepted(
        app, brand, b.an_event(app, brand, known, at=early),
        *(
            b.an_event(
                app, brand, known, "contract.renewal_due", contract=f"K-{n}", term="1", ends_on=end
            )
            for n, end in enumerate(ends)
        ),
    )  # fmt: skip
    with app.means.database.begin(brand) as tx:
        found = custom.relationships_of(tx, [known.id, stranger.id])
    assert found == {known.id: Relationship(last_purchase=early, contract_end=until)}


def test_the_last_inquiry_is_read_off_the_events(app: Outreach) -> None:
    """Whichever was told last; the law of Canada counts six months from it (CASL s. 10(10))."""
    brand = b.a_brand(app)
    known = b.a_person(app, brand)
    told = [b.NOON - timedelta(days=days) for days in (10, 200)]
    for number, at in enumerate(told):
        inquiry = b.an_event(app, brand, known, "inquiry.made", at=at, inquiry=f"Q-{number}")
        b.accepted(app, brand, inquiry)
    with app.means.database.begin(brand) as tx:
        found = custom.relationships_of(tx, [known.id])
    assert found == {known.id: Relationship(inquiry=told[0])}
    today = b.NOON.date()
    law = regimes.packaged().rule("CA", Channel.EMAIL, Purpose.MARKETING, today).relation
    assert law is not None
    assert [law.runs(Relationship(inquiry=at), today) for at in told] == [True, False]

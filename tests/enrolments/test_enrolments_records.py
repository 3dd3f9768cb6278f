"""A campaign may ask for the order, parcel, product, contract or case that its event names."""

from datetime import timedelta

import pytest
from sqlalchemy import event as hook

from outreach.app import Outreach
from outreach.campaigns import catalogue
from outreach.db.engine import BrandRef
from outreach.enrolments import enrol, intake
from outreach.events.model import Event
from outreach.people.model import Person
from outreach.records import named
from tests import builders as b

DEAR = {"field": "order.total", "operator": "at_least", "value": 50}
SHIPPED = {"event": "parcel.shipped", "condition": DEAR}


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app)


def an_order(app: Outreach, brand: BrandRef, who: Person, key: str, **said: object) -> Event:
    money = {"total": "42.00", "currency": "EUR"} | said
    at = app.means.clock() - timedelta(days=2)
    return b.an_event(app, brand, who, "order.paid", at, order=key, **money)


def declined(app: Outreach, brand: BrandRef) -> list[str | None]:
    with app.means.database.begin(brand) as tx:
        asked = "select detail from outreach.enrolments order by detail"
        return list(tx.exec_driver_sql(asked).scalars())


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ({"total": 42}, "order.total 42 is not at least 50"),
        ({"total": "42.50"}, "order.total 42.50 is not at least 50"),
        ({"total": 49, "currency": "JPY"}, "order.total 49 is not at least 50"),
        ({"total": "49.125", "currency": "BHD"}, "order.total 49.125 is not at least 50"),
        ({"total": 50}, None),
        ({"total_minor": 5000, "total": None, "currency": None}, "order.total is missing"),
    ],
)
def test_an_order_is_asked_in_the_units_of_its_currency(
    app: Outreach, brand: BrandRef, said: dict[str, object], detail: str | None
) -> None:
    """Records keep minor units; where no currency is known, no amount is."""
    who = b.a_person(app, brand)
    b.a_live_campaign(app, brand, trigger=SHIPPED)
    b.accepted(app, brand, an_order(app, brand, who, "O-1", **said))
    b.accepted(app, brand, b.an_event(app, brand, who, "parcel.shipped", parcel="P-1", order="O-1"))
    assert declined(app, brand) == [detail]


def test_a_parcel_that_comes_without_its_order_has_the_one_on_record(
    app: Outreach, brand: BrandRef
) -> None:
    """A carrier knows no orders, and the shop had said which it is."""
    who = b.a_person(app, brand)
    b.a_live_campaign(app, brand, trigger={"event": "parcel.delivered", "condition": DEAR})
    b.accepted(app, brand, an_order(app, brand, who, "O-1"))
    b.accepted(app, brand, b.an_event(app, brand, who, "parcel.shipped", parcel="P-1", order="O-1"))
    b.accepted(app, brand, b.an_event(app, brand, who, "parcel.delivered", parcel="P-1"))
    assert declined(app, brand) == ["order.total 42 is not at least 50"]


def test_an_exit_asks_for_what_its_own_event_names(app: Outreach, brand: BrandRef) -> None:
    """The refund of a small order leaves the passage alone; that of a large one ends it."""
    who = b.a_person(app, brand)
    b.a_live_campaign(app, brand, exits=[{"event": "order.refunded", "condition": DEAR}])
    for key, total in (("O-small", 5), ("O-large", 500)):
        b.accepted(app, brand, an_order(app, brand, who, key, total=total))
    b.accepted(app, brand, b.an_event(app, brand, who, parcel="P-1"))
    after = app.means.clock() + timedelta(seconds=1)
    states = []
    for key in ("O-small", "O-large"):
        b.accepted(app, brand, b.an_event(app, brand, who, "order.refunded", after, order=key))
        states.append([state for _, state, _ in b.fates(app, brand)])
    assert states == [["planned"], ["cancelled"]]


def test_a_step_and_a_branch_ask_for_the_record_of_the_event(
    app: Outreach, brand: BrandRef
) -> None:
    who = b.a_person(app, brand)
    large = {"field": "order.total", "operator": "at_least", "value": 40}
    branch = {
        "key": "size", "kind": "branch",
        "ways": [{"when": large, "steps": [b.a_step("large")]}],
    }  # fmt: skip
    b.a_live_campaign(app, brand, steps=[b.a_step("dear", condition=DEAR), branch])
    b.accepted(app, brand, an_order(app, brand, who, "O-1"))
    b.accepted(app, brand, b.an_event(app, brand, who, parcel="P-1", order="O-1"))
    assert {(state, reason) for _, state, reason in b.fates(app, brand)} == {
        ("planned", None),
        ("skipped", "condition_not_met"),
    }


def test_each_record_has_the_fields_of_the_catalogue(app: Outreach, brand: BrandRef) -> None:
    who = b.a_person(app, brand)
    told = [
        an_order(app, brand, who, "1"),
        b.an_event(app, brand, who, "order.refunded", order="1", amount="2.50", currency="EUR"),
        b.an_event(app, brand, who, "parcel.shipped", parcel="1"),
        b.an_event(app, brand, who, "product.updated", product="1", version="2"),
        b.an_event(app, brand, who, "contract.started", contract="1"),
        b.an_event(app, brand, who, "case.opened", case="1", opened_at="2026-03-01"),
    ]
    b.accepted(app, brand, *told)
    asking = b.an_event(
        app, brand, who, "review.written", order="1", parcel=1, product="1", contract=" 1", case="1"
    )
    with app.means.database.begin(brand) as tx:
        found = named.gather(tx, catalogue.RECORDS, [asking])[asking.id]
    assert {kind: set(record) for kind, record in found.items()} == {
        kind: set(names) for kind, names in catalogue.RECORDS.items()
    }
    assert str(found["order"]["refunded"]) == "2.50"


def test_a_case_of_the_same_number_is_another_persons(app: Outreach, brand: BrandRef) -> None:
    one, other = b.a_person(app, brand), b.a_person(app, brand)
    opened = {"case": "1", "opened_at": "2026-03-01"}
    b.accepted(app, brand, b.an_event(app, brand, one, "case.opened", severity="high", **opened))
    asking = b.an_event(app, brand, other, "survey.answered", survey="S-1", case="1")
    with app.means.database.begin(brand) as tx:
        assert named.gather(tx, {"case"}, [asking]) == {asking.id: {"case": {}}}


def test_a_campaign_asks_for_a_persons_own_days(app: Outreach, brand: BrandRef) -> None:
    soon = {"days_until": "person.birthday", "operator": "at_most", "value": 7}
    b.a_live_campaign(app, brand, trigger={"event": "parcel.delivered", "condition": soon})
    near, far = (
        b.a_person(app, brand, birthday=f"{app.means.clock() + timedelta(days=away):%m-%d}")
        for away in (3, 30)
    )
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=p.ref) for p in (near, far)))
    assert declined(app, brand) == ["days until person.birthday: 30 is not at most 7", None]


def statements(app: Outreach, brand: BrandRef, people: int, *asked: object) -> int:
    trigger: dict[str, object] = {"event": "parcel.delivered"}
    if asked:
        trigger["condition"] = {"all": list(asked)}
    b.a_live_campaign(app, brand, f"of-{people}-{len(asked)}", trigger=trigger)
    known = [b.a_person(app, brand) for _ in range(people)]
    told = [
        b.an_event(app, brand, who, parcel=f"P-{people}-{len(asked)}-{n}", order=f"O-{n}")
        for n, who in enumerate(known)
    ]
    counted: list[str] = []
    now = app.means.clock()
    with app.means.database.begin(brand) as tx:
        intake.accept(tx, brand, told, source="shop", refused=0, now=now)
        hook.listen(tx, "before_cursor_execute", lambda *told: counted.append(told[2]))
        enrol.enrol(tx, app.means.book, brand, now=now)
    return len(counted)


def test_records_cost_one_statement_a_kind_and_none_where_nobody_asks(app: Outreach) -> None:
    """However many events there are, and a day of the persons' own one more."""
    names = ("order.total", "parcel.carrier", "person.birthday")
    asked = [{"field": name, "operator": "missing"} for name in names]
    few = [statements(app, b.a_brand(app, f"few-{n}"), 2, *asked[:n]) for n in range(4)]
    assert few == [few[0], few[0] + 1, few[0] + 2, few[0] + 3]
    assert statements(app, b.a_brand(app, "many"), 20, *asked) == few[3]

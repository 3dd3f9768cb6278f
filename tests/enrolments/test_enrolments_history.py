"""A campaign may ask what happened to a person, from the event to the audience."""

from datetime import timedelta

from sqlalchemy import event as hook

from outreach.app import Outreach
from outreach.enrolments import enrol, intake
from tests import builders as b

TWICE = {"count": "answers", "within": "90 d", "operator": "at_least", "value": 2}


def test_a_campaign_takes_in_whoever_has_answered_twice(app: Outreach) -> None:
    """And says of the other how many answers there were."""
    brand = b.a_brand(app)
    often, seldom = b.a_person(app, brand, "often"), b.a_person(app, brand, "seldom")
    trigger = {"event": "parcel.delivered", "condition": TWICE}
    b.a_live_campaign(app, brand, trigger=trigger)
    before = app.means.clock() - timedelta(days=10)
    told = [
        b.an_event(app, brand, who, "survey.answered", before, survey=survey, score=9)
        for who, survey in ((often, "S-1"), (often, "S-2"), (seldom, "S-3"))
    ]
    b.accepted(app, brand, *told)
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=p.ref) for p in (often, seldom)))
    with app.means.database.begin(brand) as tx:
        rows = tx.exec_driver_sql(
            "select p.ref, e.detail from outreach.enrolments e "
            "join outreach.persons p on p.id = e.person_id order by p.ref"
        ).all()
    assert [tuple(row) for row in rows] == [
        ("often", None),
        ("seldom", "answers in 90 d: 1 is not at least 2"),
    ]


def statements(app: Outreach, people: int, trigger: dict[str, object]) -> int:
    """How many statements it takes to plan a delivery to each of so many persons."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, f"of-{people}-{len(trigger)}", trigger=trigger)
    known = [b.a_person(app, brand) for _ in range(people)]
    told = [b.an_event(app, brand, person, parcel=person.ref) for person in known]
    counted: list[str] = []
    now = app.means.clock()
    with app.means.database.begin(brand) as tx:
        intake.accept(tx, brand, told, source="shop", refused=0, now=now)
        hook.listen(tx, "before_cursor_execute", lambda *told: counted.append(told[2]))
        enrol.enrol(tx, app.means.book, brand, now=now)
    return len(counted)


def test_history_costs_one_statement_a_source_and_none_where_nobody_asks(app: Outreach) -> None:
    """However many people there are."""
    plain: dict[str, object] = {"event": "parcel.delivered"}
    asking = plain | {"condition": TWICE}
    without = statements(app, 2, plain)
    assert statements(app, 20, plain) == without
    assert [statements(app, many, asking) for many in (2, 20)] == [without + 1] * 2

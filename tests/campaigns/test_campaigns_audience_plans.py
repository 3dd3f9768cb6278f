"""How PostgreSQL reads the histories that an audience asks for, under the policy of the brand."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Select, func, select, text

from outreach.app import Outreach
from outreach.campaigns import audience, audience_sql, conditions
from outreach.db import tables
from tests import builders as b

Plan = dict[str, object]

DELIVERED = (
    "{count: events, within: 90 d, operator: at_least, value: 2,"
    " where: {field: events.type, operator: is, value: parcel.delivered}}"
)
_TOLD = text("""
    insert into outreach.events (brand_id, id, type, key, subject, person_id, source, occurred_at,
        received_at, state, data)
    select p.brand_id, gen_random_uuid(), 'parcel.delivered', p.ref || n, p.ref, p.id, 'shop', :now,
        :now, 'enrolled', '{}'
    from outreach.persons p, generate_series(1, 5) n
""")
_PEOPLE = text("""
    insert into outreach.persons (brand_id, id, ref)
    select :brand, gen_random_uuid(), 'c-' || n from generate_series(1, 300) n
""")


def nodes(tx: Connection, asked: Select[tuple[object]], how: str) -> list[Plan]:
    """Every node of the plan by which this statement is carried out."""
    compiled = asked.compile(dialect=tx.dialect)
    explained = f"explain ({how}, format json) {compiled}"
    plan = tx.exec_driver_sql(explained, compiled.params).scalar_one()
    return list(_below(plan[0]["Plan"]))


def _below(plan: Plan) -> Iterator[Plan]:
    yield plan
    inner = plan.get("Plans", [])
    assert isinstance(inner, list)
    for part in inner:
        yield from _below(part)


def of_events(found: list[Plan]) -> list[Plan]:
    return [node for node in found if node.get("Relation Name") == "events"]


@pytest.mark.parametrize(
    "question",
    [
        DELIVERED,
        "not: {count: events, operator: at_least, value: 2}",
        "{last: events.type, operator: is, value: parcel.delivered}",
        "{days_since: events.at, operator: at_most, value: 3}",
    ],
)
def test_a_count_reads_each_history_once_however_many_people_there_are(
    app: Outreach, question: str
) -> None:
    """Looked up person by person, a million people would be a million look-ups."""
    brand = b.a_brand(app)
    meant = audience_sql.of_all(conditions.read(question), now=b.NOON)
    asked = select(func.count()).select_from(meant.origin).where(meant.test)
    with app.means.database.begin(brand) as tx:
        tx.execute(_PEOPLE, {"brand": brand.id})
        tx.execute(_TOLD, {"now": b.NOON})
        with audience.reading_all(tx):
            found = nodes(tx, asked, "analyze")
    assert [node["Actual Loops"] for node in of_events(found)] == [1]


def test_a_chunk_finds_what_happened_to_a_person_by_type_and_time_in_the_index(
    app: Outreach,
) -> None:
    """Under row-level security only what is leak-proof is looked up in an index, and these are."""
    brand = b.a_brand(app)
    asked = select(tables.persons.c.id).where(
        audience_sql.compile(conditions.read(DELIVERED), now=b.NOON)
    )
    with app.means.database.begin(brand) as tx:
        tx.execute(text("set local enable_seqscan = off"))
        tx.execute(text("set local enable_bitmapscan = off"))
        (scan,) = of_events(nodes(tx, asked, "costs off"))
    assert scan["Index Name"] == "events_by_person"
    condition = str(scan["Index Cond"])
    assert all(f"{name} " in condition for name in ("brand_id", "person_id", "occurred_at"))
    assert "type = 'parcel.delivered'" in condition
    assert scan["Node Type"] == "Index Only Scan"

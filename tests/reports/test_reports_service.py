"""How well was it done, and by whom?"""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.reports import client, service
from outreach.reports.levels import Part
from tests import builders as b

DAY = timedelta(days=1)
_OWED = text("""
    with owed as (
        insert into outreach.touches (brand_id, id, enrolment_id, campaign_id, person_id, step,
            channel, purpose, priority, state, planned_for, due_at, useless_after)
        select brand_id, gen_random_uuid(), enrolment_id, campaign_id, person_id, 1, 'voice',
               'service', 1, 'delivered', :at, :at, :until
        from outreach.touches where person_id = :person limit 1
        returning brand_id, id, campaign_id, person_id
    ), task as (
        insert into outreach.tasks (brand_id, id, touch_id, campaign_id, person_id, number, script,
            state, opened_at, due_at, useless_after)
        select brand_id, id, id, campaign_id, person_id, '+1', '', :state, :at, :at, :until
        from owed returning brand_id, id)
    insert into outreach.calls (brand_id, task_id, number, queue, agent, dialled_at, ended_at,
        disposition)
    select brand_id, id, 1, 'calls', :agent, :called, :ended, 'spoken' from task
    where cast(:called as timestamptz) is not null
""")


def _owed(
    app: Outreach, brand: BrandRef, person: object, at: datetime, *, called: bool = True
) -> None:
    """A call that was owed for a day, and made after ten minutes for three."""
    begun = at + timedelta(minutes=10) if called else None
    values = {
        "person": person, "at": at, "until": at + DAY, "called": begun, "agent": "ines",
        "ended": begun and begun + timedelta(minutes=3), "state": "closed" if called else "open",
    }  # fmt: skip
    with app.means.database.begin(brand) as tx:
        tx.execute(_OWED, values)


def test_calls_are_counted_in_time_and_at_the_first_contact(
    app: Outreach, clock: SteppedClock
) -> None:
    """Ada needs one call, Bo another two days later, Cy is not called at all; what is agreed is
    held against it.
    """
    brand = b.a_brand(app, service_levels={"calls_in_time": 0.7, "first_contact": 0.9})
    b.a_live_campaign(app, brand)
    ada, bo, cy = (b.a_person(app, brand, ref) for ref in ("ada", "bo", "cy"))
    for one in (ada, bo, cy):
        event = b.an_event(app, brand, one, parcel=f"P-{one.ref}", order=f"O-{one.ref}")
        b.accepted(app, brand, event)
    b.everything_due(app)
    _owed(app, brand, ada.id, b.NOON)
    _owed(app, brand, bo.id, b.NOON)
    _owed(app, brand, bo.id, b.NOON + 2 * DAY)
    _owed(app, brand, cy.id, b.NOON, called=False)
    clock.step_to(b.NOON + 20 * DAY)

    with app.means.database.reading(brand) as tx:
        found = client.gather(tx, brands.get(tx), "2026-03", now=clock())
        early = client.gather(tx, brands.get(tx), "2026-03", now=b.NOON + 3 * DAY)
        (agent,) = service.agents(tx, since=b.NOON, until=b.NOON + 9 * DAY, zone="UTC")

    levels = {one.level: one for one in found.levels}
    assert levels["calls_in_time"].part == Part(3, 4)
    assert levels["calls_in_time"].kept
    assert levels["first_contact"].part == Part(2, 3)
    assert levels["first_contact"].kept is False
    assert levels["on_time"].part == Part(3, 3)
    assert {one.level: one.part for one in early.levels}["first_contact"] == Part(0, 0)
    assert (agent.agent, agent.calls, agent.tasks, agent.days) == ("ines", 3, 3, 2)
    assert agent.minutes == pytest.approx(9.0)
    page = client.page(found, "en")
    assert "at least 90.00%" in page
    assert "not kept" in page
    assert "ines" not in page

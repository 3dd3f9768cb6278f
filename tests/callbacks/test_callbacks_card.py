"""Does an agent see who it is, what happened and what we owe, and a lead what waits?"""

from datetime import timedelta

import pytest
from sqlalchemy import event as of_sql

from outreach.app import Outreach
from outreach.callbacks import card, day, desk, endings, load, queues, sweeping
from outreach.callbacks.endings import UNDO, Closing
from outreach.callbacks.model import Task
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.templates import store as templates
from tests import builders as b

SCRIPT = """
key: talk
purpose: service
texts:
  en:
    voice:
      script:
        opening: Hello {{ person.first_name }}, about your {{ event.data.product }}.
        questions:
          - key: well
            ask: Is {{ event.data.product }} well, {{ person.first_name }}?
            required: true
            answers: [{when: "Yes", then: end}, {when: "No", say: We are sorry.}]
          - {key: wrong, ask: What is wrong?}
        closing: Thank you.
"""
LISBON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": "", "phone": "+351210001234"}


@pytest.fixture
def brand(app: Outreach, clock: SteppedClock) -> BrandRef:
    """A brand that owes a call with a script to somebody in Lisbon who was written to before."""
    brand = b.a_brand(app)
    with app.means.database.begin(brand) as tx:
        templates.put(tx, brand, SCRIPT, name="talk")
    b.a_live_campaign(app, brand, trigger={"event": "order.placed"}, steps=[b.a_step()])
    call = b.a_step(kind="callback", channels=["voice"], template="talk")
    b.a_live_campaign(app, brand, "calls", steps=[call])
    person = b.a_person(app, brand, "c-1", **LISBON)
    b.accepted(app, brand, b.an_event(app, brand, person, "order.placed"))
    b.everything_due(app)
    clock.step_to(clock() + timedelta(days=1))
    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    return brand


def taken(app: Outreach, brand: BrandRef, agent: str = "ana") -> Task:
    task = desk.take(app.means, brand, agent=agent)
    assert task is not None
    return task


def test_a_card_says_who_what_and_whether_now(app: Outreach, brand: BrandRef) -> None:
    """With what happened, the clock of the person, contacts before, and the script filled in."""
    task = taken(app, brand)
    with app.means.database.begin(brand) as tx:
        told = card.of(tx, app.means, task, now=app.means.clock())
    assert (told.person.ref, told.event.type) == ("c-1", "parcel.delivered")
    assert told.zones == ("Europe/Lisbon",)
    assert told.consent is not None
    assert told.consent.allowed
    assert told.facts.admission.allowed
    local = told.local()
    assert local is not None
    assert local.hour == 12
    assert [(one.channel, one.campaign) for one in told.contacts] == [("email", "reminder")]
    assert told.script is not None
    assert told.script.opening == "Hello Ada, about your Lumen One."
    assert told.script.questions[0].ask == "Is Lumen One well, Ada?"
    assert told.script.questions[0].answers[0].then == "end"


def test_a_card_takes_as_many_statements_for_a_long_life_as_for_a_short_one(
    app: Outreach, brand: BrandRef
) -> None:
    task = taken(app, brand)

    def statements() -> int:
        seen: list[object] = []
        with app.means.database.begin(brand) as tx:
            of_sql.listen(tx, "after_cursor_execute", lambda *given: seen.append(given))
            card.of(tx, app.means, task, now=app.means.clock())
        return len(seen)

    short = statements()
    person = b.a_person(app, brand, "c-1", **LISBON)
    for number in range(5):
        event = b.an_event(app, brand, person, parcel=f"P-{number}", order=f"O-{number}")
        b.accepted(app, brand, event)
    b.everything_due(app)
    assert statements() == short


def test_a_day_has_what_is_in_hand_what_waits_and_what_was_done(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Until an ending is final the call is in hand."""
    task = taken(app, brand)
    clock.step_to(clock() + timedelta(minutes=2))
    desk.dial(app.means, brand, task.id, agent="ana")
    clock.step_to(clock() + timedelta(minutes=1))
    endings.close(app.means, brand, task.id, agent="ana", closing=Closing("busy"))

    def seen(agent: str) -> day.Day:
        with app.means.database.begin(brand) as tx:
            return day.of(tx, queues.desk(tx), agent, zone="Europe/Lisbon", now=clock())

    ana, ben = seen("ana"), seen("ben")
    assert [one.id for one in ana.in_hand] == [task.id]
    assert [(one.disposition, one.many, one.seconds) for one in ana.results] == [("busy", 1, 60)]
    assert (ben.in_hand, ben.results) == ((), ())
    clock.step_to(clock() + UNDO)
    assert seen("ana").in_hand == ()


def test_a_lead_sees_what_waits_and_which_promise_was_broken(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    with app.means.database.begin(brand) as tx:
        waiting = load.of(tx, queues.desk(tx), now=clock())
    assert [(one.queue.key, one.open, one.taken) for one in waiting] == [("calls", 1, 0)]
    task = taken(app, brand)
    with app.means.database.begin(brand) as tx:
        held = load.of(tx, queues.desk(tx), now=clock())
    assert [(one.open, one.taken) for one in held] == [(0, 1)]
    at = clock() + timedelta(hours=1)
    promise = Closing("promised", promised=at.replace(tzinfo=None))
    endings.close(app.means, brand, task.id, agent="ana", closing=promise)
    clock.step_to(clock() + UNDO)
    sweeping.sweep(app.means, brand)
    clock.step_to(at + timedelta(minutes=5))
    with app.means.database.begin(brand) as tx:
        known = queues.desk(tx)
        assert [one.late for one in load.of(tx, known, now=clock())] == [1]
        assert [one.id for one in load.late(tx, now=clock())] == [task.id]
        done = load.done(tx, known, since=b.NOON - timedelta(hours=1))
        assert [(one.agent, one.calls) for one in done] == [("ana", 1)]

"""Does a whole life go as it should, from a low answer to the silence after a case?

Asked after a delivery, answered 3, called within the person's window, not reached, called at
another time of day, reached; a case is opened and closed, its hold lifts, and no stale invitation
to a review goes out.
"""

from datetime import timedelta

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.callbacks import desk, endings, sweeping
from outreach.callbacks.endings import Closing
from outreach.callbacks.model import Task
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.inbound import answers, cases
from outreach.inbound.cases import Raised
from outreach.people.model import Person
from outreach.reports import surveys
from outreach.timezones import load
from tests import builders as b
from tests.surveys import asking

HOUR = timedelta(hours=1)
_ASKED = text("select id from outreach.touches where person_id = :id and purpose = 'survey'")
_REVIEW = text("""
    select state::text, reason from outreach.touches
    where person_id = :person and purpose = 'review'
""")


def _look(app: Outreach, brand: BrandRef) -> None:
    b.accepted(app, brand)
    sweeping.sweep(app.means, brand)
    b.everything_due(app)


def _next_call(app: Outreach, brand: BrandRef, clock: SteppedClock) -> Task:
    """The next call that may be made, hour by hour for three days."""
    for _ in range(72):
        clock.step_to(clock() + HOUR)
        _look(app, brand)
        if task := desk.take(app.means, brand, agent="ana"):
            return desk.dial(app.means, brand, task.id, agent="ana")
    raise AssertionError("no call came")


def _close(app: Outreach, brand: BrandRef, task: Task, disposition: str, **said: str) -> None:
    closing = Closing(disposition, answers=said)
    endings.close(app.means, brand, task.id, agent="ana", closing=closing)


def _is_in_the_window(person: Person, clock: SteppedClock) -> bool:
    return 9 <= clock().astimezone(load(str(person.zone))).hour < 20


@pytest.mark.long
def test_a_low_answer_is_called_about_until_all_is_well(app: Outreach, clock: SteppedClock) -> None:
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, "asking", steps=[asking.asks()])
    b.a_campaign(app, brand, "detractor-callback")
    b.a_campaign(app, brand, "review-invitation")
    person = asking.somebody(app, brand, phone="+447400123456")

    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    with app.means.database.begin(brand) as tx:
        touch = tx.execute(_ASKED, {"id": person.id}).scalar_one()
    asked = answers.of_touch(app.means, brand, touch)
    assert asked
    assert answers.take(app.means, brand, person, asked, 3, by="page", comment="The lid broke.")

    first = _next_call(app, brand, clock)
    assert _is_in_the_window(person, clock)
    missed_at = clock()
    _close(app, brand, first, "no_answer")

    second = _next_call(app, brand, clock)
    assert _is_in_the_window(person, clock)
    assert clock().date() > missed_at.date() or abs(clock().hour - missed_at.hour) >= 3
    _close(app, brand, second, "reached", what="The lid broke.", mend="A new one.", more="No.")
    reached_at = clock()

    raised = Raised("damage", "ana", "The lid broke.", order="O-1")
    case, joined = cases.raise_case(app.means, brand, person.id, raised)
    assert not joined
    for _ in range(12 * 3):  # it takes ten days, and the invitation waits in vain
        clock.step_to(clock() + 8 * HOUR)
        _look(app, brand)
        if clock() - reached_at == timedelta(days=10):
            cases.close(app.means, brand, person.id, case, by="ana")

    with app.means.database.begin(brand) as tx:
        assert [tuple(row) for row in tx.execute(_REVIEW, {"person": person.id})] == [
            ("skipped", "too_late")
        ]
        [promised] = surveys.promises(tx, since=b.NOON - HOUR, until=clock())
    assert promised.state(now=clock()) == "kept"
    assert len(b.reached(app, Channel.EMAIL)) == 1

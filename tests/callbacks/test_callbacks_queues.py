"""Do calls come to those who may make them, and go on whoever leaves?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from optout.model import Action, How
from outreach.app import Outreach
from outreach.callbacks import calls, desk, endings, openings, queues, store, sweeping
from outreach.callbacks.endings import Closing
from outreach.callbacks.model import Task
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Forbidden, Invalid, NotFound
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from tests import builders as b

LISBON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": ""}
CALL = b.a_step(kind="callback", channels=["voice"], template="detractor-call")
CARE = """
key: care
name: {en: Care}
order: 20
agents:
  - {key: ana, name: Ana, zone: Europe/Lisbon, hours: {mon-sun: ["08:00-18:00"]}, languages: [en]}
  - {key: rui, name: Rui, zone: Europe/Lisbon, hours: {mon-sun: ["08:00-18:00"]}, languages: [pt]}
"""
HOUSE = """
key: house
name: {en: Our own}
order: 10
in_house: true
needs: [vip]
takes: {tags: [vip]}
agents:
  - {key: eve, name: Eve, zone: Europe/Lisbon, hours: {mon-sun: ["08:00-18:00"]}, skills: [vip],
     in_house: true}
  - {key: ana, name: Ana, zone: Europe/Lisbon, hours: {mon-sun: ["08:00-18:00"]}, skills: [vip]}
"""


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app, caps=[])
    b.a_live_campaign(app, brand, steps=[CALL])
    return brand


def staffed(app: Outreach, brand: BrandRef, *documents: str) -> None:
    with app.means.database.begin(brand) as tx:
        for document in documents:
            queues.put(tx, brand, document, name="test", now=app.means.clock())


def owed_to(app: Outreach, brand: BrandRef, ref: str = "c-1", **fields: object) -> Person:
    number = f"+35121000{sum(map(ord, ref)) % 10000:04}"
    person = b.a_person(app, brand, ref, **LISBON | {"phone": number} | fields)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=f"P-{ref}"))
    b.everything_due(app)
    return person


def taken(app: Outreach, brand: BrandRef, agent: str = "ana") -> Task:
    task = desk.take(app.means, brand, agent=agent)
    assert task is not None
    return task


def later(app: Outreach, brand: BrandRef, clock: SteppedClock, span: timedelta) -> None:
    clock.step_to(clock() + span)
    while sweeping.sweep(app.means, brand):
        pass


def closed(app: Outreach, brand: BrandRef, task: Task, closing: Closing) -> None:
    desk.dial(app.means, brand, task.id, agent=str(task.holder))
    endings.close(app.means, brand, task.id, agent=str(task.holder), closing=closing)


def seen(app: Outreach, brand: BrandRef, task: Task) -> Task:
    with app.means.database.begin(brand) as tx:
        found = store.get(tx, task.id)
    assert found is not None
    return found


def lapse(app: Outreach, brand: BrandRef) -> None:
    with app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.tasks set lease_until = now() - interval '1 second'"))


def test_calls_come_to_those_who_may_make_them(app: Outreach, brand: BrandRef) -> None:
    """A stranger is turned away, a VIP is for our own people, a language for who speaks it."""
    staffed(app, brand, CARE, HOUSE)
    with pytest.raises(Forbidden, match="no queue has an agent 'mallory'"):
        desk.take(app.means, brand, agent="mallory")
    owed_to(app, brand, "c-1", locale="pt-BR")
    owed_to(app, brand, "c-2", tags=["vip"])
    assert desk.take(app.means, brand, agent="ana") is None
    assert taken(app, brand, "rui").language == "pt-BR"
    assert taken(app, brand, "eve").queue == "house"


def test_whoever_does_not_come_back_loses_the_call_to_the_others(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """At once where nobody dialled, else after a while, with the call on record."""
    owed_to(app, brand)
    task = taken(app, brand, "ana")
    lapse(app, brand)
    later(app, brand, clock, timedelta())
    assert taken(app, brand, "ben").id == task.id
    desk.dial(app.means, brand, task.id, agent="ben")
    lapse(app, brand)
    later(app, brand, clock, timedelta())
    assert desk.take(app.means, brand, agent="eva") is None
    later(app, brand, clock, sweeping.LOST)
    assert taken(app, brand, "eva").attempts == 1
    with app.means.database.begin(brand) as tx:
        (call,) = calls.of(tx, [task.id])[task.id]
    assert (call.agent, call.disposition) == ("ben", "agent_gone")


def test_a_lease_is_begun_anew_and_a_call_is_given_back(app: Outreach, brand: BrandRef) -> None:
    """As long as it is theirs, and nobody dialled."""
    owed_to(app, brand)
    task = taken(app, brand)
    kept = desk.keep(app.means, brand, task.id, agent="ana")
    assert (kept.lease_until or b.NOON) > (task.lease_until or b.NOON)
    with pytest.raises(Conflict, match="held by ana"):
        desk.release(app.means, brand, task.id, agent="ben")
    desk.release(app.means, brand, task.id, agent="ana")
    task = taken(app, brand, "ben")
    desk.dial(app.means, brand, task.id, agent="ben")
    with pytest.raises(Conflict, match="say how the call ended"):
        desk.release(app.means, brand, task.id, agent="ben")


def test_no_answer_is_called_again_and_every_call_counts(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Three calls, each an attempt, a receipt and an event; then it is given up."""
    owed_to(app, brand)
    for _ in range(3):
        task = taken(app, brand)
        closed(app, brand, task, Closing("no_answer"))
        later(app, brand, clock, endings.UNDO)
        clock.step_to(max(clock(), seen(app, brand, task).due_at))
    assert b.fates(app, brand) == [("voice", "failed", "not_reached")]
    counted = """select (select count(*) from outreach.attempts where dialled_at is not null),
        (select count(*) from outreach.receipts),
        (select count(*) from outreach.events where type = 'call.ended')"""
    with app.means.database.begin(brand) as tx:
        assert tuple(tx.execute(text(counted)).one()) == (3, 3, 3)


def test_every_call_counts_for_caps(app: Outreach, brand: BrandRef, clock: SteppedClock) -> None:
    """With one call a day allowed, a busy line is tried the next day and not in half an hour."""
    b.a_brand(app, caps=[{"max": 1, "per": "P1D", "purposes": ["service"]}])
    owed_to(app, brand)
    task = taken(app, brand)
    closed(app, brand, task, Closing("busy"))
    later(app, brand, clock, timedelta(minutes=31))
    assert desk.take(app.means, brand, agent="ana") is None
    held = seen(app, brand, task)
    assert (held.held, held.due_at) == ("capped", b.NOON + timedelta(days=1))


def test_a_call_is_taken_back_within_ten_seconds(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """And not after that; a refusal never."""
    owed_to(app, brand)
    task = taken(app, brand)
    closed(app, brand, task, Closing("busy"))
    clock.step_to(clock() + timedelta(seconds=9))
    assert endings.undo(app.means, brand, task.id, agent="ana").state == "taken"
    endings.close(app.means, brand, task.id, agent="ana", closing=Closing("busy"))
    clock.step_to(clock() + endings.UNDO)
    with pytest.raises(Conflict, match="nothing to take back"):
        endings.undo(app.means, brand, task.id, agent="ana")
    with app.means.database.begin(brand) as tx:
        (call,) = calls.of(tx, [task.id])[task.id]
    assert call.undone == 1


def test_a_refusal_holds_at_once(app: Outreach, brand: BrandRef) -> None:
    """There is nothing to take back: the person lifts it, and nobody else."""
    owed_to(app, brand)
    task = taken(app, brand)
    closed(app, brand, task, Closing("refused"))
    with app.means.database.begin(brand) as tx:
        assert (
            tx.execute(text("select action::text from optout.entries")).scalar_one() == "withdraw"
        )
    with pytest.raises(Conflict, match="refusal"):
        endings.undo(app.means, brand, task.id, agent="ana")


def test_a_promise_is_kept_on_the_persons_clock_by_whoever_gave_it(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Nobody else gets it at its time; when its agent does not come, anybody does."""
    staffed(app, brand, CARE.replace("languages: [pt]", "languages: [en, pt]"))
    owed_to(app, brand)
    task = taken(app, brand)
    wall = b.NOON.replace(tzinfo=None) + timedelta(days=1, hours=-2)
    closed(app, brand, task, Closing("promised", promised=wall, only_me=True))
    later(app, brand, clock, endings.UNDO)
    waits = seen(app, brand, task)
    assert (waits.promised_local, waits.promised_zone) == ("2026-03-11T10:00", "Europe/Lisbon")
    clock.step_to(waits.due_at)
    assert desk.take(app.means, brand, agent="rui") is None
    clock.step_to(waits.due_at + timedelta(minutes=15))
    assert taken(app, brand, "rui").id == task.id


@pytest.mark.parametrize(
    ("hours", "why"),
    [(12, "outside the hours"), (7, "on shift"), (-1, "passed"), (24 * 5, "of use")],
)
def test_what_cannot_be_kept_is_not_promised(
    app: Outreach, brand: BrandRef, hours: int, why: str
) -> None:
    """The answer says why, and names times that would do."""
    staffed(app, brand, CARE)
    owed_to(app, brand)
    task = taken(app, brand)
    desk.dial(app.means, brand, task.id, agent="ana")
    wall = b.NOON.replace(tzinfo=None) + timedelta(hours=hours)
    with pytest.raises(Invalid, match=rf"{why}.*; promise 2026-03-1\dT"):
        endings.close(
            app.means, brand, task.id, agent="ana", closing=Closing("promised", promised=wall)
        )


def test_a_question_that_must_be_asked_is_asked(app: Outreach, brand: BrandRef) -> None:
    """Where the person was reached; an answer that ends the script ends the questions."""
    owed_to(app, brand)
    task = taken(app, brand)
    with pytest.raises(Invalid, match="what, mend"):
        closed(app, brand, task, Closing("done"))
    ends = Closing("done", answers={"what": "does not want to talk"})
    endings.close(app.means, brand, task.id, agent="ana", closing=ends)


def test_another_language_and_a_wrong_word_are_told(app: Outreach, brand: BrandRef) -> None:
    """A call in Portuguese goes to who speaks it; what is missing is asked for."""
    staffed(app, brand, CARE)
    owed_to(app, brand)
    task = taken(app, brand)
    desk.dial(app.means, brand, task.id, agent="ana")
    for closing, why in (
        (Closing("language"), "which `language`"),
        (Closing("promised"), "when the call is"),
        (Closing("reachd"), "did you mean"),
        (Closing("wrong_number", number="12"), "cannot be read"),
    ):
        with pytest.raises(Invalid, match=why):
            endings.close(app.means, brand, task.id, agent="ana", closing=closing)
    pt = Closing("language", language="pt")
    endings.close(app.means, brand, task.id, agent="ana", closing=pt)


def test_what_is_passed_up_goes_to_our_own_people(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """And no outsourced agent gets it any more."""
    staffed(app, brand, CARE, HOUSE)
    owed_to(app, brand)
    task = taken(app, brand)
    closed(app, brand, task, Closing("escalate"))
    later(app, brand, clock, endings.UNDO)
    assert desk.take(app.means, brand, agent="ana") is None
    assert taken(app, brand, "eve").id == task.id


def test_another_number_is_judged_for_where_it_is(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """A number in Shanghai is asleep while Lisbon works: the call waits for both."""
    owed_to(app, brand, "c-1", zone="")
    task = taken(app, brand)
    clock.step_to(b.NOON + timedelta(hours=4))
    closed(app, brand, task, Closing("wrong_number", number="+862161234567"))
    later(app, brand, clock, endings.UNDO)
    assert desk.take(app.means, brand, agent="ana") is None
    waits = seen(app, brand, task)
    assert (waits.number, waits.held) == ("+862161234567", "outside_hours")
    clock.step_to(waits.due_at)
    assert taken(app, brand).number == "+862161234567"


def test_a_call_that_is_not_wanted_any_more_leaves_the_queue_by_itself(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Nobody takes it, and within five minutes a worker withdraws it."""
    person = owed_to(app, brand)
    later(app, brand, clock, timedelta())
    change_person(app.means, brand, person.id, Change(Action.WITHDRAW, How.API, "letter"))
    later(app, brand, clock, sweeping.EVERY)
    with app.means.database.begin(brand) as tx:
        assert store.owed(tx) == []
    assert b.fates(app, brand) == [("voice", "failed", "withdrawn")]


def test_an_answered_call_cancels_the_message_that_would_ask_the_same(
    app: Outreach, clock: SteppedClock
) -> None:
    """The mail of the same passage and purpose, two days later."""
    brand = b.a_brand(app, "other", caps=[])
    b.a_live_campaign(app, brand, steps=[CALL, b.a_step("mail", after="2 d")])
    owed_to(app, brand)
    task = taken(app, brand)
    said = {"what": "late", "mend": "can be done"}
    closed(app, brand, task, Closing("reached", answers=said))
    later(app, brand, clock, endings.UNDO)
    fates = [("voice", "delivered", None), ("email", "cancelled", "answered_call")]
    assert b.fates(app, brand) == fates


def test_agents_take_up_no_more_than_they_can_answer(app: Outreach, brand: BrandRef) -> None:
    """Two on shift take up so many in a quarter of an hour; the others wait and say why."""
    staffed(app, brand, CARE + "pace: {handling: 6 min}\n")
    for number in range(8):
        owed_to(app, brand, f"c-{number}")
    with app.means.database.begin(brand) as tx:
        opened = len(store.owed(tx))
        said = tx.execute(
            text("select detail from outreach.attempts where outcome = 'refused' limit 1")
        ).scalar_one()
    assert 0 < opened < 5
    assert "2 on shift take up" in said
    assert ("voice", "planned", "provider_busy") in b.fates(app, brand)


def test_a_retired_queue_leaves_its_calls_to_the_others(app: Outreach, brand: BrandRef) -> None:
    """And what was never there cannot be retired; notes go from shift to shift."""
    staffed(app, brand, CARE, HOUSE)
    owed_to(app, brand)
    with app.means.database.begin(brand) as tx:
        queues.hand_over(tx, brand, "care", agent="ana", note="call c-1 first", now=b.NOON)
        assert [note.note for note in queues.handed_over(tx, "care")] == ["call c-1 first"]
        queues.retire(tx, "care", now=b.NOON)
        with pytest.raises(NotFound):
            queues.retire(tx, "care", now=b.NOON)
    assert taken(app, brand, "eve").queue == "calls"


def test_a_number_that_was_mended_is_the_one_that_is_dialled(
    app: Outreach, brand: BrandRef
) -> None:
    """The number on record when the call is taken, and not when it was opened."""
    person = owed_to(app, brand)
    b.a_person(app, brand, person.ref, **LISBON | {"phone": "+351210007777"})
    assert replace(taken(app, brand), script="").number == "+351210007777"


def retired(app: Outreach, brand: BrandRef, key: str) -> None:
    with app.means.database.begin(brand) as tx:
        queues.retire(tx, key, now=app.means.clock())


def test_what_a_retired_queue_asked_of_agents_goes_with_it(app: Outreach, brand: BrandRef) -> None:
    """Or else nobody would get its calls."""
    staffed(app, brand, CARE, HOUSE)
    owed_to(app, brand, "c-2", tags=["vip"])
    assert desk.take(app.means, brand, agent="ana") is None
    retired(app, brand, "house")
    assert taken(app, brand, "ana").needs == ()


OWN_WORDS = """
key: own
name: {en: Own words}
order: 20
dispositions:
  - key: rang_out
    name: {en: Rang out}
    means: again
    retry: {after: 1 h, times: 3}
"""


@pytest.mark.parametrize("undone", [True, False])
def test_a_call_that_ended_before_its_queue_did_goes_on_by_its_words(
    app: Outreach, brand: BrandRef, clock: SteppedClock, *, undone: bool
) -> None:
    """And then belongs to the built-in queue, taken back or not."""
    staffed(app, brand, OWN_WORDS)
    owed_to(app, brand)
    task = taken(app, brand)
    closed(app, brand, task, Closing("rang_out"))
    retired(app, brand, "own")
    if undone:
        assert endings.undo(app.means, brand, task.id, agent="ana").queue == "calls"
        return
    later(app, brand, clock, endings.UNDO)
    found = seen(app, brand, task)
    assert (found.state, found.queue) == ("open", "calls")


def test_what_was_promised_comes_first_from_the_beginning(app: Outreach, brand: BrandRef) -> None:
    """As what an agent promised does."""
    person = owed_to(app, brand)
    opening = store.Opening(person.id, "+1", "", "x", "calls", None, (), in_house=False, rank=50)
    found = openings._promised(
        opening, "2026-03-12T10:30", person, earliest=b.NOON, latest=b.NOON + timedelta(days=90)
    )
    assert (found.rank, found.promised_local) == (0, "2026-03-12T10:30")

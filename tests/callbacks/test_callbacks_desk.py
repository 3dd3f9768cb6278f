"""Does an agent get the calls that may be made now, and what becomes of how they end?"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from optout.model import Action, Channel, How
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.callbacks import desk, endings, openings, store, sweeping, way
from outreach.callbacks.endings import Closing
from outreach.callbacks.model import Task
from outreach.callbacks.openings import Wish
from outreach.campaigns import store as campaigns
from outreach.channels.protocol import Refused, Uncertain
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Invalid, NotFound, Trouble
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from outreach.reports.reconcile import reconcile
from tests import builders as b

LISBON = {
    "zone": "Europe/Lisbon", "country": "PT", "subdivision": "", "phone": "+351210001234"
}  # fmt: skip
CALL = b.a_step(kind="callback", channels=["voice"], template="delivery-check-call")


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, steps=[CALL], exits=[{"event": "order.refunded"}])
    return brand


@pytest.fixture
def person(app: Outreach, brand: BrandRef) -> Person:
    """Someone whom an agent owes a call, at noon."""
    return owed_to(app, brand, "c-1")


def owed_to(app: Outreach, brand: BrandRef, ref: str) -> Person:
    person = b.a_person(app, brand, ref, **LISBON)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=f"P-{ref}"))
    b.everything_due(app)
    return person


def take(app: Outreach, brand: BrandRef, agent: str = "ana") -> Task | None:
    return desk.take(app.means, brand, agent=agent)


def taken(app: Outreach, brand: BrandRef) -> Task:
    task = take(app, brand)
    assert task is not None
    return task


def closed(app: Outreach, brand: BrandRef, disposition: str, agent: str = "ana") -> None:
    task = taken(app, brand)
    closing = Closing(disposition, note="a note")
    endings.close(app.means, brand, task.id, agent=agent, closing=closing)


def settled(app: Outreach, brand: BrandRef, clock: SteppedClock) -> None:
    """Ten seconds later, when nothing is taken back any more."""
    clock.step_to(clock() + endings.UNDO)
    sweeping.sweep(app.means, brand)


def task_states(app: Outreach, brand: BrandRef) -> list[tuple[str, str | None]]:
    with app.means.database.begin(brand) as tx:
        ids = tx.execute(text("select id from outreach.tasks")).scalars().all()
        found = [task for id_ in ids if (task := store.get(tx, id_))]
        return [(task.state, task.note) for task in found]


def test_a_call_is_held_by_the_agent_who_took_it(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    """It names whom to call and what to say, and nobody else gets it."""
    task = taken(app, brand)
    assert (task.state, task.holder, task.number) == ("taken", "ana", "+351210001234")
    assert task.script
    assert take(app, brand, "ben") is None
    with app.means.database.begin(brand) as tx:
        assert [one.id for one in store.owed(tx)] == [task.id]


def test_two_agents_never_get_the_same_call(app: Outreach, brand: BrandRef) -> None:
    """However many ask at once."""
    for number in range(6):
        owed_to(app, brand, f"c-{number}")
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda n: take(app, brand, f"agent-{n}"), range(6)))
    while task := take(app, brand):
        found.append(task)
    ids = [task.id for task in found if task]
    assert len(ids) == len(set(ids)) == 6


def test_who_was_reached_was_reached(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    """The disposition is the receipt of the call."""
    closed(app, brand, "reached")
    settled(app, brand, clock)
    assert b.fates(app, brand) == [("voice", "delivered", None)]
    with app.means.database.begin(brand) as tx:
        assert tx.execute(text("select kind from outreach.receipts")).scalars().all() == ["reached"]
        assert reconcile(tx).closes


def test_who_refuses_is_not_called_again(app: Outreach, brand: BrandRef, person: Person) -> None:
    """A word to an agent is a withdrawal like any other."""
    closed(app, brand, "refused")
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-2"))
    b.everything_due(app)
    reasons = {reason for *_, reason in b.fates(app, brand)}
    assert reasons == {None, "withdrawn"}


def test_only_the_holder_ends_a_call_and_only_once(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    """With a word that is known."""
    task = taken(app, brand)

    def close(agent: str = "ana", disposition: str = "busy") -> None:
        endings.close(app.means, brand, task.id, agent=agent, closing=Closing(disposition))

    with pytest.raises(Conflict, match="held by ana"):
        close(agent="ben")
    with pytest.raises(Conflict, match="held by ana"):
        close(agent="ben", disposition="refused")
    with pytest.raises(Invalid, match="voicemail"):
        close(disposition="whatever")
    close()
    with pytest.raises(Conflict, match="ended"):
        close()
    with pytest.raises(NotFound):
        endings.close(app.means, brand, person.id, agent="ana", closing=Closing("busy"))


def withdraw(app: Outreach, brand: BrandRef, person: Person) -> None:
    change_person(app.means, brand, person.id, Change(Action.WITHDRAW, How.API, "test"))


def refund(app: Outreach, brand: BrandRef, person: Person) -> None:
    b.accepted(app, brand, b.an_event(app, brand, person, "order.refunded"))


@pytest.mark.parametrize(
    ("happens", "reason"), [(withdraw, "withdrawn"), (refund, "exit:order.refunded")]
)
def test_a_call_that_is_not_to_be_made_any_more_is_not_made(
    app: Outreach,
    brand: BrandRef,
    person: Person,
    happens: Callable[[Outreach, BrandRef, Person], None],
    reason: str,
) -> None:
    """No agent sees it, and its touch says why nobody called."""
    happens(app, brand, person)
    assert take(app, brand) is None
    assert task_states(app, brand) == [("withdrawn", reason)]
    assert b.fates(app, brand) == [("voice", "failed", reason)]
    with app.means.database.begin(brand) as tx:
        assert reconcile(tx).closes


def test_outside_the_hours_a_call_waits_for_morning(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    """It was lawful at noon, is not at night, and is again the next day."""
    clock.step_to(b.NOON + timedelta(hours=10))
    assert take(app, brand) is None
    clock.step_to(b.NOON + timedelta(hours=22))
    assert take(app, brand) is not None


@pytest.mark.parametrize("what", ["brand", "campaign"])
def test_stop_means_stop_for_agents_too(
    app: Outreach, brand: BrandRef, person: Person, what: str
) -> None:
    """The calls stay where they are until they may go on."""
    with app.means.database.begin(brand) as tx:
        if what == "brand":
            brands.stop(tx, stopped=True)
        else:
            campaigns.pause(tx, app.means.book, "reminder")
    assert take(app, brand) is None
    with app.means.database.begin(brand) as tx:
        brands.stop(tx, stopped=False)
        campaigns.activate(tx, app.means.book, "reminder", now=b.NOON)
    assert take(app, brand) is not None


def test_a_call_owed_twice_is_owed_once(app: Outreach, brand: BrandRef, person: Person) -> None:
    """Opening a task again, after a doubt, opens nothing."""
    task = taken(app, brand)
    with app.means.database.begin(brand) as tx:
        planned = openings.plan(tx, brand, [Wish(task.touch_id, "+1", "other")], now=b.NOON)
        store.open_all(tx, brand, planned.openings, now=b.NOON)
        (same,) = store.owed(tx)
    assert same == task


def test_without_a_database_no_call_is_opened_and_that_is_an_answer(
    app: Outreach, brand: BrandRef
) -> None:
    """A way out never raises: it says that it surely was not sent."""
    agents = app.means.ways[Channel.VOICE]

    def away() -> dict[str, BrandRef]:
        raise Trouble("away")

    object.__setattr__(agents, "brands", away)
    b.accepted(
        app,
        brand,
        b.an_event(app, brand, b.a_person(app, brand, **LISBON)),
    )
    b.everything_due(app)
    assert b.fates(app, brand) == [("voice", "planned", "provider_busy")]


def test_a_call_is_asked_for_again_when_it_is_dialled(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    """Taken at noon it may be dialled; the attempt counts from the dialling on."""
    task = taken(app, brand)
    clock.step_to(b.NOON + timedelta(minutes=20))
    assert desk.dial(app.means, brand, task.id, agent="ana").number == task.number
    with app.means.database.begin(brand) as tx:
        dialled = tx.execute(text("select dialled_at from outreach.attempts")).scalar_one()
    assert dialled == b.NOON + timedelta(minutes=20)


def test_what_may_no_longer_be_dialled_goes_back_or_ends(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    """After hours it waits for somebody else; after a refusal it is withdrawn."""
    task = taken(app, brand)
    clock.step_to(b.NOON + timedelta(hours=12))
    with pytest.raises(Conflict, match="waits again"):
        desk.dial(app.means, brand, task.id, agent="ana")
    assert take(app, brand) is None
    clock.step_to(b.NOON + timedelta(hours=23))
    task = taken(app, brand)
    change_person(app.means, brand, person.id, Change(Action.WITHDRAW, How.API, "letter"))
    with pytest.raises(Conflict):
        desk.dial(app.means, brand, task.id, agent="ana")


def owed_now(app: Outreach, brand: BrandRef) -> Task:
    with app.means.database.begin(brand) as tx:
        (task,) = store.owed(tx)
    return task


def test_who_sees_the_call_elsewhere_takes_it_by_dialling(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    """It is theirs from then on, and nobody else's."""
    task = owed_now(app, brand)
    dialled = desk.dial(app.means, brand, task.id, agent="zoe")
    assert (dialled.state, dialled.holder, dialled.attempts) == ("taken", "zoe", 1)
    with pytest.raises(Conflict, match="held by zoe"):
        desk.dial(app.means, brand, task.id, agent="ben")


def test_a_call_that_waits_is_nobodys_to_dial(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    task = owed_now(app, brand)
    clock.step_to(b.NOON + timedelta(hours=12))
    with pytest.raises(Conflict, match="waits again"):
        desk.dial(app.means, brand, task.id, agent="zoe")
    with pytest.raises(Conflict, match="not this agent's"):
        desk.dial(app.means, brand, task.id, agent="zoe")
    assert owed_now(app, brand).holder is None


def test_a_language_that_is_none_is_told(app: Outreach, brand: BrandRef, person: Person) -> None:
    """Or else the call would fit no agent any more."""
    task = taken(app, brand)
    for written in ("Portuguese", "pt_BR"):
        closing = Closing("language", language=written)
        with pytest.raises(Invalid, match="such as pt"):
            endings.close(app.means, brand, task.id, agent="ana", closing=closing)


def test_a_commit_of_which_nobody_heard_leaves_a_doubt() -> None:
    """Before that nothing can have been opened."""
    assert isinstance(way._away(Trouble("gone"), in_doubt=True), Uncertain)
    assert isinstance(way._away(Trouble("gone"), in_doubt=False), Refused)

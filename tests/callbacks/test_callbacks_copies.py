"""Does an agent get a text to copy where only people may write, gated and counted as ever?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from optout.model import Action, Channel, How
from outreach import app as application
from outreach.app import Outreach
from outreach.callbacks import desk, document, endings, queues, routing, store, sweeping
from outreach.callbacks.document import Queue, Takes
from outreach.callbacks.endings import Closing
from outreach.callbacks.model import Task
from outreach.callbacks.routing import Wanted
from outreach.channels.opening import named
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Invalid, Misconfigured
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from outreach.reports import metering, timeline
from outreach.reports.reconcile import reconcile
from outreach.settings import Settings
from tests import builders as b

NICK = "tb_mei88"
AT_NOON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": "", "phone": "+351210001234"}
DAY = timedelta(days=1)
SAYS = "Your kettle is there: hold down the lid."


@pytest.fixture
def app(settings: Settings) -> Iterator[Outreach]:
    """One whose chat leaves by agents' hands."""
    built = application.build(replace(settings, chat="assisted:"))
    yield built
    built.close()


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app)
    b.a_text(app, brand, "by-hand", SAYS)
    step = b.a_step(channels=["chat"], template="by-hand")
    b.a_live_campaign(app, brand, steps=[step], purpose="service")
    return brand


@pytest.fixture
def person(app: Outreach, brand: BrandRef) -> Person:
    """Somebody to whom a text is owed, at noon."""
    person = b.a_person(app, brand, "mei", handle=NICK, **AT_NOON)
    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    return person


def taken(app: Outreach, brand: BrandRef) -> Task:
    task = desk.take(app.means, brand, agent="ana", kind="copy")
    assert task is not None
    return task


def closed(app: Outreach, brand: BrandRef, clock: SteppedClock, disposition: str) -> None:
    """The text was copied and this came of it, and nobody took that back."""
    task = desk.copy(app.means, brand, taken(app, brand).id, agent="ana")
    endings.close(app.means, brand, task.id, agent="ana", closing=Closing(disposition))
    clock.step_to(clock() + endings.UNDO)
    sweeping.sweep(app.means, brand)


def attempts(app: Outreach, brand: BrandRef) -> list[tuple[object, ...]]:
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(text("select channel, dialled_at is not null from outreach.attempts"))
        return [tuple(row) for row in rows]


def test_an_agent_gets_the_finished_text_and_whom_it_is_for(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    """Whoever asks for calls is given none; it counts as an attempt once it is copied."""
    assert desk.take(app.means, brand, agent="ana") is None
    task = taken(app, brand)
    assert (task.kind, task.queue, task.number, task.person_id) == (
        "copy", "copies", NICK, person.id
    )  # fmt: skip
    assert SAYS in task.script
    assert attempts(app, brand) == [("chat", False)]
    assert desk.copy(app.means, brand, task.id, agent="ana").script == task.script
    assert attempts(app, brand) == [("chat", True)]


@pytest.mark.parametrize(
    ("disposition", "fate"),
    [
        ("pasted", ("delivered", None)),
        ("not_found", ("failed", "not_reached")),
        ("chat_closed", ("sent", None)),
        ("wants_none", ("delivered", None)),
    ],
)
def test_what_the_agent_says_is_the_receipt(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock,
    disposition: str, fate: tuple[str, str | None],
) -> None:  # fmt: skip
    """The ledger closes, and no call is told of."""
    closed(app, brand, clock, disposition)
    assert [(state, reason) for _, state, reason in b.fates(app, brand)] == [fate]
    with app.means.database.begin(brand) as tx:
        assert reconcile(tx).closes
        told = tx.execute(text("select count(*) from outreach.events where type = 'call.ended'"))
        assert told.scalar_one() == 0
    assert (open_tasks(app, brand) == ["open"]) is (disposition == "chat_closed")


def open_tasks(app: Outreach, brand: BrandRef) -> list[str]:
    with app.means.database.begin(brand) as tx:
        return [task.state for task in store.owed(tx)]


def test_who_wants_no_messages_has_refused_the_chat_alone(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    closed(app, brand, clock, "wants_none")
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(text("select action, channel, how from optout.entries"))
        assert [tuple(row) for row in rows] == [("withdraw", "chat", "disposition")]


def test_what_was_refused_meanwhile_is_not_pasted(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    """It is withdrawn, though an agent has it on the screen."""
    task = taken(app, brand)
    refusal = Change(Action.WITHDRAW, How.API, "test", channel=Channel.CHAT)
    change_person(app.means, brand, person.id, refusal)
    with pytest.raises(Conflict, match="do not paste"):
        desk.copy(app.means, brand, task.id, agent="ana")
    assert b.fates(app, brand)[0][1:] == ("failed", "withdrawn")


def test_another_number_is_for_calls(app: Outreach, brand: BrandRef, person: Person) -> None:
    task = taken(app, brand)
    closing = Closing("pasted", number="+351210009999")
    with pytest.raises(Invalid, match="text to copy"):
        endings.close(app.means, brand, task.id, agent="ana", closing=closing)


def test_a_queue_of_copies_takes_no_calls_and_the_other_way_round() -> None:
    """A queue says which it takes; what none takes has a built-in queue of its kind."""
    name = {"en": "x"}
    shop = Queue(key="shop", name=name, takes=Takes(kind="copy"))
    care = Queue(key="care", name=name)
    wanted = {kind: Wanted("c", "service", kind=kind) for kind in ("call", "copy")}  # type: ignore[arg-type]
    found = {kind: routing.queue_for(one, [shop, care]).key for kind, one in wanted.items()}
    assert found == {"call": "care", "copy": "shop"}
    assert {kind: routing.queue_for(one, []).key for kind, one in wanted.items()} == {
        "call": "calls", "copy": "copies"
    }  # fmt: skip
    assert list(shop.endings) == list(document.built_in("copy").endings)


def test_a_queue_that_ends_leaves_its_copies_to_the_built_in_one(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """And not to who makes calls."""
    source = "key: shop\nname: {en: Shop}\ntakes: {kind: copy}\n"
    with app.means.database.begin(brand) as tx:
        queues.put(tx, brand, source, name="shop", now=clock())
    person = b.a_person(app, brand, "rui", handle="tb_rui", **AT_NOON)
    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    with app.means.database.begin(brand) as tx:
        assert [task.queue for task in store.owed(tx)] == ["shop"]
        queues.retire(tx, "shop", now=clock() + timedelta(minutes=1))
        assert [task.queue for task in store.owed(tx)] == ["copies"]


def test_a_queue_of_copies_promises_no_calls() -> None:
    source = """
        key: shop
        name: {en: Shop}
        takes: {kind: copy}
        dispositions: [{key: later, name: {en: Later}, means: promised}]
    """
    with pytest.raises(Invalid) as told:
        document.read(source, "shop")
    assert "promise" in str(told.value.problems[0])


@pytest.mark.parametrize("on_the_desk", [True, False])
def test_a_complaint_takes_back_what_was_to_be_asked(
    app: Outreach, clock: SteppedClock, *, on_the_desk: bool
) -> None:
    """From the queue by itself; and what an agent has before them cannot be copied any more."""
    brand = b.a_brand(app)
    b.a_text(app, brand, "by-hand", SAYS)
    step = b.a_step(channels=["chat"], template="by-hand")
    b.a_live_campaign(app, brand, steps=[step], purpose="survey")
    person = b.a_person(app, brand, "mei", handle=NICK, **AT_NOON)
    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    task = taken(app, brand) if on_the_desk else None
    case = {"case": "C-1", "opened_at": "a"}
    b.accepted(app, brand, b.an_event(app, brand, person, "case.opened", **case))
    if task:
        with pytest.raises(Conflict, match="do not paste"):
            desk.copy(app.means, brand, task.id, agent="ana")
    clock.step_to(clock() + sweeping.EVERY)
    sweeping.sweep(app.means, brand)
    assert b.fates(app, brand) == [("chat", "failed", "care_hold")]


def test_only_chat_is_assisted(app: Outreach, settings: Settings) -> None:
    """Mail and texts may always be sent from outside."""
    assert named(app.means.ways[Channel.CHAT]) == "assisted"
    with pytest.raises(Misconfigured, match="assisted"):
        application.build(replace(settings, sms="assisted:"))


def test_a_text_to_copy_is_one_contact_once_it_was_copied_and_no_call(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    """However often it is tried; whoever reads the line of time sees no call either."""
    span = {"since": clock() - DAY, "until": clock() + 2 * DAY}

    def used() -> list[metering.Used]:
        with app.means.database.reading(brand) as tx:
            return metering.used(tx, **span, prices={})

    assert used() == []
    for _ in range(2):
        task = taken(app, brand)
        desk.dial(app.means, brand, task.id, agent="ana")
        with app.means.database.begin(brand) as tx:
            tx.execute(text("update outreach.tasks set lease_until = now() - interval '1 hour'"))
        sweeping.sweep(app.means, brand)
        clock.step_to(clock() + timedelta(hours=2))
    (one,) = used()
    assert (one.channel, one.contacts, one.messages, one.agent_minutes) == ("chat", 1, 1, 0)
    with app.means.database.reading(brand) as tx:
        lines = timeline.of_person(tx, person.id, now=clock())
    seen = {(line.kind, line.channel) for line in lines if line.kind in {"call", "copy"}}
    assert seen == {("copy", "chat")}

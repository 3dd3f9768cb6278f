"""Does what is in doubt find its end, and is nothing sent twice on the way there?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import text

from optout.model import Action, Channel, How
from outreach import ids, work
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.channels.memory import Memory, knows_nothing
from outreach.channels.protocol import (
    Absent,
    Accepted,
    Answer,
    Capabilities,
    Found,
    Outgoing,
    Own,
    Refused,
    Uncertain,
)
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch import doubt, due, send
from outreach.dispatch.means import Look
from outreach.errors import Conflict, Invalid, NotFound
from outreach.hints import Hints, open_broker
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from outreach.reports.doubtful import doubtful
from outreach.reports.reconcile import reconcile
from outreach.reports.today import today
from tests import builders as b

_BRANDS = count(1)
_TIME_HAS_COME = text("""
    update outreach.touches set lease_until = now() - interval '1 s' where lease_until is not null
""")
Decide = Callable[[Outgoing], Answer]


class Desk:
    """A brand with one mail that was handed over and never answered."""

    def __init__(self, app: Outreach, *, purpose: str = "service", **profile: object) -> None:
        self.app = app
        self.brand = b.a_brand(app, f"doubt-{next(_BRANDS)}", **profile)
        b.a_live_campaign(app, self.brand, purpose=purpose)
        self.person: Person = b.a_person(app, self.brand)
        b.accepted(app, self.brand, b.an_event(app, self.brand, self.person))
        self.handed: list[Outgoing] = []
        self.way(lambda _: Uncertain("silence"))
        send.dispatch(self.app.means, self.look)
        self.clock = app.means.clock

    @property
    def look(self) -> Look:
        return Look(self.brand, Channel.EMAIL)

    @property
    def touch(self) -> UUID:
        return ids.read(ids.TOUCH, self.handed[0].touch_id)

    def way(
        self,
        decide: Decide,
        *,
        found: Callable[[str], Found] = knows_nothing,
        **can: bool,
    ) -> Memory:
        """From now on the provider answers so, and can do this."""

        def kept(one: Outgoing) -> Answer:
            self.handed.append(one)
            return decide(one)

        known = {"idempotent": False, "looks_up": False} | can
        memory = Memory(kept, capabilities=Capabilities(32, receipts="none", **known), found=found)  # type: ignore[arg-type]  # booleans
        ways = {**self.app.means.ways, Channel.EMAIL: memory}
        self.app = replace(self.app, means=replace(self.app.means, ways=ways))
        return memory

    def looked_into(self) -> tuple[str, str | None]:
        """What has become of it after its time has come, and a worker looked."""
        with self.app.means.database.begin(self.brand) as tx:
            tx.execute(_TIME_HAS_COME)
        doubt.look_into(self.app.means, self.look)
        return self.fate()

    def fate(self) -> tuple[str, str | None]:
        (_, state, reason), *_ = b.fates(self.app, self.brand)
        return state, reason

    def hours_pass(self, hours: float) -> None:
        assert isinstance(self.clock, SteppedClock)
        self.clock.step_to(self.clock() + timedelta(hours=hours))

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with self.app.means.database.begin(self.brand) as tx:
            return [tuple(row) for row in tx.execute(text(question))]

    def closes(self) -> bool:
        with self.app.means.database.begin(self.brand) as tx:
            return reconcile(tx).closes


@pytest.fixture
def desk(shared_app: Outreach) -> Desk:
    return Desk(shared_app)


def taken(one: Outgoing) -> Answer:
    return Accepted(one.key)


def test_a_provider_that_has_it_settles_it_as_sent(desk: Desk) -> None:
    """Asked by our own id, it names its own; nothing is sent."""
    desk.way(taken, looks_up=True, found=lambda touch: Accepted(f"p-{touch}"))
    assert desk.looked_into() == ("sent", None)
    assert len(desk.handed) == 1
    assert desk.ask("select how, said from outreach.settlements") == [("look_up", "sent")]
    assert desk.ask("select provider_id from outreach.attempts") == [
        (f"p-{desk.handed[0].touch_id}",)
    ]
    assert desk.closes()


def test_a_provider_that_surely_does_not_have_it_is_given_it_again(desk: Desk) -> None:
    """It goes the ordinary way, through the gate, under the same key."""
    desk.way(taken, looks_up=True, found=lambda _: Absent("404"))
    assert desk.looked_into() == ("planned", None)
    send.dispatch(desk.app.means, desk.look)
    assert desk.fate() == ("sent", None)
    assert [one.key for one in desk.handed] == [desk.handed[0].key] * 2
    assert desk.closes()


def test_a_provider_that_breaks_off_again_and_again_has_it_once_in_the_end(desk: Desk) -> None:
    """Each connection is reset before anything was taken: no round of it loses the touch."""
    resets = 12
    answers: list[Answer] = [Uncertain("connection reset")] * resets + [Accepted("p-1")]
    desk.way(lambda _: answers.pop(0), looks_up=True, found=lambda _: Absent("404"))
    for _ in range(resets + 1):
        assert desk.looked_into() == ("planned", None)
        send.dispatch(desk.app.means, desk.look)
    assert desk.fate() == ("sent", None)
    assert desk.ask(
        "select outcome::text, count(*) from outreach.attempts group by 1 order by 2"
    ) == [
        ("accepted", 1),
        ("refused", resets + 1),
    ]
    assert desk.closes()


def test_a_provider_without_a_word_leaves_it_in_doubt(desk: Desk) -> None:
    """Silence proves nothing; it is asked again, later."""
    way = desk.way(taken, looks_up=True, found=lambda _: Uncertain("503"))
    assert desk.looked_into() == ("uncertain", "no_answer")
    assert doubt.look_into(desk.app.means, desk.look) == 0
    assert len(way.looked_up) == 1
    assert desk.looked_into() == ("uncertain", "no_answer")
    assert len(way.looked_up) == 2


def test_it_is_not_asked_before_the_longest_call_can_have_ended(desk: Desk) -> None:
    """The call may still land: whoever asks too early hears that it is not there."""
    way = desk.way(taken, looks_up=True, found=lambda _: Absent("404"))
    assert doubt.look_into(desk.app.means, desk.look) == 0
    assert way.looked_up == []
    [(waits,)] = desk.ask("select lease_until - now() from outreach.touches")
    assert isinstance(waits, timedelta)
    assert desk.app.means.call < waits <= desk.app.means.lease


def _body(outgoing: Outgoing) -> bytes:
    return outgoing.body_hash(outgoing.content.digest)


def test_a_provider_that_remembers_our_key_is_told_the_very_same_again(desk: Desk) -> None:
    """Byte for byte, under the touch's key; it answers as it answered then."""
    desk.way(taken, idempotent=True)
    assert desk.looked_into() == ("sent", None)
    first, second = desk.handed
    assert (first.key, _body(first)) == (second.key, _body(second))
    outcomes = desk.ask("select fence, outcome::text from outreach.attempts order by fence")
    assert outcomes == [(1, "refused"), (2, "accepted")]
    assert desk.closes()


def test_a_repeat_keeps_its_distance_from_what_was_said_meanwhile(desk: Desk) -> None:
    """Should the first call never have arrived, the person hears of it now, and not close after."""
    desk.way(taken, idempotent=True)
    desk.hours_pass(5)
    b.a_live_campaign(desk.app, desk.brand, "thanks", trigger={"event": "order.paid"})
    b.accepted(desk.app, desk.brand, b.an_event(desk.app, desk.brand, desk.person, "order.paid"))
    send.dispatch(desk.app.means, desk.look)
    assert desk.looked_into() == ("uncertain", "no_answer")
    assert len(desk.handed) == 2
    desk.hours_pass(4)
    assert desk.looked_into() == ("sent", None)
    assert desk.handed[2].key == desk.handed[0].key


def test_what_is_said_after_a_repeat_keeps_its_distance_from_it(desk: Desk) -> None:
    """The person may have it from the repeat alone: distances run from there."""
    desk.way(taken, idempotent=True)
    desk.hours_pass(3)
    assert desk.looked_into() == ("sent", None)
    desk.hours_pass(2)
    b.a_live_campaign(desk.app, desk.brand, "thanks", trigger={"event": "order.paid"})
    b.accepted(desk.app, desk.brand, b.an_event(desk.app, desk.brand, desk.person, "order.paid"))
    send.dispatch(desk.app.means, desk.look)
    assert len(desk.handed) == 2


def test_past_the_memory_of_the_key_nothing_is_repeated(desk: Desk) -> None:
    """The provider has forgotten: the same key would send it twice."""
    desk.way(taken, idempotent=True)
    desk.hours_pass(22)
    assert desk.looked_into() == ("uncertain", "no_answer")
    assert len(desk.handed) == 1


@pytest.mark.parametrize(
    ("leases", "fate"),
    [(-1, ("uncertain", "no_answer")), (0.5, ("uncertain", "no_answer")), (2, ("sent", None))],
)
def test_what_was_called_at_another_account_is_not_repeated(
    desk: Desk, leases: float, fate: tuple[str, str | None]
) -> None:
    """Neither its keys nor its records are known at the one that the brand has now.

    So many leases before the call every process saw the change; who held a claim then may have
    called at the former account until it was over.
    """
    desk.way(taken, idempotent=True)
    own = Own(since={Channel.EMAIL: desk.clock() - leases * desk.app.means.lease})
    desk.app = replace(desk.app, means=replace(desk.app.means, own=lambda _: own))
    assert desk.looked_into() == fate
    assert len(desk.handed) == (2 if fate == ("sent", None) else 1)


def test_words_that_changed_meanwhile_are_not_repeated(desk: Desk) -> None:
    """A key belongs to one body; with another it is refused, or worse, taken for the same."""
    desk.way(taken, idempotent=True)
    b.a_person(desk.app, desk.brand, desk.person.ref, name="Somebody Else")
    assert desk.looked_into() == ("uncertain", "no_answer")
    assert len(desk.handed) == 1


def test_after_a_withdrawal_nothing_is_repeated_not_even_under_a_key(desk: Desk) -> None:
    """Whether or not the first call was taken, no further call begins."""
    desk.way(taken, idempotent=True)
    change = Change(Action.WITHDRAW, How.API, "test")
    change_person(desk.app.means, desk.brand, desk.person.id, change)
    assert desk.looked_into() == ("uncertain", "no_answer")
    assert len(desk.handed) == 1


def test_after_a_withdrawal_what_was_not_sent_is_dropped(desk: Desk) -> None:
    """A look-up says that it is not there: it waits again, and the gate says no."""
    desk.way(taken, looks_up=True, found=lambda _: Absent("404"))
    change = Change(Action.WITHDRAW, How.API, "test")
    change_person(desk.app.means, desk.brand, desk.person.id, change)
    desk.looked_into()
    send.dispatch(desk.app.means, desk.look)
    assert desk.fate() == ("skipped", "withdrawn")
    assert len(desk.handed) == 1


@pytest.mark.parametrize(
    "answer", [Refused("busy", "429", permanent=False), Refused("rejected", "4xx", permanent=True)]
)
def test_a_refusal_of_the_repeat_says_nothing_about_the_first_call(
    desk: Desk, answer: Answer
) -> None:
    """It stays in doubt, and is not planned again."""
    desk.way(lambda _: answer, idempotent=True)
    assert desk.looked_into() == ("uncertain", "no_answer")
    desk.way(taken, idempotent=True)
    assert desk.looked_into() == ("sent", None)
    assert len(desk.handed) == 3


def test_after_three_days_it_stays_unconfirmed_and_is_looked_into_no_more(desk: Desk) -> None:
    """It still counts for caps, and a person may still say what became of it."""
    desk.hours_pass(71)
    assert desk.looked_into() == ("uncertain", "no_answer")
    desk.hours_pass(1)
    assert desk.looked_into() == ("uncertain", "unconfirmed")
    assert desk.ask("select lease_until from outreach.touches") == [(None,)]
    assert desk.ask("select outcome::text from outreach.attempts") == [("uncertain",)]
    with desk.app.means.database.begin(desk.brand) as tx:
        day = today(tx, brands.get(tx), now=desk.clock())
    assert (day.uncertain, day.unconfirmed) == (1, 1)
    doubt.decide(desk.app.means, desk.brand, desk.touch, "sent", by="Ops")
    assert desk.fate() == ("sent", None)


def test_a_yes_that_came_under_an_older_number_is_believed(desk: Desk) -> None:
    """The worker was paused, and its answer stands with its attempt."""
    desk.ask("update outreach.attempts set outcome = 'accepted' returning 1")
    assert desk.looked_into() == ("sent", None)
    assert len(desk.handed) == 1


def test_a_refusal_that_came_too_late_lets_it_go_again(desk: Desk) -> None:
    """The only call was surely not taken."""
    desk.ask("update outreach.attempts set outcome = 'refused' returning 1")
    desk.way(taken)
    assert desk.looked_into() == ("planned", None)
    assert desk.ask("select how, said from outreach.settlements") == [("answer", "not_sent")]


@pytest.mark.parametrize(
    ("decision", "fate", "outcome"),
    [
        ("sent", ("sent", None), "accepted"),
        ("not_sent", ("failed", "not_sent"), "refused"),
        ("again", ("planned", None), "uncertain"),
    ],
)
def test_a_person_settles_it_and_is_named(
    desk: Desk, decision: str, fate: tuple[str, str | None], outcome: str
) -> None:
    """What they say is kept with their name; what may come twice goes on counting."""
    with desk.app.means.database.begin(desk.brand) as tx:
        [shown] = doubtful(tx)
    doubt.decide(desk.app.means, desk.brand, ids.read(ids.TOUCH, shown.touch), decision, by="Ops")
    assert desk.fate() == fate
    assert desk.ask("select how, said, by from outreach.settlements") == [
        ("person", decision, "Ops")
    ]
    assert desk.ask("select outcome::text from outreach.attempts") == [(outcome,)]
    assert desk.closes()
    with pytest.raises(Conflict, match="nothing is in doubt"):
        doubt.decide(desk.app.means, desk.brand, desk.touch, "sent", by="Ops")


def test_what_asks_for_something_is_never_risked_twice(shared_app: Outreach) -> None:
    """Only notices may go again on somebody's word, and somebody must be named."""
    desk = Desk(shared_app)
    touch = desk.touch
    desk.ask("update outreach.touches set purpose = 'survey' returning 1")
    with pytest.raises(Invalid, match="not worth coming twice"):
        doubt.decide(desk.app.means, desk.brand, touch, "again", by="Ops")
    with pytest.raises(Invalid, match="who decides"):
        doubt.decide(desk.app.means, desk.brand, touch, "sent", by=" ")
    with pytest.raises(Invalid, match="no decision"):
        doubt.decide(desk.app.means, desk.brand, touch, "perhaps", by="Ops")
    with pytest.raises(NotFound):
        doubt.decide(desk.app.means, desk.brand, UUID(int=1), "sent", by="Ops")


def test_workers_are_woken_for_what_is_in_doubt(desk: Desk) -> None:
    """The ticker's look names the channel, and whoever sends there looks into it too."""
    desk.way(taken, looks_up=True, found=lambda _: Accepted("1"))
    assert desk.look not in wanted(desk.app)
    desk.ask("update outreach.touches set lease_until = now() - interval '1 s' returning 1")
    assert desk.look in wanted(desk.app)
    work.send_due(desk.app, Hints(open_broker("unix:///nowhere.sock")), desk.look)
    assert desk.fate() == ("sent", None)
    assert desk.look not in wanted(desk.app)


def wanted(app: Outreach) -> tuple[Look, ...]:
    with app.means.database.watch() as tx:
        return due.wanted(tx, now=app.means.clock()).looks


def test_a_stopped_brand_looks_into_nothing(desk: Desk) -> None:
    """Nothing more starts, and a repeat is a start."""
    desk.way(taken, idempotent=True)
    desk.ask("update outreach.brands set stopped = true returning 1")
    assert desk.looked_into() == ("uncertain", "no_answer")
    assert len(desk.handed) == 1


def other_brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, f"doubt-{next(_BRANDS)}")


def test_another_brand_cannot_settle_it(desk: Desk, shared_app: Outreach) -> None:
    """For it there is no such touch."""
    with pytest.raises(NotFound):
        doubt.decide(desk.app.means, other_brand(shared_app), desk.touch, "sent", by="Ops")


def contacts_of(desk: Desk) -> list[tuple[object, ...]]:
    """What other brands of the group count of it: which attempt, and since when."""
    return desk.ask("select fence, at from outreach.contacts")


def in_a_group(app: Outreach) -> Desk:
    return Desk(app, group=f"house-{next(_BRANDS)}")


@pytest.mark.parametrize("decision", ["not_sent", "absent"])
def test_what_was_not_sent_after_all_counts_for_nobody_in_the_group(
    shared_app: Outreach, decision: str
) -> None:
    """Whether a person says so or the provider does."""
    desk = in_a_group(shared_app)
    assert len(contacts_of(desk)) == 1
    if decision == "absent":
        desk.way(taken, looks_up=True, found=lambda _: Absent("404"))
        desk.looked_into()
    else:
        doubt.decide(desk.app.means, desk.brand, desk.touch, decision, by="Ops")
    assert contacts_of(desk) == []


def test_what_is_said_once_more_goes_on_counting_as_one_contact(shared_app: Outreach) -> None:
    """As of the last time; when that turns out not to be there, no more."""
    desk = in_a_group(shared_app)
    desk.hours_pass(1)
    desk.way(lambda _: Uncertain("silence"), idempotent=True)
    desk.looked_into()
    assert contacts_of(desk) == [(2, desk.clock())]
    desk.way(taken, looks_up=True, found=lambda _: Absent("404"))
    desk.looked_into()
    assert contacts_of(desk) == []

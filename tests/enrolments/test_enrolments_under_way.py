"""What becomes of people under way when their campaign changes, pauses, goes on or ends?"""

from datetime import timedelta

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.channels.protocol import Accepted, Answer, Outgoing
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from outreach.dispatch.send import dispatch
from outreach.enrolments import going_on, moving, under_way
from outreach.enrolments import store as enrolments
from outreach.enrolments.movable import movable
from outreach.enrolments.moving import Moved
from outreach.enrolments.under_way import Activated, Ended, Paused, Resumed
from outreach.errors import Conflict, Invalid, NotFound
from outreach.people.model import Person
from outreach.reports.reconcile import reconcile
from tests import builders as b

LATER = b.a_step("later", after="1 d", useful_for="2 d")
PAUSE = {"key": "pause", "kind": "wait", "until": {"event": "order.paid"}, "at_most": "2 d"}
BY_SMS = {**LATER, "after": "2 d", "channels": ["sms"]}


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app)


def begun(app: Outreach, brand: BrandRef, people: int = 1, **changes: object) -> None:
    """So many people under way in a campaign whose one step is due tomorrow."""
    b.a_live_campaign(app, brand, **({"steps": [LATER]} | changes))
    for number in range(people):
        begins(app, brand, f"P-{number}")


def begins(app: Outreach, brand: BrandRef, parcel: str, **data: object) -> Person:
    """Somebody to whom this parcel was delivered."""
    person = b.a_person(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=parcel, **data))
    return person


def changed(app: Outreach, brand: BrandRef, **changes: object) -> None:
    with app.means.database.begin(brand) as tx:
        campaigns.put(tx, brand, b.written(**changes), name="reminder")


def activated(app: Outreach, brand: BrandRef, *, move: bool = False) -> Activated:
    with app.means.database.begin(brand) as tx:
        now = app.means.clock()
        return under_way.activate(tx, app.means.book, brand, "reminder", now=now, move=move)


def paused(app: Outreach, brand: BrandRef) -> Paused:
    with app.means.database.begin(brand) as tx:
        return under_way.pause(tx, app.means.book, "reminder")


def resumed(app: Outreach, brand: BrandRef) -> Resumed:
    with app.means.database.begin(brand) as tx:
        return under_way.resume(tx, app.means.book, "reminder", now=app.means.clock())


def ended(app: Outreach, brand: BrandRef) -> Ended:
    with app.means.database.begin(brand) as tx:
        return under_way.end(tx, app.means.book, "reminder", now=app.means.clock())


def waited(app: Outreach, brand: BrandRef, clock: SteppedClock, *, days: int) -> None:
    """So many days later, with the waits that are over by then."""
    clock.step_to(b.NOON + timedelta(days=days))
    with app.means.database.begin(brand) as tx:
        going_on.by_time(tx, app.means.book, brand, now=app.means.clock())


def states(app: Outreach, brand: BrandRef) -> list[str]:
    with app.means.database.begin(brand) as tx:
        return [version.state for version in app.means.book.every(tx)]


def closes(app: Outreach, brand: BrandRef) -> bool:
    with app.means.database.begin(brand) as tx:
        return reconcile(tx).closes


def test_a_draft_is_reviewed_goes_live_and_finishes(app: Outreach, brand: BrandRef) -> None:
    """An older version takes in nobody any more, and whoever is under way finishes in it."""
    begun(app, brand)
    changed(app, brand, steps=[BY_SMS])
    with app.means.database.begin(brand) as tx:
        assert campaigns.submit(tx, app.means.book, "reminder", now=b.NOON).state == "in_review"
    assert activated(app, brand).waiting == 1
    assert states(app, brand) == ["finishing", "live"]
    begins(app, brand, "P-9")
    assert {channel for channel, *_ in b.fates(app, brand)} == {"email", "sms"}


def test_what_speaks_against_it_is_told_at_its_line(app: Outreach, brand: BrandRef) -> None:
    """At review already, and nothing changes."""
    steps = [LATER, b.a_step("more", template="nothing-such")]
    changed(app, brand, steps=steps)
    with app.means.database.begin(brand) as tx, pytest.raises(Invalid) as caught:
        campaigns.submit(tx, app.means.book, "reminder", now=b.NOON)
    assert len(caught.value.problems) == 2
    assert all(problem.line == 1 and problem.column > 1 for problem in caught.value.problems)
    assert states(app, brand) == ["draft"]


def test_pausing_counts_what_waits_and_what_cannot_be_called_back(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """While a provider has one of three, the campaign is paused: the others stay."""
    begun(app, brand, people=3)
    clock.step_to(b.NOON + timedelta(days=1))
    counts: list[Paused] = []

    def decide(_: Outgoing) -> Answer:
        counts.append(paused(app, brand))
        return Accepted("1")

    dispatch(b.through(app, Channel.EMAIL, decide, handful=1).means, Look(brand, Channel.EMAIL))
    assert [(one.waiting, one.in_air) for one in counts] == [(2, 1)]
    b.everything_due(app)
    assert [state for _, state, _ in b.fates(app, brand)].count("planned") == 2


def test_pausing_holds_older_versions_too(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """What finishes in them waits as well, and goes on with the rest."""
    begun(app, brand)
    changed(app, brand, steps=[LATER], priority=60)
    activated(app, brand)
    assert paused(app, brand).waiting == 1
    assert states(app, brand) == ["paused", "paused"]
    clock.step_to(b.NOON + timedelta(days=1))
    b.everything_due(app)
    assert b.fates(app, brand) == [("email", "planned", None)]
    resumed(app, brand)
    assert states(app, brand) == ["finishing", "live"]
    b.everything_due(app)
    assert b.fates(app, brand) == [("email", "sent", None)]


def test_resuming_drops_what_has_become_useless(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    begun(app, brand, steps=[LATER, b.a_step("much-later", after="9 d")])
    paused(app, brand)
    clock.step_to(b.NOON + timedelta(days=5))
    done = resumed(app, brand)
    assert (done.dropped, done.waiting, done.version.state) == (1, 1, "live")
    assert b.fates(app, brand) == [("email", "skipped", "too_late"), ("email", "planned", None)]
    assert closes(app, brand)


def test_ending_cancels_what_is_planned_in_every_version(app: Outreach, brand: BrandRef) -> None:
    begun(app, brand, people=2)
    changed(app, brand, steps=[LATER], priority=60)
    activated(app, brand)
    begins(app, brand, "P-9")
    done = ended(app, brand)
    assert (done.passages, done.cancelled, done.in_air) == (3, 3, 0)
    assert set(b.fates(app, brand)) == {("email", "cancelled", "campaign_ended")}
    assert states(app, brand) == ["ended", "ended"]
    assert closes(app, brand)


def test_an_end_takes_claimed_touches_out_of_their_workers_hands(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Of two that a worker holds, the second is not sent after the end."""
    begun(app, brand, people=2)
    clock.step_to(b.NOON + timedelta(days=1))

    def decide(_: Outgoing) -> Answer:
        if states(app, brand) == ["live"]:
            assert ended(app, brand).in_air == 1
        return Accepted("1")

    dispatch(b.through(app, Channel.EMAIL, decide, handful=1).means, Look(brand, Channel.EMAIL))
    assert sorted(state for _, state, _ in b.fates(app, brand)) == ["cancelled", "sent"]


def test_an_ended_text_comes_back_as_a_new_version(app: Outreach, brand: BrandRef) -> None:
    begun(app, brand)
    ended(app, brand)
    with pytest.raises(Conflict, match="import it again"):
        activated(app, brand)
    changed(app, brand, steps=[LATER])
    assert activated(app, brand).version.version == 2


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [(paused, "activate it first"), (resumed, "nothing to resume")],
)
def test_a_draft_can_neither_pause_nor_go_on(
    app: Outreach, brand: BrandRef, deed: object, sentence: str
) -> None:
    with pytest.raises(NotFound, match="there is no campaign"):
        deed(app, brand)  # type: ignore[operator]  # one of the deeds above
    changed(app, brand)
    with pytest.raises(Conflict, match=sentence):
        deed(app, brand)  # type: ignore[operator]  # one of the deeds above


def test_moved_people_go_on_in_the_new_version(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """A step still there is planned anew, one that is gone is cancelled, and none comes twice."""
    begun(app, brand, steps=[b.a_step("now"), LATER, b.a_step("gone", after="3 d")])
    b.everything_due(app)
    changed(app, brand, steps=[b.a_step("now"), b.a_step("fresh"), BY_SMS], priority=80)
    done = activated(app, brand, move=True)
    assert done.moved == Moved(passages=1, replanned=1, cancelled=1)
    assert b.fates(app, brand) == [
        ("email", "sent", None),
        ("sms", "planned", None),
        ("email", "cancelled", "moved"),
    ]
    clock.step_to(b.NOON + timedelta(days=2, hours=6))
    b.everything_due(app)
    assert [len(b.reached(app, channel)) for channel in (Channel.EMAIL, Channel.SMS)] == [1, 1]
    assert closes(app, brand)


def test_a_passage_that_ended_during_a_move_stays_ended(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order was refunded between the look for who is under way and the move of these."""
    begun(app, brand)
    with app.means.database.begin(brand) as tx:
        versions = [version.id for version in app.means.book.of(tx, "reminder")]
        found = list(moving.batches(tx, versions))
        enrolments.end(tx, {found[0][0].id: "exit:order.refunded"}, now=b.NOON)
    monkeypatch.setattr(moving, "batches", lambda _tx, _older: found)
    changed(app, brand, steps=[LATER, b.a_step("fresh", after="2 d")])
    assert activated(app, brand, move=True).moved == Moved()
    assert b.fates(app, brand) == [("email", "cancelled", "exit:order.refunded")]
    assert closes(app, brand)


def test_what_a_move_put_behind_a_wait_is_planned_when_that_is_over(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """By the new version, once, and counted once."""
    begun(app, brand)
    changed(app, brand, steps=[PAUSE, {**LATER, "channels": ["sms"]}])
    assert activated(app, brand, move=True).moved == Moved(passages=1, cancelled=1)
    assert b.fates(app, brand) == [("email", "cancelled", "moved")]
    waited(app, brand, clock, days=2)
    assert b.fates(app, brand) == [("sms", "planned", None)]
    clock.step_to(b.NOON + timedelta(days=3, hours=6))
    b.everything_due(app)
    assert len(b.reached(app, Channel.SMS)) == 1
    assert closes(app, brand)


def test_what_a_move_put_behind_a_wait_goes_on_when_the_next_takes_that_away(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    begun(app, brand)
    changed(app, brand, steps=[PAUSE, LATER])
    activated(app, brand, move=True)
    changed(app, brand, steps=[LATER], priority=60)
    assert activated(app, brand, move=True).moved == Moved(passages=1, replanned=1)
    clock.step_to(b.NOON + timedelta(days=1))
    b.everything_due(app)
    assert b.fates(app, brand) == [("email", "sent", None)]
    waited(app, brand, clock, days=9)
    assert b.fates(app, brand) == [("email", "sent", None)]
    assert closes(app, brand)


def test_whoever_the_new_version_would_not_take_in_is_let_go(
    app: Outreach, brand: BrandRef
) -> None:
    """Its condition does not hold for them, or its exit has happened already."""
    begun(app, brand)
    person = begins(app, brand, "P-9")
    b.accepted(app, brand, b.an_event(app, brand, person, "order.refunded"))
    changed(app, brand, steps=[LATER], exits=[{"event": "order.refunded"}])
    assert activated(app, brand, move=True).moved == Moved(passages=1, replanned=1, cancelled=1)
    with app.means.database.begin(brand) as tx:
        found = tx.execute(text("select reason from outreach.enrolments where state = 'ended'"))
        assert found.scalars().all() == ["moved"]
    assert closes(app, brand)


def test_who_would_move_is_told_by_step_and_nothing_changes(app: Outreach, brand: BrandRef) -> None:
    """One is kept, one is let go for what came after, one waits; those of one step are counted."""
    begun(app, brand, people=2, steps=[LATER, b.a_step("gone", after="3 d")])
    refunded = begins(app, brand, "P-9")
    b.accepted(app, brand, b.an_event(app, brand, refunded, "order.refunded"))
    changed(app, brand, steps=[PAUSE, LATER])
    activated(app, brand)
    begins(app, brand, "P-10")
    changed(app, brand, steps=[LATER], exits=[{"event": "order.refunded"}])
    before = b.fates(app, brand)
    with app.means.database.begin(brand) as tx:
        first, second = movable(tx, app.means.book, brand, "reminder", now=b.NOON)
    assert (first.version, first.step, second.version, second.step) == (1, "later", 2, "pause")
    assert (first.passages, first.kept, first.dropped, first.let_go) == (3, 2, 4, 1)
    assert refunded.ref in first.people
    assert (second.passages, second.kept, second.dropped, second.let_go) == (1, 0, 0, 0)
    assert b.fates(app, brand) == before


def test_a_moved_touch_leaves_its_workers_hands(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """What a worker holds when people are moved is sent by the new version, and once."""
    begun(app, brand, people=2)
    clock.step_to(b.NOON + timedelta(days=1))
    sent: list[str] = []

    def decide(outgoing: Outgoing) -> Answer:
        if not sent:
            changed(app, brand, steps=[LATER], priority=60)
            assert activated(app, brand, move=True).moved.replanned == 1
        sent.append(outgoing.touch_id)
        return Accepted("1")

    through = b.through(app, Channel.EMAIL, decide, handful=1)
    dispatch(through.means, Look(brand, Channel.EMAIL))
    assert len(sent) == 1
    b.everything_due(through)
    assert len(set(sent)) == len(sent) == 2
    assert closes(app, brand)

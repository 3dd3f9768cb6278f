"""Is what is due brought to its end, once, whatever providers answer and people do meanwhile?"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event, text

from optout.model import Action, Channel, How
from outreach import ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.campaigns import store as campaigns
from outreach.channels.protocol import Accepted, Answer, Outgoing, Refused, Uncertain
from outreach.channels.receipts import Told, Why
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch import send
from outreach.dispatch.means import Look, Means
from outreach.enrolments import enrol
from outreach.errors import Trouble
from outreach.inbound import consent
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from tests import builders as b

_BRANDS = count(1)
BY_API = Change(Action.WITHDRAW, How.API, "test")


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, f"send-{next(_BRANDS)}")


def due_for(app: Outreach, brand: BrandRef, people: int = 1, **changes: object) -> list[Person]:
    """So many persons with one mail each that is due now."""
    b.a_live_campaign(app, brand, **changes)  # type: ignore[arg-type]  # parts of a document
    found = [b.a_person(app, brand) for _ in range(people)]
    events = [b.an_event(app, brand, one, parcel=f"P-{one.ref}") for one in found]
    b.accepted(app, brand, *events)
    return found


def sent_through(app: Outreach, brand: BrandRef, channel: Channel = Channel.EMAIL) -> int:
    return send.dispatch(app.means, Look(brand, channel))


def to(app: Outreach, brand: BrandRef) -> list[str]:
    """Whom this brand's mails reached."""
    return [one.to for one in b.reached(app, Channel.EMAIL) if one.brand == brand.key]


def attempts(app: Outreach, brand: BrandRef) -> list[str | None]:
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(
            text("select outcome::text from outreach.attempts order by started_at, fence")
        )
        return list(rows.scalars())


def test_what_is_due_is_sent_once(app: Outreach, brand: BrandRef) -> None:
    """The next look finds nothing, the ledger says sent, and the words are the person's own."""
    (person,) = due_for(app, brand)
    assert (sent_through(app, brand), sent_through(app, brand)) == (1, 0)
    (one,) = [one for one in b.reached(app, Channel.EMAIL) if one.brand == brand.key]
    assert one.to == f"{person.ref}@customers.example"
    assert "Ada" in one.content.text
    assert one.unsubscribe_url is not None
    assert b.fates(app, brand) == [("email", "sent", None)]
    assert attempts(app, brand) == ["accepted"]


def test_four_workers_on_one_heap_send_each_once(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claims pass over what another worker holds, and together they leave nothing."""
    monkeypatch.setattr(send, "BATCH", 7)
    people = due_for(app, brand, 60)

    def work(_: int) -> None:
        while sent_through(app, brand):
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert Counter(to(app, brand)) == Counter(f"{p.ref}@customers.example" for p in people)


def test_a_text_that_cannot_be_made_fails_alone(app: Outreach, brand: BrandRef) -> None:
    """One person's missing value stops nobody else."""
    b.a_text(app, brand, "needs", "Hello, {{ event.data.colour }}")
    b.a_live_campaign(app, brand, steps=[b.a_step(template="needs")])
    for colour in ("red", None, "blue"):
        person = b.a_person(app, brand)
        b.accepted(app, brand, b.an_event(app, brand, person, parcel=person.ref, colour=colour))
    sent_through(app, brand)
    states = Counter((state, reason) for _, state, reason in b.fates(app, brand))
    assert states == {("sent", None): 2, ("failed", "template_error"): 1}
    assert attempts(app, brand) == ["accepted"] * 2


def refused_with_and_without_words(app: Outreach, brand: BrandRef) -> None:
    """Of three whose mail is due, one may have it, and of the two others one has no words."""
    b.a_text(app, brand, "needs", "Hello, {{ event.data.colour }}")
    b.a_live_campaign(app, brand, steps=[b.a_step(template="needs")])
    for colour in ("red", None, "blue"):
        person = b.a_person(app, brand)
        b.accepted(app, brand, b.an_event(app, brand, person, parcel=person.ref, colour=colour))
        if colour != "blue":
            change_person(app.means, brand, person.id, BY_API)


@pytest.mark.parametrize(("before", "stages"), [(0, {"claim"}), (50, {"mark", "claim"})])
def test_the_gate_speaks_first_and_at_the_mark_at_the_latest(
    app: Outreach, brand: BrandRef, before: int, stages: set[str]
) -> None:
    """Where nearly all went before, a batch is judged at its mark, and what has no words then."""
    app.means.strides.went(Look(brand, Channel.EMAIL), before, of=50)
    refused_with_and_without_words(app, brand)
    assert sent_through(app, brand) == 3
    states = Counter((state, reason) for _, state, reason in b.fates(app, brand))
    assert states == {("sent", None): 1, ("skipped", "withdrawn"): 2}
    with app.means.database.begin(brand) as tx:
        told = tx.execute(text("select stage::text from outreach.verdicts where verdict = 'skip'"))
        assert set(told.scalars()) == stages


def test_a_refusal_for_good_fails_with_the_providers_reason(app: Outreach, brand: BrandRef) -> None:
    """It is not asked again."""
    due_for(app, brand)
    refusing = b.through(app, Channel.EMAIL, lambda _: Refused("rejected", "550", permanent=True))
    assert (sent_through(refusing, brand), sent_through(refusing, brand)) == (1, 0)
    assert b.fates(app, brand) == [("email", "failed", "rejected")]


@pytest.mark.parametrize(
    ("wait", "comes_back"),
    [
        (None, timedelta(minutes=5)),
        (timedelta(hours=1), timedelta(hours=1)),
        (timedelta(days=9000), timedelta(days=3)),
    ],
)
def test_a_refusal_for_now_comes_back_later_but_not_after_it_is_useless(
    app: Outreach, brand: BrandRef, wait: timedelta | None, comes_back: timedelta
) -> None:
    """When the provider says, or in five minutes, at the latest at its last useful moment."""
    due_for(app, brand)
    busy = Refused("busy", "429", permanent=False, retry_after=wait)
    sent_through(b.through(app, Channel.EMAIL, lambda _: busy), brand)
    assert b.fates(app, brand) == [("email", "planned", "provider_busy")]
    with app.means.database.begin(brand) as tx:
        due = tx.execute(text("select due_at from outreach.touches")).scalar_one()
    assert due == b.NOON + comes_back


def test_a_refused_attempt_counts_against_no_cap(app: Outreach, clock: SteppedClock) -> None:
    """What surely was not sent did not bother anybody."""
    brand = b.a_brand(app, f"send-{next(_BRANDS)}", caps=[a_cap(1)])
    due_for(app, brand)
    busy = Refused("busy", "429", permanent=False, retry_after=timedelta(seconds=1))
    sent_through(b.through(app, Channel.EMAIL, lambda _: busy), brand)
    with app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.touches set due_at = :now"), {"now": b.NOON})
    sent_through(app, brand)
    assert attempts(app, brand) == ["refused", "accepted"]


def test_an_answer_that_says_nothing_leaves_it_uncertain_for_good(
    app: Outreach, brand: BrandRef
) -> None:
    """It may have been taken, so it is not repeated by itself."""
    due_for(app, brand)
    silent = b.through(app, Channel.EMAIL, lambda _: Uncertain("no answer"))
    assert (sent_through(silent, brand), sent_through(app, brand)) == (1, 0)
    assert b.fates(app, brand) == [("email", "uncertain", "no_answer")]


def withdrawing(app: Outreach, brand: BrandRef, people: list[Person]) -> Outreach:
    """While the first is handed over, everybody else withdraws."""

    def decide(one: Outgoing) -> Answer:
        for person in people:
            if not one.to.startswith(f"{person.ref}@"):
                change_person(app.means, brand, person.id, BY_API)
        return Accepted("1")

    return b.through(app, Channel.EMAIL, decide, handful=1)


def test_who_withdraws_between_claim_and_mark_is_skipped(app: Outreach, brand: BrandRef) -> None:
    """A check at claim time is not the last one."""
    people = due_for(app, brand, 2)
    sent_through(withdrawing(app, brand, people), brand)
    states = Counter((state, reason) for _, state, reason in b.fates(app, brand))
    assert states == {("sent", None): 1, ("skipped", "withdrawn"): 1}
    assert attempts(app, brand) == ["accepted"]


def test_a_withdrawal_names_what_is_in_the_air(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits a little, and then says which call had begun before it."""
    monkeypatch.setattr(consent, "PATIENCE", timedelta(milliseconds=50))
    (person,) = due_for(app, brand)
    answers = []

    def decide(one: Outgoing) -> Answer:
        answers.append((one.touch_id, change_person(app.means, brand, person.id, BY_API)))
        return Accepted("1")

    sent_through(b.through(app, Channel.EMAIL, decide), brand)
    ((touch, changed),) = answers
    assert changed.in_air == (touch,)
    assert changed.entries == 2
    assert b.fates(app, brand) == [("email", "sent", None)]


def test_an_exit_while_it_is_in_the_air_ends_what_comes_back_unsent(
    app: Outreach, brand: BrandRef
) -> None:
    """The provider is busy, the order is refunded meanwhile: it is not tried again."""
    (person,) = due_for(app, brand, exits=[{"event": "order.refunded"}])

    def decide(_: Outgoing) -> Answer:
        b.accepted(app, brand, b.an_event(app, brand, person, "order.refunded"))
        return Refused("busy", "429", permanent=False)

    sent_through(b.through(app, Channel.EMAIL, decide), brand)
    assert b.fates(app, brand) == [("email", "cancelled", "exit:order.refunded")]


@pytest.mark.parametrize("what", ["campaign", "brand"])
def test_what_is_stopped_between_claim_and_mark_waits(
    app: Outreach, brand: BrandRef, what: str
) -> None:
    """Stop means stop: the second of two goes back, without a verdict, and goes when allowed."""
    due_for(app, brand, 2)

    def decide(_: Outgoing) -> Answer:
        with app.means.database.begin(brand) as tx:
            if what == "brand":
                brands.stop(tx, stopped=True)
            else:
                campaigns.pause(tx, app.means.book, "reminder")
        return Accepted("1")

    sent_through(b.through(app, Channel.EMAIL, decide, handful=1), brand)
    assert sent_through(app, brand) == 0
    states = Counter((state, reason) for _, state, reason in b.fates(app, brand))
    assert states == {("sent", None): 1, ("planned", None): 1}
    with app.means.database.begin(brand) as tx:
        brands.stop(tx, stopped=False)
        campaigns.activate(tx, app.means.book, "reminder", now=b.NOON)
    assert sent_through(app, brand) == 1
    assert attempts(app, brand) == ["accepted"] * 2


def test_a_paused_campaign_does_not_stand_in_anothers_way(app: Outreach, brand: BrandRef) -> None:
    """What cannot go itself outranks nobody."""
    due_for(app, brand, priority=90)
    with app.means.database.begin(brand) as tx:
        campaigns.pause(tx, app.means.book, "reminder")
    b.a_live_campaign(app, brand, "humble", priority=1)
    with app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.events set state = 'pending'"))
        enrol.enrol(tx, app.means.book, brand, now=b.NOON)
    sent_through(app, brand)
    assert Counter(state for _, state, _ in b.fates(app, brand)) == {"sent": 1, "planned": 1}


def test_two_due_for_one_person_keep_their_distance(app: Outreach, brand: BrandRef) -> None:
    """Both claimed together: the higher one goes, the other waits and names it."""
    due_for(app, brand, steps=[b.a_step("one"), b.a_step("two")])
    sent_through(app, brand)
    states = Counter((state, reason) for _, state, reason in b.fates(app, brand))
    assert states == {("sent", None): 1, ("planned", "outranked"): 1}


def a_cap(most: int, days: int = 1) -> dict[str, object]:
    purposes = ["transactional", "service"]
    return {"max": most, "per": timedelta(days=days), "purposes": purposes}


@pytest.mark.parametrize("batch", [1, 3, 100])
def test_no_order_of_workers_exceeds_a_cap(
    app: Outreach, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many touches of each person, claimed by many workers on two channels at the same time."""
    monkeypatch.setattr(send, "BATCH", batch)
    brand = b.a_brand(app, f"send-{next(_BRANDS)}", caps=[a_cap(2)])
    channels = (Channel.EMAIL, Channel.SMS)
    steps = [b.a_step(f"s-{n}", channels=[channels[n % 2]]) for n in range(6)]
    due_for(app, brand, 6, steps=steps, purpose="transactional")

    def work(number: int) -> None:
        while sent_through(app, brand, channels[number % 2]):
            pass

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    with app.means.database.begin(brand) as tx:
        counts = tx.execute(
            text("select count(*) from outreach.attempts group by person_id")
        ).scalars()
        assert list(counts) == [2] * 6
    assert Counter(state for _, state, _ in b.fates(app, brand)) == {"sent": 12, "planned": 24}


def test_a_cap_of_a_quarter_looks_a_quarter_back(app: Outreach) -> None:
    """However long its span, it is kept."""
    brand = b.a_brand(app, f"send-{next(_BRANDS)}", caps=[a_cap(1, days=90)])
    (person,) = due_for(app, brand)
    sent_through(app, brand)
    with app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.attempts set started_at = started_at - interval '60 d'"))
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-2"))
    sent_through(app, brand)
    assert Counter(reason for *_, reason in b.fates(app, brand)) == {None: 1, "too_late": 1}


def test_the_law_s_caps_on_any_purpose_are_kept(app: Outreach, brand: BrandRef) -> None:
    """Where neither address nor number tells whose law holds, the strictest known cap does."""
    b.a_text(app, brand, "chat", "Your parcel has arrived.")
    b.a_live_campaign(
        app, brand, purpose="transactional",
        steps=[b.a_step(key, channels=["chat"], template="chat") for key in ("one", "two")],
    )  # fmt: skip
    person = b.a_person(
        app, brand, zone="Etc/UTC", country="", subdivision="", phone="", handle="ada"
    )
    b.accepted(app, brand, b.an_event(app, brand, person))
    for _ in range(3):
        sent_through(b.through(app, Channel.CHAT, lambda _: Accepted("1")), brand, Channel.CHAT)
    with app.means.database.begin(brand) as tx:
        caps = tx.execute(
            text("select because->>'cap' from outreach.verdicts where because ? 'cap'")
        )
        assert set(caps.scalars()) == {"ZZ-1"}


def test_handfuls_hold_no_person_twice() -> None:
    """The second of two has to see the first one's attempt."""
    ready = [_Ready(person) for person in "aabacc"]
    sizes = [[one.touch.person_id for one in some] for some in send.handfuls(ready, 3)]  # type: ignore[arg-type]  # all it looks at
    assert sizes == [["a"], ["a", "b"], ["a", "c"], ["c"]]


class _Ready:
    """As much of a touch and its text as sorting into handfuls looks at."""

    def __init__(self, person: str) -> None:
        self.touch = self
        self.person_id = person


def test_ids_that_providers_see_lead_back_to_touches(app: Outreach, brand: BrandRef) -> None:
    """What was handed over names its touch, and the attempt keeps the provider's name for it."""
    due_for(app, brand)
    sent_through(app, brand)
    (one,) = [one for one in b.reached(app, Channel.EMAIL) if one.brand == brand.key]
    with app.means.database.begin(brand) as tx:
        row = tx.execute(text("select touch_id, provider_id from outreach.attempts")).one()
    assert ids.read(ids.TOUCH, one.touch_id) == row.touch_id
    assert row.provider_id == f"mem-{one.touch_id}"


def test_a_brands_first_batch_lets_others_mark_while_it_is_judged(
    app: Outreach, brand: BrandRef
) -> None:
    """Where its ledger stands is written down before, in a transaction of its own."""
    due_for(app, brand)
    engine, free = app.means.database.engine, []

    def judging(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "skip locked" in statement:
            with app.means.database.begin(brand) as tx:
                tx.execute(text("select from outreach.brands for share nowait"))
                free.append(statement)

    event.listen(engine, "before_cursor_execute", judging)
    try:
        assert sent_through(app, brand) == 1
    finally:
        event.remove(engine, "before_cursor_execute", judging)
    assert len(free) == 1


@pytest.mark.parametrize(("away", "heard"), [(1, 1), (9, 0)])
def test_what_a_refusal_says_of_an_address_is_tried_again_and_breaks_nothing_off(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch, away: int, heard: int
) -> None:
    """The database goes away right after the answer was written down, for a moment or for long.

    What it says is then left to the reaper: see `test_dispatch_unheard.py`.
    """
    monkeypatch.setattr(send, "_AGAIN", (0.0, 0.0))
    due_for(app, brand)
    failing, taken = [Trouble("the database is away")] * away, []

    def hear(_means: Means, _brand: BrandRef, told: Sequence[Told]) -> None:
        if failing:
            raise failing.pop()
        taken.extend(told)

    nobody = Refused("rejected", "unknown user", permanent=True, cause=Why.NO_SUCH_ADDRESS)
    means = replace(b.through(app, Channel.EMAIL, lambda _: nobody).means, hear=hear)
    assert send.dispatch(means, Look(brand, Channel.EMAIL)) == 1
    assert len(taken) == heard
    assert b.fates(app, brand) == [("email", "failed", "rejected")]

"""Do touches learn from receipts, in any order, however often? Are dead addresses blocked?"""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from optout.model import Channel, Purpose
from outreach import ids
from outreach.app import Outreach
from outreach.channels.charges import Charge
from outreach.channels.protocol import Accepted, Answer, Outgoing, Refused, Uncertain
from outreach.channels.receipts import Kind, Why
from outreach.db.engine import BrandRef
from outreach.dispatch import costs, send
from outreach.dispatch.means import Look
from outreach.enrolments.model import MOVES, State
from outreach.inbound import receipt_states
from outreach.inbound.receipts import Noted, Receipt, receive
from outreach.people.model import Person
from outreach.reports.reconcile import reconcile
from tests import builders as b

_BRANDS = count(1)


class Desk:
    """A brand with one mail that was handed over and answered so."""

    def __init__(self, app: Outreach, answer: Answer) -> None:
        self.app = app
        self.brand: BrandRef = b.a_brand(app, f"receipts-{next(_BRANDS)}")
        b.a_live_campaign(app, self.brand)
        self.person: Person = b.a_person(app, self.brand)
        b.accepted(app, self.brand, b.an_event(app, self.brand, self.person))
        self.handed: list[Outgoing] = []

        def decide(one: Outgoing) -> Answer:
            self.handed.append(one)
            return answer

        self.through = b.through(app, Channel.EMAIL, decide)
        send.dispatch(self.through.means, Look(self.brand, Channel.EMAIL))
        self.touch: UUID = ids.read(ids.TOUCH, self.handed[0].touch_id)

    def told(self, *kinds: Kind) -> Noted:
        at = b.NOON + timedelta(minutes=1)
        receipts = [Receipt(self.touch, kind, at) for kind in kinds]
        return receive(self.app.means, self.brand, receipts)

    def fate(self) -> tuple[str, str | None]:
        ((_, state, reason),) = b.fates(self.app, self.brand)
        return state, reason

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with self.app.means.database.begin(self.brand) as tx:
            return [tuple(row) for row in tx.execute(text(question))]

    def closes(self) -> bool:
        with self.app.means.database.begin(self.brand) as tx:
            return reconcile(tx).closes

    def may(self, purpose: Purpose) -> str:
        (address,) = (one for one in self.person.addresses if one.kind == "email")
        question = self.app.means.registry.question(
            brand=self.brand.key, identity=address.identity, channel=Channel.EMAIL, purpose=purpose
        )
        with self.app.means.database.begin(self.brand) as tx:
            return self.app.means.registry.ask(tx, question).reason


@pytest.mark.parametrize(
    ("answer", "kinds", "fate"),
    [
        (Accepted("1"), [Kind.ACCEPTED], ("sent", None)),
        (Accepted("1"), [Kind.DELIVERED], ("delivered", None)),
        (Accepted("1"), [Kind.BOUNCED_SOFT], ("sent", None)),
        (Accepted("1"), [Kind.BOUNCED_HARD], ("failed", "bounced_hard")),
        (Accepted("1"), [Kind.FAILED], ("failed", "failed")),
        (Accepted("1"), [Kind.COMPLAINED], ("delivered", None)),
        (Uncertain("silence"), [Kind.ACCEPTED], ("sent", None)),
        (Uncertain("silence"), [Kind.READ], ("delivered", None)),
        (Uncertain("silence"), [Kind.FAILED], ("failed", "failed")),
        (Refused("busy", "429", permanent=False), [Kind.DELIVERED], ("delivered", None)),
        (Refused("busy", "429", permanent=False), [Kind.FAILED], ("planned", "provider_busy")),
    ],
)
def test_a_touch_learns_what_a_receipt_says(
    shared_app: Outreach, answer: Answer, kinds: list[Kind], fate: tuple[str, str | None]
) -> None:
    """What was in doubt is settled, what the provider has after all does not go again."""
    desk = Desk(shared_app, answer)
    assert desk.told(*kinds).new == 1
    assert desk.fate() == fate
    assert desk.closes()
    settled = desk.ask("select how from outreach.settlements")
    assert settled == ([("receipt",)] if isinstance(answer, Uncertain) else [])


def test_what_a_late_receipt_told_of_is_not_sent_again(shared_app: Outreach) -> None:
    """It waited to be tried again; the provider had taken it all the same."""
    desk = Desk(shared_app, Refused("busy", "429", permanent=False))
    desk.told(Kind.DELIVERED)
    desk.ask("update outreach.touches set due_at = '2026-03-01' returning 1")
    send.dispatch(desk.through.means, Look(desk.brand, Channel.EMAIL))
    assert len(desk.handed) == 1


def test_told_twice_changes_nothing(shared_app: Outreach) -> None:
    """Neither the touch nor consent; the second is counted as known."""
    desk = Desk(shared_app, Accepted("1"))
    assert desk.told(Kind.COMPLAINED) == Noted(1, 0, 0, moved=1, blocked=1)
    assert desk.told(Kind.COMPLAINED) == Noted(0, 1, 0, moved=0, blocked=0)
    assert desk.ask("select count(*) from optout.entries") == [(1,)]


@pytest.mark.parametrize(
    ("kind", "how"), [(Kind.BOUNCED_HARD, "bounce"), (Kind.COMPLAINED, "complaint")]
)
def test_a_dead_address_and_a_complaint_block_that_channel(
    shared_app: Outreach, kind: Kind, how: str
) -> None:
    """Whatever the purpose, and with the touch as its proof; texts go on."""
    desk = Desk(shared_app, Accepted("1"))
    desk.told(kind)
    assert {desk.may(purpose) for purpose in Purpose} == {"blocked"}
    rows = desk.ask("select how, channel, evidence from optout.entries")
    assert rows == [(how, "email", f"{kind} told of {ids.shown(ids.TOUCH, desk.touch)}")]


def test_a_soft_bounce_blocks_nobody(shared_app: Outreach) -> None:
    """The mailbox is full today."""
    desk = Desk(shared_app, Accepted("1"))
    assert desk.told(Kind.BOUNCED_SOFT).blocked == 0
    assert desk.may(Purpose.SERVICE) != "blocked"


def test_an_address_that_is_no_longer_the_persons_is_not_blocked(shared_app: Outreach) -> None:
    """They have a new one; the old may be somebody else's by now."""
    desk = Desk(shared_app, Accepted("1"))
    b.a_person(shared_app, desk.brand, desk.person.ref, email="new@customers.example")
    assert desk.told(Kind.BOUNCED_HARD).blocked == 0
    assert desk.fate() == ("failed", "bounced_hard")


def test_receipts_of_what_was_never_handed_over_are_counted_and_left(shared_app: Outreach) -> None:
    """Another installation's, or another brand's: for this one there is no such touch."""
    desk, other = (Desk(shared_app, Accepted("1")) for _ in range(2))
    stray = [Receipt(UUID(int=1), Kind.DELIVERED), Receipt(other.touch, Kind.DELIVERED)]
    assert receive(shared_app.means, desk.brand, stray) == Noted(0, 0, 2, moved=0, blocked=0)
    assert other.fate() == ("sent", None)


@given(st.permutations(list(Kind)), st.lists(st.sampled_from(list(Kind)), max_size=6))
def test_the_order_and_the_number_of_receipts_do_not_matter(
    order: list[Kind], kinds: list[Kind]
) -> None:
    """Told one by one in any order, with repeats, a touch ends where all of them together lead."""
    ends = set()
    for told in (kinds, sorted(kinds, key=order.index), [*kinds, *kinds]):
        state, heard = State.UNCERTAIN, set[str]()
        for kind in told:
            heard.add(kind)
            if goes := receipt_states.after(state, heard):
                assert goes[0] in MOVES[state]
                state = goes[0]
        ends.add(state)
    assert len(ends) == 1


@given(st.sampled_from(list(State)), st.sets(st.sampled_from(list(Kind)), min_size=1))
def test_no_receipt_makes_a_move_that_the_table_does_not_allow(
    state: State, kinds: set[Kind]
) -> None:
    goes = receipt_states.after(state, kinds)
    assert goes is None or goes[0] in MOVES[state]


@pytest.mark.parametrize(
    ("cause", "answer"),
    [
        (Why.REFUSED_BEFORE, "withdrawn"),
        (Why.NO_SUCH_ADDRESS, "blocked"),
        (Why.SENDER, "contract"),
        (None, "contract"),
    ],
)
def test_a_refusal_at_once_says_of_the_address_what_a_receipt_would(
    shared_app: Outreach, cause: Why | None, answer: str
) -> None:
    """Nothing more is sent to who refused there, and the touch has failed either way."""
    desk = Desk(shared_app, Refused("rejected", "400 21610", permanent=True, cause=cause))
    assert desk.fate() == ("failed", "rejected")
    assert desk.may(Purpose.TRANSACTIONAL) == answer


def test_what_a_message_cost_is_kept_in_minor_units_and_its_receipt_has_the_last_word(
    shared_app: Outreach,
) -> None:
    """Parts stay known where the receipt tells the amount alone; told again nothing is added."""
    costs = "select parts, minor, currency from outreach.costs"
    desk = Desk(shared_app, Accepted("m-1", Charge(2)))
    assert desk.ask(costs) == [(2, None, None)]
    charge = Charge(None, Decimal("0.0075"), "USD")
    for _ in range(2):
        receipt = Receipt(desk.touch, Kind.DELIVERED, b.NOON, charge=charge)
        receive(shared_app.means, desk.brand, [receipt])
    assert desk.ask(costs) == [(2, Decimal("0.75"), "USD")]


def test_an_answer_that_is_written_down_after_its_receipt_fills_what_that_left_open(
    shared_app: Outreach,
) -> None:
    desk = Desk(shared_app, Accepted("m-1"))
    [touch] = desk.ask("select id from outreach.touches where state <> 'planned'")
    told, worked_out = Charge(None, Decimal("0.0075"), "USD"), Charge(2, Decimal("0.05"), "USD")
    with shared_app.means.database.begin(desk.brand) as tx:
        costs.write(tx, [(touch[0], told)], now=b.NOON)
        costs.fill(tx, [(touch[0], worked_out)], now=b.NOON)
    kept = desk.ask("select parts, minor, currency from outreach.costs")
    assert kept == [(2, Decimal("0.75"), "USD")]

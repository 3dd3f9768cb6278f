"""Does any statement move a touch in a way that the table of moves does not allow?"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from optout.model import Channel
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.callbacks import settling
from outreach.campaigns import store as campaigns
from outreach.campaigns.store import Book
from outreach.db.engine import BrandRef
from outreach.dispatch import attempts, claims, doubts, lineage, reaping, repeating, store
from outreach.dispatch.attempts import Begun
from outreach.dispatch.doubts import Resolved
from outreach.dispatch.store import Moved
from outreach.enrolments import store as enrolments
from outreach.enrolments import under_way
from outreach.enrolments.model import MOVES, Further, PlannedTouch, State
from tests import builders as b

_BRANDS = count(1)
LATE = b.NOON + timedelta(days=3)
P, CL, CA, S, D = State.PLANNED, State.CLAIMED, State.CALLING, State.SENT, State.DELIVERED
SK, F, CX, U = State.SKIPPED, State.FAILED, State.CANCELLED, State.UNCERTAIN
Touches = Mapping[State, UUID]
Statement = Callable[[Connection, BrandRef, Touches], object]


def claim(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    claims.claim_due(tx, channel=Channel.EMAIL, now=b.NOON, limit=100, lease=timedelta(seconds=60))


def moved(state: State) -> Statement:
    def statement(tx: Connection, brand: BrandRef, touches: Touches) -> None:
        store.move(tx, [Moved(id_, 1, state, "why") for id_ in touches.values()], now=b.NOON)

    return statement


def settled(state: State) -> Statement:
    def statement(tx: Connection, brand: BrandRef, touches: Touches) -> None:
        store.settle(tx, [Moved(id_, 1, state, "why") for id_ in touches.values()], now=b.NOON)

    return statement


def call(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    known = claims.get(tx, list(touches.values()))
    begun = [Begun(known[id_], b"a", b"c") for id_ in touches.values()]
    attempts.start_calls(tx, brand, begun, now=b.NOON, lease=timedelta(seconds=60))


def reap(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    reaping.reap(tx, now=b.NOON)


def promote(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    tx.execute(text("update outreach.brands set lineage = 'elsewhere'"))
    lineage.take_stock(tx, brands.get(tx), now=b.NOON, window=timedelta(days=9))


def resolved(state: State) -> Statement:
    def statement(tx: Connection, brand: BrandRef, touches: Touches) -> None:
        ends = [Resolved(id_, 1, state, "person", "sent") for id_ in touches.values()]
        doubts.resolve(tx, brand, ends, now=b.NOON)

    return statement


def repeat(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    values = {"ids": list(touches.values()), "fences": [1] * len(touches)}
    tx.execute(repeating._RAISE, values | {"lease": timedelta(seconds=60)})


def end(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    passages = tx.execute(text("select id from outreach.enrolments")).scalars()
    enrolments.end(tx, dict.fromkeys(passages, "exit:order.refunded"), now=b.NOON)


def end_campaign(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    under_way.end(tx, Book(), "reminder", now=b.NOON)


def resume(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    """Long after, so that everything has become useless."""
    under_way.pause(tx, Book(), "reminder")
    under_way.resume(tx, Book(), "reminder", now=b.NOON + timedelta(days=30))


def move_to_a_version_with_the_step(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    campaigns.put(tx, brand, b.written(priority=60), name="reminder")
    under_way.activate(tx, Book(), brand, "reminder", now=b.NOON, move=True)


def move_to_a_version_without_it(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    campaigns.put(tx, brand, b.written(steps=[b.a_step("other")]), name="reminder")
    under_way.activate(tx, Book(), brand, "reminder", now=b.NOON, move=True)


def come_by(reason: str | None) -> Statement:
    """After a move had cancelled it, the passage comes to its step."""

    def statement(tx: Connection, brand: BrandRef, touches: Touches) -> None:
        tx.execute(text("update outreach.touches set reason = 'moved' where state = 'cancelled'"))
        for one in claims.get(tx, list(touches.values())).values():
            again = PlannedTouch(one.id, 0, one.channel, one.purpose, 50, b.NOON, LATE, reason)
            further = Further(one.enrolment_id, one.campaign_id, one.person_id, (again,))
            assert not enrolments.add_touches(tx, brand, [further], now=b.NOON)

    return statement


def settled_after_the_end(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    tx.execute(text("update outreach.enrolments set state = 'ended', reason = 'exit:x.y'"))
    settled(P)(tx, brand, touches)


def reached(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    settling.end(tx, dict.fromkeys(touches.values()), now=b.NOON)


def not_made(tx: Connection, brand: BrandRef, touches: Touches) -> None:
    settling.end(tx, dict.fromkeys(touches.values(), "not_reached"), now=b.NOON)


@pytest.mark.parametrize(
    ("statement", "moves"),
    [
        pytest.param(claim, {(P, CL)}, id="claim"),
        pytest.param(moved(P), {(CL, P)}, id="hold"),
        pytest.param(moved(SK), {(CL, SK)}, id="skip"),
        pytest.param(moved(F), {(CL, F)}, id="fail"),
        pytest.param(call, {(CL, CA)}, id="call"),
        pytest.param(settled(S), {(CA, S), (U, S)}, id="settle sent"),
        pytest.param(settled(F), {(CA, F), (U, F)}, id="settle failed"),
        pytest.param(settled(U), {(CA, U)}, id="settle uncertain"),
        pytest.param(settled(P), {(CA, P)}, id="settle busy"),
        pytest.param(settled_after_the_end, {(CA, P), (P, CX)}, id="settle busy when ended"),
        pytest.param(reap, {(CL, P), (CA, U)}, id="reap"),
        pytest.param(promote, {(P, U), (CL, U), (CA, U)}, id="promote"),
        pytest.param(resolved(S), {(U, S)}, id="resolve sent"),
        pytest.param(resolved(F), {(U, F)}, id="resolve failed"),
        pytest.param(resolved(P), {(U, P)}, id="resolve not sent"),
        pytest.param(resolved(U), set(), id="resolve unconfirmed"),
        pytest.param(repeat, {(U, CA)}, id="repeat"),
        pytest.param(end, {(P, CX), (CL, CX)}, id="end"),
        pytest.param(end_campaign, {(P, CX), (CL, CX)}, id="end campaign"),
        pytest.param(resume, {(P, SK)}, id="resume"),
        pytest.param(move_to_a_version_with_the_step, {(CL, P)}, id="move and plan anew"),
        pytest.param(move_to_a_version_without_it, {(P, CX), (CL, CX)}, id="move and cancel"),
        pytest.param(come_by(None), {(CX, P)}, id="come by again"),
        pytest.param(come_by("no_address"), {(CX, SK)}, id="come by without an address"),
        pytest.param(reached, {(S, D), (U, D)}, id="reached"),
        pytest.param(not_made, {(S, F), (U, F)}, id="not made"),
    ],
)
def test_each_statement_makes_the_moves_of_the_table_and_no_other(
    shared_app: Outreach, statement: Statement, moves: set[tuple[State, State]]
) -> None:
    """One touch in every state, the statement let loose on all: before and after compared."""
    brand = b.a_brand(shared_app, f"moves-{next(_BRANDS)}")
    touches = one_in_each_state(shared_app, brand)
    with shared_app.means.database.begin(brand) as tx:
        statement(tx, brand, touches)
        known = claims.get(tx, list(touches.values()))
    changed = {(was, State(known[id_].state)) for was, id_ in touches.items()}
    seen = {(was, now) for was, now in changed if was != now}
    assert all(now in MOVES[was] for was, now in moves)
    steps = through_planned(seen) if statement is settled_after_the_end else seen
    assert steps == moves


def through_planned(seen: set[tuple[State, State]]) -> set[tuple[State, State]]:
    """What comes back unsent from an ended passage goes by way of planned, in one transaction."""
    return {step for was, now in seen for step in ((was, P), (P, now)) if was != step[1]}


def test_states_that_end_a_touch_have_no_way_out() -> None:
    """And every state is in the table."""
    assert set(MOVES) == set(State)
    assert {state for state, ways in MOVES.items() if not ways} == {D, SK}


def one_in_each_state(app: Outreach, brand: BrandRef) -> Touches:
    b.a_live_campaign(app, brand)
    for state in State:
        person = b.a_person(app, brand)
        b.accepted(app, brand, b.an_event(app, brand, person, parcel=f"P-{state}"))
    with app.means.database.begin(brand) as tx:
        found = dict(
            zip(State, tx.execute(text("select id from outreach.touches")).scalars(), strict=True)
        )
        for state, id_ in found.items():
            tx.execute(
                text("""
                update outreach.touches set state = cast(:state as outreach.touch_state), fence = 1,
                    lease_until = now() - interval '1 second' where id = :id
            """),
                {"state": state, "id": id_},
            )
    return found

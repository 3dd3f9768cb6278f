"""Do messages that ask for calls go out no faster than agents can take these calls up?"""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from outreach.app import Outreach
from outreach.callbacks import pacing, queues
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from tests import builders as b

_CARE = """
key: care
name: {en: Care}
order: 20
agents:
  - {key: ana, name: Ana, zone: Europe/Lisbon, hours: {mon-sun: ["08:00-18:00"]}}
  - {key: rui, name: Rui, zone: Europe/Lisbon, hours: {mon-sun: ["08:00-18:00"]}}
"""
_PACED = _CARE + "pace: {handling: 6 min}\n"
_HELD = text("select because from outreach.verdicts where reason = 'agents_busy' limit 1")


def told(app: Outreach, brand: BrandRef, queue: str, *, share: float, many: int) -> None:
    """So many people are written to, of whom this share is expected to call."""
    b.a_live_campaign(app, brand, steps=[b.a_step(invites_calls=share)])
    with app.means.database.begin(brand) as tx:
        queues.put(tx, brand, queue, name="test", now=app.means.clock())
    persons = [b.a_person(app, brand) for _ in range(many)]
    b.accepted(app, brand, *(b.an_event(app, brand, one, parcel=one.ref) for one in persons))
    b.everything_due(app)


def states(app: Outreach, brand: BrandRef) -> Counter[tuple[str, str, str | None]]:
    return Counter(b.fates(app, brand))


def test_messages_wait_until_agents_have_time_and_say_so(
    app: Outreach, clock: SteppedClock
) -> None:
    """One of two is expected to call; what was let go counts for a quarter of an hour."""
    brand = b.a_brand(app, caps=[])
    told(app, brand, _PACED, share=0.5, many=9)
    sent, waits = ("email", "sent", None), ("email", "planned", "agents_busy")
    first = states(app, brand)
    assert 0 < first[sent] <= 4
    assert first[sent] % 2 == 0
    assert first[sent] + first[waits] == 9
    with app.means.database.begin(brand) as tx:
        assert "2 on shift take up" in tx.execute(_HELD).scalar_one()["why"]
    clock.step_to(clock() + pacing.SPAN / 3)
    b.everything_due(app)
    assert states(app, brand) == first
    clock.step_to(clock() + pacing.SPAN)
    b.everything_due(app)
    assert states(app, brand)[sent] == 2 * first[sent]


def test_without_a_pace_nothing_waits(app: Outreach) -> None:
    brand = b.a_brand(app, caps=[])
    told(app, brand, _CARE, share=1.0, many=9)
    assert states(app, brand) == {("email", "sent", None): 9}


def test_what_finds_nobody_on_shift_waits_for_the_next(app: Outreach, clock: SteppedClock) -> None:
    """Nobody is on shift in the evening: it waits for the morning."""
    brand = b.a_brand(app, caps=[])
    clock.step_to(b.NOON + timedelta(hours=8))
    told(app, brand, _PACED, share=1.0, many=1)
    assert states(app, brand) == {("email", "planned", "agents_busy"): 1}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.01, 1)), max_size=30),
    st.dictionaries(st.sampled_from("ab"), st.integers(0, 5)),
)
def test_no_queue_gets_more_than_it_has_room_for(
    asked: list[tuple[str, float]], room: dict[str, int]
) -> None:
    """And none waits whose queue has room, or keeps no pace."""
    ids = [UUID(int=number) for number in range(len(asked))]
    shares = {id_: share for id_, (_, share) in zip(ids, asked, strict=True)}
    where = {id_: queue for id_, (queue, _) in zip(ids, asked, strict=True)}
    found = pacing.admitted(shares, where, room)
    for queue, most in room.items():
        went = sum(shares[id_] for id_ in ids if where[id_] == queue and id_ not in found.held)
        assert went == pytest.approx(found.calls.get(queue, 0.0))
        assert went <= most + 1e-9
    for id_ in found.held:
        assert found.calls.get(where[id_], 0.0) + shares[id_] > room[where[id_]]

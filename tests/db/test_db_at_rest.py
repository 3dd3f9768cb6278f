"""What does a thief of a dump read? Canaries go in through every door, and none is found."""

import json
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.callbacks import desk, endings, queues, sweeping
from outreach.callbacks.endings import Closing
from outreach.clock import SteppedClock
from outreach.db import personal, resealing
from outreach.db.engine import BrandRef
from outreach.db.personal import EVERY
from outreach.embedded.desk import Servers
from outreach.events.sources import store as sources
from outreach.exports import asking as exports
from outreach.exports.asking import Asker
from outreach.exports.model import Wanted
from outreach.inbound import cases, inbox
from outreach.inbound.cases import Raised
from outreach.inbound.replies import Reply, hear
from outreach.people import legal_holds
from outreach.people import store as people
from outreach.people.legal_holds import Grounds
from outreach.people.model import Person
from outreach.signed.message import Message
from tests import builders as b
from tests import dumps

CANARY = "Kanari"
NUMBER = "+351210007531"
ABOUT = {
    "note": f"{CANARY} waits at the door", "recipient": {"name": CANARY},
    "shipping_address": {"street": f"{CANARY}gasse 4"}, "who": f"{CANARY.lower()}@mail.example",
    "reach": NUMBER,
}  # fmt: skip
CALL = b.a_step(kind="callback", channels=["voice"], template="greeting")


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    """A brand whose agents call people by their names."""
    brand = b.a_brand(app)
    b.a_text(app, brand, "greeting", "Good day, {{ person.name }}! {{ event.data.note }}")
    b.a_live_campaign(app, brand, steps=[CALL])
    return brand


def everything_told(app: Outreach, brand: BrandRef, clock: SteppedClock) -> Person:
    """A person who came by a file, and of whom every door has said something."""
    person = b.a_person(
        app, brand, "c-1", name=f"Ada {CANARY}", email=f"{CANARY}@mail.example", phone=NUMBER,
        zone="Europe/Lisbon", country="PT", subdivision="",
    )  # fmt: skip
    b.accepted(app, brand, b.an_event(app, brand, person, **ABOUT))
    _pushed(app, brand)
    b.everything_due(app)
    task = desk.take(app.means, brand, agent="ana")
    assert task is not None
    assert CANARY in task.script
    desk.dial(app.means, brand, task.id, agent="ana")
    closing = Closing("reached", note=f"{CANARY} was kind", answers={"why": CANARY})
    endings.close(app.means, brand, task.id, agent="ana", closing=closing)
    clock.step_to(clock() + endings.UNDO)
    sweeping.sweep(app.means, brand)
    cases.raise_case(app.means, brand, person.id, Raised("damage", "ana", f"{CANARY} is cross"))
    said = Reply(id="m-1", sender=NUMBER, text=f"who is this? {CANARY}", channel=Channel.SMS)
    hear(app.means, brand, said)
    with app.means.database.begin(brand) as tx:
        queues.hand_over(tx, brand, "calls", agent="ana", note=f"call {CANARY}", now=clock())
        grounds = Grounds(f"{CANARY} sues", "counsel")
        legal_holds.place(tx, brand, person.id, grounds, by="ana", now=clock())
        asker = Asker("ana", f"{CANARY} asks for it")
        exports.ask(tx, brand, Wanted(kind="people"), asker, now=clock())
    return person


def _pushed(app: Outreach, brand: BrandRef) -> None:
    """A message of a platform, as it came."""
    body = {"type": "order.paid", "subject": "c-1", "time": b.NOON.isoformat(), "source": "shop",
            "data": {"order": "O-9", **ABOUT}}  # fmt: skip
    message = Message(json.dumps(body).encode(), {"x-from": CANARY}, {"to": NUMBER})
    with app.means.database.begin(brand) as tx:
        sources.add(tx, brand, key="shop", kind="generic", secret="x", zone="UTC", test=False,
                    sealing=app.sealing)  # fmt: skip
        source = sources.by_key(tx, brand, "shop", sealing=app.sealing)
        arrived = sources.Arrived(UUID(int=1), source, message, test=False)
        sources.keep(tx, brand, [arrived], now=app.means.clock())
    with app.means.database.begin(brand) as tx:
        inbox.take_in(tx, app.means, brand, now=app.means.clock())


def marks(app: Outreach, servers: Servers) -> set[tuple[str, str]]:
    """By table, the beginnings of what lies sealed there: the number of its data key is in it."""
    return {
        (table, mark)
        for table, row in dumps.everything(app, servers)
        for mark in ("sealed:2:1:", "sealed:2:2:")
        if mark in row or mark.encode().hex() in row
    }


def test_under_a_new_key_everything_is_sealed_anew(
    app: Outreach, brand: BrandRef, clock: SteppedClock, migrated: Servers
) -> None:
    """Texts, bytes and documents; nothing bears the former key, and everything opens as before."""
    person = everything_told(app, brand, clock)
    before = {table for table, _ in marks(app, migrated)}
    kept = whole(app, brand)
    with app.means.database.begin(brand) as tx:
        assert app.means.database.vault.add(tx, brand.id) == 2
    for field in EVERY:
        for _ in resealing.seal(partial(app.means.database.begin, brand), field):
            pass
    assert marks(app, migrated) == {(table, "sealed:2:2:") for table in before}
    assert whole(app, brand) == kept
    without = {"dates", "scores", "reply_scores"}  # nobody was asked, and no call was judged
    assert {f"outreach.{one.table}" for one in EVERY if one.table not in without} <= before
    with app.means.database.begin(brand) as tx:
        assert resealing.unsealed(tx) == []
        assert people.by_id(tx, [person.id])[person.id].name == f"Ada {CANARY}"


def whole(app: Outreach, brand: BrandRef) -> dict[str, list[object]]:
    """What every column of personal data says, opened."""
    with app.means.database.begin(brand) as tx:
        return {
            table: [
                personal.opened(tx, table, row._mapping)
                for row in tx.execute(text(f"select * from outreach.{table} order by 1, 2"))
            ]
            for table in {one.table for one in EVERY}
        }


def test_a_dump_shows_nobody(
    app: Outreach, brand: BrandRef, clock: SteppedClock, migrated: Servers
) -> None:
    """No name, number, address or text is in PostgreSQL or Redis; with the key all are there."""
    person = everything_told(app, brand, clock)
    assert dumps.holding(dumps.everything(app, migrated), CANARY, NUMBER[1:]) == set()
    with app.means.database.begin(brand) as tx:
        assert people.by_id(tx, [person.id])[person.id].name == f"Ada {CANARY}"
        assert [one.note for one in queues.handed_over(tx, "calls")] == [f"call {CANARY}"]

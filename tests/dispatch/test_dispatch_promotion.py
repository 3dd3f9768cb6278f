"""Is anything sent twice when the database falls over to a standby that lacks the last moments?"""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach import app as application
from outreach import ids
from outreach.app import Outreach
from outreach.channels.memory import Memory
from outreach.channels.protocol import Absent, Accepted, Answer, Capabilities, Found, Outgoing
from outreach.clock import SteppedClock
from outreach.db import migrate
from outreach.db.engine import BrandRef
from outreach.dispatch import doubt, send
from outreach.dispatch.means import Look
from outreach.embedded import place
from outreach.embedded.postgres import Postgres
from outreach.settings import Secret, Settings
from tests import builders as b
from tests.waiting import wait_until

_TIME_HAS_COME = text("""
    update outreach.touches set lease_until = now() - interval '1 s' where state = 'uncertain'
""")


@dataclass
class Provider:
    """One provider, whichever database we work with; it can be asked what it took."""

    taken: list[str]

    def way(self) -> Memory:
        can = Capabilities(32, idempotent=False, receipts="none", looks_up=True)
        return Memory(self._take, capabilities=can, found=self._found)

    def _take(self, one: Outgoing) -> Answer:
        self.taken.append(one.touch_id)
        return Accepted(f"provider-{one.touch_id}")

    def _found(self, touch: str) -> Found:
        return Accepted(f"provider-{touch}") if touch in self.taken else Absent("never seen")


@pytest.fixture
def pair() -> Iterator[tuple[Postgres, Postgres]]:
    """A primary with our tables, and a standby that follows it."""
    homes = [place.chosen(Path(tempfile.mkdtemp(prefix="outreach-pair-"))) for _ in range(2)]
    primary, standby = (Postgres(home, durable=False) for home in homes)
    try:
        primary.start()
        migrate.prepare(primary.url("postgres", "postgres"))
        migrate.upgrade(primary.url("outreach_owner", "outreach"))
        place.own(standby.data)
        primary._run(
            "pg_basebackup", "-h", str(primary.sockets), "-U", "postgres", "-R", "-c", "fast",
            at=standby.data,
        )  # fmt: skip
        standby.start()
        yield primary, standby
    finally:
        primary.stop()
        standby.stop()
        for home in homes:
            shutil.rmtree(home)


def an_app(postgres: Postgres, clock: SteppedClock, provider: Provider) -> Outreach:
    """The application on this server, sending through this provider."""
    built = application.build(
        Settings(
            database_url=postgres.url("outreach_app", "outreach"),
            secret_key=Secret("k" * 32), email="memory:", sms="memory:",
            clock=f"file:{clock.path}",
        )
    )  # fmt: skip
    ways = {**built.means.ways, Channel.EMAIL: provider.way()}
    return replace(built, means=replace(built.means, ways=ways))


@pytest.mark.long
def test_what_a_standby_forgot_is_asked_for_and_not_sent_again(
    pair: tuple[Postgres, Postgres], clock: SteppedClock
) -> None:
    """Two mails leave while the standby is away, the primary dies, and the standby takes over."""
    primary, standby = pair
    provider = Provider([])
    before = an_app(primary, clock, provider)
    brand = b.a_brand(before, "lumen")
    look = Look(brand, Channel.EMAIL)
    b.a_live_campaign(before, brand, purpose="service")
    send.dispatch(before.means, look)  # from here the brand knows where it stands
    for ref in ("c-1", "c-2"):
        delivered(before, brand, ref)
    caught_up(primary, standby)
    standby.stop()

    assert send.dispatch(before.means, look) == 2
    before.close()
    primary.crash()
    standby.start()
    standby._run("pg_ctl", "-w", "promote")
    after = an_app(standby, clock, provider)

    assert b.fates(after, brand) == [("email", "planned", None)] * 2  # the calls are forgotten
    assert send.dispatch(after.means, look) == 0
    assert b.fates(after, brand) == [("email", "uncertain", "promoted")] * 2
    with after.means.database.begin(brand) as tx:
        tx.execute(_TIME_HAS_COME)
    assert doubt.look_into(after.means, look) == 2
    assert b.fates(after, brand) == [("email", "sent", None)] * 2
    assert len(provider.taken) == 2

    delivered(after, brand, "c-3")
    assert send.dispatch(after.means, look) == 1  # and work goes on
    assert len({ids.read(ids.TOUCH, one) for one in provider.taken}) == 3
    after.close()


def delivered(app: Outreach, brand: BrandRef, ref: str) -> None:
    """A parcel reaches this person, and the campaign's mail is due."""
    person = b.a_person(app, brand, ref=ref)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=ref))


def caught_up(primary: Postgres, standby: Postgres) -> None:
    """Wait until the standby has replayed all that the primary wrote."""
    with (
        psycopg.connect(_plain(primary), autocommit=True) as there,
        psycopg.connect(_plain(standby), autocommit=True) as here,
    ):
        written = one(there, "select pg_current_wal_lsn()::text")
        question = f"select pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"
        wait_until(lambda: one(here, question) is True)


def one(connection: psycopg.Connection[tuple[object, ...]], question: str) -> object:
    row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def _plain(postgres: Postgres) -> str:
    return postgres.url("postgres", "postgres").replace("+psycopg", "")

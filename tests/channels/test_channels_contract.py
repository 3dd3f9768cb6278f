"""What does every way out keep to, whatever is behind it?"""

import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from optout.model import Channel
from outreach import ids
from outreach.app import Outreach
from outreach.callbacks.way import Assisted
from outreach.channels.console import Console
from outreach.channels.email import Smtp
from outreach.channels.memory import Memory
from outreach.channels.opening import open_way
from outreach.channels.protocol import (
    TOO_LATE,
    Absent,
    Accepted,
    Outgoing,
    Refused,
    Uncertain,
    WayOut,
)
from outreach.channels.sms import SmsGateway
from outreach.db.engine import BrandRef, Database
from outreach.standins import serving
from tests import builders as b
from tests.channels.builders import NOW, a_closed_port, a_mail, a_text

Build = Callable[..., Outgoing]


ASSISTED = pytest.param("assisted", marks=pytest.mark.long)  # a database, and sixty contacts
ALL = ["memory", "console", "smtp", "smtp-one-by-one", "sms", ASSISTED]


def by_hands(app: Outreach) -> tuple[WayOut, Build]:
    """Agents who copy texts, and somebody who is owed sixty."""
    brand = b.a_brand(app)
    b.a_text(app, brand, "by-hand", "Hold down the lid.")
    step = b.a_step(channels=["chat"], template="by-hand")
    b.a_live_campaign(app, brand, steps=[step], purpose="service")
    person = b.a_person(app, brand, handle="nick")
    b.accepted(app, brand, *(b.an_event(app, brand, person, parcel=f"P-{n}") for n in range(60)))
    with app.means.database.begin(brand) as tx:
        found = tx.execute(text("select id from outreach.touches order by id")).scalars()
        touches = [ids.shown(ids.TOUCH, one) for one in found]

    def build(number: int = 1, **changes: object) -> Outgoing:
        values = {"touch_id": touches[number], "brand": brand.key, "to": "nick"}
        return a_text(number, **{"channel": Channel.CHAT, **values, **changes})

    return b.by_hands(app).means.ways[Channel.CHAT], build


@pytest.fixture(params=ALL)
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[WayOut, Build]]:
    """Each way out with the kind of message that it takes."""
    with ExitStack() as stack:
        kind = request.param
        if kind == "memory":
            out, build = Memory(), a_mail
        elif kind == "console":
            out, build = Console(io.StringIO()), a_text
        elif kind == "assisted":
            out, build = by_hands(request.getfixturevalue("app"))
        elif kind == "sms":
            server = stack.enter_context(serving.sms(tmp_path / "log"))
            out, build = (
                open_way(f"http://token@127.0.0.1:{server.port}/", clock=lambda: NOW),
                a_text,
            )
        else:
            plain = kind == "smtp-one-by-one"
            server = stack.enter_context(serving.smtp(tmp_path / "log", pipelining=not plain))
            url = f"smtp://127.0.0.1:{server.port}?tls=none"
            out, build = open_way(url, clock=lambda: NOW), a_mail
        stack.callback(out.close)
        yield out, build


class TestEveryWayOut:
    def test_a_message_is_accepted(self, way: tuple[WayOut, Build]) -> None:
        """One message, one answer, under its own touch id."""
        out, build = way
        one = build()
        [(touch, answer)] = out.hand_over([one])
        assert touch == one.touch_id
        assert isinstance(answer, Accepted)

    def test_each_message_has_exactly_one_answer(self, way: tuple[WayOut, Build]) -> None:
        """A handful comes back complete, in the order in which it was given."""
        out, build = way
        many = [build(n) for n in range(40)]
        answers = list(out.hand_over(many))
        assert [touch for touch, _ in answers] == [one.touch_id for one in many]
        assert all(isinstance(answer, Accepted) for _, answer in answers)

    def test_nothing_to_say_is_no_fault(self, way: tuple[WayOut, Build]) -> None:
        """An empty handful has no answers."""
        assert list(way[0].hand_over([])) == []

    def test_past_the_deadline_no_call_starts(self, way: tuple[WayOut, Build]) -> None:
        """A late message is refused, and those around it leave."""
        out, build = way
        handful = [build(1), build(2, deadline=time.monotonic()), build(3)]
        before, late, after = (answer for _, answer in out.hand_over(handful))
        assert late == Refused("deadline", late.detail, permanent=False)
        assert isinstance(before, Accepted)
        assert isinstance(after, Accepted)

    def test_threads_may_share_it(self, way: tuple[WayOut, Build]) -> None:
        """Several handfuls at once do not disturb each other."""
        out, build = way
        handfuls = [[build(n * 10 + i) for i in range(10)] for n in range(6)]
        with ThreadPoolExecutor(6) as pool:
            results = list(pool.map(lambda handful: list(out.hand_over(handful)), handfuls))
        for handful, answers in zip(handfuls, results, strict=True):
            assert [touch for touch, _ in answers] == [one.touch_id for one in handful]
            assert all(isinstance(answer, Accepted) for _, answer in answers)

    def test_it_may_be_used_after_a_caller_left_early(self, way: tuple[WayOut, Build]) -> None:
        """Dropping the iterator half-way sends nothing more and spoils nothing."""
        out, build = way
        leaving = out.hand_over([build(n) for n in range(5)])
        next(leaving)
        leaving.close()  # type: ignore[attr-defined]  # ours are generators
        [(_, answer)] = out.hand_over([build(9)])
        assert isinstance(answer, Accepted)

    def test_it_says_what_it_can_do(self, way: tuple[WayOut, Build]) -> None:
        """At least one message fits into a handful."""
        assert way[0].capabilities.handful >= 1


@pytest.mark.parametrize("kind", ["smtp", "http"])
def test_nobody_there_is_a_refusal_for_now(kind: str) -> None:
    """A refused connection is an answer, not an exception, and surely sent nothing."""
    query = "?tls=none" if kind == "smtp" else ""
    out = open_way(f"{kind}://127.0.0.1:{a_closed_port()}{query}", clock=lambda: NOW)
    one = a_mail() if kind == "smtp" else a_text()
    [(_, answer)] = out.hand_over([one])
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.permanent) == ("unreachable", False)


def test_each_url_opens_its_kind() -> None:
    """The scheme of the URL names the way out."""
    opened = {
        "console:": Console,
        "memory:": Memory,
        "smtp://h?tls=none": Smtp,
        "smtps://h": Smtp,
        "http://h/p": SmsGateway,
        "https://t@h/p?q=1#idempotent": SmsGateway,
    }
    assert {u: type(open_way(u, clock=lambda: NOW)) for u in opened} == opened


def assisted_without_a_database() -> Assisted:
    away = f"postgresql+psycopg://nobody@127.0.0.1:{a_closed_port()}/outreach"
    return Assisted(Database(away), lambda: NOW, lambda: {"shop": BrandRef(1, "shop")})


def test_without_a_database_agents_are_given_nothing_for_now() -> None:
    """Surely no task was opened, and what was asked about is not known."""
    out, one = assisted_without_a_database(), a_text(touch_id=f"tch_{'a' * 26}", brand="shop")
    [(_, answer)] = out.hand_over([one])
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.permanent) == ("unreachable", False)
    [(_, found)] = out.look_up([one.touch_id], brand="shop")
    assert isinstance(found, Uncertain)


def test_past_the_deadline_agents_are_given_nothing() -> None:
    """Nobody asks the database by then."""
    late = a_text(brand="shop", deadline=time.monotonic())
    assert list(assisted_without_a_database().hand_over([late])) == [(late.touch_id, TOO_LATE)]


@dataclass(frozen=True)
class Torn:
    """A database whose connection breaks before it says whether it has committed."""

    whole: Database

    @contextmanager
    def begin(self, brand: BrandRef) -> Iterator[Connection]:
        with self.whole.begin(brand) as tx:
            backend = tx.execute(text("select pg_backend_pid()")).scalar_one()
            yield tx
            with self.whole.begin(brand) as other:
                other.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": backend})


def test_what_broke_while_agents_were_given_it_is_uncertain_until_somebody_looks(
    app: Outreach,
) -> None:
    """Once all is written, a commit may have gone through though nobody heard of it."""
    brand = b.a_brand(app)
    b.a_text(app, brand, "by-hand", "Hold down the lid.")
    b.a_live_campaign(app, brand, steps=[b.a_step(channels=["chat"], template="by-hand")])
    person = b.a_person(app, brand, handle="nick")
    b.accepted(app, brand, b.an_event(app, brand, person))
    with app.means.database.begin(brand) as tx:
        touch = ids.shown(ids.TOUCH, tx.execute(text("select id from outreach.touches")).scalar())
    whole = b.by_hands(app).means.ways[Channel.CHAT]
    assert isinstance(whole, Assisted)
    one = a_text(touch_id=touch, channel=Channel.CHAT, brand=brand.key, to="nick")
    torn = replace(whole, database=Torn(app.means.database))  # type: ignore[arg-type]
    [(_, answer)] = torn.hand_over([one])
    assert isinstance(answer, Uncertain)
    [(_, found)] = whole.look_up([touch], brand=brand.key)
    assert isinstance(found, Absent)
    assert list(whole.hand_over([one])) == [
        (touch, Accepted(ids.shown(ids.TASK, ids.read(ids.TOUCH, touch))))
    ]

"""Does a worker do what it is woken for, and does one brand's trouble stay its own?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import dramatiq
import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import text

from optout.model import Channel
from outreach import hints, tasks, work
from outreach import ticker as ticker_
from outreach.app import Outreach
from outreach.channels.protocol import Outgoing, Refused
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch import send
from outreach.dispatch.means import Look
from outreach.embedded.desk import Servers
from outreach.enrolments import intake
from outreach.enrolments.enrol import enrol
from outreach.errors import Misconfigured
from outreach.hints import Hints
from outreach.ticker import Ticker
from tests import builders as b
from tests.waiting import wait_until


@pytest.fixture
def broker() -> Iterator[StubBroker]:
    """Dramatiq's own stand-in, with as little middleware as ours."""
    stub = StubBroker(middleware=[])
    yield stub
    stub.close()


@pytest.fixture
def sender(broker: StubBroker, app: Outreach) -> Hints:
    return tasks.declare(broker, app)


def with_a_new_event(app: Outreach, key: str = "lumen") -> BrandRef:
    """A brand, live, with an event that nobody has looked at."""
    brand = b.a_brand(app, key)
    b.a_live_campaign(app, brand)
    event = b.an_event(app, brand, b.a_person(app, brand))
    with app.means.database.begin(brand) as tx:
        intake.accept(tx, brand, [event], source="shop", refused=0, now=b.NOON)
    return brand


def waiting(broker: StubBroker) -> list[str]:
    """The actors for which messages lie in the broker."""
    messages = [m for queue in broker.queues.values() for m in list(queue.queue)]
    return sorted(dramatiq.Message.decode(m).actor_name for m in messages)


def test_a_hint_makes_a_worker_plan_and_then_send(
    app: Outreach, broker: StubBroker, sender: Hints
) -> None:
    """One message for the event; the worker itself asks for the mail that it planned."""
    brand = with_a_new_event(app)
    worker = dramatiq.Worker(broker, worker_timeout=10, worker_threads=2)
    worker.start()
    try:
        assert sender.enrol(brand)
        wait_until(lambda: b.fates(app, brand) == [("email", "sent", None)])
    finally:
        worker.stop()


def test_a_message_that_breaks_off_is_not_repeated_and_loses_nothing(
    app: Outreach, broker: StubBroker, sender: Hints
) -> None:
    """It is logged and gone; the table still says that it is due."""
    brand = with_a_new_event(app)
    spoil(app, brand)
    worker = dramatiq.Worker(broker, worker_timeout=10, worker_threads=1)
    worker.start()
    try:
        sender.enrol(brand)
        sender.look(Look(brand, Channel.EMAIL))
        wait_until(lambda: waiting(broker) == [] and not broker.dead_letters)
        broker.join(hints.TOUCHES_QUEUE)
    finally:
        worker.stop()
    assert b.fates(app, brand) == [("email", "planned", None)]


def spoil(app: Outreach, brand: BrandRef) -> None:
    """Make this brand's profile unreadable."""
    with app.means.database.begin(brand) as tx:
        tx.execute(text("""update outreach.brands set profile = '{"caps": "none"}'"""))


def test_one_brands_trouble_is_not_anothers(app: Outreach, sender: Hints) -> None:
    """A worker that looks by itself goes on with the next brand."""
    lumen, north = with_a_new_event(app, "lumen"), with_a_new_event(app, "north")
    spoil(app, lumen)
    for _ in range(2):
        work.look_everywhere(app, sender)
    assert b.fates(app, lumen) == [("email", "planned", None)]
    assert b.fates(app, north) == [("email", "sent", None)]


def test_after_a_turn_a_worker_queues_up_behind_the_others(
    app: Outreach, broker: StubBroker, sender: Hints, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left is another message, so that no brand starves one."""
    monkeypatch.setattr(send, "BATCH", 1)
    monkeypatch.setattr(send, "TIMES", 1)
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    people = [b.a_person(app, brand) for _ in range(work.TURN + 1)]
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=p.ref) for p in people))
    look = Look(brand, Channel.EMAIL)
    work.send_due(app, sender, look)
    assert len(b.reached(app, Channel.EMAIL)) == work.TURN
    assert waiting(broker) == ["look-email"]
    work.send_due(app, sender, look)
    assert len(b.reached(app, Channel.EMAIL)) == work.TURN + 1
    assert waiting(broker) == ["look-email"]


def test_after_a_batch_whoever_sends_is_woken_before_the_next(
    app: Outreach, broker: StubBroker, sender: Hints
) -> None:
    """Once after the batch of one event, and once when all is planned."""
    work.plan_pending(app, sender, with_a_new_event(app))
    assert waiting(broker).count("look-email") == 2


def test_news_of_an_order_is_sent_without_what_a_campaign_has_due(
    app: Outreach, broker: StubBroker, sender: Hints
) -> None:
    """Whoever is woken for it takes it alone, and the campaign is another message."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    people = [b.a_person(app, brand) for _ in range(3)]
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=p.ref) for p in people))
    with app.means.database.begin(brand) as tx:
        tx.execute(
            text("update outreach.touches set purpose = 'transactional' where person_id = :one"),
            {"one": people[0].id},
        )
    work.plan_pending(app, sender, brand)
    assert waiting(broker) == ["look-email", "news-email"]
    work.send_due(app, sender, Look(brand, Channel.EMAIL, news=True))
    assert len(b.reached(app, Channel.EMAIL)) == 1
    work.send_due(app, sender, Look(brand, Channel.EMAIL))
    assert len(b.reached(app, Channel.EMAIL)) == 3


def test_who_puts_a_batch_off_is_left_for_the_next_look(
    app: Outreach, broker: StubBroker, sender: Hints, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a provider that takes nothing, what waits behind its first batch goes on waiting."""
    monkeypatch.setattr(send, "BATCH", 1)
    monkeypatch.setattr(send, "TIMES", 1)
    busy, asked = Refused("busy", "", permanent=False), list[str]()

    def put_off(one: Outgoing) -> Refused:
        asked.append(one.to)
        return busy

    app = b.through(app, Channel.EMAIL, put_off)
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    people = [b.a_person(app, brand) for _ in range(3)]
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=p.ref) for p in people))
    work.send_due(app, sender, Look(brand, Channel.EMAIL))
    assert len(asked) == 1
    assert waiting(broker) == []


def test_the_ticker_wakes_for_what_is_due_and_not_twice_within_two_ticks(
    app: Outreach, broker: StubBroker, sender: Hints, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event that is pending; a mail that is due, which wakes each worker process."""
    monkeypatch.setattr(ticker_, "_AT_FIRST", 1)
    brand = with_a_new_event(app)
    ticker = Ticker(app, sender)
    ticker._patience = 1000.0
    for _ in range(3):
        ticker.tick()
    assert waiting(broker) == ["enrol"]
    with app.means.database.begin(brand) as tx:
        enrol(tx, app.means.book, brand, now=b.NOON)
    ticker.tick()
    each = ["look-email"] * app.settings.worker_processes
    assert waiting(broker) == ["enrol", *each]
    ticker.glance()
    assert waiting(broker) == ["enrol", *each]
    ticker._patience = 0.0
    ticker.glance()
    assert waiting(broker) == ["enrol", *each, *each]


def test_a_glance_in_the_middle_of_a_tick_keeps_nothing_from_being_told(
    app: Outreach, sender: Hints, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each tells what it found itself, whatever the other finds meanwhile."""
    ticker, told = Ticker(app, sender), list[Look]()
    mail, sms = (Look(BrandRef(1, "lumen"), on) for on in (Channel.EMAIL, Channel.SMS))
    ticker._patience = 1000.0
    ticker._is_time(sms)

    def look(one: Look) -> None:
        told.append(one)
        ticker._wake(())

    monkeypatch.setattr(sender, "look", look)
    ticker._wake([mail, sms])
    assert set(told) == {mail, sms}


def test_the_ticker_takes_back_what_a_dead_worker_held(app: Outreach, sender: Hints) -> None:
    """And the next worker finds it due."""
    brand = with_a_new_event(app)
    work.plan_pending(app, sender, brand)
    with app.means.database.begin(brand) as tx:
        tx.execute(
            text("""
            update outreach.touches
            set state = 'claimed', fence = 1, lease_until = now() - interval '1 s'
        """)
        )
    Ticker(app, sender).tick()
    work.send_due(app, sender, Look(brand, Channel.EMAIL))
    assert b.fates(app, brand) == [("email", "sent", None)]


def test_the_ticker_looks_for_slow_refunds_once_an_hour(
    app: Outreach, sender: Hints, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And again from where it looked last, once that is long enough ago."""
    brand, looked = b.a_brand(app), list[tuple[timedelta, timedelta]]()

    def warn(_app: Outreach, _brand: BrandRef, *, after: datetime, now: datetime) -> None:
        looked.append((after - b.NOON, now - b.NOON))

    monkeypatch.setattr(work, "warn", warn)
    ticker, hour = Ticker(app, sender), timedelta(hours=1)
    for at in (timedelta(), hour / 2, hour):
        clock.step_to(b.NOON + at)
        ticker.warn()
    assert looked == [(-timedelta(days=3), timedelta()), (timedelta(), hour)]
    assert brand.key == "lumen"


def test_without_redis_a_hint_is_lost_and_nobody_minds() -> None:
    """It says so, at once, and work goes on."""
    away = Hints(hints.open_broker("redis://127.0.0.1:1/0"))
    assert not away.enrol(BrandRef(1, "lumen"))


def test_messages_that_could_have_code_run_are_a_misconfiguration(servers: Servers) -> None:
    """Whoever can write to Redis would run whatever they like in every worker."""
    before = dramatiq.get_encoder()
    dramatiq.set_encoder(dramatiq.PickleEncoder())
    try:
        with pytest.raises(Misconfigured, match="PickleEncoder"):
            hints.open_broker(servers.redis_url)
    finally:
        dramatiq.set_encoder(before)
    hints.open_broker(servers.redis_url).close()


@pytest.mark.parametrize("url", ["", "nowhere", "http://127.0.0.1"])
def test_a_redis_address_that_is_none_is_a_misconfiguration(url: str) -> None:
    """Said at the start."""
    with pytest.raises(Misconfigured, match="OUTREACH_REDIS_URL"):
        hints.open_broker(url)

"""Which numbers raise an alarm, and are the numbers right?"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.channels.protocol import Refused
from outreach.dispatch import send
from outreach.dispatch.means import Look
from outreach.reports import watch
from outreach.reports.alarms import (
    Alarm,
    Limits,
    Numbers,
    OfBrand,
    OfSource,
    OnChannel,
    judge,
)
from tests import builders as b

_BRANDS = count(1)
TODAY = date(2026, 3, 10)
NO_TIME, LONG = timedelta(0), timedelta(minutes=6)
WELL = Numbers(
    TODAY,
    (OnChannel("a", "sms", NO_TIME, 100, 1), OnChannel("b", "sms", NO_TIME, 100, 1)),
    (OfBrand("a", 0, NO_TIME, NO_TIME),),
    (OfSource("a", "shop", 14, TODAY - timedelta(days=1)),),
)


def with_channels(*channels: OnChannel) -> Numbers:
    return replace(WELL, channels=channels)


@pytest.mark.parametrize(
    ("numbers", "alarms"),
    [
        (WELL, []),
        (with_channels(OnChannel("a", "sms", LONG, 0, 0)), [Alarm.BEHIND]),
        (with_channels(OnChannel("a", "sms", LONG, 0, 0), WELL.channels[1]), [Alarm.STARVED]),
        (with_channels(OnChannel("a", "sms", NO_TIME, 20, 11)), [Alarm.FAILING]),
        (with_channels(OnChannel("a", "sms", NO_TIME, 19, 19)), []),
        (with_channels(OnChannel("a", "sms", NO_TIME, 20, 10)), []),
        (replace(WELL, brands=(OfBrand("a", 3, LONG, NO_TIME),)), [Alarm.STUCK]),
        (replace(WELL, brands=(OfBrand("a", 3, timedelta(minutes=1), NO_TIME),)), []),
        (replace(WELL, brands=(OfBrand("a", 0, NO_TIME, LONG),)), [Alarm.UNPLANNED]),
        (replace(WELL, sources=(OfSource("a", "shop", 3, date(2026, 3, 7)),)), [Alarm.SILENT]),
        (replace(WELL, sources=(OfSource("a", "once", 2, date(2026, 3, 1)),)), []),
        (replace(WELL, sources=(OfSource("a", "shop", 9, date(2026, 3, 8)),)), []),
    ],
)
def test_an_alarm_is_what_somebody_must_look_at(numbers: Numbers, alarms: list[Alarm]) -> None:
    """One finding a trouble, and none while all is well; told in both languages."""
    raised = judge(numbers, Limits())
    assert [one.alarm for one in raised] == alarms
    assert all(one.sentence("en") and one.sentence("zh-CN") for one in raised)


def test_the_numbers_come_from_the_rows_and_name_nobody(shared_app: Outreach) -> None:
    """A provider that refuses, an overdue touch, a lease that ran out, a source that told."""
    brand = b.a_brand(shared_app, f"watch-{next(_BRANDS)}")
    b.a_live_campaign(shared_app, brand)
    for ref in ("c-1", "c-2"):
        person = b.a_person(shared_app, brand, ref)
        b.accepted(shared_app, brand, b.an_event(shared_app, brand, person, parcel=ref))
    busy = b.through(shared_app, Channel.EMAIL, lambda _: Refused("busy", "429", permanent=False))
    send.dispatch(busy.means, Look(brand, Channel.EMAIL))
    ids = text("select id from outreach.touches order by id")
    with shared_app.means.database.begin(brand) as tx:
        late, stuck = tx.execute(ids).scalars()
        when = {"id": late, "at": b.NOON - timedelta(minutes=10)}
        tx.execute(text("update outreach.touches set due_at = :at where id = :id"), when)
        leased = "state = 'calling', lease_until = now() - interval '5 min'"
        tx.execute(text(f"update outreach.touches set {leased} where id = :id"), {"id": stuck})
    now = shared_app.means.clock()
    with shared_app.means.database.watch() as tx:
        found = watch.numbers(tx, now=now)
    [mail] = [n for n in found.channels if (n.brand, n.channel) == (brand.key, "email")]
    assert (mail.tried, mail.missed) == (2, 2)
    assert mail.waits == now - when["at"]
    [own] = [n for n in found.brands if n.brand == brand.key]
    assert own.stuck == 1
    assert own.stuck_for >= timedelta(minutes=5)
    [source] = [n for n in found.sources if n.brand == brand.key]
    assert (source.source, source.days, source.last) == ("shop", 1, now.date())
    shown = watch.metrics(found)
    assert f'outreach_leases_run_out{{brand="{brand.key}"}} 1\n' in shown
    assert "c-1" not in shown

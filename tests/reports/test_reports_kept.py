"""Is what takes long to count shown as it was, and counted again in time?"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Trouble
from outreach.reports import client, kept
from outreach.reports.client import Month
from outreach.reports.kept import Counted
from tests import builders as b

MARCH = "2026-03"
_CHARGED = text("""
    insert into outreach.costs (brand_id, touch_id, parts, minor, currency, at)
    select brand_id, id, 1, 7.5, 'USD', :at from outreach.touches
    where not exists (select from outreach.costs)
""")
_KEPT = text("select name from outreach.kept_counts order by name")


def slow(app: Outreach, seconds: float = 2.0) -> Means:
    """As of a database in which each count takes so long."""
    ticks: Iterator[int] = count()
    return replace(app.means, steady=lambda: next(ticks) * seconds)


def sent(app: Outreach, brand: BrandRef, ref: str) -> None:
    """A mail to this person, that cost something."""
    person = b.a_person(app, brand, ref)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=ref, order=ref))
    b.everything_due(app)
    with app.means.database.begin(brand) as tx:
        tx.execute(_CHARGED, {"at": app.means.clock()})


def month(means: Means, brand: BrandRef) -> Counted[Month]:
    return kept.shown(means, brand, kept.MONTH, MARCH, now=means.clock())


def names(app: Outreach, brand: BrandRef) -> list[str]:
    with app.means.database.reading(brand) as tx:
        return list(tx.execute(_KEPT).scalars())


def full_count(app: Outreach, brand: BrandRef) -> Month:
    with app.means.database.reading(brand) as tx:
        return client.gather(tx, brands.get(tx), MARCH, now=app.means.clock())


def test_what_is_counted_soon_is_counted_for_every_look(app: Outreach, clock: SteppedClock) -> None:
    """And leaves nothing behind."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    assert [month(app.means, brand).what.period.sent, names(app, brand)] == [0, []]
    sent(app, brand, "ada")
    assert month(app.means, brand) == Counted(full_count(app, brand), clock())


def test_what_takes_long_is_shown_as_it_was_until_it_is_counted_again(
    app: Outreach, clock: SteppedClock
) -> None:
    """Read back it is what a full count comes to; the other brand's stays its own."""
    brand, other = b.a_brand(app), b.a_brand(app, "other")
    b.a_live_campaign(app, brand)
    sent(app, brand, "ada")
    first, as_of = full_count(app, brand), clock()
    assert month(slow(app), brand) == Counted(first, as_of)
    assert month(slow(app), other).what.period.sent == 0
    clock.step_to(as_of + timedelta(minutes=1))
    sent(app, brand, "bo")
    assert kept.renew(slow(app)) == 0
    assert month(slow(app), brand) == Counted(first, as_of, kept=True)
    clock.step_to(as_of + timedelta(minutes=5))
    assert kept.renew(slow(app)) == 2
    again = full_count(app, brand)
    assert month(slow(app), brand) == Counted(again, clock(), kept=True)
    assert (first.period.sent, again.period.sent, len(again.costs)) == (1, 2, 1)


def test_what_is_counted_soon_again_or_looked_at_by_nobody_is_let_go_of(
    app: Outreach, clock: SteppedClock
) -> None:
    """What nobody counted again for a day is counted at the next look."""
    brand = b.a_brand(app)
    month(slow(app), brand)
    week = kept.shown(slow(app), brand, kept.LAST_WEEK, now=clock())
    assert names(app, brand) == ["month 2026-03", "week "]
    clock.step_to(b.NOON + kept.OLDEST)
    assert kept.shown(slow(app), brand, kept.LAST_WEEK, now=clock()) != replace(week, kept=True)
    assert kept.renew(app.means) == 1
    assert names(app, brand) == ["week "]
    clock.step_to(b.NOON + timedelta(days=9))
    assert kept.renew(slow(app)) == 0
    assert names(app, brand) == []


def test_what_another_version_wrote_down_is_counted_anew(
    app: Outreach, clock: SteppedClock
) -> None:
    brand = b.a_brand(app)
    month(slow(app), brand)
    with app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.kept_counts set told = '{}'"))
    assert month(slow(app), brand) == Counted(full_count(app, brand), clock())


def looking(app: Outreach, seen: list[object], look: Callable[[], object]) -> Means:
    """As of a database in which each count takes so long that somebody else looks meanwhile."""
    ticks: Iterator[int] = count()

    def steady() -> float:
        if (tick := next(ticks)) == 1:
            seen.append(look())
        return tick * 2.0

    return replace(app.means, steady=steady)


def test_who_looks_while_another_counts_is_shown_what_was_kept(
    app: Outreach, clock: SteppedClock
) -> None:
    """However old that is: it is counted once, and the second look costs nothing."""
    brand = b.a_brand(app)
    first = month(slow(app), brand)
    clock.step_to(b.NOON + kept.OLDEST)
    seen: list[object] = []
    means = looking(app, seen, lambda: month(slow(app), brand))
    assert month(means, brand) == Counted(first.what, clock())
    assert seen == [replace(first, kept=True)]


def test_who_looks_while_another_counts_for_the_first_time_is_told_so(
    app: Outreach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a moment's patience; what is known once it is counted is kept."""
    brand = b.a_brand(app)
    monkeypatch.setattr(kept, "_PATIENCE", text("select set_config('lock_timeout', '1ms', true)"))
    seen: list[object] = []

    def told() -> object:
        with pytest.raises(Trouble, match="being counted; look again"):
            month(slow(app), brand)
        return names(app, brand)

    month(looking(app, seen, told), brand)
    assert [seen, names(app, brand)] == [[[]], ["month 2026-03"]]


def test_what_a_month_used_is_read_back_as_it_was_counted(app: Outreach) -> None:
    """To the hundredth of a minute and of a cent."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    sent(app, brand, "ada")
    now = app.means.clock()
    first, second = (kept.shown(slow(app), brand, kept.USAGE, MARCH, now=now) for _ in range(2))
    assert second == replace(first, kept=True)
    assert [(one.contacts, one.charged, one.currency) for one in first.what] == [
        (1, Decimal("7.5"), "USD")
    ]

"""Has this cap room for one more attempt, and if not, when will it?

Attempts count, whatever became of them, unless a provider surely refused; so do those in the air.
An attempt weighs until its span has passed: a rolling one counts from the attempt, a calendar
period ends with the day, week or month on the person's own clocks, and where several places may be
theirs, on the last of these clocks.
"""

from datetime import UTC, date, datetime, time, timedelta

from optout.model import Purpose
from outreach import timezones
from outreach.dispatch.model import Attempted, Facts, Limit, Period


def full_until(facts: Facts, limit: Limit) -> datetime | None:
    """The instant at which the limit has room again, if it has none now."""
    counted = sorted(attempt.at for attempt in facts.attempts if _counts(attempt, facts, limit))
    return weighs_until(counted[-limit.max], limit) if len(counted) >= limit.max else None


def weighs_until(at: datetime, limit: Limit) -> datetime:
    """The first instant at which an attempt of that instant no longer counts."""
    if isinstance(limit.per, timedelta):
        return at + limit.per
    return max(_period_ends(at, limit.per, zone) for zone in limit.zones)


def _counts(attempt: Attempted, facts: Facts, limit: Limit) -> bool:
    return (
        attempt.channel in limit.channels
        and attempt.purpose in limit.purposes
        and _concerns(attempt, limit)
        and not _carried_out_an_order(attempt, facts)
        and not (limit.spares_passage and attempt.same_passage)
        and (not limit.same_product or attempt.product == facts.product)
        and limit.campaign in {None, attempt.named.campaign if attempt.named else None}
        and facts.now < weighs_until(attempt.at, limit)
    )


def _concerns(attempt: Attempted, limit: Limit) -> bool:
    """Whether it was made at the person or address, and by a brand, of whom the cap speaks."""
    if attempt.elsewhere:
        return limit.across == "group" and (limit.whom == "person" or attempt.same_address)
    return attempt.same_person if limit.whom == "person" else attempt.same_address


def _carried_out_an_order(attempt: Attempted, facts: Facts) -> bool:
    """News of an order never uses up what somebody may be asked."""
    asking = facts.touch.purpose not in {Purpose.TRANSACTIONAL, Purpose.SERVICE}
    return asking and attempt.purpose is Purpose.TRANSACTIONAL


def _period_ends(at: datetime, period: Period, zone: str) -> datetime:
    clock = timezones.load(zone)
    day = _next_begins(at.astimezone(clock).date(), period)
    return datetime.combine(day, time.min, tzinfo=clock).astimezone(UTC)


def _next_begins(day: date, period: Period) -> date:
    """The first day after the period in which this one lies; weeks begin on Monday."""
    if period == "day":
        return day + timedelta(days=1)
    if period == "week":
        return day + timedelta(days=7 - day.weekday())
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)

"""How does the pilot of a campaign stand, and which of its stop rules are met?

Counted are those whose passages began, or did not, while the version with the pilot was live: from
then on until another took its place. Stop rules count from the last stop on where there was one:
whoever lets it go on has seen what was before.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, text

from outreach.campaigns.pilot import Pilot
from outreach.campaigns.store import Version
from outreach.experiments import outcomes, pilot
from outreach.experiments.outcomes import Span
from outreach.experiments.pilot import Crossed, Progress

_SPANS = text("""
    select c.id, c.activated_at as live, (
               select min(l.activated_at) from outreach.campaigns l
               where l.key = c.key and l.activated_at > c.activated_at) as until, (
               select max(s.at) + interval '1 microsecond' from outreach.guard_stops s
               where s.campaign = c.key) as stopped
    from outreach.campaigns c where c.id = any(:ids) and c.activated_at is not null
    order by c.key, c.version
""")


def of(tx: Connection, version: Version, *, now: datetime) -> Progress | None:
    """None for a version without a measured pilot, or one that has never been live.

    One statement, and one more a measure, of which a pilot has five at most.
    """
    tried = version.campaign.pilot
    if tried is None or not tried.success:
        return None
    row = tx.execute(_SPANS, {"ids": [version.id]}).one_or_none()
    if row is None:
        return None
    return _progress(tx, version.key, tried, Span(row.live, row.until), now=now)


def between(
    tx: Connection, versions: Iterable[Version], *, since: datetime, until: datetime, now: datetime
) -> list[tuple[str, Progress]]:
    """Each measured pilot that had begun before `until` and was not judged before `since`.

    With the key of its campaign, as it stood at `until`, or now where that is to come. One
    statement, and one more a measure.
    """
    measured = {
        one.id: (one.key, tried)
        for one in versions
        if (tried := one.campaign.pilot) and tried.success and _judged_at(tried) > since
    }
    if not measured:
        return []
    rows = tx.execute(_SPANS, {"ids": list(measured)}).all()
    begun = [(*measured[row.id], row) for row in rows if row.live < until]
    return [
        (key, _progress(tx, key, tried, Span(row.live, row.until), now=min(until, now)))
        for key, tried, row in begun
    ]


def _judged_at(tried: Pilot) -> datetime:
    """When the time of everybody is over."""
    return tried.until + max(one.within for one in tried.success)


def _progress(tx: Connection, key: str, tried: Pilot, span: Span, *, now: datetime) -> Progress:
    measures = tuple(
        pilot.measured(
            one,
            outcomes.of_pilot(tx, key, one.outcome, within=one.within, span=span, now=now),
            pilot=tried,
            now=now,
        )
        for one in tried.success
    )
    return Progress(tried.until, pilot.whole(measures), measures)


def crossed(tx: Connection, version: Version, *, now: datetime) -> list[Crossed]:
    """The stop rules that are met; one statement, and one more a rule."""
    tried = version.campaign.pilot
    if tried is None or not tried.stops:
        return []
    row = tx.execute(_SPANS, {"ids": [version.id]}).one_or_none()
    if row is None:
        return []
    span = Span(max(at for at in (row.live, row.stopped) if at is not None), row.until)
    judged = (
        pilot.crossed(
            rule,
            outcomes.of_pilot(
                tx, version.key, rule.outcome, within=rule.within, span=span, now=now
            ),
        )
        for rule in tried.stops
    )
    return [one for one in judged if one is not None]

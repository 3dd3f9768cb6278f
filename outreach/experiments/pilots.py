"""How does the pilot of a campaign stand, and which of its stop rules are met?

Counted from the instant at which the version with the pilot went live; stop rules from the last
stop on where there was one: whoever lets it go on has seen what was before.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from outreach.campaigns.store import Version
from outreach.experiments import outcomes, pilot
from outreach.experiments.pilot import Crossed, Measured, Standing

_SINCE = text("""
    select max(c.activated_at) as live,
           (select max(s.at) + interval '1 microsecond' from outreach.guard_stops s
            where s.campaign = :key) as stopped
    from outreach.campaigns c where c.key = :key
""")


@dataclass(frozen=True, slots=True)
class Progress:
    """How a pilot stands as a whole, and each of its measures."""

    until: datetime
    standing: Standing
    measures: tuple[Measured, ...]


def of(tx: Connection, version: Version, *, now: datetime) -> Progress | None:
    """None for a version without a measured pilot, or one that has never been live.

    One statement, and one more a measure, of which a pilot has five at most.
    """
    tried = version.campaign.pilot
    if tried is None or not tried.success:
        return None
    since = tx.execute(_SINCE, {"key": version.key}).one().live
    if since is None:
        return None
    measures = tuple(
        pilot.measured(
            one,
            outcomes.of_pilot(
                tx, version.key, one.outcome, within=one.within, since=since, now=now
            ),
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
    row = tx.execute(_SINCE, {"key": version.key}).one()
    since = max(at for at in (row.live, row.stopped) if at is not None)
    judged = (
        pilot.crossed(
            rule,
            outcomes.of_pilot(
                tx, version.key, rule.outcome, within=rule.within, since=since, now=now
            ),
        )
        for rule in tried.stops
    )
    return [one for one in judged if one is not None]

"""How much is planned for each hour of the coming days, on the brand's own clock?

Read from the index of what is due, at most `MOST` of each channel, so that a page costs the same
whatever waits; what was left out is said.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, text

from optout.model import Channel
from outreach import timezones
from outreach.campaigns import festivals
from outreach.reports import sale_days

DAYS = 14
MOST = 10_000  # of each channel
_CHANNELS = [channel.value for channel in Channel]

_PLANNED = text("""
    select cast(soon.due_at at time zone :zone as date) as day,
           cast(extract(hour from soon.due_at at time zone :zone) as integer) as hour,
           ch.channel, count(*) as many
    from unnest(cast(:channels as text[])) as ch(channel)
    cross join lateral (
        select t.due_at from outreach.touches t
        where t.channel = ch.channel and t.state = 'planned'
          and t.due_at >= :since and t.due_at < :until
        order by t.due_at limit :most) soon
    group by 1, 2, 3
""")
# Of those who are contacted next, so that it is read from few rows.
_COUNTRIES = text("""
    select distinct p.country
    from unnest(cast(:channels as text[])) as ch(channel)
    cross join lateral (
        select t.brand_id, t.person_id from outreach.touches t
        where t.channel = ch.channel and t.state = 'planned' and t.due_at >= :since
        order by t.due_at limit :few) soon
    join outreach.persons p on p.brand_id = soon.brand_id and p.id = soon.person_id
    where p.country is not null order by 1
""")
_FEW = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """Touches by day and hour, and by channel too; `whole` says that none was left out."""

    days: tuple[date, ...]
    many: Mapping[tuple[date, int], int]
    by_channel: Mapping[tuple[date, int, str], int]
    whole: bool

    @property
    def most(self) -> int:
        """The fullest hour."""
        return max(self.many.values(), default=0)

    def of_day(self, day: date) -> int:
        """All that is planned for a day."""
        return sum(many for (on, _), many in self.many.items() if on == day)

    def over(self, quotas: Mapping[str, Callable[[date, int], int]]) -> set[tuple[date, int]]:
        """The hours in which some channel has more than it carries then."""
        return {
            (day, hour)
            for (day, hour, channel), many in self.by_channel.items()
            if channel in quotas and many > quotas[channel](day, hour)
        }


def planned(tx: Connection, zone: str, *, now: datetime) -> Planned:
    """What is planned from this day's first hour on, for `DAYS` days; one statement."""
    midnight = now.astimezone(timezones.load(zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    until = midnight + timedelta(days=DAYS)
    bound = {"zone": zone, "since": midnight, "until": until, "most": MOST}
    rows = tx.execute(_PLANNED, {**bound, "channels": _CHANNELS}).all()
    many: Counter[tuple[date, int]] = Counter()
    of_channel: Counter[str] = Counter()
    by_channel = {(row.day, int(row.hour), str(row.channel)): int(row.many) for row in rows}
    for (day, hour, channel), planned_then in by_channel.items():
        many[day, hour] += planned_then
        of_channel[channel] += planned_then
    days = tuple(midnight.date() + timedelta(days=n) for n in range(DAYS))
    return Planned(days, many, by_channel, max(of_channel.values(), default=0) < MOST)


def countries(tx: Connection, *, now: datetime) -> list[str]:
    """In which countries those live who are contacted next."""
    bound = {"channels": _CHANNELS, "since": now, "few": _FEW}
    return list(tx.execute(_COUNTRIES, bound).scalars())


def marked(day: date, locale: str) -> tuple[str, ...]:
    """Festivals of this day where they come from, and great sales, as this language calls them."""
    return tuple(_marks(day, locale))


def _marks(day: date, locale: str) -> Iterator[str]:
    yield from (sale.name[locale] for sale in sale_days.between(day, day))
    for festival in festivals.FESTIVALS:
        if festivals.at_home(festival, day.year) == day:
            yield festivals.name_of(festival, locale)

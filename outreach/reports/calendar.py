"""What is planned for which day and hour, and what else is on that day?

Hours and days are those of a clock that the caller names, usually the brand's. Beside the contacts
stand how many a channel carries in an hour, the public holidays of the countries in which those
live who are to be contacted, and the days on which shops everywhere sell most.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, text

from outreach import timezones
from outreach.errors import Invalid
from outreach.hours import calendar as holidays
from outreach.reports import sale_days

LONGEST = 92
"""Days that may be asked for at once."""

_SHOWN = 20  # countries
# Due as things stand: what waits for somebody's word is `held` until its last useful moment.
_HOURS = text("""
    select cast(due_at at time zone :zone as date) as day,
           cast(extract(hour from due_at at time zone :zone) as integer) as hour, channel,
           count(*) as planned, count(*) filter (where reason is not null) as held
    from outreach.touches
    where state = 'planned' and due_at >= :since and due_at < :until
    group by 1, 2, 3 order by 1, 2, 3
""")
_COUNTRIES = text("""
    select p.country, count(*) as many
    from outreach.touches t
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    where t.state = 'planned' and t.due_at >= :since and t.due_at < :until
      and p.country is not null
    group by 1 order by 2 desc, 1 limit :limit
""")


@dataclass(frozen=True, slots=True)
class Hour:
    """Contacts of one channel due in one hour (0 to 23) of a day; `held` of them wait on purpose.

    `quota` is how many the channel carries in an hour, where the caller knows it.
    """

    hour: int
    channel: str
    planned: int
    held: int
    quota: int | None = None

    @property
    def over(self) -> int:
        """How many more are planned than the channel carries: they leave later than promised."""
        return 0 if self.quota is None else max(0, self.planned - self.quota)


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its hours in order, holidays by country, and sales, in the language asked for.

    A holiday whose date is not settled yet is `provisional`.
    """

    day: date
    hours: tuple[Hour, ...] = ()
    holidays: tuple["On", ...] = ()
    sales: tuple[str, ...] = ()

    @property
    def planned(self) -> int:
        """Contacts of the day, on all channels."""
        return sum(hour.planned for hour in self.hours)


@dataclass(frozen=True, slots=True)
class On:
    """A public holiday, and the country that has it."""

    country: str
    name: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days, from `first` on, on which clock; and what a channel carries in an hour."""

    first: date
    days: int = 28
    zone: str = "UTC"
    language: str = "en"
    quotas: Mapping[str, int] = field(default_factory=dict)


def planned(tx: Connection, asked: Asked) -> list[Day]:
    """Each of these days, whether anything is planned for it or not; two statements.

    Raises `Invalid` for fewer days than one, more than `LONGEST`, or days at an end of time.
    """
    if not 1 <= asked.days <= LONGEST:
        raise Invalid(f"ask for 1 to {LONGEST} days, not {asked.days}")
    days, span = _span(asked)
    hours: dict[date, list[Hour]] = {}
    for row in tx.execute(_HOURS, span | {"zone": asked.zone}):
        quota = asked.quotas.get(row.channel)
        hour = Hour(row.hour, row.channel, row.planned, row.held, quota)
        hours.setdefault(row.day, []).append(hour)
    countries = [row.country for row in tx.execute(_COUNTRIES, span | {"limit": _SHOWN})]
    return list(_days(days, hours, countries, asked.language))


def _span(asked: Asked) -> tuple[list[date], dict[str, datetime]]:
    try:
        days = [asked.first + timedelta(days=n) for n in range(asked.days + 1)]
        since, until = (_midnight(day, asked.zone) for day in (days[0], days[-1]))
    except (OverflowError, ValueError) as error:
        raise Invalid(f"{asked.first} is too near an end of time: ask for another day") from error
    return days[:-1], {"since": since, "until": until}


def _days(
    days: Sequence[date], hours: Mapping[date, Sequence[Hour]], countries: Sequence[str], said: str
) -> Iterable[Day]:
    # Nobody is contacted yet: then every sale is of interest.
    sales = sale_days.between(days[0], days[-1], countries=countries or None)
    for day in days:
        yield Day(
            day,
            tuple(hours.get(day, ())),
            tuple(holidays_of(day, countries, said)),
            tuple(s.name.get(said, s.name["en"]) for s in sales if s.first <= day <= s.last),
        )


def holidays_of(day: date, countries: Sequence[str], language: str) -> Iterable[On]:
    """The public holidays of this day in these countries, by their names in the language."""
    spoken = holidays.ENGLISH if language == "en" else language
    for country in countries:
        found = holidays.holidays(country, day.year, language=spoken).get(day)
        if found is not None:
            yield On(country, found.name, found.provisional)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezones.load(zone)).astimezone(UTC)

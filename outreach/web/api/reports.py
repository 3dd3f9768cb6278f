"""What is planned for when, and what became of the rest?"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from outreach import timezones
from outreach.bilingual import Language
from outreach.brands import store as brands
from outreach.reports import calendar, sums
from outreach.reports.calendar import Asked, Day
from outreach.reports.sums import By, Sum
from outreach.web.auth import Authorized
from outreach.web.shapes import Text

router = APIRouter(tags=["reports"])


@dataclass(frozen=True, slots=True)
class Planned:
    """Days on this clock."""

    zone: str
    days: list[Day]


@dataclass(frozen=True, slots=True)
class Fates:
    """What was settled from an instant on and before another; days and hours on this clock."""

    since: datetime
    until: datetime
    zone: str
    sums: list[Sum]


@router.get("/reports/calendar")
def get_calendar(
    caller: Authorized,
    since: Annotated[date | None, Query(description="By default today.")] = None,
    days: Annotated[int, Query(ge=1, le=calendar.LONGEST)] = 28,
    language: Language = "en",
) -> Planned:
    """What is planned by day and hour, with public holidays and days of big sales."""
    with caller.begin() as tx:
        zone = brands.get(tx).zone
        first = since or caller.means.clock().astimezone(timezones.load(zone)).date()
        return Planned(zone, calendar.planned(tx, Asked(first, days, zone, language)))


@router.get("/reports/sums")
def get_sums(
    caller: Authorized,
    since: AwareDatetime,
    until: AwareDatetime,
    by: By = "all",
    campaign: Text | None = None,
) -> Fates:
    """Which fates candidates came to, from sums that are kept; whole quarters of an hour."""
    with caller.begin() as tx:
        zone = brands.get(tx).zone
        found = sums.of(tx, since=since, until=until, by=by, zone=zone, campaign=campaign)
    return Fates(since, until, zone, found)

"""What do the answers to surveys come to, who wrote what, and which promised calls are breached?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from outreach.brands import store as brands
from outreach.reports import surveys
from outreach.reports.surveys import By, Comment, Promised, Rate, Scored, State
from outreach.surveys.scales import Band
from outreach.web.auth import Authorized

router = APIRouter(tags=["surveys"])

_BY_DEFAULT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant on and before another."""

    since: datetime
    until: datetime


def _span(
    caller: Authorized,
    since: Annotated[AwareDatetime | None, Query(description="By default 90 days ago.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="By default now.")] = None,
) -> Span:
    last = until or caller.means.clock() + timedelta(seconds=1)
    return Span(since or last - _BY_DEFAULT, last)


Within = Annotated[Span, Depends(_span)]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores with their intervals, and how many of those asked in that span have answered."""

    scores: list[Scored]
    rates: list[Rate]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was promised, and how that stands."""

    promise: Promised
    state: State


@router.get("/surveys/scores")
def get_scores(
    caller: Authorized, within: Within, by: By = "all", survey: str | None = None
) -> Scores:
    """What the answers come to."""
    since, until = within.since, within.until
    with caller.begin() as tx:
        zone = brands.get(tx).zone
        scored = surveys.scores(tx, by=by, zone=zone, since=since, until=until, form=survey)
        rates = surveys.rates(tx, caller.means.book.every(tx), since=since, until=until)
    return Scores(scored, [rate for rate in rates if survey in {None, rate.survey}])


@router.get("/surveys/comments")
def get_comments(
    caller: Authorized,
    within: Within,
    survey: str | None = None,
    band: Band | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[Comment]:
    """What people wrote, the newest first."""
    with caller.begin() as tx:
        return surveys.comments(
            tx, since=within.since, until=within.until, form=survey, band=band, limit=limit
        )


@router.get("/surveys/promises")
def get_promises(caller: Authorized, within: Within) -> list[Call]:
    """Who answered low and is to be called, the one to be called first first."""
    with caller.begin() as tx:
        found = surveys.promises(tx, since=within.since, until=within.until)
    now = caller.means.clock()
    return [Call(one, one.state(now=now)) for one in found]

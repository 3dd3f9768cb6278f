"""How content are people, how sure is that, and what do they write?  `/surveys`"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from markupsafe import Markup

from outreach.brands import store as brands
from outreach.reports import charts, surveys
from outreach.reports.surveys import By, Scored
from outreach.surveys.scales import Band
from outreach.web import words
from outreach.web.console.shell import Asked

router = APIRouter(include_in_schema=False)

_SPAN = timedelta(days=90)
_A_MOMENT = timedelta(seconds=1)
_COMMENTS = 50
_PARTS = 100
_CUTS: tuple[By, ...] = ("campaign", "product", "agent", "channel")


@router.api_route("/surveys", methods=["GET", "HEAD"])
def show_surveys(
    screen: Asked,
    *,
    survey: Annotated[str, Query(max_length=100)] = "",
    by: By = "campaign",
    band: Band | None = None,
) -> Response:
    """Scores with their intervals over ninety days, by the week, and what people wrote."""
    until = screen.visitor.means.clock() + _A_MOMENT
    since, form = until - _SPAN, survey or None
    with screen.visitor.begin() as tx:
        brand = brands.get(tx)
        zone = brand.zone
        overall = surveys.scores(tx, by="all", zone=zone, since=since, until=until)
        weeks = surveys.scores(tx, by="week", zone=zone, form=form, since=since, until=until)
        parts = surveys.scores(
            tx, by=by, zone=zone, form=form, since=since, until=until, limit=_PARTS
        )
        rates = surveys.rates(tx, screen.visitor.means.book.every(tx), since=since, until=until)
        written = surveys.comments(
            tx, form=form, band=band, limit=_COMMENTS, since=since, until=until
        )
    return screen.page(
        "surveys",
        brand,
        survey=survey,
        by=by,
        cuts=_CUTS,
        band=band,
        overall=overall,
        parts=[one for one in parts if one.value],
        largest=len(parts) if len(parts) == _PARTS else 0,
        trends=_trends(weeks, words.in_language(screen.language)("survey_trend")),
        rates=rates,
        comments=written,
    )


def _trends(weeks: Sequence[Scored], title: str) -> list[tuple[str, Markup, list[Scored]]]:
    """A chart for each survey, and the same in numbers for who does not see it."""
    by_survey: dict[str, list[Scored]] = {}
    for one in weeks:
        by_survey.setdefault(one.survey, []).append(one)
    return [(name, _chart(own, title), own) for name, own in by_survey.items()]


def _chart(weeks: Sequence[Scored], title: str) -> Markup:
    points = [(str(one.value), one.score.value) for one in weeks]
    # Made by our own code out of escaped parts.
    return Markup(charts.bars(points, title=title))  # noqa: S704

"""Which calls does chance put before a lead, and what do they make of each?  `/lead/calls`

The draw is named by the week, so that nobody looks for better calls; whose scores are written down
is drawn no more.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from outreach.brands import store as brands
from outreach.callbacks import quality
from outreach.callbacks.quality import Rule
from outreach.callbacks.scorecard import Scorecard
from outreach.errors import Invalid
from outreach.web import problems
from outreach.web.console.posted import Posted
from outreach.web.console.shell import Asked, Screen

router = APIRouter(include_in_schema=False)

_MONTH = timedelta(days=28)
_MANY = 5
_POINTS = "points."


@router.api_route("/lead/calls", methods=["GET", "HEAD"])
def show_calls(
    screen: Asked,
    card: Annotated[str, Query(max_length=200)] = "",
    agent: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Up to five calls of four weeks that nobody scored on this card yet. Raises `NotFound`."""
    return _page(screen, card, agent)


def _page(
    screen: Screen,
    card: str,
    agent: str,
    *,
    said: Mapping[str, str] | None = None,
    refused: Invalid | None = None,
) -> Response:
    now = screen.visitor.means.clock()
    rule = Rule(now - _MONTH, agent=agent or None)
    with screen.visitor.begin() as tx:
        brand, scorecard = brands.get(tx), quality.get(tx, card)
        drawn = quality.sample(tx, card, rule, name=_draw(screen, now), many=_MANY)
    return screen.page(
        "quality",
        brand,
        status=422 if refused else 200,
        card=scorecard,
        agent=agent,
        drawn=drawn,
        called=screen.called,
        said=said or {},
        problems=problems.named_by(refused) if refused else (),
    )


def _draw(screen: Screen, now: datetime) -> str:
    """What the draw of this lead and week is called."""
    year, week, _ = now.isocalendar()
    return f"{screen.visitor.name} {year}-W{week:02}"


@router.post("/lead/calls")
def score_call(screen: Asked, form: Posted) -> Response:
    """Write down how good a call was; what is missing is said beside what was written."""
    visitor, card = screen.visitor, form.get("card", "")
    try:
        with visitor.begin() as tx:
            quality.score(
                tx, visitor.brand, card, form.get("call", ""),
                _points(quality.get(tx, card), form), lead=visitor.name,
                note=form.get("note", "").strip(), now=visitor.means.clock(),
            )  # fmt: skip
    except Invalid as refused:
        return _page(screen, card, form.get("agent", ""), said=form, refused=refused)
    return screen.back_to(f"/lead/calls?{urlencode({'card': card})}", done="call_scored")


def _points(card: Scorecard, form: Mapping[str, str]) -> dict[str, int]:
    """The points by question; what is no whole number is left out, and so is asked for."""
    given = {question.key: form.get(f"{_POINTS}{question.key}", "") for question in card.questions}
    return {key: int(told) for key, told in given.items() if told.isascii() and told.isdecimal()}

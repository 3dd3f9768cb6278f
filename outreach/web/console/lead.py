"""How are the queues doing, which promises are broken, who does what, and how well?  `/lead`"""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from outreach import timezones
from outreach.brands import store as brands
from outreach.callbacks import load, quality, queues
from outreach.callbacks.quality import Result
from outreach.reports import surveys
from outreach.reports.surveys import Promised, State
from outreach.web.console.shell import Asked

router = APIRouter(include_in_schema=False)

_MONTH = timedelta(days=30)
_OWED: frozenset[State] = frozenset({"open", "breached"})


@router.api_route("/lead", methods=["GET", "HEAD"])
def show_lead(screen: Asked, card: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Load, shifts, promises and scorecards; `card` names the scorecard whose results are shown."""
    now = screen.visitor.means.clock()
    with screen.visitor.begin() as tx:
        brand, desk = brands.get(tx), queues.desk(tx)
        cards = quality.kept(tx)
        shown = card if card in cards else next(iter(cards), "")
        return screen.page(
            "lead",
            brand,
            now=now,
            queues=load.of(tx, desk, now=now),
            called=screen.called,
            done_by=load.done(tx, desk, since=_midnight(now, brand.zone)),
            late=load.late(tx, now=now),
            promises=_owed(tx, now),
            cards=cards,
            card=shown,
            results=_results(tx, shown, now),
        )


def _midnight(now: datetime, zone: str) -> datetime:
    local = now.astimezone(timezones.load(zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _owed(tx: Connection, now: datetime) -> list[tuple[Promised, State]]:
    """Whoever answered low and was not called yet, the one to be called first first."""
    until = now + timedelta(seconds=1)
    found = surveys.promises(tx, since=now - _MONTH, until=until, owed=True, limit=200)
    told = [(one, one.state(now=now)) for one in found]
    return [(one, state) for one, state in told if state in _OWED]


def _results(tx: Connection, card: str, now: datetime) -> list[Result]:
    return quality.results(tx, card, since=now - _MONTH) if card else []

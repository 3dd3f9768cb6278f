"""What does the firm for which we speak see of its own brand?  `/portal`

Read only, and nobody is named: the day in numbers, how promises are kept, what people complain of,
and messages as they went out with their persons veiled.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Response
from sqlalchemy import Connection

from outreach import timezones
from outreach.brands import store as brands
from outreach.callbacks import load, queues
from outreach.inbound import cases
from outreach.reports import client, kept, samples, surveys, today
from outreach.web.console.shell import Asked
from outreach.web.masking import masked

router = APIRouter(include_in_schema=False)

_MOST_CASES = 1_000


@router.api_route("/portal", methods=["GET", "HEAD"])
def show_portal(screen: Asked) -> Response:
    """One brand, today and over the last seven days."""
    visitor, now = screen.visitor, screen.visitor.means.clock()
    counted = kept.shown(visitor.means, visitor.brand, kept.LAST_WEEK, now=now)
    span = counted.what
    with visitor.means.database.reading(visitor.brand) as tx:
        brand = brands.get(tx)
        open_cases = cases.opened(tx, limit=_MOST_CASES)
        return screen.page(
            "portal",
            brand,
            day=today.today(tx, brand, now=now),
            week=span,
            counted_week=counted,
            complained=sum(line.complained for line in span.lines),
            promised=_promised(tx, now),
            calls=load.of(tx, queues.desk(tx), now=now),
            called=screen.called,
            topics=Counter(case.topic or "other" for case in open_cases).most_common(),
            known_topics=cases.TOPICS,
            counted=today.MOST,
            most=len(open_cases) == _MOST_CASES,
            oldest=min((case.opened_at for case in open_cases if case.opened_at), default=None),
            samples=samples.drawn(tx, visitor.means, brand, veil=_veil, now=now),
            phrase=lambda reason: client.phrase(reason, screen.language),
            month=f"{now.astimezone(timezones.load(brand.zone)):%Y-%m}",
        )


def _promised(tx: Connection, now: datetime) -> Mapping[str, int]:
    """How many calls after low answers of the week were in time, late, open, or not made."""
    owed = surveys.promises(tx, since=now - kept.WEEK, until=now)
    states = Counter(one.state(now=now) for one in owed)
    return {state: states[state] for state in ("kept", "late", "open", "breached")}


def _veil(text: str) -> str:
    return masked("handle", text)

"""What went out today, what is held and why, and what is coming?  `/`"""

from fastapi import APIRouter, Response

from outreach import ids
from outreach.brands import store as brands
from outreach.reports import today, watch
from outreach.web.console.shell import Asked

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
def show_today(screen: Asked) -> Response:
    """The day of the visitor's brand."""
    means, now = screen.visitor.means, screen.visitor.means.clock()
    with screen.visitor.begin() as tx:
        known = brands.get(tx)
        day = today.today(tx, known, now=now)
        latest = [_linked(row) for row in today.latest(tx)]
    limits = watch.limits_of(screen.visitor.door.app.settings)
    raised = watch.alarms(means.database, limits, now=now)
    alarms = [one.sentence(screen.language) for one in raised if one.brand == known.ref.key]
    return screen.page("today", known, alarms=alarms, day=day, latest=latest)


def _linked(row: dict[str, object]) -> dict[str, object]:
    return row | {"touch": ids.shown(ids.TOUCH, row["id"])}  # type: ignore[arg-type]  # rows are untyped

"""How full are the coming days, hour by hour?  `/planned`"""

from fastapi import APIRouter, Response

from outreach.brands import store as brands
from outreach.reports import planned as reports
from outreach.web.console.shell import Asked

router = APIRouter(include_in_schema=False)

STRENGTHS = 5


@router.api_route("/planned", methods=["GET", "HEAD"])
def show_planned(screen: Asked) -> Response:
    """A heat map of two weeks, with its numbers in it."""
    with screen.visitor.begin() as tx:
        brand = brands.get(tx)
        told = reports.planned(tx, brand.zone, now=screen.visitor.means.clock())
    marks = {day: reports.marked(day, screen.language) for day in told.days}
    return screen.page("planned", brand, told=told, marks=marks, strength=strength)


def strength(many: int, most: int) -> int:
    """How strongly an hour is coloured: 0 for nothing, `STRENGTHS` for the fullest."""
    return -(-many * STRENGTHS // most) if most else 0

"""What went out today, what is held and why, and what is coming?  `/`"""

from fastapi import APIRouter, Response

from outreach import ids
from outreach.brands import store as brands
from outreach.errors import NotFound
from outreach.reports import today, watch
from outreach.web import rendering
from outreach.web.auth import Visitor
from outreach.web.language import Asked

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
def show_today(visitor: Visitor, language: Asked, brand: str | None = None) -> Response:
    """The day of the key's brand; `?brand=` may say which one that is, and choose no other."""
    if brand not in {None, visitor.brand.key}:
        raise NotFound("this key is not for that brand")
    with visitor.begin() as tx:
        known = brands.get(tx)
        day = today.today(tx, known, now=visitor.means.clock())
        latest = [_linked(row) for row in today.latest(tx)]
    means = visitor.means
    limits = watch.limits_of(visitor.door.app.settings)
    raised = watch.alarms(means.database, limits, now=means.clock())
    alarms = [one.sentence(language) for one in raised if one.brand == known.ref.key]
    return rendering.page(
        "today", language, alarms=alarms, brand=known.name, here="/?", q="", day=day, latest=latest
    )


def _linked(row: dict[str, object]) -> dict[str, object]:
    return row | {"touch": ids.shown(ids.TOUCH, row["id"])}  # type: ignore[arg-type]  # rows are untyped

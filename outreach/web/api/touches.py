"""Which contacts were planned, and where do they stand?"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query

from outreach import ids
from outreach.reports import today
from outreach.web.auth import Authorized
from outreach.web.shapes import Text

router = APIRouter(tags=["touches"])


@dataclass(frozen=True, slots=True)
class Touches:
    """Touches, the newest first."""

    touches: list[dict[str, Any]]  # a row, as the report words it


@router.get("/touches")
def list_touches(
    caller: Authorized,
    *,
    state: Text | None = None,
    reason: Text | None = None,
    campaign: Text | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Touches:
    """The newest touches, of this state, reason and campaign where given."""
    with caller.begin() as tx:
        rows = today.latest(tx, state=state, reason=reason, campaign=campaign, limit=limit)
    return Touches([shown(row) for row in rows])


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the touch's id as people see it, and the person by the brand's own name."""
    kept = {name: value for name, value in row.items() if name not in {"id", "ref"}}
    return {"touch": ids.shown(ids.TOUCH, row["id"]), "person": row["ref"], **kept}

"""Which contacts were planned, and where do they stand?"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query

from outreach import ids
from outreach.dispatch import doubt
from outreach.reports import doubtful, newest
from outreach.reports.doubtful import Doubtful
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
        rows = newest.touches(tx, state=state, reason=reason, campaign=campaign, limit=limit)
    return Touches([shown(row) for row in rows])


@dataclass(frozen=True, slots=True)
class InDoubt:
    """What may have been sent and may not, the oldest first."""

    touches: list[Doubtful]


@dataclass(frozen=True, slots=True)
class Settling:
    """What somebody found, and who: `sent`, `not_sent`, or `again` for a notice."""

    decision: Text
    by: Text


@dataclass(frozen=True, slots=True)
class Settled:
    """The touch and what was decided about it."""

    touch: str
    decision: str
    by: str


@router.get("/touches/doubt")
def list_doubt(caller: Authorized, *, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> InDoubt:
    """What is in doubt, for somebody to look up at the provider."""
    with caller.begin() as tx:
        return InDoubt(doubtful.doubtful(tx, limit=limit))


@router.post("/touches/{touch}/settle")
def settle_touch(caller: Authorized, touch: str, settling: Settling) -> Settled:
    """Settle a touch in doubt on a person's word; 409 where nothing is in doubt."""
    key = ids.read(ids.TOUCH, touch)
    doubt.decide(caller.means, caller.brand, key, settling.decision, by=settling.by)
    return Settled(touch, settling.decision, settling.by)


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the touch's id as people see it, and the person by the brand's own name."""
    kept = {name: value for name, value in row.items() if name not in {"id", "ref"}}
    return {"touch": ids.shown(ids.TOUCH, row["id"]), "person": row["ref"], **kept}

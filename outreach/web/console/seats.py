"""Who may do what at this brand, by which keys, and what did they do?  `/settings/access`

Users of the brand alone, whatever else the installation holds; of keys all but the key. The record
is the brand's own chain, a page at a time; `outreach audit verify` holds its seals.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from outreach.access import keys, roles, users
from outreach.audit import store as audit
from outreach.brands import store as brands
from outreach.web.console.shell import Asked

router = APIRouter(include_in_schema=False)

_PAGE = 50
_NEWEST = 2**62  # above the number of every record


@router.api_route("/settings/access", methods=["GET", "HEAD"])
def show_access(
    screen: Asked, before: Annotated[int, Query(ge=1, le=_NEWEST)] = _NEWEST
) -> Response:
    """Users, keys, roles and what was recorded; `before` names the record above a page."""
    visitor = screen.visitor
    with visitor.begin() as tx:
        brand, known = brands.get(tx), keys.every(tx)
        recorded = audit.newest(tx, before=before, limit=_PAGE)
    with visitor.means.database.access() as tx:
        seated = users.seated(tx, visitor.brand)
    older = f"/settings/access?before={recorded[-1].number}" if len(recorded) == _PAGE else ""
    return screen.page(
        "access", brand, seated=seated, known=known, roles=_rights(), recorded=recorded, older=older
    )


def _rights() -> dict[str, list[str]]:
    """Each role with its rights, as the table has them."""
    table = roles.table()
    return {
        role: [right for right in table.rights if table.may(role, right)] for role in table.names
    }

"""Where does an agent's calendar program look?  `GET /calendar/{address}.ics`

The address is secret, and ends at once when it is revoked.
"""

from fastapi import APIRouter, Response

from outreach.brands import store as brands
from outreach.callbacks import feeds
from outreach.errors import NotFound
from outreach.web.auth import AnyDoor

router = APIRouter(include_in_schema=False)


@router.get("/calendar/{address}.ics")
def show(behind: AnyDoor, address: str) -> Response:
    """The calls that were promised to be made by this agent or their queues, and the shifts."""
    means = behind.app.means
    key, _, token = address.rpartition(".")
    brand = brands.directory(means.database).get(key)
    if brand is None:
        raise NotFound("there is no such calendar")
    with means.database.begin(brand) as tx:
        body = feeds.read(tx, token, now=means.clock())
    headers = {"cache-control": "private, max-age=300"}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)

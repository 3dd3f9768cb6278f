"""How is the installation doing, for whoever collects numbers?  `/metrics`

Prometheus' text format, across brands and about nobody. Brands may compete, so no API key opens it:
it has a token of its own (`OUTREACH_METRICS_TOKEN`), and without one it is not there.
"""

import secrets
from typing import Annotated

from fastapi import APIRouter, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from outreach.errors import Forbidden, NotFound
from outreach.reports import watch
from outreach.web.auth import AnyDoor

router = APIRouter(include_in_schema=False)

_BEARER = HTTPBearer(auto_error=False)


@router.get("/metrics")
def show_metrics(
    door: AnyDoor, given: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
) -> Response:
    """The numbers of this instant. 404 where no token is set, 403 for another."""
    token = door.app.settings.metrics_token
    if not token:
        raise NotFound("there is no such page")
    if not secrets.compare_digest((given.credentials if given else "").encode(), token.encode()):
        raise Forbidden("this token does not open the numbers")
    means = door.app.means
    with means.database.watch() as tx:
        found = watch.numbers(tx, now=means.clock())
    return Response(watch.metrics(found), media_type="text/plain; version=0.0.4")

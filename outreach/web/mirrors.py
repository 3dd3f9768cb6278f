"""Where do other systems say how calls ended?  `POST /calls/{address}`

The address is secret and names one mirror of one brand; the body is signed as its kind signs.
"""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from outreach.brands import store as brands
from outreach.callbacks.mirrors import showing
from outreach.errors import NotFound
from outreach.signed.message import Message
from outreach.web.auth import AnyDoor

router = APIRouter(include_in_schema=False)


@router.post("/calls/{address}")
def hear(
    request: Request, behind: AnyDoor, address: str, body: Annotated[bytes, Body()] = b""
) -> Response:
    """Take in what another system says of calls; 204 when it has taken effect."""
    means = behind.app.means
    key, _, token = address.rpartition(".")
    brand = brands.directory(means.database).get(key)
    if brand is None:
        raise NotFound("there is no such address")
    url = f"{behind.app.settings.public_url.rstrip('/')}{request.url.path}"
    headers = {name.lower(): value for name, value in request.headers.items()}
    showing.hear(means, brand, token, Message(body, headers, url=url), sealing=behind.app.sealing)
    return Response(status_code=204)

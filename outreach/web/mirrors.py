"""Where do other systems say how calls ended?  `POST /calls/{address}`

The address is secret and names one mirror of one brand; the body is signed as its kind signs.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from outreach.brands import store as brands
from outreach.callbacks.mirrors import showing
from outreach.db.engine import BrandRef
from outreach.errors import NotFound
from outreach.signed.message import Message
from outreach.web import problems
from outreach.web.auth import AnyDoor
from outreach.web.body import LARGEST_PUSHED, Pushed
from outreach.web.problems import Answer

router = APIRouter(include_in_schema=False)


_TOO_LARGE = Answer(413, "too-large", f"a message is at most {LARGEST_PUSHED} bytes")


def _asked(door: AnyDoor, address: str) -> BrandRef:
    """The brand of this address, before a byte of the body is read."""
    brand = brands.directory(door.app.means.database).get(address.rpartition(".")[0])
    if brand is None:
        raise NotFound("there is no such address")
    return brand


Asked = Annotated[BrandRef, Depends(_asked)]


@router.post("/calls/{address}")
def hear(request: Request, door: AnyDoor, brand: Asked, address: str, body: Pushed) -> Response:
    """Take in what another system says of calls; 204 when it has taken effect."""
    if body is None:
        return problems.response(request, _TOO_LARGE)
    url = f"{door.app.settings.public_url.rstrip('/')}{request.url.path}"
    headers = {name.lower(): value for name, value in request.headers.items()}
    message, token = Message(body, headers, url=url), address.rpartition(".")[2]
    showing.hear(door.app.means, brand, token, message, sealing=door.app.sealing)
    return Response(status_code=204)

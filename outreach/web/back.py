"""Where do providers tell how messages fared, and what people wrote back?

    POST /back/{provider}/{token}

The address is secret, and made of the installation's own secret: it needs no row. A push is
verified on the bytes as they came, read, and acted on before it is answered; told again, it changes
nothing. What cannot be told to be the provider's is refused and logged, and nothing of it stays.
"""

import hmac
import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from outreach.app import Outreach, back_tokens
from outreach.channels.vendor import Connected
from outreach.errors import Invalid
from outreach.inbound import vendors
from outreach.signed.message import Message, Refused
from outreach.web import problems
from outreach.web.auth import AnyDoor, Door
from outreach.web.body import LARGEST_PUSHED, Pushed
from outreach.web.problems import Answer

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)

_TOO_LARGE = Answer(413, "too-large", f"a message is at most {LARGEST_PUSHED} bytes")
_EARLY = Answer(503, "early", "the message is not known yet: tell it again")


def _connected(request: Request, door: AnyDoor, provider: str, token: str) -> Connected:
    """The provider of this address, before a byte of the body is read."""
    del request
    known = door.app.providers.get(provider)
    given = token.encode(errors="surrogatepass")
    tokens = back_tokens(door.app.link_keys, provider)
    if known is None or not any(hmac.compare_digest(given, one.encode()) for one in tokens):
        raise HTTPException(404, "there is no such address")
    return known


Asked = Annotated[Connected, Depends(_connected)]


@router.api_route("/back/{provider}/{token}", methods=["POST", "GET"])  # `Asked` takes both
def hear(request: Request, door: AnyDoor, connected: Asked, body: Pushed) -> Response:
    """Take in what a provider pushes, or say why not."""
    if body is None:
        return problems.response(request, _TOO_LARGE)
    message = _message(request, door.app, body)
    vendor = connected.vendor
    said = vendor.verify(connected.account, message, door.app.means.clock())
    if isinstance(said, Refused):
        log.warning("%s: %s: %s", vendor.name, said.code, said.sentence)
        status = 500 if said.code == "no-secret" else 401
        return problems.response(request, Answer(status, said.code, said.sentence))
    if url := vendor.confirms(message):
        connected.account.fetch(url)
    try:
        words = vendor.read(message)
    except Invalid as error:
        return problems.response(request, Answer(400, "unreadable", error.sentence))
    words = [connected.priced(one) for one in words]
    noted = vendors.take_in(door.app.means, words, channel=vendor.channel)
    return _act(request, door, connected, message, noted)


def _act(
    request: Request, door: Door, connected: Connected, message: Message, noted: vendors.Noted
) -> Response:
    for brand in noted.wake:
        door.hints.enrol(brand)
    if noted.early:
        return problems.response(request, _EARLY)
    thanks = connected.vendor.thanks(message)
    return Response(thanks.body, media_type=thanks.media_type, headers=dict(thanks.headers))


def _message(request: Request, app: Outreach, body: bytes) -> Message:
    """The push as it came, at the address by which the provider knows us."""
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{app.settings.public_url.rstrip('/')}{request.url.path}{query}"
    return Message(body, dict(request.headers), dict(request.query_params), url)

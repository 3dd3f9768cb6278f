"""Where do providers tell how messages fared, and what people wrote back?

    POST /back/{provider}/{token}             the installation's account
    POST /back/{provider}/{brand}.{token}     one that a brand has of its own

The address is secret, and made of the installation's own secret: it needs no row. A push is
verified on the bytes as they came, read, and acted on before it is answered; told again, it changes
nothing. What cannot be told to be the provider's is refused and counted, and nothing of it stays.
"""

import hmac
import logging
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from outreach.app import Outreach, back_tokens
from outreach.brands import store as brands
from outreach.channels.vendor import Connected
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.inbound import refusals, tokens, vendors
from outreach.signed.message import Message, Refused
from outreach.web import problems
from outreach.web.auth import AnyDoor, Door
from outreach.web.body import LARGEST_PUSHED, Pushed
from outreach.web.problems import Answer

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)

_TOO_LARGE = Answer(413, "too-large", f"a message is at most {LARGEST_PUSHED} bytes")
_EARLY = Answer(503, "early", "the message is not known yet: tell it again")
_USED = Answer(406, "used", "what was signed was said of another body before")


@dataclass(frozen=True, slots=True)
class Listening:
    """Which account a push is for, and whose it is: a brand's own, or the installation's."""

    connected: Connected
    brand: BrandRef | None


def _listening(request: Request, door: AnyDoor, provider: str, token: str) -> Listening:
    """Whom this address is for, before a byte of the body is read."""
    del request
    key = token.rpartition(".")[0]
    given = token.encode(errors="surrogatepass")
    tokens = back_tokens(door.app.link_keys, provider, key)
    if any(hmac.compare_digest(given, one.encode()) for one in tokens):
        brand = brands.directory(door.app.means.database).get(key) if key else None
        known = door.app.own.providers(brand) if brand else {} if key else door.app.providers
        if provider in known:
            return Listening(known[provider], brand)
    raise HTTPException(404, "there is no such address")


Asked = Annotated[Listening, Depends(_listening)]


@router.api_route("/back/{provider}/{token}", methods=["POST", "GET"])  # `Asked` takes both
def hear(request: Request, door: AnyDoor, listening: Asked, body: Pushed) -> Response:
    """Take in what a provider pushes, or say why not."""
    if body is None:
        return _refuse(request, door, listening, _TOO_LARGE)
    message = _message(request, door.app, body)
    connected, vendor = listening.connected, listening.connected.vendor
    try:
        said = vendor.verify(connected.account, message, door.app.means.clock())
        if isinstance(said, Refused):
            status = 500 if said.code == "no-secret" else 401
            return _refuse(request, door, listening, Answer(status, said.code, said.sentence))
        if url := vendor.confirms(message):
            connected.account.fetch(url)
        words = vendor.read(message)
        if (token := vendor.once(message)) and not _vouches(door, listening, token, body):
            return _refuse(request, door, listening, _USED)
    except Invalid as error:
        return _refuse(request, door, listening, Answer(400, "unreadable", error.sentence))
    words = [connected.priced(one) for one in words]
    noted = vendors.take_in(door.app.means, words, channel=vendor.channel, only=listening.brand)
    return _act(request, door, connected, message, noted)


def _vouches(door: Door, listening: Listening, token: str, body: bytes) -> bool:
    means, of = door.app.means, (listening.connected.vendor.name, listening.brand)
    return tokens.vouches(means.database, token, body, of=of, now=means.clock())


def _refuse(request: Request, door: Door, listening: Listening, answer: Answer) -> Response:
    means, name = door.app.means, listening.connected.vendor.name
    why = f"{answer.code}: {answer.detail}"
    log.warning("%s: %s", name, why)
    refusals.count(means.database, name, why, brand=listening.brand, now=means.clock())
    return problems.response(request, answer)


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

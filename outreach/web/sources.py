"""Where do platforms push their messages?  `POST /in/{address}`

The address is secret and names one source of one brand. A message is verified and read before it is
kept, and kept by one insert before it is answered; campaigns look at it afterwards.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.events.sources import store
from outreach.events.sources.judging import Greeted, Known, SetAside, Taken, Turned, judge
from outreach.signed.message import Message, Reply
from outreach.web import problems
from outreach.web.auth import AnyDoor, Door
from outreach.web.body import LARGEST_PUSHED, Pushed
from outreach.web.problems import Answer

router = APIRouter(include_in_schema=False)

_NUL = "\x00"


@dataclass(slots=True)
class Listening:
    """The sources that were asked for lately: every message would ask for one otherwise.

    A secret that was changed holds after `keep` seconds in every process; an address that is not
    known is looked up each time.
    """

    app: Outreach
    keep: float = 5.0
    monotonic: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, Known]] = field(default_factory=dict)

    def find(self, address: str) -> Known | None:
        """The source of this address."""
        at, known = self._known.get(address, (0.0, None))
        if known is None or self.monotonic() - at > self.keep:
            known = self._look_up(address)
            self._remember(address, known)
        return known

    def _remember(self, address: str, known: Known | None) -> None:
        if known is None:
            self._known.pop(address, None)
        else:
            self._known[address] = (self.monotonic(), known)

    def _look_up(self, address: str) -> Known | None:
        key, _, token = address.rpartition(".")
        brand: BrandRef | None = brands.directory(self.app.means.database).get(key)
        if brand is None:
            return None
        with self.app.means.database.begin(brand) as tx:
            return store.by_token(tx, brand, token, sealing=self.app.sealing)


def _asked(request: Request, address: str) -> Known:
    """The source of this address, before a byte of the body is read."""
    listening: Listening = request.app.state.listening
    if (known := listening.find(address)) is None:
        raise HTTPException(404, "there is no such address")
    return known


Asked = Annotated[Known, Depends(_asked)]


@router.api_route("/in/{address}", methods=["POST", "GET", "OPTIONS"])  # `Asked` takes it
def hear(request: Request, door: AnyDoor, source: Asked, body: Pushed) -> Response:
    """Take a message in, or say why not."""
    now = door.app.means.clock()
    if body is None:
        turned = Turned(413, "too-large", f"a message is at most {LARGEST_PUSHED} bytes")
        return _refuse(request, door, source, turned)
    message = Message(body, dict(request.headers), dict(request.query_params))
    if any(_NUL in text for text in message.query.values()):
        turned = Turned(400, "unreadable", "the query holds a NUL character")
        return _refuse(request, door, source, turned)
    match judge(source, message, now=now):
        case Turned() as turned:
            return _refuse(request, door, source, turned)
        case SetAside(reply=reply):
            with door.app.means.database.begin(source.brand) as tx:
                store.set_aside(tx, source)
            return _answer(reply)
        case Greeted(reply):
            return _answer(reply)
        case Taken() as taken:
            return _keep(door, source, message, taken)


def _keep(door: Door, source: Known, message: Message, taken: Taken) -> Response:
    means = door.app.means
    with means.database.begin(source.brand) as tx:
        new = store.keep(tx, source, taken.id, message, test=taken.test, now=means.clock())
    if new and not taken.test:
        door.hints.enrol(source.brand)
    return _answer(taken.reply)


def _refuse(request: Request, door: Door, source: Known, turned: Turned) -> Response:
    why, means = f"{turned.code}: {turned.sentence}", door.app.means
    with means.database.begin(source.brand) as tx:
        store.refuse(tx, source, why=why, now=means.clock())
    return problems.response(request, Answer(turned.status, turned.code, turned.sentence))


def _answer(reply: Reply) -> Response:
    return Response(reply.body, media_type=reply.media_type, headers=dict(reply.headers))

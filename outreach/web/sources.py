"""Where do platforms push their messages?  `POST /in/{address}`

The address is secret and names one source of one brand. A message is verified and read before it is
kept, and committed before it is answered, in one transaction with those of its brand that wait
beside it; campaigns look at it afterwards. What is large is judged in a thread and kept by itself,
so that those who wait take a bounded room and nobody waits for a reader.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.events.sources import store
from outreach.events.sources.judging import Greeted, Known, SetAside, Taken, Turned, judge
from outreach.events.sources.store import Arrived
from outreach.signed.message import Message, Reply
from outreach.web import problems
from outreach.web.auth import Door, door
from outreach.web.body import LARGEST_PUSHED, pushed
from outreach.web.front import Front
from outreach.web.groups import Groups
from outreach.web.problems import Answer

router = APIRouter(include_in_schema=False)

_PATH = "/in/{address}"
_NUL = "\x00"
_SMALL = 64 * 1024  # bytes of a message that is judged at once and kept beside others

Judged: TypeAlias = Taken | Greeted | SetAside | Turned


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

    def lately(self, address: str) -> Known | None:
        """The source of this address, where it was asked for a moment ago."""
        at, known = self._known.get(address, (0.0, None))
        return None if self.monotonic() - at > self.keep else known

    def find(self, address: str) -> Known | None:
        """The source of this address, as the database has it now."""
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


@dataclass(frozen=True, slots=True)
class Keeping:
    """Keeps the messages of a brand that came beside one another, and wakes a worker once."""

    door: Door

    def carry(self, _brand: str, came: Sequence[Arrived]) -> Sequence[bool]:
        """Of each whether it is new; committed when this comes back."""
        brand, means = came[0].source.brand, self.door.app.means
        with means.database.begin(brand) as tx:
            new = store.keep(tx, brand, came, now=means.clock())
        if any(one.id in new and not one.test for one in came):
            self.door.hints.enrol(brand)
        return [one.id in new for one in came]


def groups(door: Door) -> Groups[Arrived, bool]:
    """One lane a brand."""
    return Groups(Keeping(door).carry)


@router.api_route(_PATH, methods=["POST", "GET", "OPTIONS"])
async def hear(request: Request) -> Response:
    """Take a message in, or say why not."""
    source = await _asked(request)
    if (body := await pushed(request)) is None:
        turned = Turned(413, "too-large", f"a message is at most {LARGEST_PUSHED} bytes")
        return await run_in_threadpool(_refuse, request, source, turned)
    message = Message(body, dict(request.headers), dict(request.query_params))
    now = door(request).app.means.clock()
    match await _became(source, message, now):
        case Turned() as turned:
            return await run_in_threadpool(_refuse, request, source, turned)
        case SetAside(reply=reply):
            await run_in_threadpool(_set_aside, request, source)
            return _answer(reply)
        case Greeted(reply):
            return _answer(reply)
        case Taken() as taken:
            await _keep(request, Arrived(taken.id, source, message, taken.test))
            return _answer(taken.reply)


PUSHED = Front(_PATH, hear, methods=["POST"])
"""What platforms push, in front of all other routes."""


async def _asked(request: Request) -> Known:
    """The source of the address, before a byte of the body is read."""
    listening: Listening = request.app.state.listening
    address = request.path_params["address"]
    known = listening.lately(address) or await run_in_threadpool(listening.find, address)
    if known is None:
        raise HTTPException(404, "there is no such address")
    return known


async def _became(source: Known, message: Message, now: datetime) -> Judged:
    """Judged where we are, which is nearer than a thread; what is large would hold up others."""
    if len(message.body) > _SMALL:
        return await run_in_threadpool(_judged, source, message, now)
    return _judged(source, message, now)


def _judged(source: Known, message: Message, now: datetime) -> Judged:
    if any(_NUL in text for text in message.query.values()):
        return Turned(400, "unreadable", "the query holds a NUL character")
    return judge(source, message, now=now)


async def _keep(request: Request, arrived: Arrived) -> None:
    """Among those of its brand that wait; alone what is large."""
    brand = arrived.source.brand.key
    if len(arrived.message.body) > _SMALL:
        await run_in_threadpool(Keeping(door(request)).carry, brand, [arrived])
        return
    arriving: Groups[Arrived, bool] = request.app.state.arriving
    await arriving.carried(brand, arrived)


def _set_aside(request: Request, source: Known) -> None:
    with door(request).app.means.database.begin(source.brand) as tx:
        store.set_aside(tx, source)


def _refuse(request: Request, source: Known, turned: Turned) -> Response:
    why, means = f"{turned.code}: {turned.sentence}", door(request).app.means
    with means.database.begin(source.brand) as tx:
        store.refuse(tx, source, why=why, now=means.clock())
    return problems.response(request, Answer(turned.status, turned.code, turned.sentence))


def _answer(reply: Reply) -> Response:
    return Response(reply.body, media_type=reply.media_type, headers=dict(reply.headers))

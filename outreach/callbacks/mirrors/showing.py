"""How do the mirrors get to see what has changed, and how does what they say come back?

What is shown is claimed first, sent with no transaction open, and written down after. A worker that
dies in between shows it again: mirrors know a call by our own task id.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from outreach import ids
from outreach.callbacks import desk
from outreach.callbacks.desk import Closing
from outreach.callbacks.mirrors import catalogue, store
from outreach.callbacks.mirrors.protocol import Connected, Heard, Request
from outreach.callbacks.mirrors.store import Answered, Due, Kept
from outreach.channels import posting
from outreach.channels.guard import Guard
from outreach.channels.posting import NoAnswer, NotSent, Response
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Forbidden, Invalid, NotFound
from outreach.sealing import Sealing
from outreach.signed.message import Message, Refused

Send = Callable[[Connected, Request], Response]
"""Sends one request to another system. Raises `NotSent` or `NoAnswer`."""

_BATCH, _WITHIN = 20, 10.0  # calls at a time, seconds for each
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=6)


def through(guard: Guard) -> Send:
    """Requests go through the guard: somebody of the brand named the host."""

    def send(connected: Connected, request: Request) -> Response:
        to = posting.endpoint(connected.url + request.path, guard=guard)
        line = posting.Line(to)
        try:
            until = time.monotonic() + _WITHIN
            return line.ask(request.method, to.target, request.body, request.headers, until=until)
        finally:
            line.close()

    return send


def show(means: Means, brand: BrandRef, *, sealing: Sealing, send: Send) -> int:
    """Show a batch of what has changed; answers how many calls that were."""
    now = means.clock()
    with means.database.begin(brand) as tx:
        kept = {mirror.key: mirror for mirror in store.every(tx, brand, sealing=sealing)}
        due = store.claim(tx, brand, now=now, limit=_BATCH) if kept else []
    if not due:
        return 0
    answers = [_shown(kept[one.mirror], one, send, now) for one in due]
    with means.database.begin(brand) as tx:
        store.answered(tx, answers)
    return len(due)


def _shown(kept: Kept, due: Due, send: Send, now: datetime) -> Answered:
    mirror = catalogue.MIRRORS[kept.kind]
    request = mirror.made(due.call, due.theirs, kept.connected, now)
    try:
        response = send(kept.connected, request)
    except (NotSent, NoAnswer) as error:
        return _later(due, str(error), now)
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        return Answered(due, due.version, theirs=mirror.theirs(response.body))
    return _later(due, f"{kept.key} answered {response.status}", now)


def _later(due: Due, failure: str, now: datetime) -> Answered:
    """Again after a minute, then after twice as long each time, at most six hours."""
    wait = min(_FIRST * 2 ** min(due.tries, 10), _LONGEST)
    return Answered(due, None, look_at=now + wait, failure=failure[:200])


def hear(means: Means, brand: BrandRef, token: str, message: Message, *, sealing: Sealing) -> int:
    """Take in what a mirror says of calls that ended; answers how many that were.

    Raises `NotFound` for an address that is none, `Forbidden` for a wrong signature, `Invalid`
    where nothing can be read, and whatever `desk.report` does.
    """
    with means.database.begin(brand) as tx:
        kept = store.by_token(tx, brand, token, sealing=sealing)
    if kept is None:
        raise NotFound("there is no such address")
    mirror = catalogue.MIRRORS[kept.kind]
    verified = mirror.verify(message, kept.connected, means.clock())
    if isinstance(verified, Refused):
        raise Forbidden(verified.sentence)
    told = mirror.read(message.body, kept.connected)
    for heard, task in _of_tasks(means, brand, kept, told):
        closing = Closing(heard.disposition, note=heard.note, promised=_wall(heard.promised))
        desk.report(means, brand, task, agent=heard.agent, closing=closing)
    return len(told)


def _of_tasks(
    means: Means, brand: BrandRef, kept: Kept, told: Sequence[Heard]
) -> list[tuple[Heard, UUID]]:
    """What was said, with the task of each; what is no call of ours is left out."""
    with means.database.begin(brand) as tx:
        theirs: Mapping[str, UUID | None] = {
            one.theirs: store.task_of(tx, kept.key, one.theirs) for one in told if one.theirs
        }
    known = ((one, _task(one, theirs)) for one in told)
    return [(one, task) for one, task in known if task is not None]


def _task(heard: Heard, theirs: Mapping[str, UUID | None]) -> UUID | None:
    return ids.read(ids.TASK, heard.task) if heard.task else theirs.get(heard.theirs or "")


def _wall(written: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(written) if written else None
    except ValueError as error:
        raise Invalid(f"{written!r} is no time such as 2026-11-12T10:30") from error

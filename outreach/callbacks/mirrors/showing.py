"""How do the mirrors get to see what has changed, and how does what they say come back?

What is shown is claimed first, sent with no transaction open, and written down after. A worker that
dies in between shows it again: a mirror knows a call by our own task id, but for HubSpot, which has
a second one then.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from outreach import ids
from outreach.callbacks import endings, promises
from outreach.callbacks.endings import Closing
from outreach.callbacks.mirrors import catalogue, store
from outreach.callbacks.mirrors.protocol import Connected, Heard, Request
from outreach.callbacks.mirrors.store import Answered, Due, Kept
from outreach.channels import posting
from outreach.channels.guard import Guard
from outreach.channels.posting import NoAnswer, NotSent, Response
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import CallerError, Forbidden, Invalid, Misconfigured, NotFound
from outreach.sealing import Sealing
from outreach.signed.message import Message, Refused

Send = Callable[[Connected, Request], Response]
"""Sends one request to another system. Raises `NotSent` or `NoAnswer`."""

_BATCH, _WITHIN = 20, 10.0  # calls at a time, seconds for each
_BUDGET = 20.0  # seconds for a batch, which with the last call stays well below the claim
_LONGEST_NAME, _LONGEST_NOTE = 200, 2000
_NOT_KEPT = re.compile("[\0\ud800-\udfff]")  # no text of the database holds these
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Away:
    """Nobody answers there, and why."""

    why: str


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


def show(
    means: Means, brand: BrandRef, *, sealing: Sealing, send: Send, within: float = _BUDGET
) -> int:
    """Show a batch of what has changed; answers how many calls that were.

    A mirror that fails is left alone for the rest of the batch, and what there was no time for
    comes next.
    """
    now = means.clock()
    with means.database.begin(brand) as tx:
        kept = {mirror.key: mirror for mirror in store.every(tx, brand, sealing=sealing)}
        due = store.claim(tx, brand, now=now, limit=_BATCH) if kept else []
    if not due:
        return 0
    answers = list(_in_time(kept, due, send, now, until=time.monotonic() + within))
    with means.database.begin(brand) as tx:
        store.answered(tx, answers)
    return len(due)


def _in_time(
    kept: Mapping[str, Kept], due: Sequence[Due], send: Send, now: datetime, *, until: float
) -> Iterator[Answered]:
    failed: dict[str, str] = {}
    for one in due:
        if one.mirror in failed:
            yield _later(one, failed[one.mirror], now)
        elif time.monotonic() >= until:
            yield Answered(one, None, look_at=now)
        else:
            answer = _shown(kept[one.mirror], one, send, now)
            if isinstance(answer, Away):
                failed[one.mirror] = answer.why
            yield answer if isinstance(answer, Answered) else _later(one, answer.why, now)


def _shown(kept: Kept, due: Due, send: Send, now: datetime) -> Answered | Away:
    mirror = catalogue.MIRRORS[kept.kind]
    try:
        request = mirror.made(due.call, due.theirs, kept.connected, now)
        response = send(kept.connected, request)
    except (NotSent, NoAnswer, ValueError) as error:
        return Away(str(error) or type(error).__name__)
    except Misconfigured as error:
        return Away(error.sentence)
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        return Answered(due, due.version, theirs=mirror.theirs(response.body))
    return _later(due, f"{kept.key} answered {response.status}", now)


def _later(due: Due, failure: str, now: datetime) -> Answered:
    """Again after a minute, then after twice as long each time, at most six hours."""
    wait = min(_FIRST * 2 ** min(due.tries, 10), _LONGEST)
    return Answered(due, None, look_at=now + wait, failure=failure[:200])


def hear(means: Means, brand: BrandRef, token: str, message: Message, *, sealing: Sealing) -> int:
    """Take in what a mirror says of calls that ended; answers how many that were.

    Each word stands for itself: one that does not fit keeps out none of the others, and the first
    such is raised once all have been heard. Raises `NotFound` for an address that is none,
    `Forbidden` for a wrong signature, `Invalid` where a word cannot be read, and whatever
    `endings.report` does.
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
    delivery = message.headers.get(mirror.delivery, "") if mirror.delivery else ""
    misfits = [
        error
        for heard, task in _of_tasks(means, brand, kept, told)
        if (error := _misfit(means, brand, heard, task, word=_word(kept.key, delivery, heard)))
    ]
    if misfits:
        raise misfits[0]
    return len(told)


def _misfit(
    means: Means, brand: BrandRef, heard: Heard, task: UUID | None, *, word: str | None
) -> CallerError | None:
    """Take in one word; answers why it does not fit, if it does not."""
    try:
        named = task or ids.read(ids.TASK, heard.task or "")
        _refuse_odd(heard)
        promised = promises.local(heard.promised) if heard.promised else None
        closing = Closing(heard.disposition, note=heard.note, promised=promised, word=word)
        endings.report(means, brand, named, agent=heard.agent, closing=closing)
    except CallerError as error:
        return error
    return None


def _refuse_odd(heard: Heard) -> None:
    """The same bounds as for whoever says it to the API."""
    names = (heard.agent, heard.disposition)
    if not all(one.isprintable() and len(one) <= _LONGEST_NAME for one in names):
        raise Invalid(f"an agent or a disposition is a line of at most {_LONGEST_NAME} letters")
    if len(heard.note) > _LONGEST_NOTE or _NOT_KEPT.search(heard.note):
        raise Invalid(f"a note has at most {_LONGEST_NOTE} letters, none of them NUL or half a one")


def _word(mirror: str, delivery: str, heard: Heard) -> str | None:
    """The same for a word that is delivered again, and for no other; None where nothing tells."""
    if not (delivery or heard.event.strip()):
        return None
    said = json.dumps([mirror, delivery, *astuple(heard)])
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()


def _of_tasks(
    means: Means, brand: BrandRef, kept: Kept, told: Sequence[Heard]
) -> list[tuple[Heard, UUID | None]]:
    """What was said, with the task that they know by their own id; what is no call of ours is left
    out.
    """
    with means.database.begin(brand) as tx:
        theirs: Mapping[str, UUID | None] = {
            one.theirs: store.task_of(tx, kept.key, one.theirs) for one in told if one.theirs
        }
    known = ((one, None if one.task else theirs.get(one.theirs or "")) for one in told)
    return [(one, task) for one, task in known if one.task or task]

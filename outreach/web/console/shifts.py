"""Who comes when, and how does one change that?  `/lead/queues/{key}`

The shifts of a queue's agents over a week, each on the agent's own clock, and the document in which
they stand.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from outreach import timezones
from outreach.brands import store as brands
from outreach.callbacks import queues, shifts
from outreach.callbacks.document import Agent
from outreach.callbacks.shifts import Shift
from outreach.errors import Invalid
from outreach.web import problems
from outreach.web.console.shell import Asked, Screen

router = APIRouter(include_in_schema=False)

_LONGEST = 300_000  # signs; the reader of documents refuses above 256 KiB
_CLOCK = "%H:%M"


@router.api_route("/lead/queues/{key}", methods=["GET", "HEAD"])
def show_queue(screen: Asked, key: str) -> Response:
    """The shifts of a week, and the document. Raises `NotFound`."""
    return _page(screen, key)


def _page(
    screen: Screen, key: str, *, written: str | None = None, error: Invalid | None = None
) -> Response:
    now = screen.visitor.means.clock()
    with screen.visitor.begin() as tx:
        brand, source = brands.get(tx), queues.source(tx, key)
        queue = queues.desk(tx).queue(key)
    told = [(agent, _told(agent, one)) for agent, one in shifts.coming(queue, now)]
    return screen.page(
        "queue",
        brand,
        status=problems.of(error).status if error else 200,
        queue=queue,
        title=screen.called(queue.name),
        coming=told,
        days=shifts.AHEAD.days,
        written=source if written is None else written,
        problems=problems.named_by(error) if error else (),
    )


def _told(agent: Agent, shift: Shift) -> str:
    """From when to when, on the agent's clock; the second day is said where it is another."""
    zone = timezones.load(agent.zone)
    opens, closes = (at.astimezone(zone) for at in (shift.opens_at, shift.closes_at))
    day = "" if closes.date() == opens.date() else f"{closes.date()} "
    return f"{opens.date()} {opens:{_CLOCK}} – {day}{closes:{_CLOCK}} {agent.zone}"


@router.post("/lead/queues/{key}")
def change_queue(
    screen: Asked, key: str, document_text: Annotated[str, Form(max_length=_LONGEST)]
) -> Response:
    """Keep the document in place of the one before; what is wrong with it is said beside it."""
    try:
        _change(screen, key, document_text)
    except Invalid as error:
        return _page(screen, key, written=document_text, error=error)
    return screen.back_to(f"/lead/queues/{key}", done="queue_kept")


def _change(screen: Screen, key: str, written: str) -> None:
    """Raises `NotFound`, and `Invalid` for what is no document of this queue."""
    now = screen.visitor.means.clock()
    with screen.visitor.begin() as tx:
        queues.source(tx, key)
        kept = queues.put(tx, screen.visitor.brand, written, name=key, now=now)
        if kept.key != key:
            raise Invalid(f"this is the page of {key!r}: the document names {kept.key!r}")

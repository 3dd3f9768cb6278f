"""What does an agent do next, and what came of their day?  `/desk`"""

from collections.abc import Mapping

from fastapi import APIRouter, Response

from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.callbacks import day, desk, queues
from outreach.callbacks.day import Day
from outreach.callbacks.model import Sort
from outreach.callbacks.queues import Desk, Handover
from outreach.errors import Forbidden, Invalid, NotFound
from outreach.web.console.posted import Posted
from outreach.web.console.seat import Seat, Seated, Working, all_endings, named_ending

router = APIRouter(include_in_schema=False)

_NOTHING: Mapping[Sort, str] = {"call": "nothing_to_call", "copy": "nothing_to_copy"}


@router.api_route("/desk", methods=["GET", "HEAD"])
def show_desk(seat: Seated) -> Response:
    """What the agent has in hand, what waits, what they did today, what the last shift left."""
    screen, now = seat.screen, seat.screen.visitor.means.clock()
    with screen.visitor.begin() as tx:
        brand, known = brands.get(tx), queues.desk(tx)
        worked = _worked(known, seat.agent)
        told = day.of(tx, known, seat.agent, zone=brand.zone, now=now) if worked else None
        notes = queues.notes(tx, worked, limit=3)
    return _day_page(seat, brand, known, told, notes)


def _worked(known: Desk, agent: str) -> list[str]:
    """The queues of this agent, by key; none where nobody said who they are, or nobody knows."""
    if not agent:
        return []
    try:
        return list(dict.fromkeys(queue.key for queue in known.worked_by(agent)))
    except Forbidden:
        return []


def _day_page(
    seat: Seat,
    brand: Brand,
    known: Desk,
    told: Day | None,
    notes: Mapping[str, list[Handover]],
) -> Response:
    return seat.screen.page(
        "desk",
        brand,
        seat=seat,
        day=told,
        names={key: seat.screen.called(known.queue(key).name) for key in notes},
        notes={key: told for key, told in notes.items() if told},
        ending=lambda task, key: named_ending(known, task, key, seat.screen),
        endings=all_endings(map(known.queue, notes), seat.screen),
    )


@router.post("/desk/next")
def take_next(seat: Working, form: Posted) -> Response:
    """The next call to be made now, or text to be copied; it is judged again for that."""
    visitor, kind = seat.screen.visitor, _kind(form)
    task = desk.take(visitor.means, visitor.brand, agent=seat.agent, kind=kind)
    if task is None:
        return seat.see(seat.home, _NOTHING[kind])
    return seat.see(seat.at(task.id))


def _kind(form: Mapping[str, str]) -> Sort:
    """A call, where nothing else is asked for. Raises `Invalid` for what there is not."""
    asked = form.get("kind", "call")
    found = next((kind for kind in _NOTHING if kind == asked), None)
    if found is None:
        raise Invalid(f"there is no kind {asked[:20]!r}: ask for {' or '.join(_NOTHING)}")
    return found


@router.post("/desk/handover")
def leave_note(seat: Working, form: Posted) -> Response:
    """What this shift leaves to the next."""
    visitor, note = seat.screen.visitor, form.get("note", "").strip()
    if not note:
        raise Invalid("write what the next shift has to know")
    with visitor.begin() as tx:
        if form.get("queue") not in _worked(queues.desk(tx), seat.agent):
            raise NotFound("that is no queue of yours")
        now = visitor.means.clock()
        queues.hand_over(tx, visitor.brand, form["queue"], agent=seat.agent, note=note, now=now)
    return seat.see(seat.home, "note_left")

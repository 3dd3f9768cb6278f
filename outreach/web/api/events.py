"""How are facts reported?  `POST /api/v1/events`, CloudEvents 1.0 in any of their forms.

The answer comes after the commit: what it counts as accepted is not lost any more.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from outreach.enrolments import intake
from outreach.errors import Invalid
from outreach.events import reading
from outreach.events.model import Event, Refusal
from outreach.events.store import Intake
from outreach.web import alone, problems
from outreach.web.auth import Authorized, Caller
from outreach.web.body import Body
from outreach.web.problems import Answer, Unreadable

router = APIRouter(tags=["events"])

_EXAMPLE = {
    "specversion": "1.0",
    "id": "7f3a",
    "source": "shop",
    "type": "parcel.delivered",
    "subject": "c-1001",
    "time": "2026-03-10T16:04:00Z",
    "data": {"parcel": "P-1", "order": "O-1", "product": "Lumen One", "quality": "person"},
}
_ONE = {"schema": {"type": "object"}, "example": _EXAMPLE}
_MANY = {"schema": {"type": "array", "items": {"type": "object"}}, "example": [_EXAMPLE]}
_LINES = {"schema": {"type": "string", "description": "One structured event a line."}}
_BODIES = {
    "requestBody": {
        "required": True,
        "description": "Or the data alone, with the attributes in `ce-…` headers.",
        "content": {
            "application/cloudevents+json": _ONE,
            "application/cloudevents-batch+json": _MANY,
            "application/x-ndjson": _LINES,
        },
    }
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a request's events; `position` counts from 0, without empty lines."""

    accepted: int
    already_seen: int
    refused: list[Refusal]


@router.post("/events", status_code=202, response_model=Taken, openapi_extra=_BODIES)
def report_events(caller: Authorized, request: Request, body: Body) -> Taken | Response:
    """Report facts. Each starts what it starts once, however often and by whomever it is told.

    202 when some were taken, and then `refused` says which were not; 422 when none was.
    """
    raws, now = _raws(request, body), caller.means.clock()
    told = [reading.read(r, position=n, brand=caller.brand, now=now) for n, r in enumerate(raws)]
    facts = [one for one in told if isinstance(one, Event)]
    refused = [one for one in told if isinstance(one, Refusal)]
    taken = _taken(
        caller, facts, source=alone.source_of(facts, raws), refused=len(refused), now=now
    )
    if refused and not facts:
        return problems.response(request, _none_taken(refused))
    return Taken(len(taken.new), taken.already_seen, refused)


async def _report_one(request: Request) -> Response:
    told = await alone.stored(request)
    if isinstance(told, Refusal):
        return problems.response(request, _none_taken([told]))
    return JSONResponse({"accepted": int(told), "already_seen": int(not told), "refused": []}, 202)


ONE = alone.First(alone.PATH, _report_one, methods=["POST"])
"""One event with a key, in front of all other routes: among hundreds, to find one has its price."""


def _raws(request: Request, body: bytes) -> list[object]:
    kind = request.headers.get("content-type", "")
    try:
        return list(reading.raw_events(kind, request.headers, body))
    except Invalid as error:
        raise Unreadable(error.sentence) from error


def _taken(
    caller: Caller, facts: Sequence[Event], *, source: str, refused: int, now: datetime
) -> Intake:
    """Committed when this comes back; only then are the campaigns woken."""
    with caller.begin() as tx:
        taken = intake.accept(
            tx, caller.brand, facts, source=source, refused=refused, now=now
        )  # fmt: skip
    if taken.new:
        caller.wake()
    return taken


def _none_taken(refused: Sequence[Refusal]) -> Answer:
    """One event alone is answered with what is wrong with it."""
    first = refused[0]
    code = first.code if len(refused) == 1 else "all-refused"
    sentence = first.sentence if len(refused) == 1 else f"the first of them: {first.sentence}"
    return Answer(422, code, sentence, more={"refused": [asdict(one) for one in refused]})

"""What is wrong, whose work is it, and what was said of it?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from outreach.inbound import cases
from outreach.inbound.cases import Case, Raised
from outreach.people.model import person_id
from outreach.web.auth import Authorized, Caller
from outreach.web.shapes import Note, Text

router = APIRouter(tags=["cases"])


@dataclass(frozen=True, slots=True)
class CaseShown:
    """An open case; `said` counts how often somebody spoke of it."""

    ref: str
    case: str
    topic: str | None
    order: str | None
    state: str
    owner: str | None
    opened_at: datetime | None
    said: int


@dataclass(frozen=True, slots=True)
class Cases:
    """Open cases, oldest first."""

    cases: list[CaseShown]


@dataclass(frozen=True, slots=True)
class Raising:
    """What is wrong with whom, who says so, and about which order."""

    ref: Text
    topic: Text
    by: Text
    note: Note = ""
    order: Text | None = None


@dataclass(frozen=True, slots=True)
class RaisedCase:
    """The case that it is, and whether that was open before."""

    case: str
    joined: bool


@dataclass(frozen=True, slots=True)
class Owning:
    """Whose work a case becomes."""

    ref: Text
    case: Text
    owner: Text


@dataclass(frozen=True, slots=True)
class ClosingCase:
    """Who closes a case, and with which words."""

    ref: Text
    case: Text
    by: Text
    note: Note = ""


@router.get("/cases")
def list_cases(caller: Authorized) -> Cases:
    """The open cases, with their owners."""
    with caller.begin() as tx:
        return Cases([_shown(one) for one in cases.opened(tx)])


@router.post("/cases")
def raise_case(caller: Authorized, raising: Raising) -> RaisedCase:
    """Say what is wrong: a new case, or one that is open already."""
    raised = Raised(raising.topic, raising.by, raising.note, raising.order)
    key, before = cases.raise_case(caller.means, caller.brand, _whom(caller, raising.ref), raised)
    caller.wake()
    return RaisedCase(key, before)


@router.post("/cases/own", status_code=204)
def own_case(caller: Authorized, owning: Owning) -> None:
    """Make a case somebody's work."""
    person = _whom(caller, owning.ref)
    with caller.begin() as tx:
        cases.own(tx, caller.brand, person, owning.case, owner=owning.owner)


@router.post("/cases/close", status_code=204)
def close_case(caller: Authorized, closing: ClosingCase) -> None:
    """Close a case; what it held may go on after the brand's grace time."""
    person = _whom(caller, closing.ref)
    cases.close(caller.means, caller.brand, person, closing.case, by=closing.by, note=closing.note)
    caller.wake()


def _whom(caller: Caller, ref: str) -> UUID:
    return person_id(caller.brand, ref)


def _shown(one: Case) -> CaseShown:
    return CaseShown(
        one.ref, one.key, one.topic, one.order_key, one.state, one.owner, one.opened_at, one.said
    )

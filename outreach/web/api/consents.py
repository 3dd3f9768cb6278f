"""What was said about contact with a person, and which do-not-contact lists hold?"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from optout.list_lines import Layout
from optout.lists import Counts, Incoming
from optout.model import Channel
from outreach.errors import Invalid
from outreach.inbound import lists
from outreach.inbound.lists import Held
from outreach.people.model import person_id
from outreach.reports import consents
from outreach.web.auth import Authorized
from outreach.web.body import Body
from outreach.web.consents import ConsentSaid, as_shown
from outreach.web.shapes import Text

router = APIRouter(tags=["consent"])

_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/plain": {"schema": {"type": "string", "description": "The list."}}},
    }
}


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was left out, by number from 1, and why."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many lines were listed, clear and refused; the first of those that were refused."""

    list: str
    listed: int
    clear: int
    refused: int
    first_refusals: tuple[RefusedLine, ...]


@router.get("/people/{ref:path}/consent/history")
def get_history(caller: Authorized, ref: str) -> list[ConsentSaid]:
    """All that was said about a person's addresses, the oldest first; addresses masked."""
    said = consents.of_person(caller.means, caller.brand, person_id(caller.brand, ref))
    return [as_shown(one) for one in said]


@router.get("/lists")
def get_lists(caller: Authorized) -> list[Held]:
    """Which lists hold for this brand, its own and the agency's, and how old they are."""
    return lists.held(caller.means, caller.brand)


@router.post("/lists/{name}", openapi_extra=_BODY)
def post_list(
    caller: Authorized,
    name: Text,
    body: Body,
    as_of: Annotated[date, Query(description="The day of which the list speaks.")],
    expires_on: date | None = None,
    layout: Layout = Layout.LINES,
    channel: Annotated[list[Channel] | None, Query(description="All where left out.")] = None,
    region: Annotated[str | None, Query(description="Country of numbers without +.")] = None,
) -> TakenIn:
    """Take a do-not-contact list of the brand's own in, whole or not at all."""
    edition = lists.edition(
        name,
        brand=caller.brand.key,
        as_of=as_of,
        expires_on=expires_on,
        channels=channel or (),
    )
    lines = _decoded(body).splitlines(keepends=True)
    counts = lists.take_in(
        caller.means, caller.brand, Incoming(edition, layout, "told by the brand's system", region),
        lines,
    )  # fmt: skip
    return _told(name, counts)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise Invalid(f"the list is not UTF-8 (line {line}); send it as UTF-8") from error


def _told(name: str, counts: Counts) -> TakenIn:
    refused = tuple(RefusedLine(one.number, one.problem) for one in counts.first_refusals)
    return TakenIn(name, counts.listed, counts.clear, counts.refused, refused)

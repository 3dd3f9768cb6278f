"""Why was this sent or not?  `/why?q=` a touch, or the brand's own id of a person

With `&campaign=`, and perhaps `&at=`: what would the gate say of a contact that nobody planned?
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from outreach import ids, timezones
from outreach.bilingual import Language
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.errors import Invalid, NotFound
from outreach.people import store as people
from outreach.people.model import person_id
from outreach.reports import explain
from outreach.reports.model import Explanation, RecordTold
from outreach.reports.supposed import Question, suppose
from outreach.web.auth import Caller
from outreach.web.console import mending
from outreach.web.console.shell import Asked

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to say about what was asked for."""

    told: tuple[Explanation, ...]
    declined: tuple[Mapping[str, object], ...] = ()
    records: tuple[RecordTold, ...] = ()
    more: bool = False


@router.api_route("/why", methods=["GET", "HEAD"])
def show_why(
    screen: Asked,
    q: Annotated[str, Query(max_length=200)] = "",
    campaign: Annotated[str, Query(max_length=200)] = "",
    at: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """One touch or one person, explained; 404 where there is neither."""
    visitor, language, asked = screen.visitor, screen.language, q.strip()
    with visitor.begin() as tx:
        known = brands.get(tx)
        if asked and campaign:
            question = Question(person_id(visitor.brand, asked), campaign, at=_instant(at, known))
            found = _supposed(tx, visitor, known, question, language)
        else:
            found = _explained(tx, visitor, known, asked, language) if asked else None
    return screen.page(
        "why",
        known,
        status=404 if asked and not found else 200,
        q=asked,
        campaign=campaign,
        at=at,
        found=found is not None,
        mends=mending.mend,
        told=found.told if found else (),
        more=explain.MOST if found and found.more else 0,
        declined=found.declined if found else (),
        records=found.records if found and visitor.may("records.read") else (),
    )


def _supposed(
    tx: Connection, visitor: Caller, brand: Brand, question: Question, language: Language
) -> Found | None:
    try:
        return Found((suppose(tx, visitor.means, brand, question, language=language),))
    except NotFound:
        return None


def _instant(written: str, brand: Brand) -> datetime | None:
    """An instant, on the brand's own clock where it names no other."""
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise Invalid(f"{written!r} is no instant, such as 2026-11-11T09:30") from error
    return at if at.tzinfo else at.replace(tzinfo=timezones.load(brand.zone))


def _explained(
    tx: Connection, visitor: Caller, brand: Brand, asked: str, language: Language
) -> Found | None:
    """A touch where the text is the id of one, or else a person."""
    try:
        touch = ids.read(ids.TOUCH, asked)
        return Found((explain.touch(tx, visitor.means, brand, touch, language=language),))
    except (Invalid, NotFound):
        return _person(tx, visitor, brand, asked, language)


def _person(
    tx: Connection, visitor: Caller, brand: Brand, ref: str, language: Language
) -> Found | None:
    wanted = person_id(visitor.brand, ref)
    if wanted not in people.by_id(tx, [wanted]):
        return None
    told = explain.person(tx, visitor.means, brand, wanted, language=language)
    more = explain.MOST in {len(told.touches), len(told.declined)}
    return Found(told.touches, told.declined, told.records, more)

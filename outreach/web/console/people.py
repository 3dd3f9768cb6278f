"""Who is it, what happened to them, what may be said to them, and where do they live?  `/people`

Found by a whole address, an order or a name of ours; shown with every address masked. What changes
a person stands here too: their clock, the end of a case, and that they are forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from optout.model import Channel, Purpose
from outreach import ids
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.callbacks import document, queues
from outreach.enrolments import intake
from outreach.enrolments.evidence import evidence_of
from outreach.errors import Invalid, NotFound
from outreach.hours.model import Place
from outreach.hours.places import place_of
from outreach.inbound import cases, preferences
from outreach.inbound.cases import Case
from outreach.inbound.erasure import erase
from outreach.inbound.preferences import Box
from outreach.people import legal_holds
from outreach.people import store as people
from outreach.people.model import Person
from outreach.reports import consents, finding, records, timeline
from outreach.reports.consents import Said
from outreach.reports.model import RecordTold
from outreach.reports.timeline import Line, Mark
from outreach.web.console.posted import Posted
from outreach.web.console.seat import all_endings
from outreach.web.console.shell import Asked, Screen
from outreach.web.masking import masked

router = APIRouter(include_in_schema=False)

_PAGE = 50
_BUILT_IN = (document.built_in("copy"), document.built_in())
_SAID = 100  # entries about consent that a page shows, the newest


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that the page of a person shows."""

    person: Person
    place: Place
    boxes: dict[tuple[Channel, Purpose], Box]
    cases: Sequence[Case]
    records: Sequence[RecordTold]
    lines: Sequence[Line]

    @property
    def address(self) -> str:
        """Where the page of this person is."""
        return path_of(self.person.id)

    @property
    def channels(self) -> list[Channel]:
        """The channels on which there is an address."""
        return [channel for channel in Channel if self.person.address(channel)]


def path_of(person: UUID) -> str:
    """The address of a person's page."""
    return f"/people/{ids.shown(ids.PERSON, person)}"


@router.api_route("/people", methods=["GET", "HEAD"])
def search(screen: Asked, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Those whom the text may mean."""
    with screen.visitor.begin() as tx:
        brand = brands.get(tx)
        found = finding.find(tx, screen.visitor.means, brand, q)
    return screen.page(
        "people",
        brand,
        status=404 if q.strip() and not found else 200,
        q=q,
        found=[(path_of(one.id), one, addresses(one)) for one in found],
    )


def addresses(person: Person) -> list[tuple[str, str]]:
    """The addresses of a person by kind, as their owner would know them."""
    return [(one.kind, masked(one.kind, one.value)) for one in person.addresses]


@router.api_route("/people/{person}", methods=["GET", "HEAD"])
def show_person(
    screen: Asked,
    person: str,
    before: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """One person; `before` names the line after which the page of their time begins."""
    visitor = screen.visitor
    now, key = visitor.means.clock(), ids.read(ids.PERSON, person)
    with visitor.begin() as tx:
        brand = brands.get(tx)
        seen = _seen(tx, screen, brand, key, before=_mark(before), now=now)
        held, waits = legal_holds.on(tx, key, now=now), legal_holds.waits_since(tx, key)
        endings = all_endings((*_BUILT_IN, *queues.desk(tx).queues), screen)
    said = consents.of_person(visitor.means, visitor.brand, key)
    return screen.page(
        "person",
        brand,
        seen=seen,
        addresses=addresses(seen.person),
        purposes=list(Purpose),
        now=now,
        said=[_told(one) for one in said[-_SAID:][::-1]],
        older=_older(seen),
        held=held,
        erasure_waits=waits,
        hld=lambda hold: ids.shown(ids.HOLD, hold),
        endings=endings,
        tch=lambda touch: ids.shown(ids.TOUCH, touch),
    )


def _seen(
    tx: Connection,
    screen: Screen,
    brand: Brand,
    key: UUID,
    *,
    before: Mark | None,
    now: datetime,
) -> Seen:
    person = people.by_id(tx, [key]).get(key)
    if person is None:
        raise NotFound("there is no such person")
    means = screen.visitor.means
    boxes = preferences.boxes(tx, means, brand, person, now=now)
    return Seen(
        person=person,
        place=place_of(evidence_of(person)),
        boxes={box.cell: box for box in boxes},
        cases=cases.opened(tx, person=key),
        records=records.of_person(tx, key, language=screen.language),
        lines=timeline.of_person(tx, key, before=before, now=now, limit=_PAGE),
    )


def _told(one: Said) -> tuple[Said, str]:
    address = one.address
    return one, masked(address.kind, address.value) if address else ""


def _mark(written: str) -> Mark | None:
    """Raises `Invalid` for a place in time that no page of ours named."""
    if not written:
        return None
    at, _, key = written.partition("~")
    try:
        instant = datetime.fromisoformat(at)
    except ValueError as error:
        raise Invalid("this page has no such place; begin with the newest") from error
    if instant.tzinfo is None:
        raise Invalid("this page has no such place; begin with the newest")
    return Mark(instant, key)


def _older(seen: Seen) -> str:
    """Where the next page of the line of time is, if there may be one."""
    if len(seen.lines) < _PAGE:
        return ""
    mark = seen.lines[-1].mark
    return f"{seen.address}?{urlencode({'before': f'{mark.at.isoformat()}~{mark.key}'})}"


@router.post("/people/{person}/zone")
def set_zone(screen: Asked, person: str, form: Posted) -> Response:
    """Somebody found out on which clock they live; what waited for it is looked at again."""
    visitor, key = screen.visitor, ids.read(ids.PERSON, person)
    with visitor.begin() as tx:
        zone = form.get("zone", "").strip()
        intake.placed(tx, key, zone=zone, now=visitor.means.clock())
    visitor.wake()
    return _repaired(screen, form, key, "zone_set")


@router.post("/people/{person}/case")
def close_case(screen: Asked, person: str, form: Posted) -> Response:
    """A case is closed; what it held may go on after the brand's grace time."""
    visitor, key = screen.visitor, ids.read(ids.PERSON, person)
    case, note = form.get("case", ""), form.get("note", "").strip()
    cases.close(visitor.means, visitor.brand, key, case, by=visitor.name, note=note)
    visitor.wake()
    return _repaired(screen, form, key, "case_closed")


@router.post("/people/{person}/erase")
def forget(screen: Asked, person: str, form: Posted) -> Response:
    """Forget a person, once their name was written down as it stands."""
    visitor, key = screen.visitor, ids.read(ids.PERSON, person)
    with visitor.begin() as tx:
        known = people.by_id(tx, [key]).get(key)
    if known is None or form.get("ref", "") != known.ref:
        raise Invalid("write the person's id as the page shows it, to forget them")
    done = erase(visitor.means, visitor.brand, key, evidence=f"told by {visitor.name}")
    if done.pending:
        return screen.back_to(path_of(key), done="forgotten_later", many=len(done.in_air))
    return screen.back_to("/people", done="forgotten", many=len(done.in_air))


def _repaired(screen: Screen, form: Posted, person: UUID, done: str) -> Response:
    """Back to the explanation that asked for it, or to the person's page."""
    if asked := form.get("q", ""):
        return screen.back_to(f"/why?{urlencode({'q': asked})}", done=done)
    return screen.back_to(path_of(person), done=done)

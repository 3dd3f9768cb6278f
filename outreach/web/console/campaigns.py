"""Which campaigns are there, how far is each, and what may be done with it?  `/campaigns`

What is written stands in one document; the few fields beside it change that same document.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Response
from sqlalchemy import Connection

from outreach import documents
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.campaigns import approvals, audience, document, starting, store
from outreach.campaigns.difference import Change, difference
from outreach.campaigns.four_eyes import Missing
from outreach.campaigns.lifecycle import MOVES, State
from outreach.campaigns.store import Version
from outreach.db.engine import BrandRef
from outreach.enrolments import under_way
from outreach.errors import Conflict, Invalid, NotFound, Problem
from outreach.reports import campaigns as reports
from outreach.templates import document as template_document
from outreach.templates import store as templates
from outreach.web import problems
from outreach.web.console import editing, flow
from outreach.web.console.shell import Asked, Screen

router = APIRouter(include_in_schema=False)

_COUNTED = ("waiting", "in_air", "dropped", "released", "passages", "cancelled")
_LONGEST = 300_000  # signs; the reader of documents refuses above 256 KiB


@dataclass(frozen=True, slots=True)
class Told:
    """What the page of one campaign tells."""

    versions: list[Version]
    source: str
    changes: tuple[Change, ...]
    steps: reports.Steps
    approvals: list[approvals.Approval]
    people: int | None
    missing: Missing | None
    covers: str


Digest = Annotated[str, Form(max_length=64, description="SHA-256.")]


@router.get("/campaigns")
def show_all(screen: Asked, after: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Every campaign by its newest version, fifty to a page."""
    with screen.visitor.begin() as tx:
        brand = brands.get(tx)
        found = reports.standing(tx, after=after)
    further = found[-1].key if len(found) == reports.PAGE else ""
    return screen.page(
        "campaigns", brand, campaigns=found, further=further, library=sorted(document.library())
    )


@router.post("/campaigns")
def begin(
    screen: Asked,
    like: Annotated[str, Form(max_length=200)],
    key: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Keep a campaign of the library as a draft under a key of one's own, with what it says.

    Raises `Conflict` where one of that key is there.
    """
    name, ref = key.strip() or like, screen.visitor.brand
    begun = starting.begun(name, like=like)
    with screen.visitor.begin() as tx:
        if reports.exists(tx, name):
            raise Conflict(f"there is a campaign {name!r} already: open it, or choose another name")
        _bring_texts(tx, ref, begun.text)
        store.put(tx, ref, begun.text, name=name, author=screen.visitor.login)
    return screen.back_to(f"/campaigns/{name}", done="begun")


@router.get("/campaigns/{key}")
def show(
    screen: Asked, key: str, count: Annotated[bool, Query(description="Count people.")] = False
) -> Response:
    """One campaign: its course, its versions, how far it is, and what may be done."""
    with screen.visitor.begin() as tx:
        brand = brands.get(tx)
        told = _told(tx, screen, key, count=count)
    return _page(screen, brand, told, told.source)


@router.post("/campaigns/{key}/document")
def write(
    screen: Asked,
    key: str,
    document_text: Annotated[str, Form(max_length=_LONGEST)],
    edited: Digest,
) -> Response:
    """Keep what was written as a new draft, or show each problem beside its line."""
    written = document_text.replace("\r\n", "\n")

    def change(tx: Connection) -> Response:
        _as_seen(tx, screen, key, edited)
        return _kept(tx, screen, key, written)

    return _tried(screen, key, change, written=written)


@router.post("/campaigns/{key}/fields")
def change_fields(
    screen: Asked,
    key: str,
    priority: Annotated[int, Form(ge=0, le=100)],
    holdout: Annotated[float, Form(ge=0, le=100, description="Per cent.")],
    edited: Digest,
) -> Response:
    """Change these fields in the newest document and nothing else of it, comments included."""

    def change(tx: Connection) -> Response:
        newest, written = _as_seen(tx, screen, key, edited)
        for field, value, was in (
            ("priority", priority, newest.campaign.priority),
            ("holdout", holdout / 100, newest.campaign.holdout),
        ):
            if value != was:
                written = documents.changed(written, (field,), value)
        return _kept(tx, screen, key, written)

    return _tried(screen, key, change)


@router.post("/campaigns/{key}/review")
def review(screen: Asked, key: str) -> Response:
    """Put it up for review, which is for those who write campaigns."""
    return carry_out(screen, key, "review")


@router.post("/campaigns/{key}/approve")
def approve(screen: Asked, key: str, seen: Digest) -> Response:
    """Give one's word for the newest version, as the page showed it."""
    visitor = screen.visitor

    def approved(tx: Connection) -> Response:
        approvals.approve(
            tx, visitor.means.book, visitor.brand, key,
            by=visitor.name, seen=seen, now=visitor.means.clock(),
        )  # fmt: skip
        return screen.back_to(f"/campaigns/{key}", done="approved")

    return _tried(screen, key, approved)


@router.post("/campaigns/{key}/{deed}")
def carry_out(screen: Asked, key: str, deed: str) -> Response:
    """Do one of `DEEDS`, and say what it did to how many."""
    if deed not in DEEDS:
        raise NotFound(f"nothing is called {deed!r} here")
    now = screen.visitor.means.clock()
    answer = _tried(
        screen, key, lambda tx: _said(screen, key, deed, DEEDS[deed](tx, screen, key, now))
    )
    screen.visitor.wake()
    return answer


def _said(screen: Screen, key: str, deed: str, done: object) -> Response:
    counted = {name: getattr(done, name) for name in _COUNTED if hasattr(done, name)}
    return screen.back_to(f"/campaigns/{key}", done=deed, **counted)


def _tried(
    screen: Screen, key: str, deed: Callable[[Connection], Response], *, written: str | None = None
) -> Response:
    """Its answer; what is refused is undone whole, and said beside what was written."""
    try:
        with screen.visitor.begin() as tx:
            return deed(tx)
    except (Conflict, Invalid) as error:
        refused = error
    with screen.visitor.begin() as tx:
        brand, told = brands.get(tx), _told(tx, screen, key)
    return _page(screen, brand, told, told.source if written is None else written, error=refused)


def _activate(tx: Connection, screen: Screen, key: str, now: datetime) -> object:
    visitor = screen.visitor
    return under_way.activate(tx, visitor.means.book, visitor.brand, key, now=now, by=visitor.login)


DEEDS: Mapping[str, Callable[[Connection, Screen, str, datetime], object]] = {
    "review": lambda tx, on, key, now: store.submit(tx, on.visitor.means.book, key, now=now),
    "activate": _activate,
    "pause": lambda tx, on, key, _: under_way.pause(tx, on.visitor.means.book, key),
    "resume": lambda tx, on, key, now: under_way.resume(tx, on.visitor.means.book, key, now=now),
    "release": lambda tx, on, key, now: under_way.release(tx, on.visitor.means.book, key, now=now),
    "end": lambda tx, on, key, now: under_way.end(tx, on.visitor.means.book, key, now=now),
}


def right_of(deed: str) -> str:
    """Which right this deed asks for; `routes.yaml` says the same, and a test holds them alike."""
    return "campaigns.write" if deed == "review" else "campaigns.run"


def open_deeds(versions: list[Version]) -> tuple[str, ...]:
    """What may be done with a campaign whose versions these are, oldest first."""
    newest, states = versions[-1], {version.state for version in versions}
    ways = MOVES[State(newest.state)]
    careful = any(v.state == State.LIVE and v.stage != "all" for v in versions)
    open_ = {
        "review": State.IN_REVIEW in ways,
        "activate": newest.state in {State.DRAFT, State.IN_REVIEW},
        "release": careful,
        "pause": State.LIVE in states,
        "resume": State.PAUSED in states,
        "end": states != {State.ENDED},
    }
    return tuple(deed for deed, possible in open_.items() if possible)


def _as_seen(tx: Connection, screen: Screen, key: str, edited: str) -> tuple[Version, str]:
    """The newest version and its text, kept from others. Raises `Conflict` for another one."""
    store.lock(tx, key)
    newest = screen.visitor.means.book.latest(tx, key)
    source = store.source(tx, newest)
    editing.refuse_stale(edited, source)
    return newest, source


def _kept(tx: Connection, screen: Screen, key: str, written: str) -> Response:
    """Raises `Invalid` when it cannot be read, `Conflict` when it is another campaign's."""
    named = document.read(written, name=key).key
    if named != key:
        raise Conflict(f"this document names the campaign {named!r}: write `key: {key}`")
    store.put(tx, screen.visitor.brand, written, name=key, author=screen.visitor.login)
    return screen.back_to(f"/campaigns/{key}", done="saved")


def _told(tx: Connection, screen: Screen, key: str, *, count: bool = False) -> Told:
    versions = screen.visitor.means.book.of(tx, key)
    newest = versions[-1]
    changes = difference(versions[-2].campaign, newest.campaign) if versions[1:] else ()
    people = _people(tx, newest, screen.visitor.means.clock()) if count else None
    return Told(
        versions,
        store.source(tx, newest),
        changes,
        reports.steps(tx, versions),
        approvals.of(tx, key),
        people,
        approvals.missing(tx, newest, by=screen.visitor.login),
        approvals.covers(tx, newest),
    )


def _people(tx: Connection, version: Version, now: datetime) -> int | None:
    """How many the audience means now; none for a campaign that has no audience."""
    try:
        asked = audience.asked_of(version.campaign)
    except Invalid:
        return None
    return audience.count(tx, asked, now=now)


def _page(
    screen: Screen,
    brand: Brand,
    told: Told,
    written: str,
    *,
    error: Conflict | Invalid | None = None,
) -> Response:
    newest = told.versions[-1]
    name = newest.campaign.name
    context: dict[str, Any] = {
        "told": told,
        "newest": newest,
        "name": name.get(screen.language) or next(iter(name.values())),
        "written": written,
        "edited": editing.seen(told.source),
        "flow": flow.drawn(newest.campaign, title=newest.key),
        "deeds": [d for d in open_deeds(told.versions) if screen.visitor.may(right_of(d))],
        "may_approve": _may_approve(screen, newest),
        "at_step": reports.at_step,
        "asks_people": not hasattr(newest.campaign.trigger, "event"),
        "problems": _problems(error),
    }
    status = problems.of(error).status if error else 200
    return screen.page("campaign", brand, status=status, **context)


def _may_approve(screen: Screen, newest: Version) -> bool:
    """Whether this user's word for it would count."""
    open_ = newest.state in {State.DRAFT, State.IN_REVIEW}
    own = newest.author == screen.visitor.login
    return open_ and not own and screen.visitor.may("campaigns.approve")


def _problems(error: Conflict | Invalid | None) -> tuple[Problem, ...]:
    if error is None:
        return ()
    return getattr(error, "problems", ()) or (Problem("", error.sentence),)


def _bring_texts(tx: Connection, ref: BrandRef, source: str) -> None:
    """The library's texts, where the brand has none of that name; going live brings the surveys."""
    library = template_document.library()
    wanted = {step.template for step in document.read(source, name="library").contacts}
    for key in sorted(wanted - templates.latest(tx, wanted).keys()):
        templates.put(tx, ref, library[key], name=key)

"""Which campaigns are there, how far is each, and what may be done with it?  `/campaigns`

What is written stands in one document; the few fields beside it change that same document.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from sqlalchemy import Connection

from outreach.brands import store as brands
from outreach.campaigns import approvals, document, starting, store
from outreach.campaigns.store import Version
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, NotFound
from outreach.replay import reviews
from outreach.reports import campaigns as reports
from outreach.templates import document as template_document
from outreach.templates import store as templates
from outreach.web.console import deeds, editing, fields
from outreach.web.console.campaign_page import page, told_of, tried
from outreach.web.console.posted import Posted
from outreach.web.console.shell import Asked, Screen

router = APIRouter(include_in_schema=False)

_COUNTED = ("waiting", "in_air", "dropped", "released", "passages", "cancelled")
_LONGEST = 300_000  # signs; the reader of documents refuses above 256 KiB


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
        told = told_of(tx, screen, key, count=count)
    return page(screen, brand, told, told.source)


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

    return tried(screen, key, change, written=written)


@router.post("/campaigns/{key}/fields")
def change_fields(screen: Asked, key: str, posted: Posted) -> Response:
    """Change these fields in the newest document and nothing else of it, comments included."""

    def change(tx: Connection) -> Response:
        newest, written = _as_seen(tx, screen, key, posted.get("edited", ""))
        return _kept(tx, screen, key, fields.changed(newest.campaign, written, posted))

    return tried(screen, key, change)


@router.post("/campaigns/{key}/review")
def review(screen: Asked, key: str) -> Response:
    """Put it up for review, which is for those who write campaigns."""
    return carry_out(screen, key, "review")


@router.post("/campaigns/{key}/approve")
def approve(screen: Asked, key: str, seen: Digest) -> Response:
    """Give one's word for the newest version, as the page showed it; its review is kept with it."""
    visitor = screen.visitor

    def approved(tx: Connection) -> Response:
        newest = visitor.means.book.latest(tx, key)
        approvals.approve(
            tx, visitor.means.book, visitor.brand, key, by=visitor.name, seen=seen,
            page=reviews.covering(tx, newest.id, seen, screen.language), now=visitor.means.clock(),
        )  # fmt: skip
        return screen.back_to(f"/campaigns/{key}", done="approved")

    return tried(screen, key, approved)


@router.post("/campaigns/{key}/{deed}")
def carry_out(screen: Asked, key: str, deed: str) -> Response:
    """Do one of `DEEDS`, and say what it did to how many."""
    if deed not in deeds.DEEDS:
        raise NotFound(f"nothing is called {deed!r} here")
    now = screen.visitor.means.clock()
    answer = tried(
        screen, key, lambda tx: _said(screen, key, deed, deeds.DEEDS[deed](tx, screen, key, now))
    )
    screen.visitor.wake()
    return answer


def _said(screen: Screen, key: str, deed: str, done: object) -> Response:
    counted = {name: getattr(done, name) for name in _COUNTED if hasattr(done, name)}
    return screen.back_to(f"/campaigns/{key}", done=deed, **counted)


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


def _bring_texts(tx: Connection, ref: BrandRef, source: str) -> None:
    """The library's texts, where the brand has none of that name; going live brings the surveys."""
    library = template_document.library()
    wanted = {step.template for step in document.read(source, name="library").contacts}
    for key in sorted(wanted - templates.latest(tx, wanted).keys()):
        templates.put(tx, ref, library[key], name=key)

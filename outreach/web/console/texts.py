"""How does a text read, in every language and on every channel, and may it go out?  `/templates`

What is previewed is filled in a child process first, which cannot grow; what is kept is a version
of its own, and a campaign that is live holds on to its older one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from optout.model import Channel
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.dispatch import wording
from outreach.errors import Conflict, Invalid, NotFound, Problem
from outreach.templates import document, lint, owing, preview, segments, starting
from outreach.templates import store as templates
from outreach.templates.brief import Brief
from outreach.templates.findings import Finding
from outreach.templates.lines import Own
from outreach.templates.preview import Preview
from outreach.templates.segments import Segments
from outreach.web.console import editing
from outreach.web.console.shell import Asked, Screen, framed

router = APIRouter(include_in_schema=False)

PAGE = 50
_LONGEST = 300_000  # signs; the reader of documents refuses above 256 KiB


@dataclass(frozen=True, slots=True)
class Shown:
    """One wording as it reads; an SMS with the parts in which it leaves."""

    preview: Preview
    cut: Segments | None


@router.get("/templates")
def show_all(screen: Asked, after: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Every text by its newest version, fifty to a page."""
    with screen.visitor.begin() as tx:
        brand, found = brands.get(tx), templates.listed(tx, after=after, limit=PAGE)
    further = found[-1].key if len(found) == PAGE else ""
    library = sorted(document.library())
    return screen.page("templates", brand, templates=found, further=further, library=library)


@router.post("/templates")
def begin(
    screen: Asked,
    like: Annotated[str, Form(max_length=200)],
    key: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Keep a text of the library under a key of one's own. Raises `Conflict` where one is there."""
    name = key.strip() or like
    begun = starting.begun(name, like=like)
    with screen.visitor.begin() as tx:
        if templates.latest(tx, [name]):
            raise Conflict(f"there is a template {name!r} already: open it, or choose another name")
        templates.put(tx, screen.visitor.brand, begun, name=name)
    return screen.back_to(f"/templates/{name}", done="text_begun")


@router.get("/templates/{key}")
def show(screen: Asked, key: str) -> Response:
    """The newest version, with what lint finds and how each wording reads."""
    with screen.visitor.begin() as tx:
        brand, written = brands.get(tx), _newest(tx, key)
    return _page(screen, brand, key, written, edited=editing.seen(written))


@router.post("/templates/{key}")
def write(
    screen: Asked,
    key: str,
    document_text: Annotated[str, Form(max_length=_LONGEST)],
    edited: Annotated[str, Form(max_length=64, description="SHA-256.")],
    deed: Annotated[str, Form(max_length=20)] = "preview",
) -> Response:
    """Show how what was written reads or, with `save`, keep it as a new version."""
    written = document_text.replace("\r\n", "\n")
    with screen.visitor.begin() as tx:
        brand, _ = brands.get(tx), _newest(tx, key)
    page = _page(screen, brand, key, written, edited=edited)
    if deed != "save" or page.status_code != HTTPStatus.OK:
        return page
    if (named := document.read(written, name=key).key) != key:
        raise Conflict(f"this document names the template {named!r}: write `key: {key}`")
    try:
        with screen.visitor.begin() as tx:
            newest = _newest(tx, key)
            editing.refuse_stale(edited, newest)
            templates.put(tx, screen.visitor.brand, written, name=key)
    except Conflict as error:
        return _page(screen, brand, key, written, edited=editing.seen(newest), refused=error)
    return screen.back_to(f"/templates/{key}", done="text_saved")


@router.get("/templates/{key}/mail")
def show_mail(
    screen: Asked, key: str, locale: Annotated[str, Query(max_length=20)]
) -> HTMLResponse:
    """The page of the mail as the newest version has it in this locale, for a frame."""
    with screen.visitor.begin() as tx:
        brand, written = brands.get(tx), _newest(tx, key)
    told = preview.of_text(written, name=key, own=own(brand))
    pages = [
        one.content.html
        for one in told
        if one.locale == locale
        and one.channel is Channel.EMAIL
        and one.content
        and one.content.html
    ]
    if not pages:
        raise NotFound(f"{key!r} has no page for a mail in {locale!r}")
    return framed(pages[0])


def own(brand: Brand) -> Own:
    """The lines of this brand by locale and channel."""
    return partial(wording.lines_of, brand)


def _newest(tx: Connection, key: str) -> str:
    """Raises `NotFound`."""
    found = templates.source(tx, key)
    if found is None:
        raise NotFound(f"there is no template {key!r}")
    return found


def _page(
    screen: Screen,
    brand: Brand,
    key: str,
    written: str,
    *,
    edited: str,
    refused: Conflict | None = None,
) -> HTMLResponse:
    problems: tuple[Problem, ...] = (Problem("", refused.sentence),) if refused else ()
    shown: list[Shown] = []
    findings: tuple[Finding, ...] = ()
    try:
        shown = list(_shown(preview.of_text(written, name=key, own=own(brand))))
        findings = lint.of_text(written, name=key, brief=_brief(brand))
    except Invalid as error:
        problems = error.problems or (Problem("", error.sentence),)
    return screen.page(
        "template",
        brand,
        status=HTTPStatus.CONFLICT if refused else 422 if problems else HTTPStatus.OK,
        key=key,
        edited=edited,
        written=written,
        problems=problems,
        shown=shown,
        findings=findings,
    )


def _shown(told: list[Preview]) -> Iterator[Shown]:
    for one in told:
        sms = one.channel is Channel.SMS and one.content is not None
        text = one.content.text if one.content else ""
        cut = segments.split(text, network=owing.network(one.locale)) if sms else None
        yield Shown(one, cut)


def _brief(brand: Brand) -> Brief:
    profile = brand.profile
    senders = dict.fromkeys((Channel.SMS, Channel.CHAT), profile.sms_sender)
    return Brief(profile.voice, traced=profile.traced, senders=senders, own=own(brand))

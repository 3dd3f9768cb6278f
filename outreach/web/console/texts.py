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
from outreach.dispatch import around
from outreach.errors import Conflict, Invalid, NotFound, Problem
from outreach.proofs import store as proofs
from outreach.proofs.store import Own
from outreach.templates import document, lint, owing, preview, segments, starting
from outreach.templates import store as templates
from outreach.templates.brief import Brief
from outreach.templates.findings import Finding
from outreach.templates.lines import Own as Lines
from outreach.templates.preview import Preview
from outreach.templates.segments import Segments
from outreach.web import problems
from outreach.web.console import editing, readers
from outreach.web.console.readers import Reader
from outreach.web.console.shell import Asked, Screen, framed

router = APIRouter(include_in_schema=False)

AsPerson = Annotated[str, Query(max_length=200, description="The brand's own id of a person.")]

PAGE = 50
_LONGEST = 300_000  # signs; the reader of documents refuses above 256 KiB


@dataclass(frozen=True, slots=True)
class Around:
    """What the page of a text stands on: the brand, what is kept, who reads tests, for whom."""

    brand: Brand
    newest: str
    own: list[Own]
    reader: Reader


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
def show(screen: Asked, key: str, person: AsPerson = "") -> Response:
    """The newest version, with what lint finds and how each wording reads, perhaps for a person."""
    around = _around(screen, key, person)
    return _page(screen, around, key, around.newest, edited=editing.seen(around.newest))


@router.post("/templates/{key}")
def write(
    screen: Asked,
    key: str,
    document_text: Annotated[str, Form(max_length=_LONGEST)],
    edited: Annotated[str, Form(max_length=64, description="SHA-256.")],
    deed: Annotated[str, Form(max_length=20)] = "preview",
    person: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Show how what was written reads or, with `save`, keep it as a new version."""
    written = document_text.replace("\r\n", "\n")
    around = _around(screen, key, person)
    page = _page(screen, around, key, written, edited=edited)
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
        return _page(screen, around, key, written, edited=editing.seen(newest), refused=error)
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


def own(brand: Brand) -> Lines:
    """The lines of this brand by locale and channel."""
    return partial(around.lines_of, brand)


def _around(screen: Screen, key: str, person: str) -> Around:
    with screen.visitor.begin() as tx:
        reader = readers.reader(tx, screen, person.strip())
        return Around(brands.get(tx), _newest(tx, key), proofs.every(tx), reader)


def _newest(tx: Connection, key: str) -> str:
    """Raises `NotFound`."""
    found = templates.source(tx, key)
    if found is None:
        raise NotFound(f"there is no template {key!r}")
    return found


def _page(
    screen: Screen,
    around: Around,
    key: str,
    written: str,
    *,
    edited: str,
    refused: Conflict | None = None,
) -> HTMLResponse:
    wrong: tuple[Problem, ...] = problems.named_by(refused) if refused else ()
    shown: list[Shown] = []
    findings: tuple[Finding, ...] = ()
    try:
        shown = list(_shown(_previewed(around, key, written)))
        findings = lint.of_text(written, name=key, brief=_brief(around.brand))
    except Invalid as error:
        wrong = problems.named_by(error)
    return screen.page(
        "template",
        around.brand,
        status=HTTPStatus.CONFLICT if refused else 422 if wrong else HTTPStatus.OK,
        key=key,
        edited=edited,
        written=written,
        problems=wrong,
        shown=shown,
        findings=findings,
        own=around.own,
        reader=around.reader,
        locales=list(dict.fromkeys(one.preview.locale for one in shown)),
    )


def _previewed(around: Around, key: str, written: str) -> list[Preview]:
    """Every wording; the language of the chosen person first."""
    told = preview.of_text(
        written, name=key, own=own(around.brand), data=around.reader.data,
        person=around.reader.person,
    )  # fmt: skip
    spoken = (around.reader.person or {}).get("locale", "").partition("-")[0]
    return sorted(told, key=lambda one: one.locale.partition("-")[0] != spoken)


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

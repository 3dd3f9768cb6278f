"""Who wants to take rows of people out, and does another person let them?  `/exports`

GET  /exports                      what was asked for, and a form to ask
POST /exports                      ask
POST /exports/{export}/approve     another person's word, and
POST /exports/{export}/refuse      that they will not have it
GET  /exports/{export}/rows        the file, for who asked
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response

from outreach import ids
from outreach.brands import store as brands
from outreach.exports import asking, may, store
from outreach.exports.asking import Asker
from outreach.exports.files import READERS, Readers
from outreach.exports.model import KINDS, LONGEST_WHY, TABLES, Wanted
from outreach.web.console import days
from outreach.web.console.shell import Asked, Screen

router = APIRouter(include_in_schema=False)

Short = Annotated[str, Form(max_length=200, pattern=r"^[^\x00]*$")]


@router.api_route("/exports", methods=["GET", "HEAD"])
def show_exports(screen: Asked) -> Response:
    """What was asked for last; to decide about, or to fetch, as far as this visitor may."""
    visitor, now = screen.visitor, screen.visitor.means.clock()
    with visitor.begin() as tx:
        brand, found = brands.get(tx), store.newest(tx)
    by = visitor.answering
    return screen.page(
        "exports",
        brand,
        asked=[(one, ids.shown(ids.EXPORT, one.id), one.state(now=now)) for one in found],
        decides=lambda one: may.not_decide(one, by=by, now=now) is None,
        takes=lambda one: one.kind in TABLES and may.not_take(one, by=by, now=now) is None,
        kinds=[kind for kind in KINDS if kind != "consents"],
        readers=READERS,
        alone=brand.profile.exports_alone,
        longest=LONGEST_WHY,
    )


@router.post("/exports")
def ask(
    screen: Asked,
    kind: Annotated[Literal["people", "contacts", "person", "brand"], Form()],
    why: Annotated[str, Form(max_length=LONGEST_WHY)],
    *,
    country: Short = "",
    tag: Short = "",
    campaign: Short = "",
    since: Annotated[str, Form(max_length=10)] = "",
    until: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Ask for rows; few enough may be fetched at once."""
    visitor, now = screen.visitor, screen.visitor.means.clock()
    asker = Asker(visitor.answering, why, known=visitor.login is not None)
    with visitor.begin() as tx:
        zone = brands.get(tx).zone
        if kind == "contacts":
            wanted = Wanted(
                kind=kind, campaign=campaign.strip() or None, since=days.begins(since, zone),
                until=days.begins(until, zone),
            )  # fmt: skip
        else:
            wanted = Wanted(kind=kind, condition=_condition(country, tag, kind))
        made = asking.ask(tx, visitor.brand, wanted, asker, now=now)
    done = "export_ready" if made.approved else "export_asked"
    return screen.back_to("/exports", done=done, many=made.rows)


def _condition(country: str, tag: str, kind: str) -> dict[str, object] | None:
    """Of people the country and the tag, where they were written."""
    given = {"person.country": country.strip().upper(), "person.tags": tag.strip()}
    if kind != "people" or not any(given.values()):
        return None
    words = {"person.country": "is", "person.tags": "contains"}
    return {
        "all": [
            {"field": name, "operator": words[name], "value": value}
            for name, value in given.items()
            if value
        ]
    }


@router.post("/exports/{export}/approve")
def approve(screen: Asked, export: str) -> Response:
    """Another person lets it leave."""
    return _decided(screen, export, approved=True)


@router.post("/exports/{export}/refuse")
def refuse(screen: Asked, export: str) -> Response:
    """Another person does not."""
    return _decided(screen, export, approved=False)


def _decided(screen: Screen, export: str, *, approved: bool) -> Response:
    visitor, key = screen.visitor, ids.read(ids.EXPORT, export)
    with visitor.begin() as tx:
        now = visitor.means.clock()
        asking.decide(tx, key, approved=approved, by=visitor.answering, now=now)
    return screen.back_to("/exports", done="export_approved" if approved else "export_refused")


@router.api_route("/exports/{export}/rows", methods=["GET", "HEAD"])
def fetch(screen: Asked, export: str, readers: Readers = "spreadsheets") -> Response:
    """The rows with addresses in clear, as a file."""
    visitor, key = screen.visitor, ids.read(ids.EXPORT, export)
    with visitor.begin() as tx:
        now = visitor.means.clock()
        file = asking.fetch(tx, key, by=visitor.answering, readers=readers, now=now)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, media_type=file.media, headers=headers)

"""May somebody open a link from a message and be left alone from then on?

GET, HEAD and whatever a mail filter or browser fetches in advance change nothing. A POST withdraws
at once, without cookie or redirect, whether a person pressed the button or a mail program did so
for them (RFC 8058). Every bad link gets the same answer.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Connection

from optout.links import Use
from optout.model import Action, Channel, How
from outreach.app import Outreach
from outreach.inbound import confirming
from outreach.inbound.consent import Change, change_person
from outreach.web import language, recipients, rendering
from outreach.web.auth import AnyDoor
from outreach.web.body import Body
from outreach.web.recipients import Recipient

router = APIRouter(include_in_schema=False)

_ONE_CLICK = b"One-Click"  # RFC 8058 section 3.1, urlencoded or as form data

Recipients = Annotated[Recipient | None, Depends(recipients.speaks_for(Use.UNSUBSCRIBE))]


@router.api_route("/u/{token}", methods=["GET", "HEAD"])
def show(request: Request, door: AnyDoor, found: Recipients) -> Response:
    """A page with a button."""
    return _page("unsubscribe", request, door.app, found)


@router.post("/u/{token}")  # noqa: FAST003  # `Recipients` takes it
def unsubscribe(request: Request, door: AnyDoor, found: Recipients, body: Body) -> Response:
    """Withdraw, and say so."""
    app = door.app
    if found and not _already_said(app, found):
        how = How.ONE_CLICK if _ONE_CLICK in body else How.LINK
        change = Change(Action.WITHDRAW, how, found.link.touch, channel=found.link.channel)
        ref = found.brand.ref
        done = change_person(app.means, ref, found.person.id, change)
        if confirming.tell_of(app.means, ref, found.person.id, change, done.effective_at):
            door.hints.enrol(ref)
    return _page("unsubscribed", request, app, found)


def _already_said(app: Outreach, found: Recipient) -> bool:
    """Whether this link's own withdrawal is the newest word."""
    with app.means.database.begin(found.brand.ref) as tx:
        return _newest_is_its_own(tx, app, found)


def _newest_is_its_own(tx: Connection, app: Outreach, found: Recipient) -> bool:
    if found.address is None:
        return False
    history = app.means.registry.history(tx, found.brand.ref.key, found.address.identity)
    newest = history[-1] if history else None
    return bool(
        newest
        and newest.action is Action.WITHDRAW
        and newest.evidence == found.link.touch
        and newest.channel is found.link.channel
        and newest.purpose is None
    )


def _page(name: str, request: Request, app: Outreach, found: Recipient | None) -> Response:
    if found is None:
        return bad_link(request)
    link = found.link
    return rendering.page(
        name,
        language.of_locale(found.locale),
        brand=found.brand.name,
        address=found.masked,
        channel=Channel(link.channel),
        preferences=app.means.preferences_link(link.brand, link.touch, link.channel),
    )


def bad_link(request: Request) -> Response:
    """The one answer to every bad link."""
    return rendering.page("bad_link", language.of(request), status=404)

"""What may strangers open? The unsubscribe link of a message, and nothing else.

GET and HEAD change nothing, since mail scanners open every link. POST withdraws: RFC 8058 one-click
by a mail program, or the button of our page. No cookie, no redirect; a second time changes nothing.
Who unsubscribes means it: the channel ends for all purposes of that brand. Every bad link gets the
same answer.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Connection

from optout import links
from optout.errors import BadLink
from optout.links import Link
from optout.model import Action, Channel, How
from outreach import ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.dispatch import claims
from outreach.errors import Invalid, NotFound
from outreach.inbound.consent import Change, change_person
from outreach.people import store as people
from outreach.people.model import Address, Person
from outreach.web import language, rendering
from outreach.web.auth import AnyDoor
from outreach.web.body import Body
from outreach.web.masking import masked

router = APIRouter(include_in_schema=False)

_ONE_CLICK = b"One-Click"  # RFC 8058 section 3.1, urlencoded or as form data


@dataclass(frozen=True, slots=True)
class Recipient:
    """The person whom a link speaks for, as its page shows them."""

    ref: BrandRef
    brand: str
    person: Person
    locale: str
    link: Link
    said: bool  # this link's own withdrawal is the newest word

    @property
    def address(self) -> Address | None:
        return self.person.address(self.link.channel)


def recipient(door: AnyDoor, token: str) -> Recipient | None:
    """Whom the token speaks for; None for every kind of bad link."""
    app = door.app
    try:
        link = links.read(app.link_keys, token, use=links.Use.UNSUBSCRIBE)
        ref = app.brand(link.brand)
        with app.means.database.begin(ref) as tx:
            return _found(tx, app, ref, link)
    except (BadLink, NotFound, Invalid):
        return None


Recipients = Annotated[Recipient | None, Depends(recipient)]


@router.api_route("/u/{token}", methods=["GET", "HEAD"])
def show(request: Request, found: Recipients) -> Response:
    """A page with a button."""
    return _page("unsubscribe", request, found)


@router.post("/u/{token}")  # noqa: FAST003  # `recipient` takes it
def unsubscribe(request: Request, door: AnyDoor, found: Recipients, body: Body) -> Response:
    """Withdraw, and say so."""
    if found and not found.said:
        how = How.ONE_CLICK if _ONE_CLICK in body else How.LINK
        change = Change(Action.WITHDRAW, how, found.link.touch, channel=found.link.channel)
        change_person(door.app.means, found.ref, found.person.id, change)
    return _page("unsubscribed", request, found)


def _found(tx: Connection, app: Outreach, ref: BrandRef, link: Link) -> Recipient:
    """Raises `NotFound` when touch or person are no more."""
    brand = brands.get(tx)
    touch_id = ids.read(ids.TOUCH, link.touch)
    touch = claims.get(tx, [touch_id]).get(touch_id)
    if touch is None:
        raise NotFound
    person = people.by_id(tx, [touch.person_id])[
        touch.person_id
    ]  # a touch's person is never deleted
    said = _said(tx, app, ref, person.address(link.channel), link)
    return Recipient(ref, brand.name, person, person.locale or brand.locale, link, said)


def _said(
    tx: Connection, app: Outreach, ref: BrandRef, address: Address | None, link: Link
) -> bool:
    history = app.means.registry.history(tx, ref.key, address.identity) if address else []
    newest = history[-1] if history else None
    return bool(
        newest
        and newest.action is Action.WITHDRAW
        and newest.evidence == link.touch
        and newest.channel is link.channel
    )


def _page(name: str, request: Request, found: Recipient | None) -> Response:
    if found is None:
        return rendering.page("bad_link", language.of(request), status=404)
    return rendering.page(
        name,
        language.of_locale(found.locale),
        brand=found.brand,
        address=_masked(found.address),
        channel=Channel(found.link.channel),
    )


def _masked(address: Address | None) -> str:
    return masked(address.kind, address.value) if address else "•••"

"""Which of our own addresses get tests, and what is sent there?

POST /templates/{key}/proof       this text, in one language
POST /campaigns/{key}/proof       each text of the campaign that goes by the address's channel
POST /settings/addresses          list an address as one of our own
POST /settings/addresses/remove   list it no more
"""

from collections import Counter
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response

from optout.model import Channel
from outreach.errors import Conflict, Invalid
from outreach.proofs import send, store
from outreach.proofs.send import Wanted
from outreach.proofs.store import Own
from outreach.web.console.shell import Asked, Screen

router = APIRouter(include_in_schema=False)

To = Annotated[str, Form(max_length=300, description="The channel, a colon, the address.")]
Locale = Annotated[str, Form(max_length=20)]


@router.post("/templates/{key}/proof")
def send_text(screen: Asked, key: str, to: To, locale: Locale) -> Response:
    """Send the newest version of this text to one of our own."""
    return _sent(screen, f"/templates/{key}", Wanted([key], locale, _own(to)))


@router.post("/campaigns/{key}/proof")
def send_campaign(screen: Asked, key: str, to: To, locale: Locale) -> Response:
    """Send the texts of the newest version, in the order of its steps."""
    own = _own(to)
    with screen.visitor.begin() as tx:
        campaign = screen.visitor.means.book.latest(tx, key).campaign
    texts = [step.template for step in campaign.contacts if own.channel in step.channels]
    if not texts:
        raise Conflict(f"no step of {key!r} goes by {own.channel}: choose another address")
    return _sent(screen, f"/campaigns/{key}", Wanted(list(dict.fromkeys(texts)), locale, own))


@router.post("/settings/addresses")
def add(
    screen: Asked,
    channel: Annotated[Literal["email", "sms"], Form()],
    address: Annotated[str, Form(max_length=254)],
    label: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """List an address at which one of our own people reads tests."""
    visitor, own = screen.visitor, Own(Channel(channel), address, label)
    with visitor.begin() as tx:
        store.put(tx, visitor.brand, own, by=visitor.name, now=visitor.means.clock())
    return screen.back_to("/settings", done="own_added")


@router.post("/settings/addresses/remove")
def remove(screen: Asked, to: To) -> Response:
    """Send no more tests there."""
    with screen.visitor.begin() as tx:
        store.remove(tx, _own(to), now=screen.visitor.means.clock())
    return screen.back_to("/settings", done="own_removed")


def _own(to: str) -> Own:
    """Raises `Invalid` for what no form of ours names."""
    channel, _, address = to.partition(":")
    if channel not in store.CHANNELS:
        raise Invalid("choose one of the listed addresses")
    return Own(Channel(channel), address)


def _sent(screen: Screen, back: str, wanted: Wanted) -> Response:
    visitor = screen.visitor
    said = send.send(visitor.means, visitor.brand, wanted, by=visitor.name)
    many = Counter(one.outcome for one in said)
    counts = {name: many[name] for name in ("accepted", "refused", "uncertain")}
    return screen.back_to(back, done="proof_sent", **counts)

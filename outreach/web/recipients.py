"""For whom does the token of a link speak?"""

from collections.abc import Callable
from dataclasses import dataclass

from optout import links
from optout.errors import BadLink
from optout.links import Link, Use
from outreach import ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.dispatch import claims
from outreach.errors import Invalid, NotFound
from outreach.people import store as people
from outreach.people.model import Address, Person
from outreach.web.auth import AnyDoor
from outreach.web.masking import masked


@dataclass(frozen=True, slots=True)
class Recipient:
    """The person whom a link speaks for, as its page shows them."""

    brand: Brand
    person: Person
    link: Link

    @property
    def locale(self) -> str:
        return self.person.locale or self.brand.locale

    @property
    def address(self) -> Address | None:
        return self.person.address(self.link.channel)

    @property
    def masked(self) -> str:
        return shown(self.address)


def speaks_for(use: Use) -> Callable[[AnyDoor, str], Recipient | None]:
    """What finds whom a token for this use speaks for; None for every kind of bad link."""

    def recipient(door: AnyDoor, token: str) -> Recipient | None:
        app = door.app
        try:
            return _found(app, links.read(app.link_keys, token, use=use))
        except (BadLink, NotFound, Invalid):
            return None

    return recipient


def shown(address: Address | None) -> str:
    """As its owner would know it."""
    return masked(address.kind, address.value) if address else "•••"


def _found(app: Outreach, link: Link) -> Recipient:
    """Raises `NotFound` when touch or person are no more."""
    with app.means.database.begin(app.brand(link.brand)) as tx:
        touch_id = ids.read(ids.TOUCH, link.touch)
        touch = claims.get(tx, [touch_id]).get(touch_id)
        if touch is None:
            raise NotFound
        # A touch's person is never deleted.
        person = people.by_id(tx, [touch.person_id])[touch.person_id]
        return Recipient(brands.get(tx), person, link)

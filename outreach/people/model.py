"""Who is it, how are they reached, and what do we know of where they live?"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from optout.model import Channel, Identity, Kind
from outreach import ids
from outreach.db.engine import BrandRef

# The kind of address that a channel needs.
REACHED_BY = {
    Channel.VOICE: "phone",
    Channel.SMS: "phone",
    Channel.EMAIL: "email",
    Channel.CHAT: "handle",
}


class Address(NamedTuple):
    """One way to a person: a canonical value, and the keyed hash by which consent knows it."""

    kind: str
    value: str
    hash: bytes
    # Under secrets that were in use before, for `people.store.put`. Not read back.
    former: tuple[bytes, ...] = ()

    @property
    def domain(self) -> str | None:
        """Of a mail address what stands behind its `@`, in small letters."""
        return self.value.rpartition("@")[2].lower() if self.kind == "email" else None

    @property
    def identity(self) -> Identity:
        """The address as consent sees it."""
        return Identity(Kind(self.kind), self.value)


class Person(NamedTuple):
    """Someone a brand may contact. `ref` is the brand's own name for them."""

    id: UUID
    ref: str
    name: str = ""
    locale: str | None = None
    zone: str | None = None
    country: str | None = None
    subdivision: str | None = None
    postcode: str | None = None
    point_zone: str | None = None  # where the coordinates of their address lie; those are not kept
    tags: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    # Days of their own by name, where the brand tells them: `person.birthday`. Not read back.
    dates: tuple[tuple[str, date], ...] | None = None

    def address(self, channel: Channel) -> Address | None:
        """The address that this channel would use."""
        kind = REACHED_BY[channel]
        for address in self.addresses:
            if address.kind == kind:
                return address
        return None


def person_id(brand: BrandRef, ref: str) -> UUID:
    """The id of the person whom this brand calls `ref`; events know it without asking."""
    return ids.derived(ids.PERSON, brand.key, ref)

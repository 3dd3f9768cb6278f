"""Who is contacted in the storm, about what, and what would be lawful to say to whom and when?

What the judge expects is made here from the crowd itself, without asking the product.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo  # noqa: TID251  # the judge's own zones, not the product's

from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.enrolments import enrol, intake
from outreach.events import reading
from outreach.events.model import Event
from outreach.hours import coordinates
from outreach.people import reading as people_reading
from outreach.people import store as people
from outreach.people.model import Person
from outreach.templates import store as templates
from tests import builders as b

Thing = TypeVar("Thing")

BRANDS = {"lumen": "LUMEN", "north": "NORTH"}  # and the senders of their texts
# It says by itself who writes and how to refuse, as some countries want: nothing is added anywhere.
_SAYS = "Lumen: your parcel {} is there. Reply STOP to opt out"
_CHUNK = 1000
_OPENS, _CLOSES = 8, 21  # the widest hours that anything allows, in whole hours of the local day


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person, with one address for each channel, and the parcels they will be told of."""

    brand: str
    ref: str
    zone: str
    country: str
    phone: str
    parcels: tuple[str, ...]
    channel: str

    @property
    def mail(self) -> str:
        return f"{self.ref}@customers.example"

    @property
    def address(self) -> str:
        """Where this person is reached in the storm."""
        return self.phone if self.channel == "sms" else self.mail

    def told(self, parcel: str) -> str:
        """The text of a message, or the subject of a mail, about this parcel."""
        return _SAYS.format(parcel)

    def lawful(self, at: datetime) -> bool:
        """Whether a text may come now; mail may at any hour."""
        hour = at.astimezone(ZoneInfo(self.zone)).hour
        return self.channel == "email" or _OPENS <= hour < _CLOSES


def crowd(
    size: int, *, by_mail: float = 0.0, brands: Sequence[str] = tuple(BRANDS)
) -> list[Somebody]:
    """So many people. One in ten lives where the hours begin in the storm, one in twenty where
    nobody may be texted all along, one in thirty is told of two parcels."""
    return [_somebody(n, brands[n % len(brands)], by_mail=by_mail) for n in range(size)]


def _somebody(n: int, brand: str, *, by_mail: float) -> Somebody:
    ref = f"{brand}-{n:06}"
    parcels = (f"P-{n}-1", f"P-{n}-2") if n % 30 == 7 else (f"P-{n}-1",)
    person = Somebody(brand, ref, "Europe/Lisbon", "PT", f"+351210{n:06}", parcels, "sms")
    if n % 10 == 3:
        person = replace(person, zone="America/Los_Angeles", country="US")
    elif n % 20 == 6:
        person = replace(person, zone="Pacific/Auckland", country="NZ")
    return replace(person, channel="email") if n % 100 < by_mail * 100 else person


def settle_in(app: Outreach, people_: Sequence[Somebody]) -> dict[str, BrandRef]:
    """Make brands, campaigns and persons known."""
    known = {key: _brand(app, key) for key in BRANDS}
    for key, brand in known.items():
        ours = [somebody for somebody in people_ if somebody.brand == key]
        for some in _chunks(ours):
            with app.means.database.begin(brand) as tx:
                people.put(tx, brand, [_read(app, brand, somebody) for somebody in some])
    return known


def _brand(app: Outreach, key: str) -> BrandRef:
    brand = b.a_brand(app, key, sms_sender=BRANDS[key], sender_email=f"care@{key}.example")
    with app.means.database.begin(brand) as tx:
        templates.put(tx, brand, json.dumps(_text()), name="parcel")
        for channel in ("sms", "email"):
            campaigns.put(tx, brand, _campaign(channel), name=f"by-{channel}")
            campaigns.activate(tx, app.means.book, f"by-{channel}", now=app.means.clock())
    return brand


def _text() -> dict[str, object]:
    says = _SAYS.format("{{ event.data.parcel }}")
    texts = {"email": {"subject": says, "text": says}, "sms": {"text": says}}
    return {"key": "parcel", "purpose": "service", "texts": {"en": texts}}


def _campaign(channel: str) -> str:
    """Everybody is told by the channel that their event names."""
    only = {"field": "event.data.by", "operator": "is", "value": channel}
    trigger = {"event": "parcel.delivered", "condition": only}
    step = b.a_step(channels=[channel], template="parcel")
    return b.written(f"by-{channel}", trigger=trigger, steps=[step])


def _chunks(all_: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    return (all_[at : at + _CHUNK] for at in range(0, len(all_), _CHUNK))


def _read(app: Outreach, brand: BrandRef, somebody: Somebody) -> Person:
    fields = {
        "ref": somebody.ref, "name": "Ada Example", "locale": "en", "country": somebody.country,
        "zone": somebody.zone, "email": somebody.mail, "phone": somebody.phone,
    }  # fmt: skip
    return people_reading.read(
        fields, brand=brand, hasher=app.means.hasher, zone_at=coordinates.zone_of
    )


def facts(people_: Sequence[Somebody], *, at: datetime) -> list[tuple[str, dict[str, object]]]:
    """What the shop will report: the brand, and the event as it is told over HTTP."""
    return [
        (somebody.brand, _fact(somebody, parcel, at=at))
        for somebody in people_
        for parcel in somebody.parcels
    ]


def _fact(somebody: Somebody, parcel: str, *, at: datetime) -> dict[str, object]:
    return {
        "specversion": "1.0", "id": parcel, "type": "parcel.delivered", "subject": somebody.ref,
        "source": "shop", "time": at.isoformat(),
        "data": {
            "parcel": parcel, "order": parcel, "product": "Lumen One", "quality": "person",
            "by": somebody.channel,
        },
    }  # fmt: skip


def plan(
    app: Outreach, brands: dict[str, BrandRef], told: Sequence[tuple[str, dict[str, object]]]
) -> None:
    """Take these facts in and plan their touches, here and now."""
    now = app.means.clock()
    for key, brand in brands.items():
        for some in _chunks([fact for name, fact in told if name == key]):
            with app.means.database.begin(brand) as tx:
                read = list(_events(brand, some, now=now))
                intake.accept(tx, brand, read, source="shop", refused=0, now=now)
        while _enrolled(app, brand, now=now):
            pass


def _events(
    brand: BrandRef, told: Sequence[dict[str, object]], *, now: datetime
) -> Iterator[Event]:
    for position, fact in enumerate(told):
        event = reading.read(fact, position=position, brand=brand, now=now)
        if not isinstance(event, Event):
            raise TypeError(event)
        yield event


def _enrolled(app: Outreach, brand: BrandRef, *, now: datetime) -> int:
    with app.means.database.begin(brand) as tx:
        return enrol.enrol(tx, app.means.book, brand, now=now)

"""To whom is sent in a bench?  People in four time zones, of whom one in fifty wants nothing."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from bench import words
from optout import identity
from optout.model import How
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.brands.model import BrandDocument
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.enrolments import enrol, intake
from outreach.events.model import Event, event_id
from outreach.hours import coordinates
from outreach.people import reading
from outreach.people.model import person_id
from outreach.templates import store as templates

_DELIVERED = "parcel.delivered"
REFUSES = 50  # one in so many
SET = 1000  # people or events of one transaction
_PLACES = (
    ("US", "America/New_York"), ("US", "America/Los_Angeles"), ("GB", "Europe/London"),
    ("PT", "Europe/Lisbon"),
)  # fmt: skip
_BRAND = {
    "key": "bench", "name": "Bench", "locale": "en", "zone": "UTC",
    "profile": {
        "sender_name": "Bench Care", "sender_email": "care@bench.example", "sms_sender": "BENCH",
        "signature": "Bench", "support": "help@bench.example",
    },
}  # fmt: skip
LATER = """\
{key: care, name: {en: Care}, purpose: service, trigger: {event: parcel.delivered},
 steps: [{key: one, after: 30 d, channels: [email], template: care}]}
"""
AT_ONCE = LATER.replace("after: 30 d, ", "")


def address(number: int) -> str:
    """The mail address of the person of this number."""
    return f"c-{number}@customers.example"


def refuses(number: int) -> bool:
    """Whether this one has opted out."""
    return number % REFUSES == 0


def brand(app: Outreach, campaign: str, *, now: datetime) -> BrandRef:
    """A brand with this one live campaign."""
    ref = brands.put(app.means.database, BrandDocument.model_validate(_BRAND))
    with app.means.database.begin(ref) as tx:
        templates.put(tx, ref, words.TEMPLATE, name="care")
        campaigns.put(tx, ref, campaign, name="care")
        campaigns.activate(tx, app.means.book, "care", now=now)
    return ref


def people(app: Outreach, ref: BrandRef, numbers: range, *, now: datetime) -> None:
    """These people, and what some of them said."""
    for some in sets(numbers):
        known = [
            reading.read(
                _fields(number), brand=ref, hasher=app.means.hasher, zone_at=coordinates.zone_of
            )
            for number in some
        ]
        with app.means.database.begin(ref) as tx:
            intake.arrive(tx, ref, known, now=now)
            for number in filter(refuses, some):
                app.means.registry.withdraw(
                    tx, brand=ref.key, identity=identity.email(address(number)), how=How.IMPORT,
                    evidence="bench", effective_at=now,
                )  # fmt: skip


def deliveries(
    ref: BrandRef, numbers: Iterable[int], *, at: datetime, of: str = _DELIVERED
) -> list[Event]:
    """A parcel of each of these people's, or what else is told of it."""
    return [
        Event(
            event_id(ref, f"{of}:P-{n}"), of, f"{of}:P-{n}", f"c-{n}", person_id(ref, f"c-{n}"), at,
            "shop", words.data(n),
        )
        for n in numbers
    ]  # fmt: skip


def planned(
    app: Outreach, ref: BrandRef, numbers: range, *, now: datetime, of: str = _DELIVERED
) -> None:
    """A contact with each of these people, planned from what was delivered to them."""
    for some in sets(numbers):
        with app.means.database.begin(ref) as tx:
            told = deliveries(ref, some, at=now, of=of)
            intake.accept(tx, ref, told, source="shop", refused=0, now=now)
        with app.means.database.begin(ref) as tx:
            enrol.enrol(tx, app.means.book, ref, now=now)


def contact(number: int) -> tuple[object, ...]:
    """The same person for a pipeline written by hand (`floors.ceiling`)."""
    zone = _PLACES[number % len(_PLACES)][1]
    return number, f"c-{number}", address(number), f"Ada Example {number}", zone, refuses(number)


def lines(numbers: Iterable[int], *, at: datetime) -> list[bytes]:
    """The same deliveries as lines of JSON, as a shop reports them."""
    return [
        json.dumps({
            "specversion": "1.0", "id": f"parcel.delivered:P-{n}", "type": "parcel.delivered",
            "source": "shop", "subject": f"c-{n}", "time": at.isoformat(), "data": words.data(n),
        }).encode()
        for n in numbers
    ]  # fmt: skip


def sets(numbers: range) -> list[Sequence[int]]:
    return [numbers[at : at + SET] for at in range(0, len(numbers), SET)]


def _fields(number: int) -> dict[str, object]:
    country, zone = _PLACES[number % len(_PLACES)]
    return {
        "ref": f"c-{number}", "name": f"Ada Example {number}", "locale": "en", "country": country,
        "zone": zone, "email": address(number),
    }  # fmt: skip

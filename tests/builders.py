"""What do tests build with? Plain functions with good defaults."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, text

from optout.model import Channel
from outreach import ids, work
from outreach.access import sessions, users
from outreach.access.model import User
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.brands.model import BrandDocument
from outreach.callbacks.way import Assisted
from outreach.campaigns import store as campaigns
from outreach.channels.memory import Memory
from outreach.channels.protocol import Answer, Capabilities, Outgoing
from outreach.db.engine import BrandRef
from outreach.dispatch import due
from outreach.dispatch.send import dispatch
from outreach.enrolments import enrol, intake, planner
from outreach.events import reading
from outreach.events.model import Event
from outreach.events.store import Intake
from outreach.hours import coordinates
from outreach.people import reading as people_reading
from outreach.people.model import Person
from outreach.templates import store as templates

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)  # a Tuesday
PASSWORD = "correct horse battery"
_LIBRARY = Path(__file__).parent.parent / "outreach"
_NUMBERS = count(1)
_MOST_LEFT = 0.1  # of the people, by any campaign of the library
_FATES = text("""
    select channel, state::text, reason from outreach.touches order by planned_for, step, id
""")


def a_brand(app: Outreach, key: str = "lumen", **profile: object) -> BrandRef:
    """A brand that sends in English."""
    fields: dict[str, object] = {
        "sender_name": "Lumen Care",
        "sender_email": "care@lumen.example",
        "sms_sender": "LUMEN",
        "signature": "Lumen",
        "support": "help@lumen.example",
        "review_url": "https://lumen.example/review",
        "survey_url": "https://lumen.example/survey",
        "at_sale": [
            "details_from_sale", "number_given_by_customer", "opt_out_at_collection",
            "own_similar_products",
        ],
    }  # fmt: skip
    document = {"key": key, "name": "Lumen", "locale": "en", "zone": "America/New_York"}
    return brands.put(
        app.means.database, BrandDocument.model_validate(document | {"profile": fields | profile})
    )


def a_person(app: Outreach, brand: BrandRef, ref: str = "", **fields: object) -> Person:
    """Someone in New York who can be reached by mail and telephone."""
    person = somebody(app, brand, ref, **fields)
    with app.means.database.begin(brand) as tx:
        intake.arrive(tx, brand, [person], now=app.means.clock())
    return person


def somebody(app: Outreach, brand: BrandRef, ref: str = "", **fields: object) -> Person:
    """The same, of whom the brand was not told yet."""
    number = next(n for n in _NUMBERS if ref or not _left_alone(brand, f"c-{n}"))
    ref = ref or f"c-{number}"
    known = {
        "name": "Ada Example", "locale": "en", "country": "US", "subdivision": "US-NY",
        "email": f"{ref}@customers.example", "phone": f"+1212555{number % 10000:04}",
    }  # fmt: skip
    return people_reading.read(
        {"ref": ref} | known | fields,
        brand=brand,
        hasher=app.means.hasher,
        zone_at=coordinates.zone_of,
    )


def _left_alone(brand: BrandRef, ref: str) -> bool:
    """Whether a campaign of the library may leave this person alone: a coin that falls by name.

    Which number is next depends on the tests that ran before.
    """
    return any(ids.share(brand.key, key, ref) < _MOST_LEFT for key in _holding_out())


@cache
def _holding_out() -> list[str]:
    """The campaigns of the library that leave somebody alone."""
    files = (_LIBRARY / "campaigns" / "library").glob("*.yaml")
    return [one.stem for one in files if "\nholdout: " in one.read_text(encoding="utf-8")]


def a_campaign(app: Outreach, brand: BrandRef, key: str = "usage-tutorial") -> None:
    """A campaign of the library, live, with its templates."""
    source = (_LIBRARY / "campaigns" / "library" / f"{key}.yaml").read_text(encoding="utf-8")
    with app.means.database.begin(brand) as tx:
        _named_texts(tx, brand, source)
        campaigns.put(tx, brand, source, name=key)
        campaigns.activate(tx, app.means.book, key, now=app.means.clock())


def _named_texts(tx: Connection, brand: BrandRef, source: str) -> None:
    """The templates of the library that this campaign names."""
    for file in sorted((_LIBRARY / "templates" / "library").glob("*.yaml")):
        if file.stem in source:
            templates.put(tx, brand, file.read_text(encoding="utf-8"), name=file.name)


def an_event(
    app: Outreach,
    brand: BrandRef,
    person: Person,
    kind: str = "parcel.delivered",
    at: datetime | None = None,
    **data: object,
) -> Event:
    """A parcel of this person's, signed for at noon."""
    known = {"parcel": "P-1", "order": "O-1", "product": "Lumen One", "quality": "person"}
    raw: Mapping[str, object] = {
        "type": kind,
        "subject": person.ref,
        "source": "shop",
        "time": (at or app.means.clock()).isoformat(),
        "data": known | data,
    }
    event = reading.read(raw, position=0, brand=brand, now=app.means.clock())
    assert isinstance(event, Event), event
    return event


def accepted(app: Outreach, brand: BrandRef, *events: Event) -> Intake:
    """These events, accepted and held against the campaigns."""
    now = app.means.clock()
    with app.means.database.begin(brand) as tx:
        taken = intake.accept(tx, brand, events, source="shop", refused=0, now=now)
    with app.means.database.begin(brand) as tx:
        enrol.enrol(tx, app.means.book, brand, now=now)
    return taken


def planned(app: Outreach, brand: BrandRef, *, chunk: int = 5000) -> None:
    """What comes round by itself, planned to the end."""
    with app.means.database.begin(brand) as tx:
        while planner.plan_next(tx, app.means.book, brand, now=app.means.clock(), chunk=chunk):
            pass


def by_hands(app: Outreach) -> Outreach:
    """The same application, whose agents copy what goes to chats."""
    means = app.means
    hands = Assisted(means.database, means.clock, lambda: brands.directory(means.database))
    return replace(app, means=replace(means, ways={**means.ways, Channel.CHAT: hands}))


def everything_due(app: Outreach) -> None:
    """Bring all that is due at this instant to its end, as workers would."""
    for _ in range(work.TURN):
        with app.means.database.watch() as tx:
            looks = due.wanted(tx, now=app.means.clock()).looks
        for look in looks:
            dispatch(app.means, look)


def reached(app: Outreach, channel: Channel) -> list[Outgoing]:
    """What left on this channel, oldest first."""
    way = app.means.ways[channel]
    assert isinstance(way, Memory)
    return way.reached


def written(key: str = "reminder", **changes: object) -> str:
    """A campaign document: one mail of service, at once, about a parcel (JSON is YAML too)."""
    known: dict[str, object] = {
        "key": key,
        "name": {"en": key},
        "purpose": "service",
        "trigger": {"event": "parcel.delivered"},
        "steps": [a_step()],
    }
    return json.dumps(known | changes)


def a_step(key: str = "one", **changes: object) -> dict[str, object]:
    """A step of a document: a mail that is due at once."""
    return {"key": key, "channels": ["email"], "template": "usage-tutorial-1", **changes}


def a_live_campaign(
    app: Outreach, brand: BrandRef, key: str = "reminder", **changes: object
) -> None:
    """The campaign of this document, live, with the library's templates."""
    source = written(key, **changes)
    with app.means.database.begin(brand) as tx:
        _named_texts(tx, brand, source)
        campaigns.put(tx, brand, source, name=key)
        campaigns.activate(tx, app.means.book, key, now=app.means.clock())


def fates(app: Outreach, brand: BrandRef) -> list[tuple[str, str, str | None]]:
    """Channel, state and reason of every touch of the brand, in the order planned."""
    with app.means.database.begin(brand) as tx:
        return [tuple(row) for row in tx.execute(_FATES)]


def through(
    app: Outreach, channel: Channel, decide: Callable[[Outgoing], Answer], *, handful: int = 32
) -> Outreach:
    """The same application, but for a provider that answers as decided."""
    way = Memory(decide, capabilities=Capabilities(handful, idempotent=False, receipts="none"))
    return replace(app, means=replace(app.means, ways={**app.means.ways, channel: way}))


def a_text(app: Outreach, brand: BrandRef, key: str, text: str) -> None:
    """A template whose texts say just this, on every channel."""
    says = {"text": text}
    words = {"email": {"subject": key, **says}, "sms": says, "chat": says, "voice": says}
    document = {"key": key, "purpose": "service", "texts": {"en": words}}
    with app.means.database.begin(brand) as tx:
        templates.put(tx, brand, json.dumps(document), name=key)


def a_user(
    app: Outreach,
    brand: BrandRef,
    login: str = "",
    *,
    role: str = "admin",
    password: str = PASSWORD,
) -> User:
    """Somebody who works here, in this role at the brand."""
    login, now = login or f"user-{next(_NUMBERS)}", app.means.clock()
    with app.means.database.access() as tx:
        user = users.add(tx, login, name=login.title(), password=PASSWORD, now=now)
        users.seat(tx, user, brand, role=role, now=now)
    return user


def a_session(app: Outreach, user: User) -> str:
    """The reference of a session in which the user is logged in, as the cookie holds it."""
    with app.means.database.access() as tx:
        return sessions.begin(tx, user, address="192.0.2.1", browser="", now=app.means.clock())

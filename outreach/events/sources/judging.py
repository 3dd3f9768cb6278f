"""What becomes of a message: is it taken, greeted, set aside or refused?

Pure, and the same whether a platform sent it, a worker reads it again or somebody tries it out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from outreach import ids, timezones
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.events import reading
from outreach.events.model import Event, Refusal
from outreach.events.sources import catalogue
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.message import Message, Refused, Reply


@dataclass(frozen=True, slots=True)
class Known:
    """A source of a brand's: what it is, its live secrets, and the zone of its local times.

    Whatever a source that is for `test` says never becomes an event.
    """

    id: UUID
    brand: BrandRef
    key: str
    kind: str
    secrets: tuple[str, ...]
    zone: str
    test: bool

    @property
    def source(self) -> Source:
        """The platform's signature and its words."""
        return catalogue.SOURCES[self.kind]


@dataclass(frozen=True, slots=True)
class Became:
    """What one fact of a message becomes: an event, or why it does not."""

    raw: RawEvent
    event: Event | Refusal


@dataclass(frozen=True, slots=True)
class Taken:
    """The message is kept; a test's facts are only looked at."""

    id: UUID
    test: bool
    reply: Reply


@dataclass(frozen=True, slots=True)
class Greeted:
    """The platform asks something first; nothing is kept and nothing counted."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class SetAside:
    """It is the platform's and says nothing that we keep; the platform hears that all is well."""

    why: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Turned:
    """It is refused, with a status of HTTP."""

    status: int
    code: str
    sentence: str


def judge(known: Known, message: Message, *, now: datetime) -> Taken | Greeted | SetAside | Turned:
    """What becomes of this message. Fails closed: without a live secret nothing is taken."""
    source = known.source
    if (hello := source.greeted(message, known.secrets)) is not None:
        return Greeted(hello)
    said = source.verify(message, known.secrets, now)
    if isinstance(said, Refused):
        return Turned(500 if said.code == "no-secret" else 401, said.code, said.sentence)
    try:
        told = became(known, message, now=now)
    except Invalid as error:
        return Turned(400, "unreadable", error.sentence)
    thanks = source.thanks(message, now)
    if not any(isinstance(one.event, Event) for one in told):
        return SetAside(_why(told), thanks)
    return Taken(message_id(known, message), _is_test(known, told), thanks)


def became(known: Known, message: Message, *, now: datetime) -> list[Became]:
    """Each fact of a message and what it becomes. Raises `Invalid` on an unreadable one."""
    zone = timezones.load(known.zone)
    raws = known.source.read(message.body, message.headers, zone)
    return [Became(raw, _event(known, raw, place, now)) for place, raw in enumerate(raws)]


def _event(known: Known, raw: RawEvent, place: int, now: datetime) -> Event | Refusal:
    document = raw.document(known.key, arrived_at=now)
    return reading.read(document, position=place, brand=known.brand, now=now)


def message_id(known: Known, message: Message) -> UUID:
    """The same for every repetition: of what was said, not of how often."""
    meant = [f"{name}:{message.headers.get(name, '')}" for name in known.source.meaning]
    return ids.derived("msg", known.id, *meant, sha256(message.body).hexdigest())


def _is_test(known: Known, told: Sequence[Became]) -> bool:
    return known.test or all(one.raw.test for one in told)


def _why(told: Sequence[Became]) -> str:
    refused = [one.event for one in told if isinstance(one.event, Refusal)]
    return f"{refused[0].code}: {refused[0].sentence}" if refused else "nothing that is kept"

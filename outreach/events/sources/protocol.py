"""What is a source, what does it get, and what does it make of it?

A source is two pure functions: `verify` says whether a message comes from the platform, `read`
which facts it reports. Whoever holds the sources (`judging`) does the rest, alike for all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from outreach.signed.message import Message, Refused, Reply, Verified


@dataclass(frozen=True, slots=True)
class RawEvent:
    """A fact as a platform reports it, before it is held against our rules for events.

    `at` is when it happened; `None` where the message does not say and its arrival counts.
    `person` is what the message tells of the person, in the fields of `people.reading`. Where the
    platform names a parcel by a name of its own, `parcel_name` is that name and `data` holds the
    same; an event that knows both the name and the number tells them in `parcel_names`.
    """

    type: str
    at: datetime | None
    data: Mapping[str, object]
    subject: str | None = None
    person: Mapping[str, object] | None = None
    test: bool = False
    parcel_name: str | None = None
    parcel_names: Mapping[str, str] = field(default_factory=dict)

    def document(self, source: str, *, arrived_at: datetime) -> dict[str, object]:
        """The same as a structured CloudEvent, which `events.reading` reads."""
        at = self.at or arrived_at
        known = {"type": self.type, "source": source, "time": at.isoformat()}
        return known | {"subject": self.subject, "data": dict(self.data)}


Verify = Callable[[Message, tuple[str, ...], datetime], Verified | Refused]
Read = Callable[[bytes, Mapping[str, str], tzinfo], tuple[RawEvent, ...]]


def _thanks(message: Message, now: datetime) -> Reply:  # noqa: ARG001  # most hear the same
    return Reply()


def _no_greeting(message: Message, secrets: tuple[str, ...]) -> Reply | None:  # noqa: ARG001
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of platform.

    `meaning` names the headers that say what the body is about: two messages that agree on them and
    on the body are one. `thanks` is the answer to what was taken or set aside. `greeted` answers
    what a platform asks before it sends anything; nothing of that is stored. `signed` is false
    where the platform has no signature, and its secret address is all that vouches for it.
    `sign_with` tells people what to give as secret.
    """

    kind: str
    verify: Verify
    read: Read
    meaning: tuple[str, ...] = ()
    zone: str = "UTC"
    sign_with: str = "the secret that the platform shows beside the webhook"
    signed: bool = True
    thanks: Callable[[Message, datetime], Reply] = _thanks
    greeted: Callable[[Message, tuple[str, ...]], Reply | None] = _no_greeting

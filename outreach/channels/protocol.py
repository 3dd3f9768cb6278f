"""What does the dispatcher ask of a way out, and what may it hear back?

An answer is about one call, and it is exact: `Accepted` means the provider has it, `Refused` means
that it surely was not sent, and everything else is `Uncertain`. Nothing here is an exception,
because a provider that says no, or nothing, is an ordinary day.

The reasons of a refusal:

- `deadline`: our own deadline had passed, so no call was started
- `unreachable`: no connection, or it broke before the provider had the whole message
- `busy`: the provider asks to come back later
- `login`: the provider does not take our credentials; the message itself is not at fault
- `rejected`: the provider says no to this message
- `malformed`: the message cannot be put into the form that this way needs; no byte left
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

from optout.model import Channel
from outreach.channels.charges import Charge, Counted
from outreach.channels.receipts import Why
from outreach.content import Content


@dataclass(frozen=True, slots=True)
class Sender:
    """Who speaks: the name people see, and the address or number that the message comes from."""

    name: str
    address: str
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text for one address, ready to leave.

    `key` is the idempotency key, the same for every attempt at this touch. `deadline` is in seconds
    of `time.monotonic`: past it no call is started. `valid_until` is the last instant at which the
    provider may still deliver; a way that cannot pass it on ignores it. `brand` is the key of the
    brand that speaks.
    """

    touch_id: str
    key: str
    channel: Channel
    to: str
    sender: Sender
    content: Content
    unsubscribe_url: str | None
    deadline: float
    valid_until: datetime | None = None
    brand: str = ""

    def body_hash(self, content: bytes) -> bytes:
        """Sixteen bytes of all that a provider gets: a repeat under the same key must not differ.

        Services that remember keys refuse a changed body, or ignore the change. `content` is the
        digest of the content.
        """
        sender = self.sender
        said = (
            self.to, sender.name, sender.address, sender.reply_to, content, self.unsubscribe_url,
            self.valid_until and self.valid_until.astimezone(UTC),
        )  # fmt: skip
        return hashlib.sha256(repr(said).encode()).digest()[:16]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken it over, under its own id if it gave one, for so much if it said.

    `entrusted_to` names the provider where a person has yet to send it; nothing has left by then.
    `by`, here and below, is the provider's name where it has one, as of two in turn either may have
    been asked; it is no part of what was answered.
    """

    provider_id: str | None = None
    charge: Charge | None = None
    entrusted_to: str = ""
    by: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """It surely was not sent. `permanent` says whether trying again is pointless.

    `cause` is there where the provider said something about the address: nobody has it, or whoever
    has it refused there before.
    """

    reason: str
    detail: str
    permanent: bool
    retry_after: timedelta | None = None
    cause: Why | None = None
    by: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may or may not have been sent: the message left whole, and no readable answer came."""

    detail: str
    by: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Absent:
    """The provider was asked, and surely does not have it."""

    detail: str


Answer = Accepted | Refused | Uncertain
Found = Accepted | Absent | Uncertain

TOO_LATE = Refused("deadline", "the deadline passed before the call began", permanent=False)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a way out can do.

    `handful` is how many touches to mark and hand over together, `idempotent` whether the provider
    promises that a second call with the same key sends nothing twice, `receipts` whether word of
    the delivery comes by itself (push), must be fetched (pull), or never comes. `looks_up` says
    that it can be asked what it has taken (see `LooksUp`), `memory` for how long it knows a key.
    `provider_id` says that every text gets an id of the provider's, `inbound` that what people
    write back is pushed to us, and `charged` what the provider counts when it makes its bill: a
    message, each part of a long one, or nothing. `free_within` is for how long after a person wrote
    a text may go that is no approved template; None where texts may go at any time.
    """

    handful: int
    idempotent: bool
    receipts: Literal["none", "push", "pull"]
    looks_up: bool = False
    memory: timedelta = timedelta(hours=24)
    provider_id: bool = False
    inbound: bool = False
    charged: Counted = "nothing"
    free_within: timedelta | None = None


class WayOut(Protocol):
    """One way by which texts leave. May be used by several threads at once."""

    @property
    def capabilities(self) -> Capabilities: ...

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """The touch id and the answer of each, as soon as it is known: exactly one for each.

        Nothing leaves before the iterator is drawn from. Never raises for a provider's fault.
        """
        ...

    def close(self) -> None:
        """Let go of connections. What is under way ends as it would have ended."""
        ...


@dataclass(frozen=True, slots=True)
class Own:
    """The ways that a brand has of its own, and since when a channel has left as it does.

    What was called before that, was called at another account, which alone remembers it.
    """

    ways: Mapping[Channel, WayOut] = field(default_factory=dict)
    since: Mapping[Channel, datetime] = field(default_factory=dict)


@runtime_checkable
class LooksUp(Protocol):
    """A way out that can be asked whether the provider has taken something."""

    def look_up(self, touches: Sequence[str], *, brand: str) -> Iterator[tuple[str, Found]]:
        """The touch id and what the provider knows of it: exactly one for each of this brand's.

        `Absent` only where the provider said so; no word, or an unreadable one, is `Uncertain`.
        Never raises for a provider's fault.
        """
        ...

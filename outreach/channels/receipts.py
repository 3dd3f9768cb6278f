"""What may a provider tell: how a message fared, or what a person wrote back?

Pure values. Whose message it was is told by the touch that we gave along, or where a provider
echoes nothing by its own id of the message.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from optout.model import Channel
from outreach.channels.charges import Charge


class Kind(StrEnum):
    """What a receipt says."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    READ = "read"
    BOUNCED_HARD = "bounced_hard"
    BOUNCED_SOFT = "bounced_soft"
    FAILED = "failed"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


class Why(StrEnum):
    """For which of a few causes a message fell short, whatever a provider calls it."""

    NO_SUCH_ADDRESS = "no_such_address"
    UNREACHABLE = "unreachable"  # switched off, no network, mailbox full
    FILTERED = "filtered"  # the carrier or mailbox provider would not have it
    REFUSED_BEFORE = "refused_before"  # the person refused at the provider
    SENDER = "sender"  # our number, domain, signature or template is not registered
    EXPIRED = "expired"
    ACCOUNT = "account"  # no funds, or suspended
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Told:
    """How one message fared.

    `touch` is our own reference as `tch_…`, `provider_id` the provider's; one of them is there.
    `at` is the provider's instant, `None` where it tells none. `said` is its own code and words,
    `charge` what the message costs, as far as it says.
    """

    kind: Kind
    touch: str | None = None
    brand: str | None = None
    provider_id: str | None = None
    at: datetime | None = None
    why: Why | None = None
    said: str = ""
    charge: Charge | None = None

    @property
    def detail(self) -> str | None:
        """The cause and the provider's own words, in one line."""
        parts = (self.why.value if self.why else "", self.said)
        return ": ".join(part for part in parts if part) or None


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote back. `to` is the number, or signature, that they answered.

    `at` is the provider's instant, `None` where it tells none.
    """

    id: str
    sender: str
    to: str
    text: str
    channel: Channel
    at: datetime | None = None


Word = Told | Written


def fell_short(told: Told) -> tuple[Told, ...]:
    """What a failure comes to: an address that is none, or a person who refused before."""
    if told.kind is not Kind.FAILED:
        return (told,)
    if told.why is Why.NO_SUCH_ADDRESS:
        return (replace(told, kind=Kind.BOUNCED_HARD),)
    if told.why is Why.REFUSED_BEFORE:
        return (told, replace(told, kind=Kind.UNSUBSCRIBED))
    return (told,)

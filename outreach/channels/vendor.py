"""What is there to say of a provider that is spoken to over HTTP?

A vendor is a handful of pure functions: the request that sends a text, what the response means,
whether a pushed message comes from the provider, and which receipts and replies it holds. `HttpWay`
and the inbound room do the rest, alike for all of them. To add one, copy `vendors/twilio.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf
from urllib.parse import urlsplit

from optout.model import Channel
from outreach.channels import charges
from outreach.channels.charges import Charge
from outreach.channels.posting import Response
from outreach.channels.protocol import Answer, Capabilities, Outgoing
from outreach.channels.receipts import Told, Word, Written
from outreach.errors import Misconfigured, Trouble
from outreach.signed.message import Message, Refused, Reply, Verified


def _nothing_to_forget() -> None:
    """Nothing was fetched."""


def _fetch_nothing(url: str) -> bytes:
    raise Trouble(f"nothing fetches {url[:200]}")


@dataclass(frozen=True, slots=True)
class Account:
    """An account at a provider, as its URL names it (`opening`).

    `base` is where the provider listens, without a slash at its end, and `reports_to` where we hear
    of its receipts; both are http(s) URLs. `options` hold what stood behind the question mark; more
    than one value of an option are several live secrets. `fetch` gets a document of the provider's,
    such as its certificate, and raises `Trouble` where that cannot be had; `forget` has it fetched
    anew.
    """

    base: str
    user: str = ""
    secret: str = field(default="", repr=False)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    reports_to: str = ""
    fetch: Callable[[str], bytes] = field(default=_fetch_nothing, repr=False)
    forget: Callable[[], None] = field(default=_nothing_to_forget, repr=False)

    @property
    def host(self) -> str:
        """The provider's host as it stands in the Host header."""
        return urlsplit(self.base).netloc

    def option(self, name: str, default: str = "") -> str:
        """The first value of this option."""
        return next(iter(self.options.get(name, ())), default)

    def secrets(self, name: str = "webhook") -> tuple[str, ...]:
        """Every live value of this option."""
        return tuple(self.options.get(name, ()))


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes over the wire; `target` is the path with its query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class AtHand:
    """A person at the provider has the message, and has not sent it."""


@dataclass(frozen=True, slots=True)
class Entrusting:
    """A provider that sends nothing by itself: a person there does, or does not.

    By the provider's id of a message `ask` asks how it fared and `call_off` takes it out of that
    person's hands; both raise `Trouble` where what they need cannot be fetched. `fared` says what
    the first was told, None where that says nothing, and `ended` whether the second was done.
    """

    ask: Callable[[Account, str], Request]
    fared: Callable[[Response], Told | AtHand | None]
    call_off: Callable[[Account, str], Request]
    ended: Callable[[Response], bool]


def _thanks(message: Message) -> Reply:  # noqa: ARG001  # most hear the same
    return Reply()


def _no_confirmation(message: Message) -> str:  # noqa: ARG001  # most ask for none
    return ""


def _signed_whole(message: Message) -> str:  # noqa: ARG001  # most sign the body
    return ""


def by_address_alone(account: Account, message: Message, now: datetime) -> Verified | Refused:
    """For providers that sign nothing: whoever knows the secret address is believed."""
    del account, message, now
    return Verified()


@dataclass(frozen=True, slots=True)
class Vendor:
    """One provider, as it is documented.

    `request` raises `Invalid` for a text that this provider cannot be given, and `Trouble` where
    what it needs cannot be fetched. `verify` fails closed:
    no secret is `Refused`. `read` raises `Invalid` on what it cannot read, and passes over what it
    has no use for. `needs` are options that must be there, `may` those that can, each with a
    sentence; `user_is` and `key_is` say what stands before the @; where `user_is` is empty, the
    secret stands there alone. A `guarded` one is any host that a URL names, and is reached through
    the guard. `channel` is the one it carries; one that would carry others as well names them in
    `serves`, and is given the one for which it is opened. `confirms` is the address to fetch once,
    where a message asks for that first, and `opened` makes a vendor of what an account's own
    document says. What an account fetches is good for `keeps` seconds,
    or for as many as `lasts` reads in it where those are fewer, and no longer than until a response
    that is `stale`. `entrusting` is there where what was accepted waits for a person there. Where a
    signature leaves the body out, `once` reads the word that it covers, good for one body alone.
    """

    name: str
    channel: Channel
    base: str
    capabilities: Capabilities
    request: Callable[[Account, Outgoing, datetime], Request]
    outcome: Callable[[Response], Answer]
    verify: Callable[[Account, Message, datetime], Verified | Refused]
    read: Callable[[Message], Sequence[Word]]
    user_is: str = ""
    key_is: str = "the API key"
    needs: Mapping[str, str] = field(default_factory=dict)
    may: Mapping[str, str] = field(default_factory=dict)
    thanks: Callable[[Message], Reply] = _thanks
    confirms: Callable[[Message], str] = _no_confirmation
    opened: "Callable[[Account], Vendor] | None" = None
    guarded: bool = False
    serves: frozenset[Channel] = frozenset()
    keeps: float = 86_400.0
    lasts: Callable[[bytes], float] = lambda _: inf
    stale: Callable[[Response], bool] = lambda _: False
    once: Callable[[Message], str] = _signed_whole
    entrusting: Entrusting | None = None

    def for_channel(self, channel: Channel) -> "Vendor":
        """The same, as it carries that channel. Raises `Misconfigured` where it does not."""
        if channel is not self.channel and channel not in self.serves:
            raise Misconfigured(f"{self.name}:// carries {self.channel.value}, not {channel.value}")
        return replace(self, channel=channel)


@dataclass(frozen=True, slots=True)
class Connected:
    """A provider, and our account there."""

    vendor: Vendor
    account: Account

    def charge(self, told: Charge | None) -> Charge | None:
        """What a message costs: as the provider told, or by the account's `price`."""
        one = charges.price(self.account.option("price"))  # read before, when it was opened
        return charges.worked_out(told, one, self.vendor.capabilities.charged)

    def priced(self, said: Word) -> Word:
        """The same word; of a receipt that tells the parts of its message with their amount."""
        if isinstance(said, Written) or said.charge is None:
            return said
        return replace(said, charge=self.charge(said.charge))

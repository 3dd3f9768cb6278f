"""What does the dispatcher work with? Handed to it by `app`, made once per process."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from optout.identity import Hasher
from optout.model import Channel
from optout.registry import Registry
from outreach.campaigns.store import Book
from outreach.channels.protocol import Own, WayOut
from outreach.channels.receipts import Told
from outreach.clock import Clock
from outreach.db.engine import BrandRef, Database
from outreach.dispatch.invited import Taken, nobody
from outreach.dispatch.stride import Strides
from outreach.hours.packs import Packs
from outreach.surveys.store import Shelf as Surveys
from outreach.templates.store import Shelf

OwnLink = Callable[[str, str, Channel], str]  # brand key, touch id, channel → address

# A provider may queue a message for a while after it took it: leave before the window closes.
MARGIN = timedelta(minutes=10)


def _nobody_hears(means: "Means", brand: BrandRef, told: Sequence[Told]) -> None:
    """Where nothing is sent, nothing is said of addresses."""


def nobodys(brand: BrandRef) -> Own:  # noqa: ARG001  # the form of every answer
    """Where brands have no accounts of their own."""
    return Own()


@dataclass(frozen=True, slots=True)
class Means:
    """Everything outside of the dispatcher that it needs.

    `clock` tells the time of the world, `steady` the seconds by which deadlines of calls run.
    `ways` are the installation's, and `own` tells those that a brand has of its own, by which `of`
    makes its means; `since` is theirs. `hear` takes in what a provider says of an address while it
    refuses a message.
    """

    database: Database
    clock: Clock
    registry: Registry[Connection]
    hasher: Hasher
    packs: Packs
    book: Book
    shelf: Shelf
    surveys: Surveys
    ways: Mapping[Channel, WayOut]
    unsubscribe_link: OwnLink
    preferences_link: OwnLink
    survey_link: OwnLink
    lease: timedelta
    call: timedelta
    invited: Taken = nobody
    promotion: timedelta = timedelta(minutes=10)  # so much may a promoted database lack
    steady: Callable[[], float] = time.monotonic
    strides: Strides = field(default_factory=Strides)
    hear: "Callable[[Means, BrandRef, Sequence[Told]], object]" = _nobody_hears
    own: Callable[[BrandRef], Own] = nobodys
    since: Mapping[Channel, datetime] = field(default_factory=dict)

    def of(self, brand: BrandRef) -> "Means":
        """The same, with the brand's own ways in the place of the installation's.

        Whoever holds a claim calls for the length of a lease by the ways that were open before.
        """
        own = self.own(brand)
        if not own.since:
            return self
        return replace(
            self, ways={**self.ways, **own.ways}, own=nobodys,
            since={channel: seen + self.lease for channel, seen in own.since.items()},
            strides=self.strides.of(brand.key),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """A wake-up: look at what is due for this brand on this channel.

    `weight`: so many batches it has in a round of brands. `news`: at news of an order and nothing
    else, which is not to wait for what a campaign has in hand.
    """

    brand: BrandRef
    channel: Channel
    news: bool = False
    weight: int = field(default=1, compare=False)

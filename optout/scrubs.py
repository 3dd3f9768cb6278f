"""What do the do-not-contact lists say of an address, and how fresh are they?

A list comes in editions. One that is `whole` speaks of every address: whoever is not on it is
clear. A wash speaks only of the addresses that were asked about.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from optout.model import Channel


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of a list, of one brand's or the agency's (`None`), as of a day.

    `binding` lists block whoever is on them; the others are registers, which count where the law of
    a place names them. No channels means all. After `expires_on` it proves nothing any more, but
    whoever is on a binding list stays blocked.
    """

    id: int
    brand: str | None
    name: str
    kind: Literal["whole", "wash"]
    as_of: date
    expires_on: date | None = None
    channels: tuple[Channel, ...] = ()
    binding: bool = False

    def speaks_of(self, channel: Channel) -> bool:
        """Whether it says anything about that channel."""
        return not self.channels or channel in self.channels


@dataclass(frozen=True, slots=True)
class Scrub:
    """What one edition says of one address."""

    edition: Edition
    listed: bool

    def fresh(self, on: date, *, max_age_days: int) -> bool:
        """Whether it still counts on that day; an edition of later counts for an earlier day."""
        ended = self.edition.expires_on is not None and on > self.edition.expires_on
        return not ended and (on - self.edition.as_of).days <= max_age_days


@dataclass(frozen=True, slots=True)
class Scrubs:
    """All editions that hold, and what they say of the addresses that were asked about."""

    editions: Mapping[int, Edition] = field(default_factory=dict)
    said: Mapping[bytes, Mapping[int, bool]] = field(default_factory=dict)

    def of(
        self, hashes: Sequence[bytes], *, brand: str, channel: Channel
    ) -> tuple[dict[str, Scrub], list[Scrub]]:
        """For an address under every key: its newest scrub by list, and what blocks it."""
        if not self.editions:
            return {}, []
        scrubs = [
            scrub
            for scrub in self._each(hashes)
            if scrub.edition.brand in (None, brand) and scrub.edition.speaks_of(channel)
        ]
        return _newest(scrubs), [s for s in scrubs if s.listed and s.edition.binding]

    def _each(self, hashes: Sequence[bytes]) -> Iterable[Scrub]:
        """What each edition says; listed under one key is listed."""
        for edition in self.editions.values():
            words = [w for h in hashes if (w := self.said.get(h, {}).get(edition.id)) is not None]
            if words or edition.kind == "whole":
                yield Scrub(edition, any(words))


def _newest(scrubs: Iterable[Scrub]) -> dict[str, Scrub]:
    """By name; of two with one date the one that lists the address."""
    in_order = sorted(scrubs, key=lambda scrub: (scrub.edition.as_of, scrub.listed))
    return {scrub.edition.name: scrub for scrub in in_order}


NOTHING = Scrubs()

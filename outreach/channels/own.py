"""Which accounts at providers has a brand of its own, and how are they opened?

A brand's own account takes the place of the installation's on its channel: its messages leave by it
and by no other, and only its own receipts and replies come back through it. The URL is kept sealed.
It was named by a customer, so its host is reached through the guard, and it names a provider: a
relay, and a gateway whose document is a file of ours, are the installation's alone.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Connection, text

from optout.model import Channel
from outreach.channels import accounts
from outreach.channels.opening import connections, separate
from outreach.channels.protocol import Answer, Capabilities, Outgoing, Own, Refused, WayOut
from outreach.channels.vendor import Connected, Vendor
from outreach.db.engine import BrandRef, Database
from outreach.errors import Conflict, Misconfigured, NotFound
from outreach.sealing import Sealing

_PUT = text("""
    insert into outreach.accounts (brand_id, channel, url, changed_at)
    values (:brand, :channel, :url, :now)
    on conflict (brand_id, channel) do update
    set url = excluded.url, changed_at = excluded.changed_at
""")
_DROP = text("""
    update outreach.accounts set url = '', changed_at = :now where channel = :channel and url <> ''
""")
_ALL = text("select channel, url, changed_at from outreach.accounts order by channel")
_RESEAL = text("update outreach.accounts set url = :url where channel = :channel and url = :was")
_UNFIT = frozenset({"gateway"})
_BY_THEN = timedelta(minutes=1)  # every process has seen a change

Open = Callable[[BrandRef, Channel, str], WayOut]


def put(
    tx: Connection, brand: BrandRef, channel: Channel, url: str, *, sealing: Sealing, now: datetime
) -> None:
    """Give the brand this account, in the place of the one on that channel.

    Raises `Misconfigured` where it may not have this one, and `Conflict` for a provider that the
    brand has on another channel: what it pushes comes to one address.
    """
    names = _names(url, channel)
    others = {other: kept.url for other, kept in _kept(tx).items() if kept.url}
    others.pop(channel, None)  # it may be replaced because it cannot be opened
    for other, kept in others.items():
        if both := names & _names(sealing.open(kept, of=_owner(brand, other)), other):
            raise Conflict(f"{min(both)}:// carries {other.value} for this brand already")
    sealed = sealing.seal(url, of=_owner(brand, channel))
    values = {"brand": brand.id, "channel": channel.value, "url": sealed, "now": now}
    tx.execute(_PUT, values)


def drop(tx: Connection, channel: Channel, *, now: datetime) -> None:
    """Let the brand's messages leave by the installation's account again. Raises `NotFound`.

    That it had one of its own stays: what was called through it is not to be repeated elsewhere.
    """
    if not tx.execute(_DROP, {"channel": channel.value, "now": now}).rowcount:
        raise NotFound(f"the brand has no account of its own for {channel.value}")


def seal(tx: Connection, brand: BrandRef, *, sealing: Sealing) -> int:
    """Seal what another key sealed with the one in use; answers how many it was."""
    stale = _stale(tx, sealing)
    for channel, kept in stale.items():
        owner = _owner(brand, channel)
        url = sealing.seal(sealing.open(kept, of=owner), of=owner)
        tx.execute(_RESEAL, {"channel": channel.value, "url": url, "was": kept})
    return len(stale)


def unsealed(tx: Connection, *, sealing: Sealing) -> int:
    """How many secrets are not sealed with the key in use."""
    return len(_stale(tx, sealing))


def _stale(tx: Connection, sealing: Sealing) -> dict[Channel, str]:
    kept = {channel: one.url for channel, one in _kept(tx).items() if one.url}
    return {channel: url for channel, url in kept.items() if not sealing.fresh(url)}


def _names(url: str, channel: Channel) -> set[str]:
    """The providers that are named, if a brand may have them of its own. Raises `Misconfigured`."""
    return {_fit(one, channel).name for one in separate(url)}


def _fit(url: str, channel: Channel) -> Vendor:
    known = urlsplit(url).scheme.partition("+")[0] not in _UNFIT
    connected = accounts.read(url) if known else None
    if connected is None:
        raise Misconfigured(
            "an account of a brand's own is one at a provider by its name, such as "
            "twilio://SID:token@: relays and gateways are the installation's"
        )
    return connected.vendor.for_channel(channel)


@dataclass(frozen=True, slots=True)
class Kept:
    """A channel's account as it is kept: its URL, sealed, or empty where it was given up."""

    url: str
    changed_at: datetime


def _kept(tx: Connection) -> dict[Channel, Kept]:
    return {Channel(row.channel): Kept(row.url, row.changed_at) for row in tx.execute(_ALL)}


def _owner(brand: BrandRef, channel: Channel) -> str:
    return f"account {brand.key} {channel.value}"


@dataclass(frozen=True, slots=True)
class Shut:
    """A way that takes nothing for now, since its account cannot be opened; `why` names no secret.

    Nothing goes by another account in its place: that one is somebody else's.
    """

    why: str
    capabilities: Capabilities = Capabilities(16, idempotent=False, receipts="none")

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """Refused for now; see `WayOut`."""
        for one in outgoing:
            yield one.touch_id, Refused("login", self.why, permanent=False)

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open for a brand, when it was looked at, and what was kept then."""

    looked_at: float
    kept: Mapping[Channel, Kept]
    own: Own


@dataclass(slots=True)
class OwnWays:
    """The brands' own ways, opened once in a process and looked after every `keep` seconds.

    May be used by several threads; an account that was changed holds after so long everywhere.
    """

    database: Database
    sealing: Sealing
    open: Open
    keep: float = 5.0
    steady: Callable[[], float] = time.monotonic
    _standing: dict[str, Standing] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, brand: BrandRef) -> Own:
        """The ways that this brand has of its own: one statement, now and then."""
        with self._lock:
            seen = self._standing.get(brand.key)
        if seen and self.steady() - seen.looked_at <= self.keep:
            return seen.own
        with self.database.begin(brand) as tx:
            kept = _kept(tx)
        with self._lock:
            return self._refreshed(brand, kept)

    def providers(self, brand: BrandRef) -> Mapping[str, Connected]:
        """The providers behind them, by name."""
        return connections(self.of(brand).ways.values())

    def close(self) -> None:
        """Let go of every connection."""
        with self._lock:
            for seen in self._standing.values():
                for way in seen.own.ways.values():
                    way.close()
            self._standing.clear()

    def _refreshed(self, brand: BrandRef, kept: Mapping[Channel, Kept]) -> Own:
        """What is as it was stays open, with what is known of its provider's pace."""
        seen = self._standing.get(brand.key) or Standing(0.0, {}, Own())
        before = seen.own.ways
        ways = {
            channel: before[channel]
            if channel in before and seen.kept[channel].url == one.url
            else self._opened(brand, channel, one.url)
            for channel, one in kept.items()
            if one.url
        }
        for channel, way in before.items():
            if ways.get(channel) is not way:
                way.close()
        own = Own(ways, {channel: one.changed_at + _BY_THEN for channel, one in kept.items()})
        self._standing[brand.key] = Standing(self.steady(), kept, own)
        return own

    def _opened(self, brand: BrandRef, channel: Channel, kept: str) -> WayOut:
        try:
            return self.open(brand, channel, self.sealing.open(kept, of=_owner(brand, channel)))
        except Misconfigured as error:
            return Shut(error.sentence)

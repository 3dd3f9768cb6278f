"""How is everything put together? Settings in, one frozen application out; nothing else builds."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from optout import keys, links, sql
from optout.identity import Hasher
from optout.keys import Key
from optout.model import Channel
from optout.registry import Registry
from outreach import clock, sealing, timezones
from outreach.brands import store as brands
from outreach.callbacks import invitations
from outreach.callbacks.way import AgentWay, Assisted
from outreach.campaigns.store import Book
from outreach.channels import addresses
from outreach.channels.guard import Guard
from outreach.channels.opening import connections, open_way
from outreach.channels.own import OwnWays
from outreach.channels.protocol import WayOut
from outreach.channels.returns import Returns
from outreach.channels.vendor import Connected
from outreach.db.engine import BrandRef, Database
from outreach.dispatch.means import Means
from outreach.errors import Misconfigured, NotFound
from outreach.hours import packs, zones
from outreach.inbound import vendors
from outreach.sealing import MasterKey, Sealing
from outreach.settings import Settings
from outreach.surveys.store import Shelf as Surveys
from outreach.templates.store import Shelf


@dataclass(frozen=True, slots=True)
class Outreach:
    """The application of one process. `guard` opens connections to what customers name.

    `returns` knows the marks of our mails, `sealing` keeps secrets of others;
    `providers` are those that tell of messages, by name, and `own` the accounts of brands' own.
    """

    settings: Settings
    means: Means
    link_keys: tuple[Key, ...]
    guard: Guard
    returns: Returns
    sealing: Sealing
    providers: Mapping[str, Connected]
    own: OwnWays

    def brand(self, key: str) -> BrandRef:
        """The brand of this name. Raises `NotFound`."""
        known = brands.directory(self.means.database)
        if key not in known:
            raise NotFound(f"there is no brand {key!r}; `outreach brands import FILE` adds one")
        return known[key]

    def close(self) -> None:
        """Let go of every connection."""
        for way in self.means.ways.values():
            way.close()
        self.own.close()
        self.means.database.close()


def build(settings: Settings) -> Outreach:
    """The application for these settings. Raises `Misconfigured`; connects to nothing yet."""
    zones.refuse_stale(timezones.version())
    ring = _ring(settings)
    hasher = Hasher(ring)
    sealing = _sealing(settings, ring)
    database = Database(_required(settings.database_url, "OUTREACH_DATABASE_URL"), sealing=sealing)
    now = clock.read(settings.clock)
    guard = Guard(addresses.networks(settings.outgoing_allow))
    returns = Returns(ring, settings.returns_address)
    reports_to = _reports_to(settings.public_url, ring)
    ways = _ways(settings, database, now, returns, guard, reports_to)
    opened = partial(_opened, settings, now, guard, ring)
    own = OwnWays(database, sealing, opened)
    means = Means(
        database=database,
        clock=now,
        registry=Registry(sql, hasher),
        hasher=hasher,
        packs=packs.load(),
        book=Book(),
        shelf=Shelf(),
        surveys=Surveys(),
        ways=ways,
        unsubscribe_link=_link(settings.public_url, "u", ring, links.Use.UNSUBSCRIBE),
        preferences_link=_link(settings.public_url, "p", ring, links.Use.PREFERENCES),
        survey_link=_link(settings.public_url, "s", ring, links.Use.SURVEY),
        lease=settings.lease,
        call=settings.call,
        invited=invitations.taken,
        promotion=settings.promotion,
        hear=vendors.heard,
        own=own.of,
    )
    providers = connections(ways.values())
    return Outreach(settings, means, ring, guard, returns, sealing, providers, own)


def _ways(
    settings: Settings,
    database: Database,
    now: clock.Clock,
    returns: Returns,
    guard: Guard,
    reports_to: Callable[[str], str],
) -> dict[Channel, WayOut]:
    opened = partial(
        open_way, clock=now, reports_to=reports_to, returns=returns, guard=guard,
        redis_url=settings.redis_url,
    )  # fmt: skip
    urls = {
        Channel.EMAIL: (settings.email, settings.email_token),
        Channel.SMS: (settings.sms, settings.sms_token),
        Channel.CHAT: (settings.chat, settings.chat_token),
    }

    agents = (database, now, lambda: brands.directory(database))

    def way(channel: Channel, url: str, token: str) -> WayOut:
        if channel is Channel.CHAT and url == "assisted:":
            return Assisted(*agents)
        return opened(url, channel=channel, token=token)

    ways = {channel: way(channel, *told) for channel, told in urls.items()}
    return {**ways, Channel.VOICE: AgentWay(*agents)}


def _opened(
    settings: Settings,
    now: clock.Clock,
    guard: Guard,
    ring: tuple[Key, ...],
    brand: BrandRef,
    channel: Channel,
    url: str,
) -> WayOut:
    """An account of a brand's own: whoever named its host, named it from outside."""
    return open_way(
        url, clock=now, channel=channel, guard=guard, guarded=True, redis_url=settings.redis_url,
        reports_to=_reports_to(settings.public_url, ring, brand.key),
    )  # fmt: skip


def _reports_to(public_url: str, ring: tuple[Key, ...], brand: str = "") -> Callable[[str], str]:
    base = public_url.rstrip("/")
    return lambda provider: f"{base}/back/{provider}/{back_tokens(ring, provider, brand)[0]}"


def back_tokens(ring: tuple[Key, ...], provider: str, brand: str = "") -> list[str]:
    """What the address holds to which this provider pushes: by the secret in use, then others.

    For an account of a brand's own `brand.…`, which is taken for that brand alone.
    """
    named = f"{provider}\0{brand}" if brand else provider
    made = (key.digest("receipts", named.encode())[:18] for key in ring)
    before = f"{brand}." if brand else ""
    return [before + base64.urlsafe_b64encode(one).decode() for one in made]


def _ring(settings: Settings) -> tuple[Key, ...]:
    """The secrets, current first. The oldest is number 1: what a key once made bears its number."""
    current = _required(settings.secret_key, "OUTREACH_SECRET_KEY")
    former = settings.former_secret_keys.split()
    for name, secrets in (("SECRET_KEY", [current]), ("FORMER_SECRET_KEYS", former)):
        if any(len(secret.encode()) < keys.SHORTEST for secret in secrets):
            raise Misconfigured(f"OUTREACH_{name} needs at least {keys.SHORTEST} signs in each")
    if current in former:
        raise Misconfigured("OUTREACH_FORMER_SECRET_KEYS names the secret that is in use")
    in_turn = [*former, current]
    made = [Key(number, secret.encode()) for number, secret in enumerate(in_turn, start=1)]
    return tuple(reversed(made))


def _sealing(settings: Settings, ring: tuple[Key, ...]) -> Sealing:
    """The master keys, current first; without one, keys of the installation's secrets."""
    given = sealing.read(settings.master_key) + sealing.read(settings.former_master_keys)
    if given and not settings.master_key:
        raise Misconfigured("OUTREACH_FORMER_MASTER_KEYS needs OUTREACH_MASTER_KEY beside it")
    derived = (MasterKey(key.subkey("sealing")) for key in ring)
    return Sealing((*given, *derived))


def _link(
    public_url: str, path: str, ring: tuple[Key, ...], use: links.Use
) -> Callable[[str, str, Channel], str]:
    base = public_url.rstrip("/")

    def link(brand: str, touch: str, channel: Channel) -> str:
        told = links.Link(brand, touch, channel)
        return f"{base}/{path}/{links.make(ring, told, use=use)}"

    return link


def _required(value: str, name: str) -> str:
    if not value:
        raise Misconfigured(
            f"{name} is not set; `make run` and `outreach embedded -- COMMAND` bring servers along"
        )
    return value

"""Which way out does this URL name?

    console:                                  lines on the terminal
    memory:                                   kept in the process, for tests
    assisted:                                 agents copy it; for chat alone, and opened by `app`
    smtp://user:password@host:587             mail, STARTTLS required
    smtp://host:25?tls=none                   mail in the clear, for a relay on the same host
    smtps://user:password@host:465            mail, TLS from the first byte
    https://token@host/path?query             text messages through a JSON gateway
    https://token@host/path#idempotent        the same, where the gateway honours our keys
    …#look-up                                 and where it says what it has taken
    …#idempotent,look-up,memory=3             both; it knows a key for three hours (24 if not said)
    twilio://SID:token@                       a provider by its name (`accounts`)
    apprise:tgram://TOKEN/{to}                a service that apprise knows (`long_tail`)
    telnyx://key@ twilio://SID:token@         a second for what the first surely did not send

User, password and token are percent-decoded. No error repeats them.
"""

import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TextIO
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from optout.model import Channel
from outreach.channels import accounts
from outreach.channels.careful import Careful
from outreach.channels.console import Console
from outreach.channels.email import Smtp
from outreach.channels.fetching import Fetcher
from outreach.channels.guard import Guard
from outreach.channels.http_way import HttpWay
from outreach.channels.long_tail import Apprise
from outreach.channels.memory import Memory
from outreach.channels.pace import Alone, Pace, Together
from outreach.channels.posting import is_host
from outreach.channels.protocol import WayOut
from outreach.channels.returns import Returns
from outreach.channels.second import InTurn
from outreach.channels.sms import SmsGateway
from outreach.channels.smtp import Relay
from outreach.channels.vendor import Connected
from outreach.channels.vendors.catalogue import VENDORS
from outreach.errors import Misconfigured

_BETWEEN = re.compile(r"\s+(?=[a-z][a-z0-9+]*:)")
_PACE = re.compile(r"[1-9][0-9]{0,4}")
_HOURS = re.compile(r"[1-9][0-9]{0,3}")
_KNOWN = (
    "console:, memory:, assisted: (for chat alone), apprise:, smtp://, smtps://, http:// and "
    "https://"
)


def open_way(
    url: str,
    *,
    clock: Callable[[], datetime],
    channel: Channel | None = None,
    token: str = "",
    stream: TextIO | None = None,
    reports_to: Callable[[str], str] = accounts.nowhere,
    returns: Returns | None = None,
    guard: Guard | None = None,
    redis_url: str = "",
    guarded: bool = False,
) -> WayOut:
    """The way out behind this URL; no connection is made yet. Raises `Misconfigured`.

    `clock` dates the mail. `channel` is the one to be carried, which a provider has to be for;
    where none is given, it is the provider's own. `token` is a gateway's, where it does not stand
    in the URL. `stream` is where `console:` prints, standard output if not given. `reports_to` is
    where we hear of a provider's receipts, by its name; `returns` marks mail, so that reports about
    it are known; `guard` connects to hosts that a customer may name; `redis_url` is where workers
    count together how fast a provider is called. `guarded` says that a customer named the host: all
    goes through the guard then.
    """
    given = _Given(
        clock, channel, token, stream or sys.stdout, reports_to, returns, guard, redis_url, guarded
    )
    return _in_turn(separate(url), given)


@dataclass(frozen=True, slots=True)
class _Given:
    """What `open_way` was told besides the URL."""

    clock: Callable[[], datetime]
    channel: Channel | None
    token: str
    stream: TextIO
    reports_to: Callable[[str], str]
    returns: Returns | None
    guard: Guard | None
    redis_url: str
    guarded: bool


def _in_turn(urls: Sequence[str], given: _Given) -> WayOut:
    first, *rest = urls
    if not rest:
        return _one(first, given)
    if given.token:
        raise Misconfigured("of several providers each has its key in its own URL")
    return InTurn(_one(first, given), _in_turn(rest, given))


def _one(url: str, given: _Given) -> WayOut:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Misconfigured("a way out's URL cannot be read") from error
    match parts.scheme:
        case "console":
            return Console(given.stream)
        case "memory":
            return Memory()
        case "apprise":
            return _apprise(url, given.channel, guarded=given.guarded)
        case "smtp" | "smtps":
            return Smtp(_relay(parts), clock=given.clock, returns=given.returns)
        case "http" | "https":
            return _gateway(parts, given.token)
        case _:
            return _provider(url, parts.scheme, given)


def _provider(url: str, name: str, given: _Given) -> WayOut:
    account = accounts.read(url, token=given.token, reports_to=given.reports_to)
    if account is None:
        names = ", ".join(f"{one}://" for one in VENDORS)
        raise Misconfigured(f"no way out is called {name!r}: known are {_KNOWN}, and {names}")
    guard = (given.guard or Guard()) if given.guarded else None
    served = _serving(account, given.channel, guard=guard)
    way = HttpWay(served, clock=given.clock, guard=given.guard)
    return Careful(way, pace=_pace(account, given.redis_url))


def separate(url: str) -> list[str]:
    """The URLs of the providers that are named here, in their turn."""
    return _BETWEEN.split(url.strip())


def _apprise(url: str, channel: Channel | None, *, guarded: bool) -> Apprise:
    if guarded:
        raise Misconfigured("apprise: is the installation's alone: it calls hosts unguarded")
    if channel is Channel.EMAIL:
        raise Misconfigured("apprise: carries no mail: name a relay or a provider")
    return Apprise(url.strip().partition(":")[2])


def _serving(account: Connected, channel: Channel | None, *, guard: Guard | None) -> Connected:
    vendor = account.vendor.for_channel(channel) if channel else account.vendor
    vendor = replace(vendor, guarded=vendor.guarded or guard is not None)
    fetcher = _fetcher(account, guard)
    return Connected(vendor, replace(account.account, fetch=fetcher, forget=fetcher.forget))


def connections(ways: Iterable[WayOut]) -> dict[str, Connected]:
    """The providers behind these ways out, and our accounts there, by the provider's name.

    By that name alone a provider's pushes are told apart, so that one provider has one account, for
    one channel. Raises `Misconfigured` for a second.
    """
    found: dict[str, Connected] = {}
    for one in _connected(ways):
        name = one.vendor.name
        if name in found:
            raise Misconfigured(
                f"{name}:// is named twice: an installation has one account of a provider, for one"
                " channel, since what it pushes comes to one address"
            )
        found[name] = one
    return found


def _connected(ways: Iterable[WayOut]) -> Iterator[Connected]:
    return (way.connected for way in _over_http(ways))


def entrusting(ways: Iterable[WayOut]) -> dict[str, HttpWay]:
    """Those of these ways by which nothing leaves before a person at the provider sends it."""
    return {
        way.connected.vendor.name: way
        for way in _over_http(ways)
        if way.connected.vendor.entrusting
    }


def _over_http(ways: Iterable[WayOut]) -> Iterator[HttpWay]:
    for way in ways:
        if isinstance(way, HttpWay):
            yield way
        elif isinstance(way, Careful | InTurn):
            yield from _over_http(way.within)


def named(way: WayOut) -> str:
    """What people call this way: its providers in their turn, or its kind."""
    return (
        ", then ".join(one.vendor.name for one in _connected([way])) or type(way).__name__.lower()
    )


def _fetcher(connected: Connected, guard: Guard | None) -> Fetcher:
    vendor, own = connected.vendor, "" if guard else connected.account.base
    return Fetcher(guard, own=own, keep=vendor.keeps, lasts=vendor.lasts)


def _pace(connected: Connected, redis_url: str) -> Pace | None:
    """How fast the account's option `pace` lets it be called. Raises `Misconfigured`."""
    told = connected.account.option("pace")
    if not told:
        return None
    if not _PACE.fullmatch(told):
        raise Misconfigured("`pace=` takes how many messages a second may leave, such as 20")
    if not redis_url:
        return Alone(int(told))
    return Together(_account_name(connected), int(told), redis_url)


def _account_name(connected: Connected) -> str:
    """One name for each account, without its secrets: of many it is a key alone."""
    account = connected.account
    told = repr((account.base, account.user, account.secret)).encode()
    return f"{connected.vendor.name}-{hashlib.sha256(told).hexdigest()[:16]}"


def _relay(parts: SplitResult) -> Relay:
    query = parse_qs(parts.query, keep_blank_values=True)
    tls = query.pop("tls", ["wrapped" if parts.scheme == "smtps" else "starttls"])[0]
    if query or (parts.path not in {"", "/"}) or parts.fragment:
        raise Misconfigured(f"{parts.scheme}:// takes a host, a port and `tls`, and nothing else")
    host, port = _host(parts)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme == "smtps" and tls == "wrapped":
        return Relay(host, port or 465, "wrapped", user, password)
    if parts.scheme == "smtp" and tls == "starttls":
        return Relay(host, port or 587, "starttls", user, password)
    if parts.scheme == "smtp" and tls == "none":
        return Relay(host, port or 25, "none", user, password)
    raise Misconfigured("smtp:// takes tls=starttls or tls=none; smtps:// takes no tls")


def _gateway(parts: SplitResult, token: str) -> SmsGateway:
    promises = set(filter(None, parts.fragment.split(",")))
    memory = _memory({one for one in promises if one.startswith("memory=")})
    if {one for one in promises if not one.startswith("memory=")} - {"idempotent", "look-up"}:
        raise Misconfigured(
            "after the # of a gateway's URL stand idempotent, look-up, memory=HOURS, nothing else"
        )
    _host(parts)
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="")
    token = token or unquote(parts.password or parts.username or "")
    return SmsGateway(
        bare.geturl(),
        token,
        idempotent="idempotent" in promises,
        looks_up="look-up" in promises,
        memory=memory,
    )


def _memory(told: set[str]) -> timedelta:
    """For how long a gateway knows a key; a day where nothing is told, as most promise."""
    hours = [one.removeprefix("memory=") for one in told] or ["24"]
    if len(hours) != 1 or not _HOURS.fullmatch(hours[0]):
        raise Misconfigured("`memory=` takes the hours for which a gateway knows a key: `memory=3`")
    return timedelta(hours=int(hours[0]))


def _host(parts: SplitResult) -> tuple[str, int | None]:
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Misconfigured(f"the port of a {parts.scheme}:// URL is a number to 65535") from error
    if not host or not is_host(host):
        raise Misconfigured(f"a {parts.scheme}:// URL needs a host")
    return host, port

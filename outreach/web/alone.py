"""How is an event stored that comes alone in its request?

With those that come alone beside it, in one transaction: their keys asked for, the facts accepted
and counted, each under its own source, and the campaigns woken once. The answer comes after the
commit. Keys are looked up in that transaction, so that one that was revoked ends at once.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TypeAlias

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import Scope

from outreach.access import keys, roles
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.errors import Invalid
from outreach.events import reading
from outreach.events.model import Event, Refusal
from outreach.web import recording, rights
from outreach.web.auth import Door
from outreach.web.front import Front
from outreach.web.groups import Groups
from outreach.web.problems import Unreadable

PATH = f"{rights.API}/events"
_BEARER = "bearer "

New: TypeAlias = bool
Told: TypeAlias = Event | Refusal | Unreadable


@dataclass(frozen=True, slots=True)
class Alone:
    """The secret of a key, unchecked, and an event as decoded JSON, or what is wrong with it."""

    secret: str = field(repr=False)
    raw: object


@dataclass(slots=True)
class Together:
    """Stores what came alone; a brand's number is asked for again after `keep` seconds."""

    door: Door
    keep: float = 5.0
    monotonic: Callable[[], float] = time.monotonic
    _brands: dict[str, BrandRef] = field(default_factory=dict)
    _asked_at: float = float("-inf")

    def carry(self, called: str, came: Sequence[Alone]) -> Sequence[New | Refusal | Exception]:
        """Of each whether it is new, why it was refused, or `Forbidden` or `Unreadable` for it."""
        brand = self._brand(called)
        if brand is None:
            return [keys.wrong() for _ in came]
        means = self.door.app.means
        now = means.clock()
        told = [_read(one.raw, brand, now) for one in came]
        with means.database.begin(brand) as tx:
            working = keys.working(tx, {one.secret for one in came})
            mine = [n for n, one in enumerate(came) if one.secret in working]
            facts = [one for n in mine if isinstance(one := told[n], Event)]
            refused = Counter(
                source_of([], [came[n].raw]) for n in mine if isinstance(told[n], Refusal)
            )
            new = intake.accept_each(tx, brand, facts, refused=refused, now=now) if mine else []
        if any(new):
            self.door.hints.enrol(brand)
        answers, said = iter(new), set(mine)
        return [_answer(one, answers) if n in said else keys.wrong() for n, one in enumerate(told)]

    def _brand(self, called: str) -> BrandRef | None:
        if called not in self._brands or self.monotonic() - self._asked_at > self.keep:
            self._brands = brands.directory(self.door.app.means.database)
            self._asked_at = self.monotonic()
        return self._brands.get(called)


def _read(raw: object, brand: BrandRef, now: datetime) -> Told:
    if isinstance(raw, Unreadable):
        return raw
    return reading.read(raw, position=0, brand=brand, now=now)


def _answer(told: Told, new: Iterator[New]) -> New | Refusal | Unreadable:
    return next(new) if isinstance(told, Event) else told


def groups(door: Door) -> Groups[Alone, New | Refusal]:
    """One lane a brand."""
    return Groups(Together(door).carry)


class First(Front):
    """Takes requests with one event and a key; all others go on to the routes behind it."""

    def takes(self, scope: Scope) -> bool:
        return _is_alone(scope)


def _is_alone(scope: Scope) -> bool:
    """With one event, by its headers, and nothing asked for besides."""
    headers = Headers(scope=scope)
    kind = headers.get("content-type", "")
    called, _ = keys.parts(_key(headers))
    return bool(called) and not scope["query_string"] and reading.is_one(kind, headers) and _open()


async def stored(request: Request) -> New | Refusal:
    """What became of the one event of this request.

    Raises `Forbidden` for a wrong key, `Unreadable` for a body that is none, `Trouble` when it
    could not be stored.
    """
    called, secret = keys.parts(_key(request.headers))
    waiting: Groups[Alone, New | Refusal] = request.app.state.alone
    raw = _raw(request.headers, await request.body())
    return await waiting.carried(called, Alone(secret, raw))


def _raw(headers: Mapping[str, str], body: bytes) -> object:
    """Decoded JSON; of what is none, what is said to whoever has a key."""
    try:
        [raw] = reading.raw_events(headers.get("content-type", ""), headers, body)
    except Invalid as error:
        return Unreadable(error.sentence)
    return raw


def source_of(facts: Sequence[Event], raws: Sequence[object]) -> str:
    """Under which name a request is counted."""
    if facts:
        return facts[0].source
    first = raws[0] if raws else None
    given = first.get("source") if isinstance(first, dict) else None
    return given if isinstance(given, str) and given and given.isprintable() else "unknown"


def _key(headers: Mapping[str, str]) -> str:
    """The bearer token (RFC 6750), or nothing."""
    given = headers.get("authorization", "")
    return given[len(_BEARER) :].strip() if given.lower().startswith(_BEARER) else ""


@cache
def _open() -> bool:
    """Whether every key may report events, and nothing is recorded of it: the usual way asks."""
    right = rights.of("POST", PATH)
    return (
        right is not None
        and roles.table().may(roles.KEY, right)
        and not recording.kept(right, roles.KEY, changes=True)
    )

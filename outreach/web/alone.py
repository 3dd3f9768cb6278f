"""How is an event stored that comes alone in its request?

With those that come alone beside it, in one transaction: their keys asked for, the facts accepted
and counted, each under its own source, and the campaigns woken once. The answer comes after the
commit. Keys are looked up in that transaction, so that one that was revoked ends at once.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from fastapi import Request

from outreach.access import keys, roles
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.errors import Invalid
from outreach.events import reading
from outreach.events.model import Event, Refusal
from outreach.web import recording, rights
from outreach.web.auth import Door
from outreach.web.groups import Groups

ROUTE = f"{rights.API}/events"
_BEARER = "bearer "

New: TypeAlias = bool
Told: TypeAlias = Event | Refusal


@dataclass(frozen=True, slots=True)
class Alone:
    """What came: the secret of a key, unchecked, and an event as decoded JSON."""

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
        """Of each whether it is new, why it was refused, or `Forbidden` for a wrong key."""
        brand = self._brand(called)
        if brand is None:
            return [keys.wrong() for _ in came]
        means = self.door.app.means
        now = means.clock()
        told = [reading.read(one.raw, position=0, brand=brand, now=now) for one in came]
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


def _answer(told: Told, new: Iterator[New]) -> New | Refusal:
    return told if isinstance(told, Refusal) else next(new)


def groups(door: Door) -> Groups[Alone, New | Refusal]:
    """One lane a brand."""
    return Groups(Together(door).carry)


async def stored(request: Request) -> New | Refusal | None:
    """What became of the one event of this request; None of a request that is none of these.

    That is one of many events, or of none, without a key, or asking for anything besides. Raises
    `Forbidden` for a wrong key, `Trouble` when it could not be stored.
    """
    called, secret = keys.parts(_key(request.headers))
    if not called or not _open() or request.scope["query_string"]:
        return None
    kind = request.headers.get("content-type", "")
    if not reading.is_one(kind, request.headers):
        return None
    try:
        [raw] = reading.raw_events(kind, request.headers, await request.body())
    except Invalid:  # told by the usual way, to whoever has a key
        return None
    waiting: Groups[Alone, New | Refusal] = request.app.state.alone
    return await waiting.carried(called, Alone(secret, raw))


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
    right = rights.of("POST", ROUTE)
    return (
        right is not None
        and roles.table().may(roles.KEY, right)
        and not recording.kept(right, roles.KEY, changes=True)
    )

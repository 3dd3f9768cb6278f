"""What did people really get to read, for somebody who may not know who they are?

A few messages of the last 24 hours, drawn by a hash of the touch and the day, so that nobody can
look for better ones. Each is worded anew from the text with which it went out, with everything
veiled that came from or about its person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.brands.model import Brand
from outreach.content import Content
from outreach.dispatch import claims, wording
from outreach.dispatch.facts import gather
from outreach.dispatch.means import Means
from outreach.dispatch.model import Touch
from outreach.dispatch.wording import Ready, Words

Veil = Callable[[str], str]

MANY = 6
_DAY = timedelta(days=1)
_AMONG = 500  # the newest that were judged; the draw is from those of them that left
_LINK = "…"
# What an event says of things and not of people; all else that is text is veiled.
_PLAIN = frozenset({"carrier", "currency", "product", "quality", "status", "type"})
_DRAWN = text("""
    select newest.touch_id from (
        select touch_id from outreach.verdicts order by id desc limit :among) newest
    join outreach.attempts a on a.touch_id = newest.touch_id
    where a.started_at >= :since and a.started_at <= :until
      and a.outcome = 'accepted' and a.channel <> 'voice'
    group by newest.touch_id order by md5(:day || newest.touch_id), newest.touch_id limit :many
""")


@dataclass(frozen=True, slots=True)
class Sample:
    """One message as it reads, by campaign; none where its text cannot be made any more."""

    campaign: str
    touch: Touch
    content: Content | None


def drawn(
    tx: Connection, means: Means, brand: Brand, *, veil: Veil, now: datetime, many: int = MANY
) -> list[Sample]:
    """The messages of the last 24 hours that the day draws; a fixed number of statements.

    `veil` makes of a text something that its owner would know and nobody else.
    """
    values = {
        "since": now - _DAY, "until": now, "among": _AMONG, "day": now.date().isoformat(),
        "many": many,
    }  # fmt: skip
    touches = _touches(tx, list(tx.execute(_DRAWN, values).scalars()))
    if not touches:
        return []
    gathered = gather(tx, means, brand, touches, now=now)
    words = wording.collect(tx, means, brand, touches, gathered)
    return [_sample(one, gathered.facts[one.touch.id].campaign, veil) for one in words]


def _touches(tx: Connection, keys: Sequence[UUID]) -> list[Touch]:
    known = claims.get(tx, keys)
    return [known[key] for key in keys if key in known]


def _sample(words: Words, campaign: str, veil: Veil) -> Sample:
    made = wording.fill(veiled(words, veil))
    return Sample(campaign, words.touch, made.content if isinstance(made, Ready) else None)


def veiled(words: Words, veil: Veil) -> Words:
    """The same with nothing of its person, and with no link that would open anything."""
    person = words.person._replace(ref="", name=veil(words.person.name), addresses=(), tags=())
    event = words.event._replace(data=_veiled(words.event.data, veil))
    return replace(
        words, person=person, event=event, unsubscribe=_LINK, preferences=_LINK, survey=_LINK
    )


def _veiled(value: Any, veil: Veil, name: str = "") -> Any:  # whatever JSON holds
    if isinstance(value, Mapping):
        return {key: _veiled(one, veil, key) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_veiled(one, veil, name) for one in value]
    return veil(value) if isinstance(value, str) and name not in _PLAIN else value

"""Which survey was a person asked by this touch, and have they answered it?

A fixed number of statements for a set of touches.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from optout.model import Channel
from outreach.campaigns.store import Version
from outreach.db.engine import BrandRef
from outreach.dispatch import claims
from outreach.dispatch.means import Means
from outreach.dispatch.model import Touch
from outreach.events import store as events
from outreach.events.model import Event, event_id
from outreach.surveys.answers import ABOUT, ADDED, ANSWERED, Asked
from outreach.surveys.model import Survey

_LONGEST_OPEN = timedelta(days=90)  # as `surveys.model` has it
_LONGEST_NAME = 200  # signs
# What is uncertain may have arrived, and an answer says that it has.
_LATELY = text("""
    select id from outreach.touches
    where person_id = any(:people) and channel = :channel and due_at > :since and due_at <= :now
      and state::text in ('sent', 'delivered', 'uncertain')
    order by due_at desc, id limit 50
""")

# Two who tell the same reply at once wait for each other. A row of the person cannot be locked for
# that: planning holds those for long.
_TAKE_TURNS = text("select pg_advisory_xact_lock(hashtextextended(:reply, 0))")
_GIVEN = text("""
    select exists (select from outreach.events where person_id = any(:people)
      and type = :answered and data ->> 'reply' = :reply)
""")


def by_touches(
    tx: Connection, means: Means, brand: BrandRef, touches: Sequence[UUID]
) -> list[Asked]:
    """What each of these touches asked, in their order; those that asked nothing are left out."""
    known = claims.get(tx, touches)
    versions = means.book.versions(tx, {touch.campaign_id for touch in known.values()})
    asking = [
        (known[id_], versions[known[id_].campaign_id], pin)
        for id_ in touches
        if id_ in known and (pin := versions[known[id_].campaign_id].asks(known[id_].step))
    ]
    surveys = means.surveys.get(tx, [pin for _, _, pin in asking])
    began = events.of_enrolments(tx, [touch.enrolment_id for touch, _, _ in asking])
    asked = [
        _asked(touch, version, surveys[pin], began[touch.enrolment_id])
        for touch, version, pin in asking
    ]
    return _with_answers(tx, brand, asked)


def _asked(touch: Touch, version: Version, survey: Survey, began: Event) -> Asked:
    return Asked(
        survey=survey,
        passage=touch.enrolment_id,
        touch=touch.id,
        person=touch.person_id,
        campaign=version.key,
        channel=touch.channel,
        asked_at=touch.due_at,
        about=_about(began),
    )


def _with_answers(tx: Connection, brand: BrandRef, asked: Sequence[Asked]) -> list[Asked]:
    def fact(kind: str, one: Asked) -> UUID:
        return event_id(brand, f"{kind}:{one.key}")

    told = events.by_id(tx, [fact(kind, one) for one in asked for kind in (ANSWERED, ADDED)])
    return [
        replace(one, answered=fact(ANSWERED, one) in told, added=fact(ADDED, one) in told)
        for one in asked
    ]


def open_questions(
    tx: Connection,
    means: Means,
    brand: BrandRef,
    people: Sequence[UUID],
    *,
    channel: Channel,
    now: datetime,
) -> list[Asked]:
    """What these people were asked on this channel and may still answer, the newest first."""
    values = {
        "people": list(people), "channel": channel, "since": now - _LONGEST_OPEN, "now": now,
    }  # fmt: skip
    lately = [row.id for row in tx.execute(_LATELY, values)] if people else []
    asked = by_touches(tx, means, brand, lately)
    return [one for one in asked if one.state(now=now) == "open"]


def has_answered(tx: Connection, people: Sequence[UUID], reply: str) -> bool:
    """Whether this reply of one of these people gave an answer; asked by one at a time."""
    values = {"people": list(people), "answered": ANSWERED, "reply": reply}
    tx.execute(_TAKE_TURNS, {"reply": f"reply {reply}"})
    return bool(tx.execute(_GIVEN, values).scalar_one())


def _about(event: Event) -> dict[str, str]:
    """What the passage began with, in short texts."""
    named = ((name, event.data.get(name)) for name in ABOUT)
    return {
        name: said
        for name, said in named
        if isinstance(said, str) and 0 < len(said) <= _LONGEST_NAME
    }

"""Which of these messages ask for calls that nobody would have time to take up?

Whoever has agents says so: the dispatcher knows neither queues nor shifts. What waits says how many
calls there is time for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from optout.model import Purpose
from outreach.campaigns.store import Version
from outreach.db.engine import BrandRef
from outreach.dispatch.gate import Check, judge
from outreach.dispatch.model import Facts, Hold
from outreach.dispatch.verdicts import Judged
from outreach.people.model import Person


@dataclass(frozen=True, slots=True)
class Invitation:
    """A message that asks its person to call; of `share` of such persons a call is expected."""

    touch_id: UUID
    rank: tuple[float, ...]
    campaign: str
    purpose: Purpose
    language: str | None
    tags: Sequence[str]
    share: float


Taken = Callable[[Connection, BrandRef, Sequence[Invitation], datetime], Mapping[UUID, Hold]]
"""Counts what may go now as given to the agents, and answers what waits, until when and why."""


def nobody(
    _tx: Connection, _brand: BrandRef, _wanted: Sequence[Invitation], _now: datetime
) -> Mapping[UUID, Hold]:
    """Nothing waits where nobody counts."""
    return {}


def waiting(
    tx: Connection,
    taken: Taken,
    brand: BrandRef,
    going: Sequence[Facts],
    persons: Mapping[UUID, Person],
    versions: Mapping[UUID, Version],
    *,
    now: datetime,
) -> Judged:
    """Those of these that wait, each with its verdict: what would wait too long is dropped."""
    found = [
        _invitation(facts, share, persons[facts.touch.person_id])
        for facts in going
        if (share := _share(facts, versions)) is not None
    ]
    held = taken(tx, brand, found, now) if found else {}
    return {
        one.touch.id: (one, judge(one, (_chain(held),))) for one in going if one.touch.id in held
    }


def _chain(held: Mapping[UUID, Hold]) -> Check:
    return lambda facts: held[facts.touch.id]


def _share(facts: Facts, versions: Mapping[UUID, Version]) -> float | None:
    step = versions[facts.touch.campaign_id].campaign.contacts[facts.touch.step]
    return step.invites_calls


def _invitation(facts: Facts, share: float, person: Person) -> Invitation:
    return Invitation(
        touch_id=facts.touch.id,
        rank=facts.rank,
        campaign=facts.campaign,
        purpose=facts.touch.purpose,
        language=person.locale,
        tags=person.tags,
        share=share,
    )

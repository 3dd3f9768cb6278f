"""What is planned for several at once, where one passage keeps the next at its distance?"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from outreach.enrolments.model import Declined, Plan
from outreach.enrolments.plan import Candidate, plan


def plans(candidates: Sequence[Candidate]) -> list[Plan | Declined]:
    """The plan for each of these, in their order; what one begins keeps the next at its distance.

    Of a person's events the one that happened first is asked first.
    """
    if not any(live.campaign.trigger.again_after for live in {one.live for one in candidates}):
        return [plan(candidate) for candidate in candidates]
    begun: dict[tuple[UUID, UUID], Mapping[UUID, datetime]] = {}
    found: dict[int, Plan | Declined] = {}
    for place in sorted(range(len(candidates)), key=lambda one: _when(candidates[one])):
        candidate = candidates[place]
        if candidate.live.campaign.trigger.again_after is None:
            found[place] = plan(candidate)
            continue
        key = candidate.live.id, candidate.person.id
        known = {**candidate.began, **begun.get(key, {})}
        found[place] = planned = plan(candidate._replace(began=known) if known else candidate)
        if isinstance(planned, Plan):
            begun[key] = {**known, candidate.event.id: candidate.event.occurred_at}
    return [found[place] for place in range(len(candidates))]


def _when(candidate: Candidate) -> tuple[datetime, int]:
    return candidate.event.occurred_at, candidate.event.id.int

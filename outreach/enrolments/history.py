"""What happened to these people that would end a passage of these campaigns?"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from outreach.campaigns.model import Campaign
from outreach.events import store as events
from outreach.events.model import Event


def past_exits(
    tx: Connection, campaigns: Iterable[Campaign], people: Sequence[UUID]
) -> Mapping[UUID, Sequence[Event]]:
    """Events that end passages, whenever they came, by person; one statement, or none."""
    types = sorted({way.event for campaign in campaigns for way in campaign.exits})
    found: dict[UUID, list[Event]] = {}
    for event in events.of_types(tx, people, types) if types else ():
        found.setdefault(event.person_id, []).append(event)
    return found

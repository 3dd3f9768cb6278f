"""May this person pass again, and of what may they pass once?"""

from collections.abc import Iterable
from datetime import datetime

from outreach.campaigns.triggers import Trigger
from outreach.events.model import Event


def once(trigger: Trigger, event: Event) -> str:
    """What a person may pass once of, as part of the name of the passage.

    Passages that are kept apart in time recur, so each is named by its event.
    """
    if trigger.once_per == "person" and trigger.again_after is None:
        return "person"
    if trigger.once_per in {"event", "occasion", "person"}:
        return event.key
    thing = event.data.get(trigger.once_per)
    return event.key if thing is None else f"{trigger.once_per}:{str(thing).strip()}"


def too_near(trigger: Trigger, event: Event, began: Iterable[datetime]) -> datetime | None:
    """A passage that began too near to this event, before it or, if this comes late, after it."""
    apart = trigger.again_after
    if apart is None:
        return None
    return next((at for at in began if abs(event.occurred_at - at) < apart), None)

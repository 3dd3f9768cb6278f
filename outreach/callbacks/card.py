"""What does an agent see of a call: who it is, what happened, what we owe, and may it be made now?

Read for one task, in a fixed number of statements; nothing is decided here.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from optout.model import Decision
from outreach import timezones
from outreach.brands import store as brands
from outreach.callbacks import calls
from outreach.callbacks.model import Call, Task
from outreach.dispatch import claims, facts, wording
from outreach.dispatch.means import Means
from outreach.dispatch.model import Facts
from outreach.dispatch.wording import Words
from outreach.errors import Invalid
from outreach.events.model import Event
from outreach.people.model import Person
from outreach.templates.script import Script

# Newest first along the index of the person's attempts.
_CONTACTS = text("""
    select a.started_at as at, a.channel, c.key as campaign, t.state::text as state
    from outreach.attempts a
    join outreach.touches t on t.brand_id = a.brand_id and t.id = a.touch_id
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    where a.person_id = :person and a.touch_id <> :but
    order by a.started_at desc limit :limit
""")
_LAST = 3


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that was made before: when, by which way, for what, and what became of it."""

    at: datetime
    channel: str
    campaign: str
    state: str


@dataclass(frozen=True, slots=True)
class Card:
    """A call with everything that its agent looks at.

    `event` is what happened, `contacts` are the last three others. `script` is missing where the
    text is no script; `task.script` has the whole text then.
    """

    task: Task
    person: Person
    event: Event
    facts: Facts
    contacts: tuple[Contact, ...]
    calls: tuple[Call, ...]
    script: Script | None

    @property
    def consent(self) -> Decision | None:
        """What permits the call, or forbids it; None where the person has no number on record."""
        return self.facts.decision

    @property
    def zones(self) -> tuple[str, ...]:
        """Where the person may be, the likeliest first."""
        return self.facts.place.zones

    def local(self) -> datetime | None:
        """What the person's clock shows as the card is read; None where nobody knows the zone."""
        zones = self.zones
        return self.facts.now.astimezone(timezones.load(zones[0])) if zones else None


def of(tx: Connection, means: Means, task: Task, *, now: datetime) -> Card:
    """The card of this task as of now."""
    brand = brands.get(tx)
    touch = claims.get(tx, [task.touch_id])[task.touch_id]
    known = facts.gather(tx, means, brand, [touch], now=now)
    words = wording.collect(tx, means, brand, [touch], known)[0]
    return Card(
        task=task,
        person=known.persons[task.person_id],
        event=words.event,
        facts=known.facts[touch.id],
        contacts=_contacts(tx, task.person_id, but=touch.id),
        calls=tuple(calls.of(tx, [task.id])[task.id]),
        script=_script(words),
    )


def _contacts(tx: Connection, person: UUID, *, but: UUID) -> tuple[Contact, ...]:
    rows = tx.execute(_CONTACTS, {"person": person, "but": but, "limit": _LAST})
    return tuple(Contact(*row) for row in rows)


def _script(words: Words) -> Script | None:
    """A value may have gone since the call was opened; its text was made before and is shown."""
    try:
        return wording.spoken(words)
    except Invalid:
        return None

"""How is a story lived through? Instant by instant: what happens, then what is due."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import text

from optout import regimes
from optout.model import Action, Channel, How
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.enrolments.evidence import evidence_of
from outreach.hours.places import place_of
from outreach.inbound import confirming
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from outreach.reports.reconcile import Ledger, reconcile
from outreach.timezones import load
from tests import builders as b

# What a story tells is plain data: what it holds is whatever its YAML holds.
Told = Mapping[str, Any]

_NEXT = text("""
    select least(
        (select min(due_at) from outreach.touches where state = 'planned' and due_at > :now),
        (select min(plan_at) from outreach.campaigns where state = 'live' and plan_at > :now),
        (select min(opens_at) from outreach.plannings where done_at is null and opens_at > :now),
        (select min(due_at) from outreach.waits where ended_at is null and due_at > :now))
""")
_DIARY = text("""
    select p.ref, t.person_id, c.key as campaign, t.campaign_id, t.step, t.channel::text as channel,
           t.state::text as state, t.reason, max(a.started_at) as sent_at, t.planned_for
    from outreach.touches t
    join outreach.persons p on p.id = t.person_id join outreach.campaigns c on c.id = t.campaign_id
    left join outreach.attempts a on a.touch_id = t.id and a.outcome = 'accepted'
    group by p.ref, t.id, t.brand_id, c.key
    union all
    select p.ref, n.person_id, c.key, n.campaign_id, null, null, 'declined', n.reason, null,
           n.created_at
    from outreach.enrolments n
    join outreach.persons p on p.id = n.person_id join outreach.campaigns c on c.id = n.campaign_id
    where n.state = 'declined'
    order by planned_for, ref, campaign, step
""")


@dataclass(frozen=True)
class Story:
    """What happens to whom, and the diary of touches that must come of it."""

    name: str
    campaigns: Sequence[str | Told]
    people: Mapping[str, Told]
    timeline: Sequence[Told]
    until: datetime
    diary: Sequence[str]
    caps: Sequence[Told] | None = None
    since: datetime | None = None


def read(file: Path) -> Story:
    """The story in this file."""
    told = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    instants = {name: instant(told[name]) for name in ("since", "until") if name in told}
    return Story(name=file.stem, **{**told, **instants})


def updated(text: str, diary: Sequence[str]) -> str:
    """The story with this diary, which stands at its end; the rest of it stays as it is."""
    told, mark, _ = text.partition("\ndiary:")
    lines = "".join(f"\n  - {json.dumps(line, ensure_ascii=False)}" for line in diary)
    return f"{told}{mark}{lines or ' []'}\n"


def instant(written: object) -> datetime:
    """An instant of a story; YAML has read it already, or left it a text."""
    at = written if isinstance(written, datetime) else datetime.fromisoformat(str(written))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Telling:
    """One story on one installation."""

    def __init__(self, app: Outreach, clock: SteppedClock, story: Story) -> None:
        self.app, self.clock, self.story = app, clock, story
        if story.since:
            clock.step_to(story.since)
        profile: dict[str, Any] = {} if story.caps is None else {"caps": story.caps}
        self.brand: BrandRef = b.a_brand(app, **profile)
        self.people: dict[str, Person] = {}
        for ref, fields in story.people.items():
            if not fields.get("late"):
                self._arrives(ref)
        b.a_text(app, self.brand, "chatty", "Your parcel has arrived.")
        for one in story.campaigns:
            self._goes_live(one)

    def tell(self) -> tuple[list[str], Ledger]:
        """Live through it; answers the diary and the account."""
        for happening in self.story.timeline:
            self._pass_until(instant(happening["at"]))
            self._happens(happening)
            self._look()
        self._pass_until(self.story.until)
        with self.app.means.database.begin(self.brand) as tx:
            return [self._line(tx, row) for row in tx.execute(_DIARY)], reconcile(tx)

    def _pass_until(self, end: datetime) -> None:
        """Step from one due instant to the next, as long as there is one before the end."""
        while (next_at := self._next()) is not None and next_at <= end:
            self.clock.step_to(next_at)
            self._look()
        self.clock.step_to(max(end, self.clock()))

    def _next(self) -> datetime | None:
        """The next instant at which something is due; what is paused at this one is not asked."""
        with self.app.means.database.begin(self.brand) as tx:
            found = tx.execute(_NEXT, {"now": self.clock()}).scalar_one()
        return found if isinstance(found, datetime) else None

    def _look(self) -> None:
        b.accepted(self.app, self.brand)
        b.planned(self.app, self.brand)
        b.everything_due(self.app)

    def _happens(self, told: Told) -> None:
        if "event" in told:
            self._reported(told)
        elif "arrives" in told:
            self._arrives(told["arrives"])
        elif "pause" in told or "activate" in told:
            self._switched(told)
        else:
            self._changed(told)

    def _reported(self, told: Told) -> None:
        person = self.people.get(told["who"]) or self._unknown(told["who"])
        at = instant(told.get("happened", told["at"]))
        event = b.an_event(self.app, self.brand, person, told["event"], at, **told.get("data", {}))
        b.accepted(self.app, self.brand, event)

    def _unknown(self, ref: str) -> Person:
        from outreach.people.model import person_id  # noqa: PLC0415  # for this one alone

        return Person(person_id(self.brand, ref), ref)

    def _arrives(self, ref: str) -> None:
        fields = {k: v for k, v in self.story.people[ref].items() if k != "late"}
        known = {"country": "", "subdivision": "", "email": "", "phone": ""} | fields
        self.people[ref] = b.a_person(self.app, self.brand, ref, **known)

    def _switched(self, told: Told) -> None:
        with self.app.means.database.begin(self.brand) as tx:
            if "pause" in told:
                campaigns.pause(tx, self.app.means.book, told["pause"])
            else:
                campaigns.activate(tx, self.app.means.book, told["activate"], now=self.clock())

    def _changed(self, told: Told) -> None:
        action = next(action for action in Action if action.value in told)
        channel = Channel(told["channel"]) if "channel" in told else None
        kinds = tuple(sorted(regimes.packaged().kinds)) if action is Action.GRANT else None
        change = Change(action, How.REPLY, "story", channel=channel, kinds=kinds)
        person = self.people[told[action.value]].id
        done = change_person(self.app.means, self.brand, person, change)
        confirming.tell_of(self.app.means, self.brand, person, change, done.effective_at)

    def _goes_live(self, one: str | Told) -> None:
        if isinstance(one, str):
            b.a_campaign(self.app, self.brand, one)
        else:
            b.a_live_campaign(self.app, self.brand, **one)

    def _line(self, tx: Any, row: Any) -> str:  # a row of any query
        versions = self.app.means.book.versions(tx, [row.campaign_id])
        campaign = versions[row.campaign_id].campaign
        step = "" if row.step is None else f"/{campaign.contacts[row.step].key}"
        parts = [row.ref, campaign.key + step, row.channel, row.state, row.reason, self._when(row)]
        return ", ".join(part for part in parts if part)

    def _when(self, row: Any) -> str:
        """When it was sent, on the clock of every place where the person may be."""
        if row.sent_at is None:
            return ""
        zones = place_of(evidence_of(self.people[row.ref])).zones or ("UTC",)
        return " = ".join(f"{row.sent_at.astimezone(load(z)):%a %d %b %H:%M} {z}" for z in zones)

"""Where are campaigns kept, and which of their versions take people in?"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from outreach import documents, ids
from outreach.brands import store as brands
from outreach.campaigns import document, lifecycle, review
from outreach.campaigns.lifecycle import STAGES, Stage, State
from outreach.campaigns.model import Campaign
from outreach.campaigns.steps import Step
from outreach.campaigns.triggers import EventTrigger
from outreach.db.engine import BrandRef
from outreach.errors import Invalid, NotFound
from outreach.surveys import store as surveys
from outreach.templates import store as templates

_COLUMNS = "id, key, version, state, document, pins, releases, author"
_LATEST = text(f"""
    select {_COLUMNS} from outreach.campaigns where key = :key order by version desc limit 1
""")
_PUT = text("""
    insert into outreach.campaigns (brand_id, id, key, version, document, author)
    values (:brand, :id, :key, :version, :document, :author)
""")
_LIST = text(f"select {_COLUMNS} from outreach.campaigns order by key, version")
_OF_KEY = text(f"select {_COLUMNS} from outreach.campaigns where key = :key order by version")
# Locked until the passages are stored, so that whoever ends or pauses a campaign sees them all.
_LIVE = text(f"""
    select {_COLUMNS} from outreach.campaigns where state = 'live' order by key for share
""")
_RUNNING = text(f"select {_COLUMNS} from outreach.campaigns where state = 'live' order by key")
_UNDER_WAY = text("select id from outreach.campaigns where state::text = any(:running)")
_BY_ID = text(f"select {_COLUMNS} from outreach.campaigns where id = any(:ids)")
# Of one campaign the newest version first, as the live one is shared before older ones, here and in
# `_LOCK`: whoever takes all versions and whoever shares some never wait in a circle.
_SHARED = text(f"""
    select {_COLUMNS} from outreach.campaigns where id = any(:ids)
    order by key, version desc for share
""")
_SOURCE = text("select document from outreach.campaigns where id = :id")
_LOCK = text("""
    select id from outreach.campaigns where key = :key order by version desc for update
""")
# A statement names the states from which it moves a version; they come from the table of moves.
_MOVE = text("""
    update outreach.campaigns
    set state = cast(:to as outreach.campaign_state), stopped_by = null
    where id = any(:ids) and state::text = any(:origins)
""")
_PIN = text("""
    update outreach.campaigns
    set pins = cast(:pins as jsonb), activated_at = coalesce(activated_at, :now),
        plan_at = :plan_at
    where id = :id
""")
_RELEASE = text("update outreach.campaigns set releases = releases + 1 where id = :id")


# Before the key of a survey among the pins: no template's key has a colon.
_ASKED = "survey:"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a campaign, with the versions of the texts and surveys it went live with.

    `author` is the login of who wrote it, unknown for what a key or a command brought. `contacts`
    are its campaign's, found once.
    """

    id: UUID
    key: str
    version: int
    state: str
    campaign: Campaign
    pins: Mapping[str, UUID]
    releases: int
    author: str | None = None
    contacts: tuple[Step, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "contacts", self.campaign.contacts)

    def asks(self, step: int) -> UUID | None:
        """The version of the survey that the contact at this place asks, if it asks one."""
        survey = self.contacts[step].survey
        return self.pins.get(_ASKED + survey) if survey else None

    @property
    def stage(self) -> Stage:
        """How far its careful start has come."""
        return STAGES[min(self.releases, 2)] if self.campaign.ramp else "all"


class Book:
    """Campaigns by version, each document read once per process; only its state is asked anew."""

    def __init__(self) -> None:
        self._read: dict[UUID, Campaign] = {}

    def live(self, tx: Connection) -> list[Version]:
        """The versions that take people in, kept so until the transaction ends."""
        return [self._version(row) for row in tx.execute(_LIVE)]

    def running(self, tx: Connection) -> list[Version]:
        """The same, for whoever only looks: nobody waits for it."""
        return [self._version(row) for row in tx.execute(_RUNNING)]

    def under_way(self, tx: Connection) -> dict[UUID, Campaign]:
        """What passages may be on: the campaigns of all versions that run, paused ones too."""
        running = [state.value for state in lifecycle.RUNNING]
        found = tx.execute(_UNDER_WAY, {"running": running}).scalars().all()
        if new := [id_ for id_ in found if id_ not in self._read]:
            self.versions(tx, new)
        return {id_: self._read[id_] for id_ in found}

    def every(self, tx: Connection) -> list[Version]:
        """All versions of all campaigns, oldest first."""
        return [self._version(row) for row in tx.execute(_LIST)]

    def versions(self, tx: Connection, wanted: Iterable[UUID]) -> dict[UUID, Version]:
        """These versions, whatever their state; passages under way hold on to theirs."""
        keys = list(set(wanted))
        return {row.id: self._version(row) for row in tx.execute(_BY_ID, {"ids": keys})}

    def shared(self, tx: Connection, wanted: Iterable[UUID]) -> dict[UUID, Version]:
        """The same, kept as they are until the passages are stored."""
        keys = list(set(wanted))
        return {row.id: self._version(row) for row in tx.execute(_SHARED, {"ids": keys})}

    def of(self, tx: Connection, key: str) -> list[Version]:
        """All versions of one campaign, oldest first. Raises `NotFound`."""
        found = [self._version(row) for row in tx.execute(_OF_KEY, {"key": key})]
        if not found:
            raise _no_campaign(key)
        return found

    def pair(
        self, tx: Connection, key: str, *, old: int | None = None, new: int | None = None
    ) -> tuple[Version, Version]:
        """Two versions to compare: by default the newest, and the one before `new`.

        Raises `NotFound`.
        """
        found = {version.version: version for version in self.of(tx, key)}
        after = max(found) if new is None else new
        before = max((n for n in found if n < after), default=0) if old is None else old
        for wanted in (before, after):
            if wanted not in found:
                raise NotFound(f"campaign {key!r} has no version {wanted or 'before its first'}")
        return found[before], found[after]

    def latest(self, tx: Connection, key: str) -> Version:
        """The newest version of a campaign. Raises `NotFound`."""
        if (row := tx.execute(_LATEST, {"key": key}).one_or_none()) is None:
            raise _no_campaign(key)
        return self._version(row)

    def _version(self, row: Row[tuple[object, ...]]) -> Version:
        if row.id not in self._read:
            self._read[row.id] = document.read(row.document, name=row.key)
        pins = {key: UUID(pin) for key, pin in row.pins.items()}
        campaign = self._read[row.id]
        return Version(
            row.id, row.key, row.version, row.state, campaign, pins, row.releases, row.author
        )


def put(
    tx: Connection, brand: BrandRef, source: str, *, name: str, author: str | None = None
) -> UUID:
    """Keep this document as a draft: a new version, unless the newest one is the same text.

    A version that has ended does not come back, so its text makes a new one. Raises `Invalid` when
    it cannot be read.
    """
    key = document.read(source, name=name).key
    newest = tx.execute(_LATEST, {"key": key}).one_or_none()
    if newest is not None and newest.document == source and newest.state != State.ENDED:
        return UUID(str(newest.id))
    version = 1 if newest is None else newest.version + 1
    new = ids.derived(ids.CAMPAIGN, brand.key, key, version)
    values = {"brand": brand.id, "id": new, "key": key, "version": version, "document": source}
    tx.execute(_PUT, values | {"author": author})
    return new


def submit(tx: Connection, book: Book, key: str, *, now: datetime) -> Version:
    """Put the newest version up for review; whatever would keep it from going live is told now.

    Raises `NotFound`, `Conflict`, or `Invalid` with every objection at its place.
    """
    lock(tx, key)
    newest = book.latest(tx, key)
    lifecycle.check(key, newest.state, State.IN_REVIEW)
    _fitting(tx, newest, now=now)
    move(tx, [newest], State.IN_REVIEW)
    return book.latest(tx, key)


def activate(tx: Connection, book: Book, key: str, *, now: datetime) -> Version:
    """Let the newest version take people in; older ones take in nobody, and their passages finish.

    Raises `NotFound`, `Conflict`, or `Invalid` with every objection at its place.
    """
    lock(tx, key)
    *older, newest = book.of(tx, key)
    if newest.state == State.LIVE:
        return newest
    lifecycle.check(key, newest.state, State.LIVE)
    pins = newest.pins or _fitting(tx, newest, now=now)
    move(tx, older, State.FINISHING)
    written = json.dumps({name: str(pin) for name, pin in pins.items()})
    waits = isinstance(newest.campaign.trigger, EventTrigger)
    plan_at = None if waits else now
    tx.execute(_PIN, {"id": newest.id, "now": now, "pins": written, "plan_at": plan_at})
    move(tx, [newest], State.LIVE)
    return book.latest(tx, key)


def pause(tx: Connection, book: Book, key: str) -> Version:
    """Hold everything of this campaign; what a provider already has cannot be called back.

    Raises `NotFound`, or `Conflict` when it is not live.
    """
    lock(tx, key)
    versions = book.of(tx, key)
    running = _newest_of(versions, State.LIVE, State.PAUSED) or versions[-1]
    lifecycle.check(key, running.state, State.PAUSED)
    move(tx, versions, State.PAUSED)
    return book.versions(tx, [running.id])[running.id]


def resume(tx: Connection, book: Book, key: str) -> Version:
    """Let a paused campaign go on. Raises `NotFound`, or `Conflict` when it is not paused."""
    lock(tx, key)
    versions = book.of(tx, key)
    held = [version for version in versions if version.state == State.PAUSED]
    if not held:
        raise lifecycle.nothing(key, versions[-1].state, "resume")
    *older, newest = held
    move(tx, older, State.FINISHING)
    move(tx, [newest], State.LIVE)
    return book.versions(tx, [newest.id])[newest.id]


def release(tx: Connection, book: Book, key: str) -> Version:
    """Let a careful start go one step on: from a glance to a share, from a share to everybody.

    Answers the version that takes people in, or would if it were not paused. Raises `NotFound`, or
    `Conflict` when there is none.
    """
    lock(tx, key)
    versions = book.of(tx, key)
    running = _newest_of(versions, State.LIVE, State.PAUSED)
    if running is None:
        raise lifecycle.nothing(key, versions[-1].state, "release")
    if running.stage != "all":
        tx.execute(_RELEASE, {"id": running.id})
    return book.versions(tx, [running.id])[running.id]


def end(tx: Connection, book: Book, key: str) -> list[Version]:
    """End every version that runs or, where none does, the drafts; answers those that ended.

    What is planned in their passages is not touched here. Raises `NotFound`, or `Conflict` when all
    have ended.
    """
    lock(tx, key)
    versions = book.of(tx, key)
    running = [v for v in versions if v.state in lifecycle.RUNNING]
    ending = running or [v for v in versions if v.state != State.ENDED]
    if not move(tx, ending, State.ENDED):
        raise lifecycle.nothing(key, versions[-1].state, "end")
    return list(book.versions(tx, [v.id for v in ending]).values())


def lock(tx: Connection, key: str) -> None:
    """Keep this campaign's versions for oneself until the transaction ends.

    Waits for marks and for planning under way; whatever comes later sees what is decided here.
    """
    tx.execute(_LOCK, {"key": key})


def move(tx: Connection, versions: Iterable[Version], to: State) -> int:
    """Move those of these versions that may go there; answers how many did."""
    origins = [state.value for state in lifecycle.origins(to)]
    values = {"ids": [v.id for v in versions], "to": to.value, "origins": origins}
    return tx.execute(_MOVE, values).rowcount


def source(tx: Connection, version: Version) -> str:
    """The document of a version, as it was written."""
    return str(tx.execute(_SOURCE, {"id": version.id}).scalar_one())


def would_pin(tx: Connection, version: Version) -> Mapping[str, UUID]:
    """The texts and surveys that it has since it went live, or would have if it did so now."""
    if version.pins:
        return version.pins
    contacts = version.campaign.contacts
    pins = templates.latest(tx, {step.template for step in contacts})
    asked = {step.survey for step in contacts if step.survey}
    return pins | _asked(surveys.would_pin(tx, brands.get(tx).ref, asked))


def _asked(found: Mapping[str, UUID]) -> dict[str, UUID]:
    return {_ASKED + key: pin for key, pin in found.items()}


def _newest_of(versions: Iterable[Version], *states: State) -> Version | None:
    return max((v for v in versions if v.state in states), key=lambda v: v.version, default=None)


def _fitting(tx: Connection, version: Version, *, now: datetime) -> Mapping[str, UUID]:
    """The newest versions of its texts and surveys, which then are its own. Raises `Invalid`."""
    asked = _surveys(tx, version)
    pins = templates.latest(tx, {step.template for step in version.campaign.contacts})
    shelf = templates.Shelf().get(tx, pins.values())
    texts = {key: shelf[pin] for key, pin in pins.items()}
    locale = brands.get(tx).locale
    found = review.objections(version.campaign, texts, locale=locale, surveys=asked, now=now)
    if found:
        written = source(tx, version)
        problems = [documents.problem(written, one.path, one.sentence) for one in found]
        raise Invalid(f"campaign {version.key!r} cannot go live", problems=problems)
    return pins | _asked(asked)


def _surveys(tx: Connection, version: Version) -> Mapping[str, UUID]:
    """The newest versions of the surveys that it asks; those of the library are taken over."""
    asked = {step.survey for step in version.campaign.contacts if step.survey}
    return surveys.pinned(tx, brands.get(tx).ref, asked)


def _no_campaign(key: str) -> NotFound:
    return NotFound(f"there is no campaign {key!r}; `outreach campaigns list` shows them")

"""Where are campaigns kept, and which of their versions take people in?"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from outreach import ids
from outreach.campaigns import document
from outreach.campaigns.model import Campaign
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Invalid, NotFound, Problem
from outreach.templates import store as templates

_COLUMNS = "id, key, version, state, document, pins"
_LATEST = text(f"""
    select {_COLUMNS} from outreach.campaigns where key = :key order by version desc limit 1
""")
_PUT = text("""
    insert into outreach.campaigns (brand_id, id, key, version, document)
    values (:brand, :id, :key, :version, :document)
""")
_LIST = text(f"select {_COLUMNS} from outreach.campaigns order by key, version")
_LIVE = text(f"select {_COLUMNS} from outreach.campaigns where state = 'live' order by key")
_BY_ID = text(f"select {_COLUMNS} from outreach.campaigns where id = any(:ids)")
_RETIRE = text("""
    update outreach.campaigns set state = 'ended' where key = :key and state in ('live', 'paused')
      and id <> :id
""")
_ACTIVATE = text("""
    update outreach.campaigns
    set state = 'live', pins = cast(:pins as jsonb), activated_at = coalesce(activated_at, :now)
    where id = :id
""")
_PAUSE = text("update outreach.campaigns set state = 'paused' where key = :key and state = 'live'")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a campaign, with the versions of the templates that it was activated with."""

    id: UUID
    key: str
    version: int
    state: str
    campaign: Campaign
    pins: Mapping[str, UUID]


class Book:
    """Campaigns by version, each document read once per process; only its state is asked anew."""

    def __init__(self) -> None:
        self._read: dict[UUID, Campaign] = {}

    def live(self, tx: Connection) -> list[Version]:
        """The versions that take people in."""
        return [self._version(row) for row in tx.execute(_LIVE)]

    def every(self, tx: Connection) -> list[Version]:
        """All versions of all campaigns, oldest first."""
        return [self._version(row) for row in tx.execute(_LIST)]

    def versions(self, tx: Connection, wanted: Iterable[UUID]) -> dict[UUID, Version]:
        """These versions, whatever their state; passages under way hold on to theirs."""
        keys = list(set(wanted))
        return {row.id: self._version(row) for row in tx.execute(_BY_ID, {"ids": keys})}

    def latest(self, tx: Connection, key: str) -> Version:
        """The newest version of a campaign. Raises `NotFound`."""
        if (row := tx.execute(_LATEST, {"key": key}).one_or_none()) is None:
            raise NotFound(f"there is no campaign {key!r}; `outreach campaigns list` shows them")
        return self._version(row)

    def _version(self, row: Row[tuple[object, ...]]) -> Version:
        if row.id not in self._read:
            self._read[row.id] = document.read(row.document, name=row.key)
        pins = {key: UUID(pin) for key, pin in row.pins.items()}
        return Version(row.id, row.key, row.version, row.state, self._read[row.id], pins)


def put(tx: Connection, brand: BrandRef, source: str, *, name: str) -> UUID:
    """Keep this document as a draft: a new version, unless the newest one is the same text.

    Raises `Invalid` when it cannot be read.
    """
    key = document.read(source, name=name).key
    newest = tx.execute(_LATEST, {"key": key}).one_or_none()
    if newest is not None and newest.document == source:
        return UUID(str(newest.id))
    version = 1 if newest is None else newest.version + 1
    new = ids.derived(ids.CAMPAIGN, brand.key, key, version)
    values = {"brand": brand.id, "id": new, "key": key, "version": version, "document": source}
    tx.execute(_PUT, values)
    return new


def activate(tx: Connection, book: Book, key: str, *, now: datetime) -> Version:
    """Let the newest version take people in; an older live one ends, and its passages finish.

    Raises `NotFound`, or `Invalid` when a template is missing.
    """
    newest = book.latest(tx, key)
    wanted = {step.template for step in newest.campaign.steps}
    pins = newest.pins or templates.latest(tx, wanted)
    if missing := sorted(wanted - pins.keys()):
        problems = [Problem(f"steps: template {name}", "is not imported") for name in missing]
        raise Invalid(f"campaign {key!r} cannot go live", problems=problems)
    tx.execute(_RETIRE, {"key": key, "id": newest.id})
    values = {"id": newest.id, "now": now}
    tx.execute(_ACTIVATE, values | {"pins": json.dumps({k: str(v) for k, v in pins.items()})})
    return book.latest(tx, key)


def pause(tx: Connection, book: Book, key: str) -> Version:
    """Hold everything of this campaign; what a provider already has cannot be called back.

    Raises `NotFound`, or `Conflict` when it is not live.
    """
    if not tx.execute(_PAUSE, {"key": key}).rowcount:
        state = book.latest(tx, key).state
        raise Conflict(f"campaign {key!r} is {state} and not live: there is nothing to pause")
    return book.latest(tx, key)

"""Who said yes to which version, having seen which page, and is that enough to go live?"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.brands import store as brands
from outreach.campaigns import four_eyes, store
from outreach.campaigns.four_eyes import Missing, Word
from outreach.campaigns.lifecycle import State
from outreach.campaigns.store import Book, Version
from outreach.db.engine import BrandRef
from outreach.errors import Conflict

_PUT = text("""
    insert into outreach.approvals (brand_id, campaign_id, at, "by", digest, page, covers)
    values (:brand, :campaign, :now, :by, :digest, :page, :covers)
""")
_OF = text("""
    select c.key, c.version, a.at, a."by", encode(a.digest, 'hex') as digest
    from outreach.approvals a
    join outreach.campaigns c on c.brand_id = a.brand_id and c.id = a.campaign_id
    where c.key = :key order by a.at desc, a.id desc
""")
_PAGE = text("""
    select a.page from outreach.approvals a
    join outreach.campaigns c on c.brand_id = a.brand_id and c.id = a.campaign_id
    where c.key = :key order by a.at desc, a.id desc limit 1
""")
_WORDS = text("""
    select distinct "by", covers from outreach.approvals where campaign_id = :campaign
""")
_NEVER_LIVE = frozenset({State.DRAFT, State.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody approved a version after they had seen a page with this SHA-256."""

    key: str
    version: int
    at: datetime
    by: str
    digest: str


def put(
    tx: Connection,
    brand: BrandRef,
    campaign: UUID,
    *,
    by: str,
    page: str,
    now: datetime,
    covers: str = "",
) -> str:
    """Keep the page with whose word it is; answers its SHA-256 in hex. It stands for ever.

    `covers` is what `covers` told of the version when the page was made; a word without it does not
    let a campaign go live.
    """
    digest = hashlib.sha256(page.encode())
    values = {"brand": brand.id, "campaign": campaign, "now": now, "by": by, "page": page}
    tx.execute(_PUT, {**values, "digest": digest.digest(), "covers": covers})
    return digest.hexdigest()


def of(tx: Connection, key: str) -> list[Approval]:
    """The approvals of a campaign's versions, the newest first."""
    return [Approval(**row._asdict()) for row in tx.execute(_OF, {"key": key})]


def page(tx: Connection, key: str) -> str | None:
    """The page that was approved last, if any was."""
    found: str | None = tx.execute(_PAGE, {"key": key}).scalar_one_or_none()
    return found


def covers(tx: Connection, version: Version) -> str:
    """What a word for this version, given now, would be for."""
    return four_eyes.covered(version.id, store.would_pin(tx, version))


def approve(  # whose word it is, for what, having read which page
    tx: Connection, book: Book, brand: BrandRef, key: str, *, by: str, seen: str,
    page: str | None = None, now: datetime,
) -> Version:  # fmt: skip
    """Keep this user's word for the newest version as they saw it: `seen` is what `covers` told.

    The page kept is the review of it, or else the document with the ids of its texts and surveys.
    Raises `NotFound`, or `Conflict` for a version that they wrote, that was live already, or that
    looks otherwise now.
    """
    store.lock(tx, key)
    version = book.latest(tx, key)
    pins = store.would_pin(tx, version)
    told = f"campaign {key!r} version {version.version}"
    if version.state not in _NEVER_LIVE:
        raise Conflict(f"{told} is {version.state}: there is nothing to approve")
    if version.author == by:
        raise Conflict(f"{told} is your own: another person approves it")
    if four_eyes.covered(version.id, pins) != seen:
        raise Conflict(f"{told} is not what you saw: look at it again, then approve it")
    read = page or _page(tx, version, pins)
    put(tx, brand, version.id, by=by, page=read, now=now, covers=seen)
    return version


def missing(tx: Connection, version: Version, *, by: str | None) -> Missing | None:
    """What keeps `by` from letting this version go live.

    None when nothing does: when its brand asks for no four eyes, when it was live already, and for
    whoever is no user, such as a key or a command.
    """
    return _missing(tx, version, was=version.state, by=by)


def refuse_alone(tx: Connection, before: Version, now: Version, *, by: str | None) -> None:
    """Refuse what has just gone live, judged with the texts and surveys that it now has.

    `before` is the version as it was. Raises `Conflict`, on which the transaction is to be undone.
    """
    if found := _missing(tx, now, was=before.state, by=by):
        told = f"campaign {now.key!r} version {now.version} cannot go live"
        raise Conflict(f"{told}: {four_eyes.SENTENCES[found]}")


def _missing(tx: Connection, version: Version, *, was: str, by: str | None) -> Missing | None:
    if by is None or was not in _NEVER_LIVE or not brands.get(tx).profile.four_eyes:
        return None
    rows = tx.execute(_WORDS, {"campaign": version.id})
    words = [Word(row.by, row.covers) for row in rows]
    return four_eyes.missing(words, covers=covers(tx, version), author=version.author, by=by)


def _page(tx: Connection, version: Version, pins: Mapping[str, UUID]) -> str:
    named = "".join(f"# {key}: {pin}\n" for key, pin in sorted(pins.items()))
    return f"{store.source(tx, version)}\n{named}"

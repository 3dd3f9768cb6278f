"""Which page did somebody see before they let a campaign go live?"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.db.engine import BrandRef

_PUT = text("""
    insert into outreach.approvals (brand_id, campaign_id, at, "by", digest, page)
    values (:brand, :campaign, :now, :by, :digest, :page)
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


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody approved a version after they had seen a page with this SHA-256."""

    key: str
    version: int
    at: datetime
    by: str
    digest: str


def put(
    tx: Connection, brand: BrandRef, campaign: UUID, *, by: str, page: str, now: datetime
) -> str:
    """Keep the page with whose word it is; answers its SHA-256 in hex. It stands for ever."""
    digest = hashlib.sha256(page.encode())
    values = {"brand": brand.id, "campaign": campaign, "now": now, "by": by, "page": page}
    tx.execute(_PUT, {**values, "digest": digest.digest()})
    return digest.hexdigest()


def of(tx: Connection, key: str) -> list[Approval]:
    """The approvals of a campaign's versions, the newest first."""
    return [Approval(**row._asdict()) for row in tx.execute(_OF, {"key": key})]


def page(tx: Connection, key: str) -> str | None:
    """The page that was approved last, if any was."""
    found: str | None = tx.execute(_PAGE, {"key": key}).scalar_one_or_none()
    return found

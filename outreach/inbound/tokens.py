"""Was a token that a provider signed used for another body before?

Where a signature covers a token alone, whoever has seen one push could put another body beside it.
So the first body that comes with a token is the only one: the same again is harmless. Of both no
more than hashes are kept, and for somewhat longer than the oldest push that is taken.
"""

import hashlib
from datetime import datetime

from sqlalchemy import text

from outreach.db.engine import BrandRef, Database
from outreach.signed.message import TOLERATED_LATEST

_KEPT = 2 * TOLERATED_LATEST
_AT_ONCE = 20  # old ones let go of with each that comes: more than come
# Whoever comes second waits for the first, no longer than its one statement, and sees its body.
_FIRST = text("""
    insert into outreach.push_tokens (token, body, at) values (:token, :body, :now)
    on conflict (token) do update set token = excluded.token
    returning body
""")
_LET_GO = text("""
    delete from outreach.push_tokens where token in (
        select token from outreach.push_tokens where at < :before
        order by at limit :many for update skip locked)
""")


def vouches(
    database: Database, token: str, body: bytes, *, of: tuple[str, BrandRef | None], now: datetime
) -> bool:
    """Whether this token stands for this body, and for none before; `of` is whose account heard."""
    provider, brand = of
    name = _hash(f"{provider} {brand.id if brand else ''} {token}".encode(errors="surrogatepass"))
    values = {"token": name, "body": _hash(body), "now": now}
    with database.access() as tx:
        first: str = tx.execute(_FIRST, values).scalar_one()
        tx.execute(_LET_GO, {"before": now - _KEPT, "many": _AT_ONCE})
    return first == values["body"]


def _hash(some: bytes) -> str:
    return hashlib.sha256(some).hexdigest()

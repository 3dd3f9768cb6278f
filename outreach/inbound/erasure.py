"""A person is to be forgotten: what goes, what stays, and when does nothing start any more?

Under the locks of a mark: after the commit nothing can be marked for the person, what was marked
and had not begun is cancelled, and the answer names what was in the air all the same. Names,
addresses, days of their own, what their events told, what agents read and what providers answered
go, store by store as `people.stores` says. What stays is numbers and ids: the ledger's counts, the
keyed hashes of the addresses, and at each the word that it is not to be used, so that a later
import revives nobody (GDPR article 17 (1), and 21 (3)). What a legal hold covers goes when it ends.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from optout.model import Action, How
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.enrolments import store as enrolments
from outreach.errors import NotFound
from outreach.inbound.consent import Change, Changed, drained, record_all
from outreach.people import legal_holds, stores
from outreach.people import store as people

REASON = "erased"
_AT_ONCE = 100
_HOLD = text("select id from outreach.persons where id = :person for no key update")
_PASSAGES = text("""
    select id from outreach.enrolments where person_id = :person and state = 'active'
    order by id for no key update
""")
_FORGET = tuple(map(text, stores.forgetting()))


def erase(means: Means, brand: BrandRef, person: UUID, *, evidence: str) -> Changed:
    """Forget this person; `evidence` says who asked for it, and names nobody. Raises `NotFound`.

    While a legal hold stands, nothing is said to them any more and the rest waits: the answer is
    `pending`.
    """
    now = means.clock()
    change = Change(Action.WITHDRAW, How.API, f"erasure: {evidence}")
    with means.database.begin(brand) as tx:
        legal_holds.keep_away(tx, brand)
        _hold(tx, person)
        known = people.by_id(tx, [person])[person]
        concerned = [(address.identity, change) for address in known.addresses]
        record_all(tx, means, brand, concerned, now=now)
        passages = [row.id for row in tx.execute(_PASSAGES, {"person": person})]
        enrolments.end(tx, dict.fromkeys(passages, REASON), now=now)
        pending = bool(legal_holds.on(tx, person, now=now))
        if pending:
            legal_holds.postpone(tx, brand, person, evidence=evidence, now=now)
        else:
            _forget(tx, person, now=now)
    return Changed(len(concerned), now, drained(means, brand, concerned), pending=pending)


def _forget(tx: Connection, person: UUID, *, now: datetime) -> None:
    for statement in _FORGET:
        tx.execute(statement, {"person": person, "now": now})
    legal_holds.forgotten(tx, person, now=now)


def catch_up(means: Means, brand: BrandRef) -> int:
    """Forget those whose erasure need wait no more, some at a time; answers how many."""
    with means.database.begin(brand) as tx:
        released = legal_holds.released(tx, now=means.clock(), limit=_AT_ONCE)
    for person, evidence in released:
        erase(means, brand, person, evidence=evidence)
    return len(released)


def _hold(tx: Connection, person: UUID) -> None:
    if tx.execute(_HOLD, {"person": person}).first() is None:
        raise NotFound("there is no such person")

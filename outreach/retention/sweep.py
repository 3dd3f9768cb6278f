"""Who lets go of what is too old to be kept, and when?

The ticker, each day from midnight UTC on, one set a tick; or a person, by a command, at once. What
went is kept as the day's report. A legal hold on the brand has it let go of nothing, one on a
person of nothing that is theirs.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from outreach.brands import store as brands
from outreach.brands.terms import Term
from outreach.db.engine import BrandRef, Database
from outreach.people import legal_holds
from outreach.retention import store
from outreach.retention.kinds import KINDS
from outreach.retention.store import Begun, LetGo, Old

_LIMIT = 10_000  # rows of each kind in one transaction


@dataclass(frozen=True, slots=True)
class Asked:
    """When it is, how long the installation keeps a ledger, and whether a brand's terms give way.

    `over` keeps so many days of the ledger, of calls and of replies, whatever the brand says.
    """

    now: datetime
    retention: timedelta
    over: timedelta | None = None

    @property
    def day(self) -> date:
        """The day in UTC to which the report belongs."""
        return self.now.date()

    def befores(self, tx: Connection) -> Mapping[Term, datetime]:
        """Before when nothing is kept of each kind, by the brand's terms."""
        terms = brands.get(tx).profile.terms
        if self.over is not None:
            days = self.over.days
            terms = terms.model_copy(update={"ledger": days, "calls": days, "replies": days})
        return terms.befores(now=self.now, retention=self.retention)


def step(
    tx: Connection, brand: BrandRef, asked: Asked, *, limit: int = _LIMIT
) -> tuple[Mapping[str, int], bool]:
    """One set of the brand's; answers how many of each kind went, and whether that was the last."""
    befores = asked.befores(tx)
    until = store.left_behind(tx, befores)
    begun = store.begin(tx, brand, day=asked.day, befores=until, now=asked.now)
    if begun is None:
        return {}, True
    legal_holds.keep_away(tx, brand)
    holds = legal_holds.standing(tx, now=asked.now)
    if any(hold.person_id is None for hold in holds):
        went = LetGo({}, begun.reached, last=True)
    else:
        went = store.let_go(tx, _old(tx, asked, befores), limit=limit, reached=begun.reached)
    total = Counter(begun.gone)
    total.update({name: many for name, many in went.gone.items() if many})
    now_at = Begun(total, went.reached)
    store.note(tx, now_at, day=asked.day, held=len(holds), last=went.last, now=asked.now)
    if went.last and went.gone:
        store.kept_since(tx, before=befores["ledger"])
    return went.gone, went.last


def count(tx: Connection, asked: Asked) -> Mapping[str, int]:
    """How many of each kind there are to let go of; changes nothing."""
    return store.count(tx, _old(tx, asked, asked.befores(tx)))


def _old(tx: Connection, asked: Asked, befores: Mapping[Term, datetime]) -> Old:
    held = legal_holds.standing(tx, now=asked.now)
    persons = [hold.person_id for hold in held if hold.person_id is not None]
    since = store.last(tx, day=asked.day)
    known = {term: since[term] for term in befores if term in since}
    return Old(befores, asked.now, known, persons, store.touches_of(tx, persons))


def sweep(
    database: Database, brand: BrandRef, asked: Asked, *, limit: int = _LIMIT
) -> dict[str, int]:
    """All of this brand's that is older, a set a transaction; answers how many of each kind."""
    total: Counter[str] = Counter(dict.fromkeys((*KINDS, "export_rows"), 0))
    last = False
    while not last:
        with database.begin(brand) as tx:
            gone, last = step(tx, brand, asked, limit=limit)
        total.update(gone)
    return dict(total)

"""What did the gate say of each, and what becomes of those it objected to?"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.db.engine import BrandRef
from outreach.dispatch import store
from outreach.dispatch.gate import judge
from outreach.dispatch.model import Facts, Hold, Send, Touch, Verdict
from outreach.dispatch.store import Moved

Judged = Mapping[UUID, tuple[Facts, Verdict]]


def judge_all(gathered: Mapping[UUID, Facts]) -> tuple[Judged, Judged]:
    """The touches that may go, and those that something objects to."""
    judged = {id_: (facts, judge(facts)) for id_, facts in gathered.items()}
    free = {id_: pair for id_, pair in judged.items() if isinstance(pair[1], Send)}
    return free, {id_: pair for id_, pair in judged.items() if id_ not in free}


def keep_back(
    tx: Connection, brand: BrandRef, stage: str, objected: Judged, *, now: datetime
) -> None:
    """Put back what waits, end what is skipped, and write both into the ledger of verdicts.

    Of a touch that is no longer this claim's nothing is written: its verdict is somebody else's.
    """
    moves = [_kept(facts.touch, said) for facts, said in objected.values()]
    kept = store.move(tx, moves, now=now)
    ours = {id_: judged for id_, judged in objected.items() if id_ in kept}
    store.write_verdicts(tx, brand, stage, ours)


def _kept(touch: Touch, said: Verdict) -> Moved:
    if isinstance(said, Hold):
        # Held until something changes: it wakes at its last useful moment, to be dropped.
        return Moved(
            touch.id, touch.fence, "planned", said.reason, said.until or touch.useless_after
        )
    return Moved(touch.id, touch.fence, "skipped", None if isinstance(said, Send) else said.reason)

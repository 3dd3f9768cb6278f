"""Is the installation well, as far as the web process can tell?"""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter

from outreach.dispatch import due
from outreach.web.auth import AnyDoor

router = APIRouter(tags=["health"])


@dataclass(frozen=True, slots=True)
class Health:
    """`behind_seconds`: for how long the oldest due touch has waited; 0 when nothing waits."""

    ok: bool
    behind_seconds: int


@router.get("/health")
def health(door: AnyDoor) -> Health:
    """Well when the database answers; tells nothing of whom or for whom. Needs no key."""
    means = door.app.means
    now = means.clock()
    with means.database.watch() as tx:
        pulse = due.pulse(tx, now=now)
    return Health(ok=True, behind_seconds=_behind(pulse.next_due_at, now))


def _behind(due_at: datetime | None, now: datetime) -> int:
    return max(0, int((now - due_at).total_seconds())) if due_at else 0

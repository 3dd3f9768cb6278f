"""What may be done with a campaign, who may do it, and what does it?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from outreach.campaigns import store
from outreach.campaigns.lifecycle import MOVES, State
from outreach.campaigns.store import Version
from outreach.enrolments import under_way
from outreach.web.console.shell import Screen


def _activate(tx: Connection, screen: Screen, key: str, now: datetime) -> object:
    visitor = screen.visitor
    return under_way.activate(tx, visitor.means.book, visitor.brand, key, now=now, by=visitor.login)


DEEDS: Mapping[str, Callable[[Connection, Screen, str, datetime], object]] = {
    "review": lambda tx, on, key, now: store.submit(tx, on.visitor.means.book, key, now=now),
    "activate": _activate,
    "pause": lambda tx, on, key, _: under_way.pause(tx, on.visitor.means.book, key),
    "resume": lambda tx, on, key, now: under_way.resume(tx, on.visitor.means.book, key, now=now),
    "release": lambda tx, on, key, now: under_way.release(tx, on.visitor.means.book, key, now=now),
    "end": lambda tx, on, key, now: under_way.end(tx, on.visitor.means.book, key, now=now),
}


def right_of(deed: str) -> str:
    """Which right this deed asks for; `routes.yaml` says the same, and a test holds them alike."""
    return "campaigns.write" if deed == "review" else "campaigns.run"


def open_deeds(versions: Sequence[Version]) -> tuple[str, ...]:
    """What may be done with a campaign whose versions these are, oldest first."""
    newest, states = versions[-1], {version.state for version in versions}
    ways = MOVES[State(newest.state)]
    careful = any(v.state == State.LIVE and v.stage != "all" for v in versions)
    open_ = {
        "review": State.IN_REVIEW in ways,
        "activate": newest.state in {State.DRAFT, State.IN_REVIEW},
        "release": careful,
        "pause": State.LIVE in states,
        "resume": State.PAUSED in states,
        "end": states != {State.ENDED},
    }
    return tuple(deed for deed, possible in open_.items() if possible)

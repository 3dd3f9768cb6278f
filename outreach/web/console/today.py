"""What went out today, what is held and why, what is coming, and what needs somebody?  `/`

With `?view=wall` the same in figures to be read across a room, which come again by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from sqlalchemy import Connection

from outreach import ids
from outreach.brands import store as brands
from outreach.callbacks import load
from outreach.dispatch import doubt, doubting
from outreach.errors import NotAllowed
from outreach.inbound import cases
from outreach.inbound.cases import Case
from outreach.reports import doubtful, members, newest, today, watch
from outreach.web.console import navigation, people
from outreach.web.console.shell import Asked, Screen

router = APIRouter(include_in_schema=False)

_AGAIN_AFTER = 30  # seconds until the wall asks again
_DOUBTS = 20
_NEEDS = 50  # cases, and promised calls that were not made


@dataclass(frozen=True, slots=True)
class Needs:
    """What waits for somebody: open cases with their people's pages, and promised calls."""

    cases: Sequence[tuple[str, Case]] = ()
    late: int = 0

    @property
    def more_cases(self) -> bool:
        """Whether there may be more cases than these."""
        return len(self.cases) >= _NEEDS

    @property
    def more_late(self) -> bool:
        """Whether there may be more such calls."""
        return self.late >= _NEEDS


@router.api_route("/", methods=["GET", "HEAD"])
def show_today(screen: Asked, view: Literal["page", "wall"] = "page") -> Response:
    """The day of the visitor's brand; who may not see it goes to the first screen that they may.

    Raises `NotAllowed` where there is none.
    """
    if not screen.visitor.may("today.read"):
        return _home(screen)
    with screen.visitor.begin() as tx:
        known = brands.get(tx)
        day = today.today(tx, known, now=screen.visitor.means.clock())
        doubts = doubtful.doubtful(tx, limit=_DOUBTS) if day.uncertain else []
        at_hand = members.waiting(tx)
        needs = _needs(tx, screen) if view == "page" else Needs()
        shown = view == "page" and screen.visitor.may("touches.read")
        latest = [_linked(row) for row in newest.happened(tx)] if shown else []
    alarms = _alarms(screen)
    if view == "wall":
        return screen.page(
            "wall", known, refresh=_AGAIN_AFTER, alarms=alarms, day=day, most=today.MOST
        )
    again = {one.touch for one in doubts if one.purpose in doubting.MAY_GO_AGAIN}
    return screen.page(
        "today", known, alarms=alarms, day=day, latest=latest, doubts=doubts, again=again,
        at_hand=at_hand, needs=needs, topics=cases.TOPICS, most=today.MOST,
        may_settle=screen.visitor.may("touches.settle"),
    )  # fmt: skip


def _needs(tx: Connection, screen: Screen) -> Needs:
    """What this visitor may know of it."""
    may, now = screen.visitor.may, screen.visitor.means.clock()
    return Needs(
        [(people.path_of(one.person_id), one) for one in cases.opened(tx, limit=_NEEDS)]
        if may("cases.read") and may("people.read") else [],
        len(load.late(tx, now=now, limit=_NEEDS)) if may("queues.read") else 0,
    )  # fmt: skip


def _home(screen: Screen) -> Response:
    place = navigation.home(screen.visitor.may)
    if place is None:
        raise NotAllowed(f"the role {screen.visitor.role} opens no screen here")
    return screen.back_to(place.path)


@router.post("/touches/{touch}/settle")
def settle(
    screen: Asked, touch: str, decision: Annotated[Literal["sent", "not_sent", "again"], Form()]
) -> Response:
    """Settle a touch in doubt on the visitor's word."""
    key = ids.read(ids.TOUCH, touch)
    doubt.decide(screen.visitor.means, screen.visitor.brand, key, decision, by=screen.visitor.name)
    return screen.back_to("/", done="settled")


def _alarms(screen: Screen) -> list[str]:
    visitor = screen.visitor
    limits = watch.limits_of(visitor.door.app.settings)
    raised = watch.alarms(visitor.means.database, limits, now=visitor.means.clock())
    return [one.sentence(screen.language) for one in raised if one.brand == visitor.brand.key]


def _linked(row: dict[str, object]) -> dict[str, object]:
    return row | {"touch": ids.shown(ids.TOUCH, row["id"])}  # type: ignore[arg-type]  # rows are untyped

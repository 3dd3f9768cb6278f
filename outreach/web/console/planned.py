"""How full are the coming days, hour by hour, and who is there to carry them?  `/planned`

With `?email=`, `?sms=` or `?chat=`, so many an hour, the hours that hold more are marked; calls are
held against the shifts of agents by themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Query, Response

from optout.model import Channel
from outreach import timezones
from outreach.brands import store as brands
from outreach.callbacks import queues
from outreach.callbacks.document import Queue
from outreach.errors import Invalid
from outreach.replay import staffing
from outreach.replay.staffing import Shifts
from outreach.reports import calendar
from outreach.reports import planned as reports
from outreach.web.console.shell import Asked

router = APIRouter(include_in_schema=False)

STRENGTHS = 5
HANDLING = timedelta(minutes=5)  # of a call, as the review before a launch has it
Quota: TypeAlias = Annotated[str, Query(max_length=9)]
Carries: TypeAlias = Callable[[date, int], int]


@router.api_route("/planned", methods=["GET", "HEAD"])
def show_planned(screen: Asked, email: Quota = "", sms: Quota = "", chat: Quota = "") -> Response:
    """A heat map of two weeks, with its numbers in it."""
    asked = {Channel.EMAIL: email.strip(), Channel.SMS: sms.strip(), Channel.CHAT: chat.strip()}
    now, language = screen.visitor.means.clock(), screen.language
    with screen.visitor.begin() as tx:
        brand, desk = brands.get(tx), queues.desk(tx)
        told = reports.planned(tx, brand.zone, now=now)
        lived_in = reports.countries(tx, now=now)
    over = told.over(_quotas(asked) | _shifts(desk.queues, brand.zone))
    return screen.page(
        "planned",
        brand,
        told=told,
        marks={day: reports.marked(day, language) for day in told.days},
        holidays={day: list(calendar.holidays_of(day, lived_in, language)) for day in told.days},
        strength=strength,
        over=over,
        quotas=asked,
        agents=len({agent.key for queue in desk.queues for agent in queue.agents}),
    )


def strength(many: int, most: int) -> int:
    """How strongly an hour is coloured: 0 for nothing, `STRENGTHS` for the fullest."""
    return -(-many * STRENGTHS // most) if most else 0


def _quotas(asked: Mapping[Channel, str]) -> dict[str, Carries]:
    """Raises `Invalid` for what is no number."""
    return {channel.value: _always(written) for channel, written in asked.items() if written}


def _always(written: str) -> Carries:
    if not (written.isascii() and written.isdecimal()):
        raise Invalid(f"{written!r} is no number of messages an hour, such as 3600")
    return lambda _day, _hour: int(written)


def _shifts(desk: Sequence[Queue], zone: str) -> dict[str, Carries]:
    """What the agents on shift carry in an hour of the brand's clock; asked of busy hours alone."""
    return {one.channel: _carried(one, zone) for one in staffing.of(desk, handling=HANDLING)}


def _carried(shifts: Shifts, zone: str) -> Carries:
    here = timezones.load(zone)
    return lambda day, hour: shifts.at(datetime.combine(day, time(hour), here))

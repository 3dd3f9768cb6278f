"""Can providers and agents carry that, and if not, which promised hour breaks first?

Whatever a channel cannot carry in its hour waits for the next one. An hour breaks when something
that was promised for it leaves later. What an agent cannot call while a shift is on waits for the
next shift; between shifts nobody calls.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfoNotFoundError

from outreach import timezones
from outreach.errors import Invalid
from outreach.replay.totals import Hour

_AN_HOUR = timedelta(hours=1)
_PATIENCE = 24 * 60  # hours after the last of the volume
_FORM = re.compile(r"(\w+)=(\d+)(?:@(\d{1,2})-(\d{1,2})(?:,(\S+))?)?")


class Carries(Protocol):
    """Whatever carries so many contacts of a channel in the hour that begins at an instant."""

    @property
    def channel(self) -> str: ...

    def at(self, hour: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much a channel carries an hour; of a shift: between which hours of which clock.

    `begins` and `ends` are whole hours of the day, 0 to 24, in `zone`; a shift may cross midnight.
    """

    channel: str
    per_hour: int
    begins: int = 0
    ends: int = 24
    zone: str = "UTC"

    def at(self, hour: datetime) -> int:
        """How much of it there is in the hour that begins at this instant."""
        there = hour.astimezone(timezones.load(self.zone)).hour
        inside = (
            self.begins <= there < self.ends
            if self.begins < self.ends
            else there >= self.begins or there < self.ends
        )
        return self.per_hour if inside else 0

    def __str__(self) -> str:
        whole = (self.begins, self.ends) == (0, 24)
        shift = "" if whole else f", {self.begins:02}-{self.ends:02} {self.zone}"
        return f"{self.channel} at {self.per_hour} an hour{shift}"


@dataclass(frozen=True, slots=True)
class Break:
    """The first hour of a channel whose promise does not hold.

    `wanted` is what is to leave in it, with what still waits from before, `carried` what can. The
    queue is empty again `late_by` after the hour, or not within sixty days (none).
    """

    channel: str
    hour: datetime
    wanted: int
    carried: int
    late_by: timedelta | None
    by: str


def read(told: Iterable[str]) -> list[Capacity]:
    """Capacities such as `sms=3600` or `voice=40@9-18,Asia/Shanghai`.

    Raises `Invalid`, naming what cannot be read.
    """
    return [_read(one) for one in told]


def _read(told: str) -> Capacity:
    found = _FORM.fullmatch(told)
    if found is None:
        raise Invalid(
            f"{told!r} is no capacity: write sms=3600 (an hour), or voice=40@9-18,Asia/Shanghai"
        )
    channel, many, begins, ends, zone = found.groups(default="")
    made = Capacity(channel, int(many), int(begins or 0), int(ends or 24), zone or "UTC")
    try:
        timezones.load(made.zone)
    except (ZoneInfoNotFoundError, ValueError, KeyError) as error:
        raise Invalid(f"{made.zone!r} in {told!r} is no zone, such as Asia/Shanghai") from error
    if max(made.begins, made.ends) > 24:  # noqa: PLR2004
        raise Invalid(f"{told!r} names an hour after 24")
    return made


def breaks(
    hours: Mapping[Hour, int], capacities: Iterable[Carries], *, scale: int = 1
) -> list[Break]:
    """The first broken hour of each channel whose capacity is known, the earliest first."""
    by_channel: dict[str, list[Carries]] = {}
    for one in capacities:
        by_channel.setdefault(one.channel, []).append(one)
    found = (_first(hours, channel, here, scale) for channel, here in sorted(by_channel.items()))
    return sorted((one for one in found if one), key=lambda one: (one.hour, one.channel))


def _first(
    hours: Mapping[Hour, int], channel: str, here: list[Carries], scale: int
) -> Break | None:
    volume = {hour: many * scale for (hour, of), many in hours.items() if of == channel}
    if not volume:
        return None
    hour, last, waiting, broken = min(volume), max(volume), 0, None
    for _ in range(int((last - hour) / _AN_HOUR) + _PATIENCE):
        wanted = waiting + volume.get(hour, 0)
        carried = min(wanted, sum(one.at(hour) for one in here))
        waiting = wanted - carried
        if waiting and broken is None:
            broken = Break(channel, hour, wanted, carried, None, "; ".join(map(str, here)))
        elif broken and not waiting:
            return Break(
                broken.channel, broken.hour, broken.wanted, broken.carried, hour - broken.hour,
                broken.by,
            )  # fmt: skip
        if hour >= last and not waiting:
            break
        hour += _AN_HOUR
    return broken

"""How long must somebody wait who guesses at passwords?

Everybody may fail a few times. After that each failure doubles the wait, up to a limit, and time
eases it again; nobody is ever locked out, and asking too early makes the wait no longer. It is
counted for the account, for the address that asks, and for the whole installation. Strangers who
guess must not keep the owner out: an address that has not failed does not wait for the account, and
browsers in which the user has logged in before are counted for themselves alone (OWASP
Authentication Cheat Sheet, "Account Lockout"; "Device Cookies"). Whoever has the right password and
guesses at the second factor waits long, from whatever address: of a million codes three are right
at a time (RFC 6238), and at a code an hour nobody comes to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Pace:
    """So many failures are free, the next wait is `first` and doubles up to `longest`.

    One failure is forgiven whenever `eases` has passed.
    """

    free: int
    first: timedelta
    longest: timedelta
    eases: timedelta


@dataclass(frozen=True, slots=True)
class Tally:
    """How much has failed, as of the last attempt that was let through."""

    level: float
    at: datetime


ACCOUNT, ADDRESS, EVERYBODY, BROWSER = "account", "address", "everybody", "browser"
CODE = "code"
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
PACES: Mapping[str, Pace] = {
    ACCOUNT: Pace(5, timedelta(seconds=1), timedelta(seconds=10), _MINUTE),
    ADDRESS: Pace(10, timedelta(seconds=1), timedelta(minutes=15), _MINUTE),
    EVERYBODY: Pace(300, timedelta(seconds=0.1), timedelta(seconds=1), timedelta(seconds=0.1)),
    BROWSER: Pace(10, timedelta(seconds=1), timedelta(minutes=1), _MINUTE),
    CODE: Pace(5, _MINUTE, _HOUR, _HOUR),
}
_CLEAN = 0.5  # below it an address counts as one that has not failed


def eased(tally: Tally | None, pace: Pace, *, now: datetime) -> float:
    """What is left of the level by now; never below 0."""
    if tally is None:
        return 0.0
    return max(0.0, tally.level - max(NONE, now - tally.at) / pace.eases)


def wait(tallies: Mapping[str, Tally | None], *, now: datetime) -> timedelta:
    """How long from now until an attempt under all of these is let through; nothing means now."""
    asked = dict(tallies)
    if ADDRESS in asked and eased(asked[ADDRESS], PACES[ADDRESS], now=now) < _CLEAN:
        asked.pop(ACCOUNT, None)
    left = [_left(tally, PACES[of], now) for of, tally in asked.items()]
    return max(left, default=NONE)


def _left(tally: Tally | None, pace: Pace, now: datetime) -> timedelta:
    over = eased(tally, pace, now=now) - pace.free
    if tally is None or over < 0:
        return NONE
    doublings = min(over, 32.0)  # far beyond every limit, and no number too large to hold
    due: timedelta = min(pace.first * 2.0**doublings, pace.longest)
    return max(NONE, due - max(NONE, now - tally.at))

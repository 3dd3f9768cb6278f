"""What would change what was said of a contact?

As particular as what is known: the case that has to be closed, the instant to wait for, the cap to
raise, the campaign that goes first. Where nothing particular is known, what `reasons` says of every
such case; where nothing would change it, that is said too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from outreach.bilingual import Language
from outreach.reports.reasons import said


@dataclass(frozen=True, slots=True)
class Said:
    """What the gate or a record said: the reason, what it rests on, and until when it holds."""

    reason: str
    because: Mapping[str, object]
    until: datetime | None = None


def remedy(one: Said, language: Language) -> str:
    """What would change it, as a phrase without a full stop."""
    if one.reason == "too_late" and (held_by := one.because.get("held_by")):
        return _too_late(str(held_by), one, language)
    found = _PARTICULAR.get(one.reason, _general)(one, 1 if language == "zh-CN" else 0)
    return found or said(one.reason).repair(language)


def _general(one: Said, column: int) -> str:
    """What is known of a hold whose reason tells nothing more: when it is looked at again."""
    mend = said(one.reason).repair("zh-CN" if column else "en")
    if one.until is None or mend:
        return mend
    return _wait(one.until, column)


def _too_late(held_by: str, one: Said, language: Language) -> str:
    """What held it would have had to change in time; the next one may be given longer."""
    before = remedy(Said(held_by, one.because), language)
    ways = (
        "in time: {}; or let the step be useful for longer",
        "在有效期内{};或延长该步骤的有效期",
    )
    return ways[language == "zh-CN"].format(before)


def _care(one: Said, column: int) -> str:
    if cases := one.because.get("cases"):
        names = (", ", "、")[column].join(map(str, cases if isinstance(cases, list) else [cases]))
        return ("case {} closes", "工单 {} 结清")[column].format(names)
    if one.because.get("elsewhere"):
        closes = ("a brand of the group closes its case", "集团内其他品牌的工单结清")[column]
        return _and_look(closes, one.until, column)
    if one.until:
        return _wait(one.until, column)
    return ""


def _hours(one: Said, column: int) -> str:
    return _wait(one.until, column) if one.until else ""


def _capped(one: Said, column: int) -> str:
    cap, whose = one.because.get("cap"), one.because.get("of", "brand")
    if cap is None:
        return _hours(one, column)
    either = f"{_wait(one.until, column)}{(', or ', ',或')[column]}" if one.until else ""
    if whose == "law":
        law = ("the cap is the law's ({}) and cannot be raised", "该上限为法定上限({}),不可调高")
        sep = (": ", ";")[column]
        return (_wait(one.until, column) + sep if one.until else "") + law[column].format(cap)
    raise_it = ("raise the cap “{}” of the {}", "调高{1}的上限“{0}”")[column]
    names = {"campaign": ("campaign", "活动"), "brand": ("brand", "品牌")}
    return either + raise_it.format(cap, names[str(whose)][column])


def _outranked(one: Said, column: int) -> str:
    winner = one.because.get("campaign")
    either = _wait(one.until, column) if one.until else ""
    if winner is None:
        return either
    step = f"{winner}/{one.because.get('step')}"
    higher = ("give it a higher priority than {}", "将优先级调至高于 {}")[column].format(step)
    return f"{either}{(', or ', ',或')[column]}{higher}" if either else higher


def _and_look(what: str, until: datetime | None, column: int) -> str:
    again = ("{}; looked at again at {}", "{};将于 {} 再次检查")[column]
    return again.format(what, shown(until)) if until else what


def _wait(until: datetime, column: int) -> str:
    return ("wait until {}", "等到 {}")[column].format(shown(until))


def shown(instant: datetime) -> str:
    """An instant as people read it."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


_PARTICULAR: Mapping[str, Callable[[Said, int], str]] = {
    "care_hold": _care,
    "outside_hours": _hours,
    "day_left_out": _hours,
    "capped": _capped,
    "outranked": _outranked,
    "provider_busy": _hours,
    "agents_busy": _hours,
}

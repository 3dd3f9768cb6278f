"""How is it said how pilots stand, in a page for a firm and in an answer to a command?

Pure. In both languages; an outcome that has no word here is called by its type of event.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from outreach.bilingual import Both, Language, within
from outreach.events import outcomes
from outreach.experiments.lift import Count
from outreach.experiments.pilot import Measured, Progress, Standing

Line: TypeAlias = tuple[str, str, str, str, str, str]
"""A measure: campaign, outcome, taken in, left out, difference with its interval, how it stands."""

_STANDINGS: Mapping[Standing, Both] = {
    Standing.OPEN: ("cannot be judged yet", "尚无法判断"),
    Standing.AHEAD: ("ahead by now, beyond chance", "目前领先,并非偶然"),
    Standing.BEHIND: ("the wrong way by now, beyond chance", "目前走向相反,并非偶然"),
    Standing.REACHED: ("reached", "已达成"),
    Standing.MISSED: ("not reached", "未达成"),
}
_SENTENCES: Mapping[Standing, Both] = {
    Standing.OPEN: (
        "the pilot of {key} until {until} cannot be judged yet",
        "{key} 的试点(截至 {until})尚无法判断",
    ),
    Standing.AHEAD: (
        "the pilot of {key} until {until} is ahead by now, beyond chance",
        "{key} 的试点(截至 {until})目前领先,并非偶然",
    ),
    Standing.BEHIND: (
        "the pilot of {key} until {until} goes the wrong way by now, beyond chance",
        "{key} 的试点(截至 {until})目前走向相反,并非偶然",
    ),
    Standing.REACHED: (
        "the pilot of {key} succeeded; a version without `pilot` widens it",
        "{key} 的试点已成功;发布不含 `pilot` 的新版本即可扩大范围",
    ),
    Standing.MISSED: (
        "the pilot of {key} did not bring about what it was to",
        "{key} 的试点未达到预定目标",
    ),
}
_NO_PILOT = ("{key} is on no measured pilot", "{key} 没有设定衡量指标的试点")
_OUTCOMES: Mapping[str, Both] = {
    **outcomes.WORDS,
    "withdrawn": ("refusal", "退订"),
    "complained": ("complaint", "投诉"),
}
_WANTED: Mapping[str, Both] = {
    "more": ("{0}, more wanted", "{0}(越多越好)"),
    "fewer": ("{0}, fewer wanted", "{0}(越少越好)"),
}


def sentence(key: str, found: Progress | None, language: Language) -> str:
    """How the pilot of this campaign stands as a whole; none: it has no measured one."""
    if found is None:
        return within(_NO_PILOT, language).format(key=key)
    said = within(_SENTENCES[found.standing], language)
    return said.format(key=key, until=found.until.isoformat())


def lines(found: Iterable[tuple[str, Progress]], language: Language) -> list[Line]:
    """A line a measure of these pilots, each with the key of its campaign."""
    return [_line(key, one, language) for key, progress in found for one in progress.measures]


def _line(key: str, one: Measured, language: Language) -> Line:
    outcome = within(_OUTCOMES.get(one.outcome, (one.outcome, one.outcome)), language)
    wanted = within(_WANTED[one.wanted], language).format(outcome)
    lift = f"{one.lift.value:+.2%} ({one.lift.low:+.2%} – {one.lift.high:+.2%})"
    standing = within(_STANDINGS[one.standing], language)
    return key, wanted, _share(one.taken_in), _share(one.left_out), lift, standing


def _share(of: Count) -> str:
    return f"{of.did} / {of.people} ({of.share:.2%})"

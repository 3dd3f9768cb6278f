"""Which alarms are worth telling now, and in which words?

Pure. An alarm is told when it begins, again every few hours as long as it stands, and once more
when it is over; what is told again each minute is read by nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.bilingual import Language
from outreach.reports.alarms import Alarm, Raised

AGAIN = timedelta(hours=4)

# An alarm of a brand, about a channel or source.
Standing = tuple[Alarm, str, str]
_OVER = {"en": "over", "zh-CN": "已恢复"}


@dataclass(frozen=True, slots=True)
class News:
    """What to tell, and of each alarm that stands when it was told."""

    lines: tuple[str, ...]
    told: Mapping[Standing, datetime]


def news(
    raised: Iterable[Raised],
    told: Mapping[Standing, datetime],
    *,
    language: Language,
    now: datetime,
) -> News:
    """What is new among these alarms, given when each was told last."""
    standing = {(one.alarm, one.brand, one.about): one for one in raised}
    fresh = [key for key in standing if key not in told or now - told[key] >= AGAIN]
    over = [key for key in told if key not in standing]
    lines = [f"[{key[1]}] {standing[key].sentence(language)}" for key in fresh]
    lines += [_over(key, language) for key in over]
    kept = {key: now if key in fresh else told[key] for key in standing}
    return News(tuple(lines), kept)


def _over(key: Standing, language: Language) -> str:
    alarm, brand, about = key
    return f"[{brand}] {_OVER[language]}: {' '.join(filter(None, (alarm.value, about)))}"

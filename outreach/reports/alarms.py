"""What is wrong with this installation, going by its numbers?

Pure. An alarm is something that a person has to look at: sending that is behind, a brand that waits
while others are served, claims that nobody takes back, events that nobody plans, a source that has
fallen silent, a provider that fails too often, a campaign that paused itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from outreach.bilingual import Language


class Alarm(StrEnum):
    """What may be wrong."""

    BEHIND = "behind"
    STARVED = "starved"
    STUCK = "stuck"
    UNPLANNED = "unplanned"
    SILENT = "silent"
    FAILING = "failing"
    GUARDED = "guarded"
    UNGUARDED = "unguarded"


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on it is an alarm; see the settings of these names."""

    behind: timedelta = timedelta(minutes=5)
    stuck: timedelta = timedelta(minutes=2)
    silence: timedelta = timedelta(hours=48)
    failing: float = 0.5


@dataclass(frozen=True, slots=True)
class OnChannel:
    """One brand's sending on one channel: how long its oldest due touch waits, and what was tried.

    `tried` and `missed` count the calls of the last quarter of an hour, and those without a yes.
    """

    brand: str
    channel: str
    waits: timedelta
    tried: int
    missed: int


@dataclass(frozen=True, slots=True)
class OfBrand:
    """One brand's leases that ran out, and its oldest event that nobody has planned yet."""

    brand: str
    stuck: int
    stuck_for: timedelta
    unplanned_for: timedelta


@dataclass(frozen=True, slots=True)
class OfSource:
    """A source of events: on how many of the last 14 days it told something, and when last."""

    brand: str
    source: str
    days: int
    last: date


@dataclass(frozen=True, slots=True)
class OfCampaign:
    """A campaign that a guardrail paused, and that nobody has let go on or ended since."""

    brand: str
    campaign: str
    guardrail: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A brand, and how long ago its guardrails were looked at to the end."""

    brand: str
    ago: timedelta


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything that is judged, of one instant."""

    today: date
    channels: tuple[OnChannel, ...]
    brands: tuple[OfBrand, ...]
    sources: tuple[OfSource, ...]
    guarded: tuple[OfCampaign, ...] = ()
    looked: tuple[Looked, ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """One alarm: of which brand, about what (a channel, a source), and how bad it is."""

    alarm: Alarm
    brand: str
    about: str
    how_bad: str

    def sentence(self, language: Language) -> str:
        words = _SENTENCES[self.alarm][1 if language == "zh-CN" else 0]
        return words.format(about=self.about, how_bad=self.how_bad)


_ENOUGH = 20  # calls, before a share says anything
_UNSEEN = timedelta(hours=1)  # a look is due every ten minutes
_USED_TO = 3  # days out of 14 that make a source one that reports
_SENTENCES: dict[Alarm, tuple[str, str]] = {
    Alarm.BEHIND: (
        "what is due on {about} has waited for {how_bad}: are workers running?",
        "{about} 渠道的到期消息已等待 {how_bad}:请检查发送进程",
    ),
    Alarm.STARVED: (
        "what is due on {about} has waited for {how_bad} while other brands are served",
        "{about} 渠道的到期消息已等待 {how_bad},而其他品牌正在发送",
    ),
    Alarm.STUCK: (
        "{how_bad} whose lease ran out were not taken back: is a ticker running?",
        "{how_bad} 租约已过期但未被收回:请检查调度进程",
    ),
    Alarm.UNPLANNED: (
        "events have waited for {how_bad} to be planned: are workers running?",
        "事件已等待规划 {how_bad}:请检查工作进程",
    ),
    Alarm.SILENT: (
        "source {about} used to report and has been silent since {how_bad}",
        "数据源 {about} 自 {how_bad} 起再无事件",
    ),
    Alarm.FAILING: (
        "the provider of {about} did not take {how_bad} of the last calls",
        "{about} 服务商近期未受理 {how_bad} 的请求",
    ),
    Alarm.GUARDED: (
        "campaign {about} paused itself, since its {how_bad} are above the guardrail",
        "活动 {about} 的 {how_bad} 超过护栏,已自动暂停",
    ),
    Alarm.UNGUARDED: (
        "guardrails were last looked at {how_bad} ago: does the ticker run, and what does it log?",
        "护栏检查已中断 {how_bad}:请查看调度进程及其日志",
    ),
}


def judge(numbers: Numbers, limits: Limits) -> list[Raised]:
    """Every alarm that these numbers raise."""
    return [
        *_waiting(numbers, limits),
        *_failing(numbers, limits),
        *_left(numbers, limits),
        *_silent(numbers, limits),
        *(Raised(Alarm.GUARDED, o.brand, o.campaign, o.guardrail) for o in numbers.guarded),
        *(
            Raised(Alarm.UNGUARDED, one.brand, "", _long(one.ago))
            for one in numbers.looked
            if one.ago > _UNSEEN
        ),
    ]


def _waiting(numbers: Numbers, limits: Limits) -> Iterator[Raised]:
    served = {one.brand for one in numbers.channels if one.tried > one.missed}
    for one in numbers.channels:
        if one.waits > limits.behind:
            alarm = Alarm.STARVED if served - {one.brand} else Alarm.BEHIND
            yield Raised(alarm, one.brand, one.channel, _long(one.waits))


def _failing(numbers: Numbers, limits: Limits) -> Iterator[Raised]:
    for one in numbers.channels:
        if one.tried >= _ENOUGH and one.missed > limits.failing * one.tried:
            share = f"{one.missed / one.tried:.0%}"
            yield Raised(Alarm.FAILING, one.brand, one.channel, share)


def _left(numbers: Numbers, limits: Limits) -> Iterator[Raised]:
    for one in numbers.brands:
        if one.stuck and one.stuck_for > limits.stuck:
            yield Raised(Alarm.STUCK, one.brand, "", str(one.stuck))
        if one.unplanned_for > limits.behind:
            yield Raised(Alarm.UNPLANNED, one.brand, "", _long(one.unplanned_for))


def _silent(numbers: Numbers, limits: Limits) -> Iterator[Raised]:
    for one in numbers.sources:
        if one.days >= _USED_TO and numbers.today - one.last > limits.silence:
            yield Raised(Alarm.SILENT, one.brand, one.source, one.last.isoformat())


def _long(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004

"""What does the firm for which we speak get to read about a month?

One file of HTML in its language, with charts drawn here: no script, nothing from elsewhere. It
names no person.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from outreach import timezones
from outreach.errors import Invalid
from outreach.reports import charts
from outreach.reports.period import Period
from outreach.reports.reasons import Language, said

_HTML = Path(__file__).parent / "pages"
_WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Monthly report", "月度报告"),
    "sent": ("Contacts that left", "已发出触达"),
    "reached": ("People reached", "触达客户数"),
    "refused": ("People who said no", "退订客户数"),
    "opt_out_rate": ("Refusals for each person reached", "退订率"),
    "days": ("Contacts a day", "每日触达量"),
    "lines": ("By campaign and channel", "按活动与渠道"),
    "campaign": ("Campaign", "活动"),
    "channel": ("Channel", "渠道"),
    "delivered": ("Delivered", "已送达"),
    "failed": ("Failed", "失败"),
    "complained": ("Complaints", "投诉"),
    "late": ("Minutes after the promise (p50 / p95)", "晚于承诺的分钟数(P50 / P95)"),
    "not_sent": ("Not sent, and why", "未发出及原因"),
    "reason": ("Reason", "原因"),
    "count": ("Count", "数量"),
    "nothing": ("Nothing left in this month.", "本月无触达。"),
}  # fmt: skip


def month(told: str, zone: str) -> tuple[datetime, datetime]:
    """From when until when a month such as 2026-11 lasts on this clock, in UTC.

    Raises `Invalid` where it is none.
    """
    clock = timezones.load(zone)
    try:
        first = date.fromisoformat(f"{told}-01")
        after = (first + timedelta(days=31)).replace(day=1)
        begins, ends = (datetime.combine(day, time(), tzinfo=clock) for day in (first, after))
        return begins.astimezone(UTC), ends.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"{told!r} is no month, such as 2026-11") from error


def page(period: Period, language: Language, *, brand: str, told: str) -> str:
    """The page; the same account makes the same bytes."""
    words = {key: zh if language == "zh-CN" else en for key, (en, zh) in _WORDS.items()}
    return _environment().get_template("client.html").render(
        language=language, t=words, period=period, brand=brand, told=told,
        charts=list(_charts(period)), phrase=lambda reason: phrase(reason, language),
    )  # fmt: skip


def phrase(reason: str, language: Language) -> str:
    """Why something was not sent, in words; a state that has no reason is its own."""
    try:
        return said(reason).phrase(language)
    except KeyError:  # a state that needs no reason
        return reason


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HTML), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def _charts(period: Period) -> Iterator[Markup]:
    by_channel: dict[str, Counter[date]] = {}
    for day, channel, many in period.days:
        by_channel.setdefault(channel, Counter())[day] += many
    for channel, days in sorted(by_channel.items()):
        points = [(f"{day:%m-%d}", float(days[day])) for day in _every(min(days), max(days))]
        # Made by our own code out of escaped parts.
        yield Markup(charts.bars(points, title=channel))  # noqa: S704


def _every(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))

"""What does the firm for which we speak get to read about a month?

One file of HTML in its language, with charts drawn here: no script, nothing from elsewhere; or the
same as a PDF (`paper`). It holds what was measured against the levels of the contract, and names no
person.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy import Connection

from outreach import timezones
from outreach.bilingual import Language, within
from outreach.brands.model import Brand
from outreach.errors import Invalid
from outreach.events import outcomes
from outreach.reports import charts, costs, levels, period, service
from outreach.reports.costs import Cost
from outreach.reports.levels import Judged
from outreach.reports.period import Period
from outreach.reports.reasons import said

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
    "costs": ("What it cost, as providers charged it", "费用(按服务商计费)"),
    "costs_note": (
        "Without the time of agents. Counted is who did it within 30 days of the first contact.",
        "不含坐席时间。成效指首次触达后 30 天内完成该行为的客户。",
    ),
    "per": ("For each", "每项"),
    "amount": ("Amount", "金额"),
    "each": ("Each", "单价"),
    "contact": ("contact that left", "触达"),
    **outcomes.WORDS,
    "pilots": ("Pilots, against those left out", "试点(与未参与者对照)"),
    "outcome": ("Outcome", "结果"),
    "taken_in": ("Taken in", "已参与"),
    "left_out": ("Left out", "未参与"),
    "lift": ("Difference, 95 % interval", "差异(95 % 区间)"),
    "levels": ("Service levels", "服务水平"),
    "level": ("Level", "指标"),
    "share": ("Measured", "实际"),
    "basis": ("Of", "基数"),
    "agreed": ("Agreed", "约定"),
    "at_least": ("at least", "不低于"),
    "at_most": ("at most", "不高于"),
    "result": ("Result", "结果"),
    "kept": ("kept", "达标"),
    "broken": ("not kept", "未达标"),
    "on_time": ("Contacts that left on time", "准时触达"),
    "calls_in_time": ("Calls made in time", "按时回拨"),
    "first_contact": ("Solved at the first contact", "一次解决"),
    "satisfied": ("Satisfied, of those who answered", "满意度"),
    "level_delivered": ("Contacts that arrived", "送达率"),
    "level_refused": ("People who said no", "退订率"),
    "level_complained": ("Complaints", "投诉率"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Month:
    """A brand's month, such as 2026-11: its account, its costs, each level with what is agreed."""

    brand: str
    told: str
    period: Period
    levels: Sequence[Judged]
    costs: Sequence[Cost] = ()


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


def gather(tx: Connection, brand: Brand, told: str, *, now: datetime) -> Month:
    """The account of this month on the brand's clock; twelve statements. Raises `Invalid`."""
    since, until = month(told, brand.zone)
    found = period.of(tx, since=since, until=until, zone=brand.zone)
    agreed = brand.profile.service_levels
    measured = service.measured(
        tx, found, on_time_within=agreed.on_time_within, zone=brand.zone, now=now
    )
    judged_ = levels.judged(measured, agreed.agreed)
    charged = costs.of(tx, since=since, until=until)
    return Month(brand.name, told, found, judged_, charged)


def page(of: Month, language: Language, *, pilots: Sequence[Sequence[str]] = ()) -> str:
    """The page; the same account makes the same bytes.

    `pilots` has a line for each measure, in this language: campaign, outcome, taken in, left out,
    difference, result.
    """
    return _environment().get_template("client.html").render(
        language=language, t=words(language), period=of.period, brand=of.brand, told=of.told,
        charts=[Markup(chart) for _, chart in drawn(of.period)],  # noqa: S704  # of escaped parts
        levels=list(judged(of.levels, language)), costs=list(spent(of.costs, language)),
        pilots=pilots,
        phrase=lambda reason: phrase(reason, language),
    )  # fmt: skip


def words(language: Language) -> dict[str, str]:
    """Every word of the page."""
    return {key: within(both, language) for key, both in _WORDS.items()}


def judged(found: Sequence[Judged], language: Language) -> Iterator[tuple[str, str, str, str, str]]:
    """A line a level: its name, what was measured, of how many, what is agreed, and if it was kept.

    What nobody agreed upon and nobody did is passed over.
    """
    t = words(language)
    for one in found:
        if one.agreed is None and not one.part.of:
            continue
        share = "–" if one.part.share is None else f"{one.part.share:.2%}"
        edge = t["at_most" if one.at_most else "at_least"]
        agreed = "–" if one.agreed is None else f"{edge} {one.agreed:.2%}"
        kept = {None: "–", True: t["kept"], False: t["broken"]}[one.kept]
        name = t.get(f"level_{one.level}") or t[one.level]
        yield name, share, str(one.part.of), agreed, kept


def spent(found: Sequence[Cost], language: Language) -> Iterator[tuple[str, str, str, str, str]]:
    """A line a cost: the campaign, for each what, how many those are, the amount, and each one."""
    t = words(language)
    for one in found:
        amount, each = (f"{money} {one.currency}" for money in (one.amount, one.each))
        yield one.campaign, t[one.per], str(one.many), amount, each


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


def drawn(period: Period) -> Iterator[tuple[str, str]]:
    """A chart a channel, as SVG beside its name: the contacts of each day."""
    by_channel: dict[str, Counter[date]] = {}
    for day, channel, many in period.days:
        by_channel.setdefault(channel, Counter())[day] += many
    for channel, days in sorted(by_channel.items()):
        points = [(f"{day:%m-%d}", float(days[day])) for day in _every(min(days), max(days))]
        yield channel, charts.bars(points, title=channel)


def _every(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))

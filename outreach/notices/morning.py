"""What do staff read of a brand in the morning?

Pure. One letter in two forms, plain and HTML, in the language that the brand's profile names: what
went out yesterday, what is due today, what is held and why, and what needs a person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from markupsafe import Markup

from outreach.bilingual import Language
from outreach.content import Content
from outreach.reports.reasons import said

LATE = timedelta(hours=3)
"""So long after its hour a letter is still sent; a clock process that was away skips the day."""

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "subject": "{brand}: the morning of {day}", "yesterday": "Yesterday",
        "today": "Today", "held": "Held", "needs": "Needs somebody",
        "sent": "sent", "skipped": "not sent, for a reason", "failed": "failed",
        "cancelled": "cancelled", "coming": "due within 24 hours", "nothing": "nothing",
        "uncertain": "contacts of which nobody knows whether they were sent",
        "strangers": "events without a person", "at_hand": "messages that a member has yet to send",
        "late": "calls that were promised and not made", "cases": "open cases",
        "colon": ": ", "where": "The page of the day: {url}",
    },
    "zh-CN": {
        "subject": "{brand}:{day} 晨报", "yesterday": "昨日", "today": "今日",
        "held": "暂缓", "needs": "需要处理", "sent": "已发送", "skipped": "因故未发送",
        "failed": "失败", "cancelled": "已取消", "coming": "24 小时内到期", "nothing": "无",
        "uncertain": "结果待确认", "strangers": "待认领事件", "at_hand": "待成员发送",
        "late": "逾期未拨的约定电话", "cases": "未结工单", "colon": ":", "where": "今日页面:{url}",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """How a brand stands in the morning: counts by our words, and what is held by its reason.

    `more` names the counts that end where a page's do: there may be more of these.
    """

    brand: str
    day: date
    yesterday: Mapping[str, int]
    coming: int
    held: Mapping[str, int]
    needs: Mapping[str, int]
    url: str = ""
    more: frozenset[str] = frozenset()


def is_due(at: time, local: datetime) -> bool:
    """Whether this instant on the brand's clock is the hour of the letter, or not long after."""
    passed = local.replace(tzinfo=None) - datetime.combine(local.date(), at)
    return timedelta() <= passed < LATE


def letter(facts: Facts, *, language: Language) -> Content:
    """The letter. In its HTML nothing is markup that came from anywhere else."""
    words = _WORDS[language]
    subject = words["subject"].format(brand=facts.brand, day=facts.day.isoformat())
    parts = list(_parts(facts, language))
    where = words["where"].format(url=facts.url) if facts.url else ""
    return Content(
        _plain(parts, where), subject=subject, html=_html(subject, parts, where, language)
    )


def _parts(facts: Facts, language: Language) -> Iterator[tuple[str, list[str]]]:
    """Each heading with its lines."""
    words = _WORDS[language]

    def lines(counts: Mapping[str, int], name: Mapping[str, str]) -> list[str]:
        told = [
            f"{name[key]}{words['colon']}{many}{'+' if key in facts.more else ''}"
            for key, many in counts.items()
            if many
        ]
        return told or [words["nothing"]]

    yield words["yesterday"], lines(facts.yesterday, words)
    yield words["today"], lines({"coming": facts.coming}, words)
    yield words["held"], lines(facts.held, {key: said(key).phrase(language) for key in facts.held})
    yield words["needs"], lines(facts.needs, words)


def _plain(parts: list[tuple[str, list[str]]], where: str) -> str:
    sections = ["\n".join([head, *(f"- {line}" for line in lines)]) for head, lines in parts]
    return "\n\n".join([*sections, *filter(None, [where])])


def _html(subject: str, parts: list[tuple[str, list[str]]], where: str, language: Language) -> str:
    page = Markup('<html lang="{}"><body><h1>{}</h1>{}<p>{}</p></body></html>')
    section, item = Markup("<h2>{}</h2><ul>{}</ul>"), Markup("<li>{}</li>")
    told = Markup("").join(
        section.format(head, Markup("").join(item.format(line) for line in lines))
        for head, lines in parts
    )
    return str(page.format(language, subject, told, where))

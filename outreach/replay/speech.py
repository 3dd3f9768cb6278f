"""How is a review said, in both languages of the console?"""

from collections.abc import Mapping

from outreach.reports.reasons import Language

_WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Review before launch", "上线前审阅"),
    "version": ("Version", "版本"),
    "days": ("Days", "时间范围"),
    "pack": ("Rules", "规则版本"),
    "people": ("People concerned", "涉及客户"),
    "reached": ("of them reached", "其中可触达"),
    "placeless": ("without a known place", "所在地不详"),
    "outcomes": ("What becomes of the contacts", "触达结果"),
    "outcome": ("Outcome", "结果"),
    "reason": ("Reason", "原因"),
    "count": ("Count", "数量"),
    "zones": ("First and last, by zone", "各时区首次与末次"),
    "zone": ("Zone", "时区"),
    "first": ("First (there)", "首次(当地)"),
    "last": ("Last (there)", "末次(当地)"),
    "nowhere": ("place unknown (UTC)", "所在地不详(UTC)"),
    "hours": ("Contacts an hour (UTC)", "每小时触达量(UTC)"),
    "peak": ("Fullest hour", "高峰时段"),
    "channel": ("Channel", "渠道"),
    "hour": ("Hour (UTC)", "时段(UTC)"),
    "gaps": ("Spoken to in another language", "语言缺口"),
    "gap_step": ("Step", "步骤"),
    "gap_wanted": ("Their language", "客户语言"),
    "gap_read": ("Text read", "实际文案"),
    "no_gap": ("Everybody reads their own language.", "所有客户均使用本人语言。"),
    "no_text": ("no text", "无文案"),
    "lint": ("Found in the texts", "文案检查"),
    "no_finding": ("Nothing is found in the texts.", "文案未发现问题。"),
    "cost": ("Cost", "费用"),
    "no_price": ("no price was given", "未提供单价"),
    "agents": ("Agents in the fullest hour, at least", "高峰时段至少需要坐席"),
    "breaks": ("Promised hours that break", "无法兑现的时段"),
    "no_break": ("No promised hour breaks.", "所有承诺时段均可兑现。"),
    "no_capacity": ("No capacity was given.", "未提供处理能力。"),
    "wanted": ("Wanted", "需处理"),
    "carried": ("Carried", "可处理"),
    "late": ("Hours late", "延迟(小时)"),
    "never": ("not within sixty days", "六十天内无法补完"),
    "scale": ("Times the volume", "倍数"),
    "send": ("goes", "发出"),
    "skip": ("not at all", "不发"),
    "hold": ("still waits", "等待中"),
    "cancel": ("passage ended", "流程结束"),
    "fail": ("no text could be made", "无法生成文案"),
    "decline": ("passage does not begin", "流程未开始"),
}  # fmt: skip


def in_language(language: Language) -> dict[str, str]:
    """Every word of the page."""
    return {key: zh if language == "zh-CN" else en for key, (en, zh) in _WORDS.items()}

"""What do the pages say, in each of our two languages?

One line for each thing said: English, then Chinese. Names in braces are filled in; the pages escape
the result like any other text.
"""

from collections.abc import Callable

from outreach.reports.reasons import Language

Speech = Callable[..., str]

WORDS: dict[str, tuple[str, str]] = {
    "today": ("Today", "今日"),
    "why": ("Why", "缘由"),
    "as_of": ("As of {at}.", "截至 {at}。"),
    "went_out": ("What went out", "已发出"),
    "nothing_sent": ("Nothing has gone out today.", "今日尚未发出任何消息。"),
    "held": ("What is held, and why", "暂缓发送及原因"),
    "nothing_held": ("Nothing is held.", "没有暂缓的消息。"),
    "not_sent": ("What was not sent today, and why", "今日未发送及原因"),
    "nothing_dropped": ("Nothing was dropped today.", "今日没有放弃发送的消息。"),
    "uncertain": ("Uncertain", "结果待确认"),
    "uncertain_count": (
        "{many} without an answer from the provider; none is repeated by itself.",
        "{many} 条未得到服务商答复;系统不会自行重发。",
    ),
    "coming": ("Coming within 24 hours", "未来 24 小时"),
    "coming_count": ("{many} are waiting for their time.", "{many} 条等待发送时间。"),
    "latest": ("Latest", "最近"),
    "nothing_yet": ("Nothing is planned yet.", "尚无任何计划。"),
    "campaign": ("Campaign", "活动"),
    "channel": ("Channel", "渠道"),
    "purpose": ("Purpose", "目的"),
    "state": ("State", "状态"),
    "reason": ("Reason", "原因"),
    "how_many": ("How many", "数量"),
    "next": ("Next", "下次时间"),
    "when": ("When", "时间"),
    "person": ("Person", "客户"),
    "touch": ("Touch", "触达"),
    "ask": ("A touch (tch_…) or your own id of a person", "触达编号(tch_…)或贵司的客户编号"),
    "explain": ("Explain", "查询"),
    "nothing_found": (
        "There is no touch and no person of that name here.", "没有找到该触达或客户。",
    ),
    "nothing_planned": ("Nothing was ever planned for this person.", "从未为该客户安排过触达。"),
    "declined": ("Passages that did not begin", "未开始的流程"),
    "repair": ("What would mend it: {repair}.", "如何处理:{repair}。"),
    "due": ("Due", "计划时间"),
    "useless_after": ("Useful until", "有效期至"),
    "next_at": ("Next look", "下次检查"),
    "now_says": ("The gate would now say", "此刻判断"),
    "consent": ("Consent", "同意状态"),
    "evidence": ("What we know of the place", "所在地依据"),
    "zones": ("Due, by the clocks where the person may be", "计划时间(客户可能所在地的当地时间)"),
    "no_zone": ("We know no place.", "所在地未知。"),
    "rules": ("Rules that bear on it", "相关规则"),
    "no_rule": ("No calling-hours rule bears on it.", "没有适用的联系时段规则。"),
    "binding": ("binding", "强制"),
    "not_binding": ("not binding", "非强制"),
    "confidence": ("confidence: {grade}", "可信度:{grade}"),
    "pack": ("Rule packs", "规则版本"),
    "history": ("Verdicts so far", "历次判断"),
    "attempts": ("Attempts", "发送记录"),
    "not_yet": ("None so far.", "暂无。"),
    "not_advice": (
        "The rules shown are an engineering reference and not legal advice.",
        "所示规则仅供工程参考,不构成法律意见。",
    ),
    "channel.voice": ("call", "电话"),
    "channel.sms": ("SMS", "短信"),
    "channel.email": ("e-mail", "邮件"),
    "channel.chat": ("chat", "即时消息"),
    "purpose.transactional": ("transactional", "交易"),
    "purpose.service": ("service", "服务"),
    "purpose.survey": ("survey", "调研"),
    "purpose.review": ("review", "评价邀请"),
    "purpose.renewal": ("renewal", "续约"),
    "purpose.marketing": ("marketing", "营销"),
    "state.planned": ("planned", "待发送"),
    "state.claimed": ("being sent", "发送中"),
    "state.calling": ("being sent", "发送中"),
    "state.sent": ("sent", "已发送"),
    "state.delivered": ("delivered", "已送达"),
    "state.skipped": ("skipped", "已跳过"),
    "state.failed": ("failed", "失败"),
    "state.cancelled": ("cancelled", "已取消"),
    "state.uncertain": ("uncertain", "待确认"),
    "verdict.send": ("send", "发送"),
    "verdict.hold": ("hold", "暂缓"),
    "verdict.skip": ("skip", "跳过"),
    "outcome.accepted": ("accepted", "已受理"),
    "outcome.refused": ("refused", "被拒"),
    "outcome.uncertain": ("uncertain", "待确认"),
    "outcome.open": ("under way", "进行中"),
    "unsubscribe": ("Unsubscribe", "退订"),
    "unsubscribe_ask": (
        "Shall {brand} stop writing to {address} by {channel}?",
        "是否不再通过{channel}向 {address} 发送 {brand} 的消息?",
    ),
    "unsubscribe_button": ("Stop these messages", "确认退订"),
    "unsubscribe_note": (
        "Opening this page has changed nothing.", "仅打开本页不会改变任何设置。",
    ),
    "unsubscribed": ("You are unsubscribed", "退订成功"),
    "unsubscribed_told": (
        "{brand} will not use {address} for {channel} any more. What is leaving may still arrive.",
        "{brand} 不会再通过{channel}联系 {address}。已在发送途中的消息可能仍会送达。",
    ),
    "bad_link": ("This link does not work", "链接无效"),
    "bad_link_told": (
        "Please open it again from the message, in full.", "请从原消息中重新完整打开。",
    ),
    "problem": ("That did not work", "未能完成"),
    "problem_told": ("Nothing was changed. Code: {code}.", "没有任何更改。代码:{code}。"),
    "problem.forbidden": (
        "Give an API key as password; any user name will do.", "请以 API 密钥作为密码,用户名任意。",
    ),
    "problem.not-found": ("There is no such page.", "没有这个页面。"),
    "problem.trouble": (
        "A server is away for the moment. Please try again in a few seconds.",
        "服务暂时不可用,请稍后重试。",
    ),
}  # fmt: skip


def in_language(language: Language) -> Speech:
    """A function from a name, and what fills its holes, to what is said."""
    column = 1 if language == "zh-CN" else 0

    def say(name: str, **holes: object) -> str:
        return WORDS[name][column].format(**holes)

    return say

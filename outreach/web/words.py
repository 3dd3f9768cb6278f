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
    "alarms": ("Somebody has to look at this", "需要处理"),
    "went_out": ("What went out", "已发出"),
    "nothing_sent": ("Nothing has gone out today.", "今日尚未发出任何消息。"),
    "held": ("What is held, and why", "暂缓发送及原因"),
    "nothing_held": ("Nothing is held.", "没有暂缓的消息。"),
    "not_sent": ("What was not sent today, and why", "今日未发送及原因"),
    "nothing_dropped": ("Nothing was dropped today.", "今日没有放弃发送的消息。"),
    "uncertain": ("Uncertain", "结果待确认"),
    "uncertain_count": (
        "{many} without a provider's answer, {unconfirmed} of them for good; none is sent blindly.",
        "{many} 条未得到服务商答复;系统不会盲目重发。其中 {unconfirmed} 条最终未能确认。",
    ),
    "waiting": ("Events without a person", "待认领事件"),
    "waiting_count": (
        "{many} name an order, a parcel or a contract, and nobody has said whose that is.",
        "{many} 条仅有订单、包裹或合同编号,尚不知属于哪位客户。",
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
    "suppose": ("Would it be sent?", "会发送吗?"),
    "check": ("Which check says so", "判断环节"),
    "check.consent": ("consent", "同意"),
    "check.care_hold": ("care hold", "关怀静默"),
    "check.place_known": ("place known", "所在地"),
    "check.within_hours": ("within hours", "可联系时段"),
    "check.under_caps": ("under caps", "频次上限"),
    "check.outranked": ("outranked", "优先级"),
    "check.still_useful": ("still useful", "有效期"),
    "nothing_found": (
        "There is no touch and no person of that name here.", "没有找到该触达或客户。",
    ),
    "nothing_planned": ("Nothing was ever planned for this person.", "从未为该客户安排过触达。"),
    "declined": ("Passages that did not begin", "未开始的流程"),
    "records": ("On record", "业务记录"),
    "repair": ("What would change it: {repair}.", "如何改变:{repair}。"),
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
    "other_choices": ("Choose in detail what may reach you", "逐项选择可接收的消息"),
    "preferences": ("Your choices", "消息偏好设置"),
    "preferences_told": (
        ("This is what {brand} may do now. Change it as you like; nothing is saved before you "
        "press the button."),
        "以下是 {brand} 目前可以联系您的方式。您可以随意更改;按下按钮之前不会保存任何内容。",
    ),
    "preferences_saved": ("Your choices are saved.", "您的选择已保存。"),
    "nothing_more": (
        "Nothing more from {brand}, on no channel and for no purpose",
        "不再接收 {brand} 的任何消息(所有渠道、所有目的)",
    ),
    "preferences_channel": ("By {channel} to {address}", "通过{channel}:{address}"),
    "preferences_wording": (
        ("By filling a box you agree that {brand} may contact you in that way for that purpose. It "
        "is your free choice, no purchase hangs on it, and you can take it back here at any time."),
        ("勾选即表示您同意 {brand} 以该方式、为该目的联系您。是否同意由您自愿决定,不影响任何购买,"
        "您可随时在此撤回。"),
    ),
    "preferences_second": (
        ("This page came to you by {channel}, so a yes there is confirmed. Where the law asks that "
        "a yes be confirmed for another way, it counts once you have confirmed it there."),
        ("您通过{channel}打开本页,因此该渠道的同意视为已确认。若法律要求其他渠道的同意须经确认,"
        "则须在该渠道确认后方才生效。"),
    ),
    "preferences_save": ("Save my choices", "保存我的选择"),
    "allowed": ("Allowed now.", "目前允许。"),
    "not_allowed": ("Not allowed now.", "目前不允许。"),
    "about.transactional": ("Orders, payments and deliveries", "订单、付款与配送"),
    "about.service": ("Help with what you bought, news of your case", "使用帮助与工单进展"),
    "about.survey": ("Questions about how content you are", "满意度调研"),
    "about.review": ("Requests for a public review", "评价邀请"),
    "about.renewal": ("Reminders to renew", "续约提醒"),
    "about.marketing": ("Offers and news", "优惠与资讯"),
    "because.granted": ("You agreed.", "您已同意。"),
    "because.contract": ("Your order or contract needs it.", "履行您的订单或合同所需。"),
    "because.no_objection": (
        "The law where you live allows it until you object.", "按您所在地法律,在您拒绝之前允许。",
    ),
    "because.customer": ("You are a customer.", "您是我们的客户。"),
    "because.confirmation": (
        "One last message confirms that you took it back.", "仅发送一条确认退订的消息。",
    ),
    "because.no_consent": ("You have not agreed.", "您尚未同意。"),
    "because.withdrawn": ("You took it back.", "您已撤回。"),
    "because.blocked": ("This address is blocked.", "该地址已被屏蔽。"),
    "because.on_register": (
        "A do-not-contact register lists this address.", "该地址已列入谢绝联系名单。",
    ),
    "because.register_stale": (
        "A do-not-contact register has to be asked first.", "须先查询谢绝联系名单。",
    ),
    "because.not_established": (
        "What the law where you live asks is not known.", "您所在地的法律要求尚不明确。",
    ),
    "because.forbidden": ("The law where you live forbids it.", "您所在地的法律禁止。"),
    "survey_score": ("{score} out of {highest}", "{score} 分,满分 {highest} 分"),
    "survey_picked": (
        "You chose {score}. Nothing is saved before you press the button.",
        "您选择了 {score} 分。按下按钮之前不会保存任何内容。",
    ),
    "survey_confirm": ("Send {score}", "提交 {score} 分"),
    "survey_or_another": ("Or choose another number:", "或选择其他分数:"),
    "survey_from": (
        "{brand} asks this; it was sent to {address}.", "{brand} 的提问,已发送至 {address}。",
    ),
    "survey_note": (
        "Opening this page has changed nothing; one tap on a number answers.",
        "仅打开本页不会改变任何设置;点一下分数即完成回答。",
    ),
    "survey_not_me": ("This is not for me", "这不是发给我的"),
    "survey_other_language": ("中文 (Chinese)", "English(英文)"),
    "survey_thanks": ("Thank you", "谢谢您"),
    "survey_answered": ("You have answered already", "您已经回答过了"),
    "survey_send": ("Send", "提交"),
    "survey_review": ("Write a public review", "公开发表评价"),
    "survey_support": (
        "You can reach {brand} at {support}.", "您可以通过 {support} 联系 {brand}。",
    ),
    "survey_closed": ("This question is closed", "本次调查已结束"),
    "survey_closed_told": (
        "It can be answered no more. If something is wrong, please write to us.",
        "现在已无法作答。如有问题,请联系我们。",
    ),
    "survey_wrong": ("Thank you for telling us", "感谢告知"),
    "survey_wrong_told": (
        "{brand} will not use {address} for {channel} any more. Nothing was answered.",
        "{brand} 不会再通过{channel}使用 {address}。没有记录任何回答。",
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

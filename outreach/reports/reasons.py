"""How is each reason said to people, and what would change it, where nothing more is known?"""

from dataclasses import dataclass

from outreach.bilingual import Language, within


@dataclass(frozen=True, slots=True)
class Said:
    """A reason as a short phrase, and its remedy, in both languages."""

    en: str
    zh: str
    mend_en: str
    mend_zh: str

    def phrase(self, language: Language) -> str:
        return within((self.en, self.zh), language)

    def repair(self, language: Language) -> str:
        return within((self.mend_en, self.mend_zh), language)


REASONS: dict[str, Said] = {
    "withdrawn": Said(
        "the person said no", "本人已退订",
        "the person permits it again, in their own words",
        "客户本人重新同意",
    ),
    "blocked": Said(
        "the address is blocked", "该地址已被屏蔽",
        "whoever set the block lifts it, once its cause is gone",
        "屏蔽原因消除后,由设置者解除屏蔽",
    ),
    "no_consent": Said(
        "the person never agreed to this kind of contact", "本人未同意此类联系",
        "ask for consent in writing and record it, with its proof",
        "取得书面同意并连同凭证补录",
    ),
    "on_register": Said(
        "a do-not-contact register lists the address", "该号码在拒访登记册上",
        "the person leaves the register, or agrees in writing where the law heeds that",
        "客户退出登记册,或在法律允许时书面同意",
    ),
    "register_stale": Said(
        "a register that the law names was not asked in time", "法定拒访登记册未及时核对",
        "import the register's newest edition", "导入最新的登记册",
    ),
    "not_established": Said(
        "we do not know what the law there asks", "不清楚当地法律要求",
        "add a country, or the brand's market", "补充国家,或品牌的默认市场",
    ),
    "forbidden": Said(
        "the law there never allows it", "当地法律禁止此类联系",
        "nothing: reach the person in another way, or leave it",
        "无法更改:请改用其他渠道或放弃",
    ),
    "no_address": Said(
        "there is no address for the channel", "没有该渠道的联系方式",
        "add an address", "补充联系方式",
    ),
    "care_hold": Said(
        "the person has an open case", "该客户有未结工单", "close the case", "结清工单后自动恢复",
    ),
    "deceased": Said(
        "we were told that the person died", "已获悉该客户离世",
        "whoever told it says that it was a mistake",
        "报告方更正误报",
    ),
    "place_unknown": Said(
        "we do not know where the person lives", "不清楚客户所在地",
        "add a zone or a country", "补充时区或国家",
    ),
    "outside_hours": Said(
        "it is outside of lawful hours there", "当地不在可联系时段",
        "wait for the next lawful hour",
        "等到下一个可联系时段",
    ),
    "no_lawful_hour": Said(
        "there is no lawful hour there", "当地没有可联系的时段",
        "another channel, or other hours of the brand's own",
        "改用其他渠道,或调整品牌自定时段",
    ),
    "day_left_out": Said(
        "its step leaves this day out", "该步骤设定当日不发送",
        "wait for the next day that the step admits",
        "等到该步骤允许的下一天",
    ),
    "capped": Said(
        "the person was contacted often enough", "已达到联系频次上限",
        "wait until the cap has room, or raise the cap",
        "等到频次上限有余量,或调高上限",
    ),
    "outranked": Said(
        "another message goes first", "让位于更优先的消息",
        "wait, or give it a higher priority",
        "等待,或调高优先级",
    ),
    "too_late": Said(
        "it was no longer useful", "已过有效期",
        "let the step be useful for longer",
        "延长该步骤的有效期",
    ),
    "provider_busy": Said(
        "the provider asked to come back later", "服务商暂时无法受理",
        "wait until the provider is asked again",
        "等待再次请求服务商",
    ),
    "agents_busy": Said(
        "it asks for a call that no agent would have time to take", "客服繁忙,无人接听回电",
        "wait until the agents have time, or have more of them on shift",
        "等待客服空闲,或增加在班人数",
    ),
    "condition_not_met": Said(
        "the campaign's condition was not met", "不符合活动条件",
        "what the condition asks comes true before the next passage",
        "下次触发前满足活动条件",
    ),
    "holdout": Said(
        "left alone on purpose, to measure", "对照组,不发送",
        "nothing for this person: a holdout that changes measures nothing",
        "对该客户无法更改:对照组变动则无从衡量",
    ),
    "brand_holdout": Said(
        "left alone on purpose, to measure all campaigns", "品牌对照组,不发送",
        "nothing for this person: a holdout that changes measures nothing",
        "对该客户无法更改:对照组变动则无从衡量",
    ),
    "already_ended": Said(
        "it was over before it began", "触发前已结束",
        "nothing: it happened; a new event begins a new passage",
        "无法更改:事实已发生;新事件会开始新流程",
    ),
    "awaiting_glance": Said(
        "somebody has to look at the first few", "首批待人工确认",
        "look at it, then release the campaign", "确认后放行该活动",
    ),
    "ramp": Said(
        "the campaign starts with fewer people", "活动逐步放量,尚未轮到",
        "release the campaign to everybody",
        "全量放行该活动",
    ),
    "pilot": Said(
        "the campaign is tried out with others", "活动试点范围之外",
        "make the pilot's share larger",
        "扩大试点比例",
    ),
    "too_soon": Said(
        "the person passed not long enough ago", "距上次触发时间太短",
        "wait, or make `again_after` shorter in a version that follows",
        "等待,或在后续版本中缩短 `again_after`",
    ),
    "pilot_over": Said(
        "the trial of the campaign is over", "活动试点已结束",
        "make a version with a later end, or without the trial",
        "发布延长或取消试点的新版本",
    ),
    "erased": Said(
        "the person was forgotten", "客户资料已删除",
        "nothing: who is forgotten stays forgotten",
        "无法更改:已删除的资料不再恢复",
    ),
    "campaign_ended": Said(
        "the campaign was ended", "活动已结束",
        "make a new version of the campaign live",
        "发布该活动的新版本",
    ),
    "date_changed": Said(
        "the day it stands on was changed", "所依据的日期已变更",
        "nothing: it is planned anew on the new day",
        "无需处理:将按新日期重新安排",
    ),
    "moved": Said(
        "the newer version of the campaign does not have it", "活动新版本已不含此步骤",
        "put the step back, in a version that follows",
        "在后续版本中恢复该步骤",
    ),
    "template_error": Said(
        "the text could not be made", "文案生成失败", "mend the template", "修正模板",
    ),
    "needs_template": Said(
        "the platform takes texts without an approved template only for a while after the person "
        "wrote", "平台仅允许在客户来信后的限定时间内发送非模板消息",
        "give the text the `code` of an approved template", "为文案填写已审核模板的 `code`",
    ),
    "worker_gone": Said(
        "a worker stopped in the middle of the call", "发送进程中断,结果待确认",
        "look the message up at the provider", "到服务商处核实",
    ),
    "no_answer": Said(
        "the provider did not answer", "服务商无应答,结果待确认",
        "look the message up at the provider", "到服务商处核实",
    ),
    "promoted": Said(
        "the database was replaced, and may have forgotten the call", "数据库已切换,发送结果待确认",
        "look the message up at the provider", "到服务商处核实",
    ),
    "unconfirmed": Said(
        "nobody could tell within 72 hours", "72小时内未能确认",
        "say what the provider's own records show", "按服务商记录人工确认",
    ),
    "not_sent": Said(
        "somebody found that it was not sent", "人工确认未发出",
        "nothing: a later event begins anew",
        "无法更改:后续事件会重新开始",
    ),
    "not_reached": Said(
        "called as often as the queue does, and not reached", "按队列规则多次拨打均未接通",
        "another way to reach the person, or a later event", "改用其他方式联系,或等待后续事件",
    ),
    "wrong_number": Said(
        "the number is somebody else's", "号码不是本人",
        "import the person's own number", "导入本人的正确号码",
    ),
    "answered_call": Said(
        "a call has answered what it would ask", "电话中已答复,无需再发",
        "nothing: the person was reached", "无需更改:已与客户通话",
    ),
    "bounced_hard": Said(
        "the address does not exist", "地址不存在",
        "bring the person in with a right address",
        "导入正确的联系方式",
    ),
    "failed": Said(
        "the provider gave up", "服务商投递失败",
        "look up at the provider why, and bring in a right address",
        "向服务商查明原因,并更正联系方式",
    ),
    "rejected": Said(
        "the provider refused the message", "服务商拒收",
        "look up at the provider why it refused",
        "向服务商查明拒收原因",
    ),
    "login": Said(
        "the provider refused our account", "服务商账号无效", "check the account", "检查账号",
    ),
    "malformed": Said(
        "the message has a form that cannot be sent", "消息格式无法发送",
        "mend the address or the text",
        "修正联系方式或文案",
    ),
    "unreachable": Said(
        "the provider could not be reached", "无法连接服务商",
        "bring the provider back; it is tried again by itself",
        "恢复与服务商的连接后自动重试",
    ),
    "deadline": Said(
        "our own deadline passed", "超过本地时限",
        "nothing: it is tried again by itself",
        "无需处理:将自动重试",
    ),
}  # fmt: skip
_EXIT = Said(
    "something happened that ended the passage", "流程已因后续事件结束",
    "nothing: it happened; a new event begins a new passage",
    "无法更改:事实已发生;新事件会开始新流程",
)  # fmt: skip


def said(reason: str) -> Said:
    """The words for a reason; an exit carries the event type behind a colon."""
    if reason.startswith("exit:"):
        kind = reason.removeprefix("exit:")
        named = f"{_EXIT.en} ({kind})", f"{_EXIT.zh}({kind})"
        return Said(*named, _EXIT.mend_en, _EXIT.mend_zh)
    return REASONS[reason]

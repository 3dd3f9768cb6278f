"""How is each reason said to people, and what would mend it?"""

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh-CN"]


@dataclass(frozen=True, slots=True)
class Said:
    """A reason as a short phrase, and its repair where there is one, in both languages."""

    en: str
    zh: str
    mend_en: str = ""
    mend_zh: str = ""

    def phrase(self, language: Language) -> str:
        return self.zh if language == "zh-CN" else self.en

    def repair(self, language: Language) -> str:
        return self.mend_zh if language == "zh-CN" else self.mend_en


REASONS: dict[str, Said] = {
    "withdrawn": Said("the person said no", "本人已退订"),
    "blocked": Said("the address is blocked", "该地址已被屏蔽"),
    "no_consent": Said(
        "the person never agreed to this kind of contact", "本人未同意此类联系",
        "record the person's consent, if there is any", "如确有同意,请补录凭证",
    ),
    "on_register": Said("a do-not-contact register lists the address", "该号码在拒访登记册上"),
    "register_stale": Said(
        "a register that the law names was not asked in time", "法定拒访登记册未及时核对",
        "import the register's newest edition", "导入最新的登记册",
    ),
    "not_established": Said(
        "we do not know what the law there asks", "不清楚当地法律要求",
        "add a country, or the brand's market", "补充国家,或品牌的默认市场",
    ),
    "forbidden": Said("the law there never allows it", "当地法律禁止此类联系"),
    "no_address": Said(
        "there is no address for the channel", "没有该渠道的联系方式",
        "add an address", "补充联系方式",
    ),
    "care_hold": Said(
        "the person has an open case", "该客户有未结工单", "close the case", "结清工单后自动恢复",
    ),
    "deceased": Said("we were told that the person died", "已获悉该客户离世"),
    "place_unknown": Said(
        "we do not know where the person lives", "不清楚客户所在地",
        "add a zone or a country", "补充时区或国家",
    ),
    "outside_hours": Said("it is outside of lawful hours there", "当地不在可联系时段"),
    "no_lawful_hour": Said("there is no lawful hour there", "当地没有可联系的时段"),
    "capped": Said("the person was contacted often enough", "已达到联系频次上限"),
    "outranked": Said("another message goes first", "让位于更优先的消息"),
    "too_late": Said("it was no longer useful", "已过有效期"),
    "provider_busy": Said("the provider asked to come back later", "服务商暂时无法受理"),
    "condition_not_met": Said("the campaign's condition was not met", "不符合活动条件"),
    "holdout": Said("left alone on purpose, to measure", "对照组,不发送"),
    "already_ended": Said("it was over before it began", "触发前已结束"),
    "awaiting_glance": Said(
        "somebody has to look at the first few", "首批待人工确认",
        "look at it, then release the campaign", "确认后放行该活动",
    ),
    "ramp": Said("the campaign starts with fewer people", "活动逐步放量,尚未轮到"),
    "pilot": Said("the campaign is tried out with others", "活动试点范围之外"),
    "pilot_over": Said("the trial of the campaign is over", "活动试点已结束"),
    "erased": Said("the person was forgotten", "客户资料已删除"),
    "campaign_ended": Said("the campaign was ended", "活动已结束"),
    "date_changed": Said("the day it stands on was changed", "所依据的日期已变更"),
    "moved": Said(
        "the newer version of the campaign does not have it", "活动新版本已不含此步骤",
    ),
    "template_error": Said(
        "the text could not be made", "文案生成失败", "mend the template", "修正模板",
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
    "not_sent": Said("somebody found that it was not sent", "人工确认未发出"),
    "bounced_hard": Said("the address does not exist", "地址不存在"),
    "failed": Said("the provider gave up", "服务商投递失败"),
    "rejected": Said("the provider refused the message", "服务商拒收"),
    "login": Said(
        "the provider refused our account", "服务商账号无效", "check the account", "检查账号",
    ),
    "malformed": Said("the message has a form that cannot be sent", "消息格式无法发送"),
    "unreachable": Said("the provider could not be reached", "无法连接服务商"),
    "deadline": Said("our own deadline passed", "超过本地时限"),
}  # fmt: skip
_EXIT = Said("something happened that ended the passage", "流程已因后续事件结束")


def said(reason: str) -> Said:
    """The words for a reason; an exit carries the event type behind a colon."""
    if reason.startswith("exit:"):
        kind = reason.removeprefix("exit:")
        return Said(f"{_EXIT.en} ({kind})", f"{_EXIT.zh}({kind})")
    return REASONS[reason]

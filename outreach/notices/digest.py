"""How are a brand's campaigns doing, in a few lines?

The sums are those of the ledger, so they agree with every other report.
"""

from collections.abc import Mapping

from outreach.bilingual import Language
from outreach.reports.reconcile import Account

_HEAD = {"en": "{brand}: campaigns so far", "zh-CN": "{brand}:各活动累计情况"}
_NONE = {"en": "{brand}: no campaign has had a candidate yet", "zh-CN": "{brand}:尚无活动候选"}
_LINE = {
    "en": "{key}: {candidates} candidates, {sent} sent, {skipped} skipped, {failed} failed, "
    "{cancelled} cancelled, {uncertain} uncertain, {open} open",
    "zh-CN": "{key}:候选 {candidates},已发送 {sent},跳过 {skipped},失败 {failed},取消 {cancelled},"
    "不确定 {uncertain},未完成 {open}",
}


def digest(brand: str, accounts: Mapping[str, Account], *, language: Language) -> str:
    """One line for each campaign, under a heading."""
    if not accounts:
        return _NONE[language].format(brand=brand)
    lines = [_line(key, one, language) for key, one in sorted(accounts.items())]
    return "\n".join([_HEAD[language].format(brand=brand), *lines])


def _line(key: str, one: Account, language: Language) -> str:
    return _LINE[language].format(
        key=key, candidates=one.candidates, sent=one.sent, uncertain=one.uncertain,
        skipped=sum(one.skipped.values()), failed=sum(one.failed.values()),
        cancelled=sum(one.cancelled.values()),
        open=sum(one.open.held.values()) + one.open.waiting,
    )  # fmt: skip

"""Is every label that the law of some place prescribes missed where it is not there?

Over all rows of the regimes, on every channel and for every purpose of which they speak.
"""

import json

import pytest

from optout import regimes
from optout.model import Channel, Purpose
from optout.rules import Label
from outreach.sentences import shown
from outreach.templates import lint, lint_rules
from outreach.templates.brief import Brief
from outreach.templates.findings import Finding

# How each label is kept: by what the text or the subject says, or by who sends it.
KEPT = {
    "【签名】": "【{{ brand.signature }}】 … ",
    "拒收请回复R": " … 拒收请回复R",
    "广告": "（广告） … ",
    "STOP au 36xxx": " … STOP au 36111",
    "(광고)": "(광고) … ",
    "무료수신거부": " … 무료수신거부 0801234567",
    "[QC]": "[QC] … ",
    "<ADV>": "<ADV> … ",
    "PUBLICIDAD": "PUBLICIDAD … ",
    "פרסומת": "פרסומת … ",
}
SENT_BY = {
    "AD- sender prefix (sms)": "AD-LUMEN",
    "-AD sender suffix": "LUMEN-AD",
    "header suffix -T or -S": "LUMEN-T",
    "header suffix -P": "LUMEN-P",
    "1600 series (regulated sectors)": "1600123456",
    "140 series": "1401234567",
    "0303 prefix or authenticated caller": "03031234567",
    "809 prefix (unsolicited), 600 (requested)": "+56809123456",
}


def _rows() -> list[tuple[str, Channel, Purpose, Label]]:
    law = regimes.packaged()
    of_rules = [rule for rules in (*law.rules.values(), *law.sectors.values()) for rule in rules]
    return sorted({
        (rule.jurisdiction, channel, purpose, label)
        for rule in of_rules
        for channel in rule.channels
        for purpose in rule.purposes
        for label in rule.labels
        if _can_bear(channel, label)
    }, key=repr)  # fmt: skip


def _can_bear(channel: Channel, label: Label) -> bool:
    """A call has a number and a message a sender's name: rows of both speak of each its own."""
    if label.at in {"sender", "number"}:
        return (channel is Channel.VOICE) == (label.at == "number")
    return channel is not Channel.VOICE


ROWS = _rows()
NAMES = [f"{where}-{channel}-{purpose}-{label.text}" for where, channel, purpose, label in ROWS]


def _document(channel: Channel, purpose: Purpose, words: str) -> str:
    said: dict[str, object] = {"text": words}
    if channel is Channel.EMAIL:
        said = {"subject": words, "text": words}
    if channel is Channel.VOICE:
        said = {"text": words}
    texts = {"fi": {channel: said}}
    return json.dumps({"key": "x", "purpose": purpose, "texts": texts}, ensure_ascii=False)


def _missed(where: str, channel: Channel, purpose: Purpose, label: Label, words: str, sender: str):
    brief = Brief(countries=[where.partition("-")[0]], senders={channel: sender})
    found = lint.of_text(_document(channel, purpose, words), name="x.json", brief=brief)
    ours = {duty.id for duty in lint_rules.duties().duties if duty.label == label.text}
    return [finding for finding in found if finding.code in ours]


def _sayings(label: Label) -> tuple[str, str]:
    return KEPT.get(label.text, " … ").replace("…", "Tere"), SENT_BY.get(label.text, "LUMEN")


@pytest.mark.parametrize(("where", "channel", "purpose", "label"), ROWS, ids=NAMES)
def test_a_label_that_is_not_there_is_missed_with_place_and_source(
    where: str, channel: Channel, purpose: Purpose, label: Label
) -> None:
    missed: list[Finding] = _missed(where, channel, purpose, label, "Tere", "LUMEN")
    assert missed
    for finding in missed:
        assert finding.where.startswith(shown(("texts", "fi", channel.value)))
        assert finding.source


@pytest.mark.parametrize(("where", "channel", "purpose", "label"), ROWS, ids=NAMES)
def test_a_label_that_is_there_is_left_in_peace(
    where: str, channel: Channel, purpose: Purpose, label: Label
) -> None:
    words, sender = _sayings(label)
    assert _missed(where, channel, purpose, label, words.strip(), sender) == []


def test_there_are_rows_of_many_places() -> None:
    assert len({where for where, *_ in ROWS}) >= 12
    assert {label.text for *_, label in ROWS} == KEPT.keys() | SENT_BY.keys()

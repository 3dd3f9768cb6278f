"""The texts that come along can be read, filled with little, and keep to the rules of their place."""

# ruff: noqa: E501  # tables read best with one row a line

import re

import pytest

from optout.model import Channel
from outreach.campaigns import document as campaigns
from outreach.templates import document, render

TEMPLATES = {key: document.read(text, name=key) for key, text in document.library().items()}
WORDINGS = [
    (template, locale, channel)
    for template in TEMPLATES.values()
    for locale, by_channel in template.texts.items()
    for channel in by_channel
]
BRAND = {"name": "Example Kettles", "signature": "示例家电", "support": "help@example.com"}
LINKS = {name: f"https://example.com/{name}" for name in ("unsubscribe", "review", "survey")}
BARE = {"person": {"locale": "en"}, "brand": BRAND, "links": LINKS, "event": {"data": {}}}
FULL = BARE | {
    "person": {"name": "A. Reader", "first_name": "A.", "locale": "en"},
    "event": {
        "data": {"product": "Kettle", "plan": "Care", "ends_on": "2026-12-01", "title": "Lid"}
    },
}


@pytest.mark.parametrize("context", [BARE, FULL], ids=["bare", "full"])
@pytest.mark.parametrize(("template", "locale", "channel"), WORDINGS)
def test_every_wording_can_be_filled_with_what_is_always_there(template, locale, channel, context):
    content = render.render(template, channel=channel, locale=locale, context=context)
    assert content.text
    assert "object at 0x" not in f"{content}"
    assert not re.search(r"\s[,.，。]|[{}]", content.text)


@pytest.mark.parametrize(("template", "locale", "channel"), WORDINGS)
def test_every_wording_says_how_to_stop(template, locale, channel):
    content = render.render(template, channel=channel, locale=locale, context=FULL)
    if channel is Channel.EMAIL:
        assert LINKS["unsubscribe"] in content.text
        assert LINKS["unsubscribe"] in (content.html or "")
    if channel is Channel.SMS:
        assert content.text.endswith(
            "拒收请回复R" if locale == "zh-CN" else "Reply STOP to opt out"
        )


def test_chinese_texts_carry_the_signature_first_and_an_approved_code():
    for template in TEMPLATES.values():
        if sms := template.texts["zh-CN"].get(Channel.SMS):
            content = render.render(template, channel=Channel.SMS, locale="zh-CN", context=FULL)
            assert content.text.startswith("【示例家电】")
            assert sms.code == template.key
            assert all(value in content.text for value in content.params.values())


def test_an_english_text_message_keeps_to_the_small_alphabet():
    for template, locale, channel in WORDINGS:
        if locale == "en" and channel is Channel.SMS:
            content = render.render(template, channel=channel, locale=locale, context=FULL)
            assert content.text.isascii()
            assert len(content.text) <= 306


def test_every_step_of_the_library_has_its_words_in_both_languages():
    for key, text in campaigns.library().items():
        campaign = campaigns.read(text, name=key)
        for step in campaign.steps:
            template = TEMPLATES[step.template]
            assert template.purpose == (step.purpose or campaign.purpose)
            for locale in ("en", "zh-CN"):
                assert set(step.channels) <= template.texts[locale].keys()


def test_the_review_invitation_offers_nothing_and_asks_everybody_alike():
    for by_channel in TEMPLATES["review-invitation"].texts.values():
        for text in by_channel.values():
            assert "{% if" not in text.text
            assert not re.search(
                r"gift|discount|coupon|voucher|reward|points|five.star|返现|优惠|好评|积分|礼",
                text.text,
            )

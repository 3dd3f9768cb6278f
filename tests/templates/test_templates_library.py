"""The texts that come along can be read, filled with little, and keep to their place's rules."""

import re

import pytest

from optout.model import Channel
from outreach.campaigns import document as campaigns
from outreach.campaigns.triggers import DateTrigger, EventTrigger, HolidayTrigger, Trigger
from outreach.events.model import AUDIENCE, DATE, HOLIDAY
from outreach.templates import document, fields, lint, render, script, segments

TEMPLATES = {key: document.read(text, name=key) for key, text in document.library().items()}
CAMPAIGNS = {key: campaigns.read(text, name=key) for key, text in campaigns.library().items()}
WORDINGS = [
    pytest.param(template, locale, channel, id=f"{template.key}-{locale}-{channel}")
    for template in TEMPLATES.values()
    for locale, channel, _ in template.wordings()
]


def event_of(trigger: Trigger) -> str:
    """The type of event with which its passages begin."""
    match trigger:
        case EventTrigger(event=event):
            return event
        case DateTrigger():
            return DATE
        case HolidayTrigger():
            return HOLIDAY
        case _:
            return AUDIENCE


# What starts the campaign that says it.
STARTED_BY = {
    step.template: event_of(campaign.trigger)
    for campaign in CAMPAIGNS.values()
    for step in campaign.contacts
}
ISSUE = {
    "usage-tutorial-1", "usage-tutorial-2", "usage-tutorial-3", "review-invitation", "nps-survey",
    "satisfaction-survey", "renewal-30", "renewal-7", "renewal-1", "warranty-ending",
    "membership-guide", "replenishment", "cross-sell", "product-update", "abandoned-cart",
    "trial-ending", "parcel-exception-care", "refund-progress", "unresolved-case", "detractor-call",
    "win-back", "greeting-spring-festival", "greeting-dragon-boat", "greeting-mid-autumn",
    "greeting-national-day", "greeting-christmas", "greeting-thanksgiving", "greeting-diwali",
    "greeting-eid",
}  # fmt: skip


def filled(template, locale, channel, *, bare=False):
    context = fields.sample(locale, event=STARTED_BY.get(template.key), bare=bare)
    return render.render(template, channel=channel, locale=locale, context=context)


def test_everything_that_care_begins_with_is_there():
    assert TEMPLATES.keys() >= ISSUE


@pytest.mark.parametrize("bare", [True, False], ids=["bare", "full"])
@pytest.mark.parametrize(("template", "locale", "channel"), WORDINGS)
def test_every_wording_can_be_filled_with_what_is_always_there(template, locale, channel, bare):
    content = filled(template, locale, channel, bare=bare)
    assert content.text
    assert "object at 0x" not in f"{content}"
    said = re.sub(r"https?://\S+", "", content.text)
    assert not re.search(r"\s[,.，。]|[{}]|[,，。][,，。]", said.replace("\n   - ", "\n- "))


@pytest.mark.parametrize("key", TEMPLATES)
def test_every_text_passes_lint_without_a_finding(key):
    assert lint.of_text(document.library()[key], name=f"{key}.yaml") == ()


@pytest.mark.parametrize(("template", "locale", "channel"), WORDINGS)
def test_every_wording_says_how_to_stop(template, locale, channel):
    if template.key == "withdrawal-confirmation":
        return  # who reads it has just done so
    content = filled(template, locale, channel)
    if channel is Channel.EMAIL:
        assert "https://example.com/unsubscribe" in content.text
        assert "https://example.com/unsubscribe" in (content.html or "")
    if channel is Channel.SMS:
        assert content.text.endswith(
            "拒收请回复R" if locale == "zh-CN" else "Reply STOP to opt out"
        )


def test_chinese_texts_carry_the_signature_first_and_an_approved_code():
    for template in TEMPLATES.values():
        if sms := template.texts["zh-CN"].get(Channel.SMS):
            content = filled(template, "zh-CN", Channel.SMS)
            assert content.text.startswith("【示例家电】")
            assert sms.code == template.key
            assert all(value in content.text for value in content.params.values())


@pytest.mark.parametrize(("template", "locale", "channel"), WORDINGS)
def test_a_text_message_leaves_in_two_parts_at_most(template, locale, channel):
    if channel is Channel.SMS:
        text = filled(template, locale, channel).text
        network = segments.Network.CHINA if locale == "zh-CN" else segments.Network.STANDARD
        assert segments.split(text, network=network).count <= 2
        assert locale != "en" or text.isascii()


def test_every_text_speaks_both_languages_by_the_same_channels():
    for template in TEMPLATES.values():
        assert template.texts.keys() == {"en", "zh-CN"}
        assert template.texts["en"].keys() == template.texts["zh-CN"].keys()


@pytest.mark.parametrize("key", CAMPAIGNS)
def test_every_step_of_the_library_has_its_words_in_both_languages(key):
    campaign = CAMPAIGNS[key]
    for step in campaign.contacts:
        template = TEMPLATES[step.template]
        assert template.purpose == (step.purpose or campaign.purpose)
        for locale in ("en", "zh-CN"):
            assert set(step.channels) <= template.texts[locale].keys()


def test_a_call_asks_the_same_in_both_languages():
    for template in TEMPLATES.values():
        courses = [course(text.script) for _, _, text in template.wordings() if text.script]
        assert all(one == courses[0] for one in courses)


def course(of_call):
    return [(q.key, q.required, [a.then for a in q.answers]) for q in of_call.questions]


def test_a_script_of_the_library_says_what_must_be_asked():
    text = filled(TEMPLATES["detractor-call"], "zh-CN", Channel.VOICE).text
    assert "1. 从您的角度看，问题出在哪里？ [必问]" in text
    assert script.END not in text


def test_the_review_invitation_offers_nothing_and_asks_everybody_alike():
    for by_channel in TEMPLATES["review-invitation"].texts.values():
        for text in by_channel.values():
            assert "{% if" not in text.text
            assert not re.search(
                r"gift|discount|coupon|voucher|reward|points|five.star|返现|优惠|好评|积分|礼",
                text.text,
            )

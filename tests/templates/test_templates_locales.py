"""A person is spoken to in their language, or in the brand's, and never in another brand's."""

import pytest

from optout.model import Channel, Purpose
from outreach.templates import locales
from outreach.templates.model import Template, Text


@pytest.mark.parametrize(
    ("locale", "default", "tried"),
    [
        ("zh-TW", None, ("zh-TW", "zh", "zh-CN")),
        ("zh_TW", None, ("zh-TW", "zh", "zh-CN")),
        ("zh-Hant-HK", None, ("zh-Hant-HK", "zh-Hant", "zh", "zh-CN")),
        ("en-GB", "zh-CN", ("en-GB", "en", "zh-CN", "zh")),
        ("fr", "en", ("fr", "en")),
    ],
)
def test_the_locales_are_tried_in_order(locale, default, tried):
    assert locales.chain(locale, default=default) == tried


@pytest.mark.parametrize(
    ("locale", "tried"),
    [
        ("zh-TW", ("zh-TW", "zh", "zh-HK", "en", "ja")),
        ("zh-SG", ("zh-SG", "zh", "zh-CN", "ja")),
        ("pt-BR", ("pt-BR", "pt", "es", "ja")),
        ("de", ("de", "ja")),
    ],
)
def test_what_a_brand_has_chosen_for_a_locale_or_its_language_is_tried_before_its_own(
    locale, tried
):
    """In place of the neighbour; the narrowest choice counts."""
    chosen = {"zh-tw": ("zh-HK", "en"), "pt": ("es",), "fr": ("en",)}
    found = locales.chain(locale, default="ja", fallbacks=chosen)
    assert found == tried


@pytest.mark.parametrize(
    ("channel", "locale", "default", "spoken"),
    [
        (Channel.SMS, "zh-TW", "en", "zh-CN"),
        (Channel.SMS, "EN-gb", None, "en"),
        (Channel.SMS, "fr", "en", "en"),
        (Channel.EMAIL, "en", "zh-CN", "zh-CN"),
        (Channel.EMAIL, "en", None, None),
        (Channel.SMS, "fr", None, None),
        (Channel.CHAT, "en", "en", None),
    ],
)
def test_a_text_is_picked_for_the_channel(channel, locale, default, spoken):
    mail = Text(text="x", subject="y")
    texts = {
        "en": {Channel.SMS: Text(text="x")},
        "zh-CN": {Channel.SMS: Text(text="x"), Channel.EMAIL: mail},
    }
    template = Template("t", Purpose.SERVICE, texts)
    picked = locales.pick(template, channel=channel, locale=locale, default=default)
    assert (picked and picked[0]) == spoken

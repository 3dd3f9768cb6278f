"""What a brand says around its texts is there once, whoever wrote it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.model import Channel, Purpose
from outreach.brands.model import Profile
from outreach.errors import Invalid
from outreach.templates import document, fields, frame, lines, lint, lint_rules, mail, owing, render
from outreach.templates.brief import Brief
from outreach.templates.lines import Frame, Lines

LUMEN = Lines(
    name="Lumen", signature="明灯", header="Lumen", footer="Lumen, since 1999",
    legal="Lumen Ltd, 1 Sample Road", opt_out="",
)  # fmt: skip
WRITTEN = st.text(alphabet="a .\n您R【】STOP回复", max_size=30)


def around(*countries: str, purpose: Purpose = Purpose.MARKETING, own: Lines = LUMEN) -> Frame:
    return Frame(own, countries, (purpose,))


def a_mail(*, html: str = "", text: str = "") -> str:
    wordings = {"html": html, "text": text}
    said = "".join(f"      {key}: {value!r}\n" for key, value in wordings.items() if value)
    return f"key: a\npurpose: service\ntexts:\n  en:\n    email:\n      subject: s\n{said}"


def rendered(written: str, own: Lines = LUMEN):
    template = document.read(written, name="a")
    context = fields.sample("en")
    context["brand"] |= own.named()
    return render.render(
        template, channel=Channel.EMAIL, locale="en", context=context, frame=around(own=own)
    )


def test_a_mail_gets_header_footer_and_legal_line_on_its_page_and_in_its_text():
    content = rendered(a_mail(html="<html><body class='x'><p>Hello</p></body></html>"))
    said = "Lumen\n\nHello\n\nLumen, since 1999\n\nLumen Ltd, 1 Sample Road"
    assert content.text == said
    assert content.html == (
        "<html><body class='x'><p>Lumen</p><p>Hello</p>"
        "<p>Lumen, since 1999</p><p>Lumen Ltd, 1 Sample Road</p></body></html>"
    )
    assert rendered(a_mail(html="<p>Hello</p>", text="Hello")).text == said


@pytest.mark.parametrize(
    "written",
    [
        a_mail(html="<h1>{{ brand.header }}</h1>A{{ brand.footer }}, <i>{{ brand.legal }}</i>"),
        a_mail(html="<p>Lumen</p><p>Lumen, since 1999</p><p>x · Lumen Ltd,<br>1 Sample Road</p>"),
        a_mail(html="<p>Lumen</p><p>Hello from Lumen</p>"),
        a_mail(html="<p>Hello, this is Lumen</p>"),
    ],
)
def test_nothing_is_added_twice_to_a_mail(written):
    content = rendered(written)
    for said in (content.text, mail.plain(content.html or "")):
        lines = " ".join(said.split())
        assert lines.count("Lumen Ltd, 1 Sample Road") == 1
        assert lines.count("Lumen, since 1999") == 1
        assert re.findall("(?m)^Lumen$", said) == ["Lumen"]


def test_a_line_that_a_condition_left_out_is_added():
    written = a_mail(html="<p>Hi</p>{% if event.data.x is defined %}{{ brand.legal }}{% endif %}")
    assert "Lumen Ltd, 1 Sample Road" in rendered(written).text


def test_a_brand_without_lines_adds_nothing_and_its_signs_are_no_marks():
    assert rendered(a_mail(html="<p>Hello</p>"), Lines()).html == "<p>Hello</p>"
    html = rendered(a_mail(html="<p>Hello</p>"), Lines(header="A & B\n<b>")).html
    assert html == "<p>A &amp; B<br>&lt;b&gt;</p><p>Hello</p>"


def test_a_preheader_stays_before_the_header():
    html = "<body><p>Hello</p></body>"
    written = a_mail(html=html).replace("subject: s", "subject: s\n      preheader: first")
    content = rendered(written)
    assert (content.html or "").index("first") < (content.html or "").index("Lumen")


@pytest.mark.parametrize(
    ("countries", "locale", "purpose", "text", "leaves"),
    [
        (["CN"], "zh-CN", "marketing", "您好。", "【明灯】您好。拒收请回复R"),
        (["CN"], "zh", "survey", "看http://a.b", "【明灯】看http://a.b 拒收请回复R"),
        (["CN"], "zh-CN", "service", "您好。", "【明灯】您好。"),
        (["CN"], "en", "marketing", "Hi", "【明灯】Hi 拒收请回复R"),
        (["CN"], "zh-CN", "survey", "【别名】您好，退订回T", "【别名】您好，退订回T"),
        (["US"], "en", "renewal", "Hi.", "Lumen: Hi. Reply STOP to opt out"),
        (["US"], "en", "renewal", "Lumen: hi. Text STOP to end", "Lumen: hi. Text STOP to end"),
        (["US"], "en", "transactional", "Hi.", "Lumen: Hi."),
        (["CA"], "fr", "review", "Oui.", "Lumen: Oui. Répondez STOP pour vous désabonner"),
        (["FR"], "fr", "marketing", "Bonjour.", "Bonjour."),
        (["SE"], "en", "marketing", "Hi.", "Hi."),
        ([], "en", "marketing", "Hi.", "Hi."),
    ],
)  # fmt: skip
def test_a_text_message_gets_what_the_country_wants(countries, locale, purpose, text, leaves):
    frame_ = around(*countries, purpose=Purpose(purpose))
    assert frame.of_message(text, frame_, locale) == leaves


def test_the_brands_own_way_to_refuse_goes_before_the_rules_words():
    own = Lines(name="Lumen", opt_out="STOP au 36111")
    assert frame.of_message("Lumen : bonjour.", around("FR", own=own), "fr") == (
        "Lumen : bonjour. STOP au 36111"
    )


@given(
    st.lists(st.sampled_from(["CN", "US", "CA", "FR", "GB", "KR", "JP"]), max_size=3),
    st.sampled_from(["en", "zh-CN", "fr", "ja"]),
    st.sampled_from(Purpose),
    st.builds(Lines, name=WRITTEN, signature=WRITTEN, opt_out=WRITTEN),
    WRITTEN,
)
def test_what_is_framed_already_is_not_framed_again(countries, locale, purpose, own, text):
    """Whatever brand and text say, each line is put there at most once."""
    frame_ = around(*countries, purpose=purpose, own=own)
    once = frame.of_message(text, frame_, locale)
    assert frame.of_message(once, frame_, locale) == once
    assert text in once


def test_the_rules_own_words_keep_the_rule():
    for duty in lint_rules.duties().duties:
        for language, words in duty.words.items():
            said = words.format(name="Lumen", signature="明灯")
            text = f"{said}Hi" if duty.adds == "signature" else f"Hi. {said}"
            assert owing.said(duty, text, {"name": "Lumen", "signature": "明灯"}), (
                duty.id,
                language,
            )


SMS = "key: a\npurpose: marketing\ntexts:\n  {}:\n    sms:\n      text: 'Hi.'\n"


def test_a_text_under_a_code_stays_as_it_was_approved():
    template = document.read(SMS.format("en") + "      code: T1\n", name="a")
    content = render.render(
        template, channel=Channel.SMS, locale="en", context={}, frame=around("US")
    )
    assert content.text == "Hi."


def test_a_text_is_not_too_long_before_it_is_framed_and_is_then():
    template = document.read(SMS.format("en").replace("Hi.", "x" * 1590), name="a")
    with pytest.raises(Invalid, match=r"longer than 1,600 signs"):
        render.render(template, channel=Channel.SMS, locale="en", context={}, frame=around("US"))


@pytest.mark.parametrize(
    ("locale", "own", "found"),
    [
        ("en", None, {"us-sms-opt-out", "us-sms-sender"}),
        ("en", LUMEN, set()),
        ("fr", LUMEN, {"fr-sms-opt-out"}),
        ("fr", Lines(name="Lumen", opt_out="STOP au 36111"), set()),
    ],
)
def test_lint_heeds_what_a_brand_adds(locale, own, found):
    """Without the brand it holds the text by itself."""
    brief = Brief(own=(lambda *_: own) if own else None)
    findings = lint.of_text(SMS.format(locale), name="a", brief=brief)
    assert {finding.code for finding in findings} == found


def test_lint_misses_a_postal_address_that_the_brand_has_not_written():
    written = a_mail(html="<p>{{ brand.legal }}</p>{{ links.unsubscribe }}")
    written = written.replace("service", "marketing")
    nameless = Brief(own=lambda *_: Lines(name="Lumen"))
    assert [one.code for one in lint.of_text(written, name="a", brief=nameless)] == [
        "us-email-address"
    ]
    named = Brief(own=lambda *_: LUMEN)
    assert lint.of_text(written.replace("{{ brand.legal }}", "Hi"), name="a", brief=named) == ()


def test_the_lines_are_those_of_the_brands_file():
    profile = Profile.model_validate({
        "sender_name": "L", "sender_email": "a@lumen.example", "sms_sender": "L", "signature": "L",
        "support": "x", "blocks": {"en": {"legal": "Lumen Ltd"}},
    })  # fmt: skip
    written = profile.blocks_in("en", channel=Channel.EMAIL)
    assert lines.lines("Lumen", written) == Lines(name="Lumen", signature="L", legal="Lumen Ltd")

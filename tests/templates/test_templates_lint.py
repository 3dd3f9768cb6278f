"""What may not stand in a text is found at its line, with the phrase and who says so."""

# ruff: noqa: E501  # tables read best with one row a line

import re

import pytest

from outreach.brands.model import Voice
from outreach.errors import Invalid
from outreach.templates import lint, lint_rules, owing
from outreach.templates.brief import Brief

FORMAL = Voice.model_validate({
    "avoid": [{"phrase": "cheap", "rather": "affordable"}],
    "address": "formal",
    "sign_off": {"en": "Yours, the kettle people"},
    "exclamation_marks": 1,
    "emoji": False,
})  # fmt: skip


def sms(text: str, *, purpose: str = "service", locale: str = "en") -> str:
    return f'key: hello\npurpose: {purpose}\ntexts:\n  {locale}:\n    sms:\n      text: "{text}"\n'


def call(text: str, *, purpose: str, locale: str) -> str:
    return sms(text, purpose=purpose, locale=locale).replace("    sms:", "    voice:")


def mail(text: str, *, purpose: str = "service", locale: str = "en", subject: str = "Hello") -> str:
    body = text.replace("\n", "\n        ")
    return (
        f"key: hello\npurpose: {purpose}\ntexts:\n  {locale}:\n    email:\n"
        f'      subject: "{subject}"\n      text: |\n        {body}\n'
    )


def found(document: str, brief: Brief = lint.NOTHING) -> list[tuple[str, str, int, int, str]]:
    findings = lint.of_text(document, name="hello.yaml", brief=brief)
    return [(f.code, f.severity.value, f.line, f.column, f.phrase) for f in findings]


def codes(document: str, brief: Brief = lint.NOTHING) -> set[str]:
    return {code for code, *_ in found(document, brief)}


GOOD_SMS = "{{ brand.name }}: it has arrived. Reply STOP to opt out"
GOOD_CN = "【{{ brand.signature }}】已送达。拒收请回复R"
OUT = "{{ links.unsubscribe }}"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (sms("It has arrived. Reply STOP to opt out"), "us-sms-sender"),
        (sms("{{ brand.name }}: renew now", purpose="renewal"), "us-sms-opt-out"),
        (sms("{{ brand.name }}: it has arrived"), "us-sms-opt-out-service"),
        (sms("已送达。拒收请回复R", locale="zh-CN"), "cn-sms-signature"),
        (sms("您好【{{ brand.signature }}】拒收请回复R", locale="zh-CN"), "cn-sms-signature"),
        (
            sms("【{{ brand.signature }}】到期提醒", purpose="renewal", locale="zh-CN"),
            "cn-sms-opt-out",
        ),
        (
            sms(
                "【{{ brand.signature }}】拒收请回复R，到期提醒", purpose="renewal", locale="zh-CN"
            ),
            "cn-sms-opt-out",
        ),
        (sms("{{ brand.name }} : offre", purpose="marketing", locale="fr"), "fr-sms-opt-out"),
        (sms("{{ brand.name }}: 안녕", purpose="marketing", locale="ko"), "kr-sms-label"),
        (sms("(광고) {{ brand.name }}: 안녕", purpose="marketing", locale="ko"), "kr-sms-opt-out"),
        (sms("{{ brand.name }}: xin chào", purpose="marketing", locale="vi"), "vn-label"),
        (sms("{{ brand.name }}: hi", purpose="marketing", locale="en-SG"), "sg-label"),
        (sms("{{ brand.name }}: hi", purpose="marketing", locale="en-CA"), "ca-sms-opt-out"),
        (sms("{{ brand.name }}: hi", purpose="marketing", locale="en-GB"), "eu-sms-opt-out"),
        (sms("こんにちは", purpose="marketing", locale="ja"), "jp-sender"),
        (mail("您好", purpose="marketing", locale="zh-CN", subject="节日好"), "cn-email-label"),
        (mail("안녕", purpose="marketing", locale="ko", subject="안녕"), "kr-email-label"),
        (mail("xin chào", purpose="marketing", locale="vi", subject="chào"), "vn-email-label"),
        (mail("hi", purpose="renewal", locale="en-SG"), "sg-email-label"),
        (mail("hola", purpose="renewal", locale="es-AR"), "ar-email-label"),
        (sms("shalom", purpose="review", locale="he-IL"), "il-label"),
        (mail("shalom", purpose="review", locale="he-IL"), "il-email-label"),
        (sms("hi", purpose="marketing", locale="en-AE"), "ae-sender"),
        (sms("hi", purpose="marketing", locale="en-SA"), "sa-sender"),
        (sms("hi", purpose="service", locale="en-IN"), "in-sender-service"),
        (sms("hi", purpose="survey", locale="en-IN"), "in-sender-promotion"),
        (call("hi", purpose="service", locale="en-IN"), "in-number-service"),
        (call("hi", purpose="survey", locale="en-IN"), "in-number-promotion"),
        (call("oi", purpose="renewal", locale="pt-BR"), "br-number"),
        (call("hola", purpose="renewal", locale="es-CL"), "cl-number"),
        (mail("Hello", purpose="marketing"), "us-email-address"),
        (mail("Hello", purpose="survey"), "any-email-unsubscribe"),
        (mail("Hello"), "any-email-unsubscribe-service"),
    ],
)
def test_what_the_country_wants_is_missed(document, code):
    assert code in codes(document)


def test_every_duty_is_attacked_above():
    marks = [m for m in test_what_the_country_wants_is_missed.pytestmark if m.name == "parametrize"]
    attacked = {row[1] for row in marks[0].args[1]}
    assert {d.id for d in lint_rules.duties().duties} == attacked


@pytest.mark.parametrize(
    "document",
    [
        sms(GOOD_SMS),
        sms(GOOD_SMS, purpose="renewal"),
        sms(GOOD_CN, locale="zh-CN"),
        sms("【{{ brand.signature }}】续约提醒，回复TD退订", purpose="renewal", locale="zh-CN"),
        sms("【{{ brand.signature }}】续约提醒，退订回T", purpose="renewal", locale="zh-CN"),
        sms("{{ brand.name }} : bonjour. STOP au 36111", purpose="marketing", locale="fr"),
        sms(
            "(광고) {{ brand.name }} 안녕 무료수신거부 0801234567", purpose="marketing", locale="ko"
        ),
        mail(f"您好\n{OUT}", purpose="marketing", locale="zh-CN", subject="（广告）节日好"),
        mail(f"Hello\n{{{{ brand.legal }}}}\n{OUT}", purpose="marketing"),
        mail(f"Hello\n{OUT}"),
    ],
)
def test_what_carries_its_duties_is_left_in_peace(document):
    assert found(document) == []


def test_a_text_is_judged_by_the_countries_that_the_brief_adds():
    document = sms(GOOD_SMS, purpose="renewal")
    assert "fr-sms-opt-out" in codes(document, Brief(countries=["FR"]))


@pytest.mark.parametrize(
    ("locale", "countries"),
    [("zh-CN", ("CN",)), ("zh-TW", ("TW",)), ("zh", ("CN",)), ("zh-Hant-HK", ("HK",)),
     ("en", ("US",)), ("en-GB", ("GB",)), ("fi", ())],
)  # fmt: skip
def test_a_text_is_read_where_its_locale_says(locale, countries):
    assert owing.read_in(locale) == countries


@pytest.mark.parametrize(
    ("purpose", "locale", "words", "code", "phrase"),
    [
        ("service", "en", "Today 20% off everything", "promotional-wording", "% off"),
        ("service", "en", "A Special  Offer for you", "promotional-wording", "Special Offer"),
        ("service", "zh-CN", "新会员优惠等您", "promotional-wording", "优惠"),
        ("service", "zh-CN", "coupon 在此", "promotional-wording", "coupon"),
        ("review", "en", "Write one and get a gift card", "review-reward", "gift card"),
        ("review", "zh-CN", "评价返现", "review-reward", "返现"),
        ("review", "en", "Give us five stars", "review-gating", "five stars"),
        ("review", "en", "If you were happy, write", "review-gating", "If you were happy"),
        ("review", "zh-CN", "给个好评吧", "review-gating", "给个好评"),
        (
            "review",
            "en",
            "Please mention the agent by name",
            "staff-named",
            "mention the agent by name",
        ),
        ("service", "en", "{{ links.review }} for a reward", "review-reward", "reward"),
        ("marketing", "en", "Act now", "pressure", "Act now"),
        (
            "service",
            "en",
            "{{ event.data.x | default('a discount') }}",
            "promotional-wording",
            "discount",
        ),
    ],
)
def test_a_phrase_is_found_at_its_place(purpose, locale, words, code, phrase):
    document = mail(f"First line\n  {words}\n{OUT}", purpose=purpose, locale=locale)
    hits = {(c, line, said): column for c, _, line, column, said in found(document)}
    line = document.splitlines()[8]
    assert (
        hits[code, 9, phrase]
        == re.sub(r"\s", " ", line).replace("  Offer", " Offer").index(phrase) + 1
    )


@pytest.mark.parametrize(
    ("purpose", "words"),
    [
        ("service", "Feel free to write; refunds take three days"),
        ("service", "{% if event.data.discount is defined %}x{% endif %}"),
        ("marketing", "20% off, with a coupon"),
        ("review", "Good or bad, an honest review helps"),
        ("renewal", "Your plan ends soon"),
        ("service", "This is not an offer, and there is no discount"),
    ],
)
def test_harmless_words_are_left_in_peace(purpose, words):
    assert codes(mail(f"{words}\n{{{{ brand.legal }}}}\n{OUT}", purpose=purpose)) <= {
        "missing-value"
    }


def test_a_review_link_behind_a_score_is_found():
    words = "{% if event.data.score > 8 %}{{ links.review }}{% endif %}"
    hits = found(mail(f"Hello\n{words}\n{OUT}", purpose="survey"))
    assert [(code, line) for code, _, line, *_ in hits if code == "review-gating"] == [
        ("review-gating", 9)
    ]


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/?utm_source=mail",
        "https://bit.ly/abc",
        "https://example.com/?a=1&gclid=2",
    ],
)
def test_a_link_that_traces_needs_consent(link):
    document = mail(f"{link}\n{OUT}")
    assert codes(document) == {"tracking-link"}
    assert codes(document, Brief(traced=True)) == set()


def test_a_picture_of_one_dot_traces():
    page = f'      html: "<img src=https://example.com/p width=1 height=1> {OUT}"\n'
    assert codes(mail(f"Hello\n{OUT}") + page) == {"tracking-link"}


@pytest.mark.parametrize(
    ("locale", "words", "code", "phrase"),
    [
        ("en", "A cheap lid. Yours, the kettle people", "voice-word", "cheap"),
        ("en", "Hello! How are you! Yours, the kettle people", "voice-exclamation", "!"),
        ("en", "Hello 🎉 Yours, the kettle people", "voice-emoji", "🎉"),
        ("en", "Hello", "voice-sign-off", ""),
        ("zh-CN", "你的水壶", "voice-address", "你"),
        ("de", "Hast du Fragen?", "voice-address", "du"),
    ],
)
def test_a_brand_has_its_voice(locale, words, code, phrase):
    subject = "您好" if locale == "zh-CN" else "Hello"
    document = mail(f"{words}\n{OUT}", locale=locale, subject=subject)
    hits = found(document, Brief(voice=FORMAL))
    assert (code, "warning", phrase) in {(c, severity, said) for c, severity, _, _, said in hits}
    assert codes(document) == set()


def test_who_speaks_as_the_brand_is_left_in_peace():
    document = mail(f"Welcome! Yours, the kettle people\n{OUT}")
    assert codes(document, Brief(voice=FORMAL)) == set()


def test_a_missing_language_is_named():
    hits = lint.of_text(sms(GOOD_SMS), name="x", brief=Brief(locales=["en", "zh-CN"]))
    assert [(f.code, f.sentence) for f in hits] == [
        ("locale-missing", "says nothing in zh-CN: add it")
    ]


def test_a_channel_that_only_one_language_has_is_named():
    document = sms(GOOD_SMS) + "  zh-CN:\n    chat:\n      text: 您好\n"
    assert codes(document) == {"channel-missing"}


@pytest.mark.parametrize(
    ("locale", "words"), [("zh-CN", "Hello there"), ("en", "您好您好"), ("ko", "Hello")]
)
def test_an_untranslated_text_is_found(locale, words):
    assert "untranslated" in codes(mail(f"{words}\n{OUT}", locale=locale))


def test_a_text_that_is_another_languages_is_untranslated():
    assert "untranslated" in codes(sms(GOOD_SMS) + f'  fr:\n    sms:\n      text: "{GOOD_SMS}"\n')


def test_an_unknown_name_is_a_missing_value():
    document = mail(f"{{{{ event.data.prodct }}}}\n{OUT}")
    [finding] = lint.of_text(document, name="x")
    assert (finding.code, finding.sentence) == ("missing-value", "`event.data.prodct` has no value")


def test_a_long_text_message_says_how_many_leave():
    [finding] = lint.of_text(sms("{{ brand.name }} " + "word " * 110 + "Reply STOP"), name="x")
    assert (finding.code, finding.sentence) == (
        "long-sms", "leaves as 4 messages: shorten it to at most 3",
    )  # fmt: skip


def test_a_curly_quote_that_makes_a_message_dear_is_named():
    assert found(sms("{{ brand.name }}: it’s here. Reply STOP")) == [
        ("wide-sms", "warning", 6, 7, "’")
    ]


def test_a_finding_is_one_sentence_with_file_line_and_source():
    [finding] = lint.of_text(sms("It is here. Reply STOP"), name="hello.yaml")
    assert str(finding) == (
        "hello.yaml:6:7: error: texts.en.sms.text: say who writes, `{{ brand.name }}` (us-sms-sender)"
        " [CTIA Messaging Principles and Best Practices (2023); CASL, S.C. 2010 c. 23, s. 6(2)]"
    )


def test_every_rule_has_a_source():
    rules = [*lint_rules.duties().duties, *lint_rules.words().groups, lint_rules.words().tracking]
    assert all(rule.source for rule in rules)


def test_an_unreadable_template_is_refused_as_ever():
    with pytest.raises(Invalid):
        lint.of_text("key: [", name="x")

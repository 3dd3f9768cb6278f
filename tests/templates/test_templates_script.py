"""A call's script is written as questions with answers, and read as one text."""

import pytest

from optout.model import Channel, Purpose
from outreach.errors import Invalid
from outreach.templates import document, render

SCRIPT = """\
key: check
purpose: service
texts:
  {locale}:
    voice:
      script:
        opening: Hello, this is {{{{ brand.name }}}}.
        questions:
          - key: arrived
            ask: Did it arrive whole?
            required: true
            answers:
              - when: "yes"
                then: wishes
              - when: "no"
                say: Apologise and open a case.
                then: end
              - when: not opened yet
          - key: set-up
            ask: Is it set up?
          - key: wishes
            ask: Anything that we can do?
        unwelcome: Thank them, note it, end the call.
        closing: "Goodbye. {{{{ brand.support }}}}"
"""
CONTEXT = {"brand": {"name": "Example Kettles", "support": "help@example.com"}}


def spoken(locale: str) -> str:
    template = document.read(SCRIPT.format(locale=locale), name="check.yaml")
    content = render.render(template, channel=Channel.VOICE, locale=locale, context=CONTEXT)
    return content.text


def test_a_script_is_read_from_top_to_bottom():
    assert spoken("en") == (
        "Hello, this is Example Kettles.\n\n"
        "1. Did it arrive whole? [must be asked]\n"
        "   - yes → go on with 3\n"
        "   - no: Apologise and open a case. → end the call\n"
        "   - not opened yet\n\n"
        "2. Is it set up?\n\n"
        "3. Anything that we can do?\n\n"
        "Thank them, note it, end the call.\n\n"
        "Goodbye. help@example.com"
    )


def test_the_marks_are_in_the_language_of_the_script():
    text = spoken("zh-CN")
    assert "[必问]" in text
    assert "→ 转到第3项" in text
    assert "→ 结束通话" in text


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        ("then: wishes", "then: whishes", "no question is called whishes"),
        ("key: set-up", "key: arrived", "name each question differently: arrived stands twice"),
        ("key: set-up", "key: end", "call a question something else than `end`"),
        ("brand.name", "brand.nam", "`brand.nam` is not known here"),
        ("    voice:", "    sms:", "a script is for a call"),
        ("      script:", "      text: x\n      script:", "keep one of `script` and `text`"),
        ("ask: Is it set up?", "asks: Is it set up?", "`asks` is not known here"),
    ],
)
def test_a_mistake_in_a_script_has_a_sentence(good, bad, sentence):
    text = SCRIPT.format(locale="en")
    assert good in text
    with pytest.raises(Invalid) as caught:
        document.read(text.replace(good, bad, 1), name="check.yaml")
    assert any(sentence in problem.sentence for problem in caught.value.problems)
    assert all(problem.line for problem in caught.value.problems)


def test_a_script_is_written_as_it_was_read():
    template = document.read(SCRIPT.format(locale="en"), name="check.yaml")
    assert document.decode(document.plain(template), name="check") == template
    assert template.purpose is Purpose.SERVICE

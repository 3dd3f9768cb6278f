"""Is a survey read as it is written, and is each mistake told at its line?"""

import pytest

from outreach.errors import Invalid
from outreach.surveys import document
from outreach.surveys.model import Survey, spoken

NPS = """\
key: mine
name: {en: Mine}
questions:
  - {key: score, kind: nps, ask: {en: How likely?, zh-CN: 多大可能？}}
  - {key: why, kind: comment, ask: {en: Why?, zh-CN: 为什么？}}
thanks: {en: Thanks, zh-CN: 谢谢}
"""


def read(text: str = NPS) -> Survey:
    return document.read(text, name="mine.yaml")


@pytest.mark.parametrize("key", document.library())
def test_the_library_speaks_both_languages_under_its_own_keys(key: str) -> None:
    survey = document.read(document.library()[key], name=key)
    assert survey.key == key
    assert survey.languages == {"en", "zh-CN"}


def test_a_survey_is_a_question_first_and_then_what_may_be_left_out() -> None:
    survey = read()
    assert (survey.first.key, list(survey.scale.scores)) == ("score", list(range(11)))
    assert [question.kind for question in survey.questions[1:]] == ["comment"]
    assert survey.promise is None
    assert not survey.review


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: nps", "kind: comment", "line 1, column 1: begin with a question on a scale"),
        ("zh-CN: 为什么？", "de: Warum?", "say 'Why?' in zh-CN too"),
        ("key: why", "key: score", "name each question differently"),
        ("kind: comment", "kind: choice", "line 5, column 5: questions[1]: a `choice` has"),
        ("kind: nps", "kind: stars", "line 4"),
        ("thanks:", "closes: 3\nthanks:", "`closes` is not known here"),
        ("thanks:", "open_days: 0\nthanks:", "line 6, column 12: open_days: write a number"),
        ("kind: comment", "kind: comment, lowest: {en: No, zh-CN: 否}", "only a scale has ends"),
        ("How likely?", '"How\\nlikely?"', "line 4"),
    ],
)
def test_a_mistake_is_told_where_it_stands(old: str, new: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(NPS.replace(old, new, 1))
    assert said in "; ".join(map(str, refused.value.problems))


@pytest.mark.parametrize(
    ("locale", "said"),
    [("zh-CN", "谢谢"), ("zh-HK", "谢谢"), ("en-GB", "Thanks"), ("de", "Thanks")],
)
def test_what_is_said_is_the_nearest_language_or_the_first(locale: str, said: str) -> None:
    assert spoken(read().thanks, locale) == said


def test_editors_get_a_schema_with_a_sentence_for_each_key() -> None:
    schema = document.schema()
    survey = schema["$defs"].get("Survey", schema)["properties"]
    assert "one tap" in survey["questions"]["description"]

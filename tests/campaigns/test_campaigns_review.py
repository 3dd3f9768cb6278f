"""Does a campaign go live only with texts that fit it?"""

import pytest

from outreach.campaigns import document
from outreach.campaigns.review import objections
from outreach.templates import document as template_document
from outreach.templates.model import Template
from tests import builders as b


def template(purpose: str = "service", **channels: str) -> Template:
    texts = {
        channel: {"text": "Hello"} | ({"subject": "Hi"} if channel == "email" else {})
        for channel in (channels or {"email": "en"})
    }
    locale = next(iter(channels.values()), "en")
    written = {"key": "hello", "purpose": purpose, "texts": {locale: texts}}
    return template_document.decode(written, name="hello")


def said(step: dict[str, object], *templates: Template, **changes: object) -> list[str]:
    campaign = document.read(b.written(steps=[step], **changes), name="a")
    known = {one.key: one for one in templates}
    return [
        f"{'.'.join(map(str, one.path))}: {one.sentence}"
        for one in objections(campaign, known, locale="en-GB", now=b.NOON)
    ]


def a_step(**changes: object) -> dict[str, object]:
    return b.a_step(template="hello", **changes)


def test_nothing_speaks_against_texts_that_fit() -> None:
    """English serves where British English is spoken."""
    assert said(a_step(), template()) == []


def test_a_missing_template_is_named_at_its_step() -> None:
    assert said(a_step()) == ["steps.0.template: template `hello` is not imported: import it first"]


@pytest.mark.parametrize("known", [template(sms="en"), template(email="fr")])
def test_each_channel_needs_a_text_in_the_brands_language(known: Template) -> None:
    assert said(a_step(channels=["email"]), known) == [
        "steps.0.channels.0: add a text for email in `en-GB` to template `hello`, or remove email"
    ]


@pytest.mark.parametrize(
    ("text", "step"),
    [("marketing", "marketing"), ("service", "transactional"), ("service", "marketing")],
)
def test_a_text_of_service_harms_nobody_who_permitted_more(text: str, step: str) -> None:
    assert said(a_step(), template(text), purpose=step) == []


@pytest.mark.parametrize(("text", "step"), [("marketing", "service"), ("review", "marketing")])
def test_permission_for_one_purpose_is_none_for_another(text: str, step: str) -> None:
    """Advertising does not travel as service; the place is where the purpose was written."""
    [at_template] = said(a_step(), template(text), purpose=step)
    assert at_template.startswith(f"steps.0.template: template `hello` is for {text}, and this")
    [at_purpose] = said(a_step(purpose=step), template(text), purpose="survey")
    assert at_purpose.startswith("steps.0.purpose: ")


def test_an_audience_comes_while_its_time_is_still_ahead_somewhere() -> None:
    """At noon in London the first minute of the day has yet to come in the farthest west."""
    first, before = (
        said(a_step(), template(), trigger={"audience": "all", "at": at})
        for at in ("2026-03-10T00:01", "2026-03-09T23:00")
    )
    assert first == []
    assert before == ["trigger.at: this time is past everywhere: write one that is still to come"]


def test_a_trial_that_is_over_tries_nothing() -> None:
    pilot = {"share": 0.5, "until": "2026-03-10T12:00:00+00:00"}
    assert said(a_step(), template(), pilot=pilot) == [
        "pilot.until: this trial is over: write an instant to come, or remove `pilot`"
    ]


def test_an_agent_asks_a_survey_by_a_question_of_its_name() -> None:
    """In every script, and it must be asked; its answer is the survey's."""

    def asking(key: str, *, required: bool) -> Template:
        script = {
            "opening": "Hello", "closing": "Bye",
            "questions": [{"key": key, "ask": "How likely?", "required": required}],
        }  # fmt: skip
        written = {
            "key": "hello",
            "purpose": "service",
            "texts": {"en": {"voice": {"script": script}}},
        }
        return template_document.decode(written, name="hello")

    step = a_step(kind="callback", channels=["voice"], survey="nps")
    found = [
        said(step, asking(key, required=must))
        for key, must in (("nps", True), ("nps", False), ("why", True))
    ]
    assert [[one for one in some if "required question" in one] != [] for some in found] == [
        False,
        True,
        True,
    ]

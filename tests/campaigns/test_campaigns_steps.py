"""Waits, branches and splits are written among the steps, and every mistake is told at its line."""

# ruff: noqa: E501  # tables read best with one row a line

import pytest

from outreach.campaigns import document
from outreach.campaigns.steps import Branch, Split, Step, Wait, following, onwards, placed
from outreach.errors import Invalid

GOOD = """\
key: asked
name: {en: Asked}
purpose: survey
trigger: {event: parcel.delivered}
steps:
  - {key: ask, kind: survey, survey: nps, channels: [email], template: nps}
  - key: answer
    kind: wait
    until: {event: survey.answered, same: order}
    at_most: 7 d
  - key: how
    kind: branch
    about: wait
    ways:
      - when: {field: event.data.score, operator: at_most, value: 6}
        steps:
          - {key: call, kind: callback, channels: [voice], template: call, from: wait}
      - when: {field: event.data.score, operator: at_least, value: 9}
        goto: last
    else:
      steps: [{key: thanks, channels: [email], template: thanks}]
  - key: arms
    kind: split
    arms:
      - {key: a, share: 0.5, steps: [{key: short, channels: [sms], template: short}]}
      - {key: b, share: 0.5}
  - {key: last, channels: [email], template: last, not_on: [sunday, holiday], late: drop}
"""


def complaints(text: str) -> str:
    with pytest.raises(Invalid) as caught:
        document.read(text, name="asked.yaml")
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_every_kind_of_step_is_read_and_printed_back() -> None:
    campaign = document.read(GOOD, name="x")
    assert [type(step) for step in campaign.steps] == [Step, Wait, Branch, Split, Step]
    assert [step.key for step in campaign.contacts] == ["ask", "call", "thanks", "short", "last"]
    assert campaign.contacts[0].serves(campaign.purpose) == "survey"
    assert document.read(document.printed(campaign), name="x") == campaign


def test_what_follows_a_step_is_what_is_inside_then_what_is_behind() -> None:
    steps = document.read(GOOD, name="x").steps
    assert [step.key for step in following(steps, "call")] == ["arms", "last"]
    assert [step.key for step in onwards(steps, "last")] == ["last"]
    assert following(steps, "nothing-such") == ()


def test_every_step_has_its_path() -> None:
    paths = {step.key: path for path, step in placed(document.read(GOOD, name="x").steps)}
    assert paths["call"] == ("steps", 2, "ways", 0, "steps", 0)
    assert paths["thanks"] == ("steps", 2, "else", "steps", 0)
    assert paths["short"] == ("steps", 3, "arms", 0, "steps", 0)


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("kind: wait", "kind: wiat", "line 8, column 11: steps[1].kind: `wiat` is not known here; did you mean `wait`?"),
        ("survey: nps, ", "", "line 6, column 5: steps[0]: name the `survey` that this step asks"),
        ("kind: survey, ", "", "line 6, column 5: steps[0]: a message asks none: make the kind `survey`, or remove `survey`"),
        ("[email], template: nps", "[voice], template: nps", "line 6, column 5: steps[0]: an agent makes the calls: make the kind `callback`, or remove `voice`"),
        ("    at_most: 7 d\n", "", "line 7, column 5: steps[1].at_most: `at_most` is missing: add it"),
        ("at_most: 7 d", "at_most: 0 d", "line 7, column 5: steps[1]: make `at_most` longer than nothing, or there is no wait"),
        ("event: survey.answered", "event: answered", "line 9, column 20: steps[1].until.event: write a type of event such as `parcel.delivered`"),
        ("same: order", "same: hous", "line 9, column 43: steps[1].until.same: `hous` is not known here; use one of contract, order, parcel, person"),
        ("about: wait", "about: event", "line 13, column 12: steps[2].about: `event` is not known here; use one of trigger, wait"),
        ("operator: at_most", "operator: most", "line 15, column 51: steps[2].ways[0].when.operator: `most` is not known here; did you mean `at_most`?"),
        ("goto: last", "goto: ask", "line 1, column 1: `goto` leads to a step behind its branch: ask is none"),
        ("        goto: last", "        goto: last\n        steps: [{key: x, channels: [sms], template: x}]", "line 18, column 9: steps[2].ways[1]: keep one of `steps` and `goto`"),
        ("from: wait", "from: now", "line 17, column 82: steps[2].ways[0].steps[0].from: `now` is not known here; use one of previous, trigger, wait"),
        ("key: b, share: 0.5", "key: b, share: 0.4", "line 22, column 5: steps[3]: make the shares of the arms add up to 1"),
        ("key: b, share", "key: a, share", "line 22, column 5: steps[3]: name each arm differently"),
        ("key: short,", "key: ask,", "line 1, column 1: name each step differently: ask stands twice"),
        ("sunday, holiday", "sonday", "line 27, column 61: steps[4].not_on[0]: `sonday` is not known here; did you mean `sunday`?"),
        ("[sunday, holiday]", "[monday, tuesday, wednesday, thursday, friday, saturday, sunday]", "line 27, column 60: steps[4].not_on: leave at least one day of the week"),
        ("late: drop", "late: never", "line 27, column 85: steps[4].late: `never` is not known here; use one of drop, hold"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line_and_a_sentence(good: str, bad: str, complaint: str) -> None:
    assert good in GOOD
    assert complaints(GOOD.replace(good, bad, 1)) == complaint


def test_an_exit_by_withdrawal_asks_for_nothing_else() -> None:
    text = GOOD + "exits: [{event: withdrawn, same: order}]\n"
    assert complaints(text).endswith("is said of a person: remove `same` and `condition`")
    assert document.read(GOOD + "exits: [{event: withdrawn}]\n", name="x").exits


def test_a_campaign_contacts_somebody_and_is_not_endless() -> None:
    head = GOOD.partition("steps:")[0]
    wait = "  - {key: w, kind: wait, until: {event: a.b}, at_most: 1 d}\n"
    assert "contacts somebody" in complaints(f"{head}steps:\n{wait}")
    one = "{{key: s{0}, channels: [sms], template: t}}"
    arms = [f"[{', '.join(one.format(n + m) for n in range(30))}]" for m in (0, 100)]
    split = "".join(f"      - {{key: a{n}, share: 0.5, steps: {a}}}\n" for n, a in enumerate(arms))
    text = f"{head}steps:\n  - key: s\n    kind: split\n    arms:\n{split}"
    assert "write at most 50 steps, those inside branches among them" in complaints(text)


def test_ten_mistakes_among_such_steps_are_ten_problems() -> None:
    changes = {
        "key: asked": "key: A B", "[email], template: nps": "[mail], template: nps",
        "until: {event: survey.answered": "until: {event: answered", "at_most: 7 d": "at_most: soon",
        "about: wait": "about: it", "operator: at_most": "operator: under", "from: wait": "from: now",
        "share: 0.5, steps": "share: lots, steps", "sunday": "sonday", "late: drop": "late: no",
    }  # fmt: skip
    text = GOOD
    for good, bad in changes.items():
        text = text.replace(good, bad, 1)
    assert len(complaints(text).split("\n")) == 10


@pytest.mark.parametrize(
    ("cap", "complaint"),
    [
        ("{max: 0, per: 7 d}", "line 28, column 14: caps[0].max: write a number that is at least 1"),
        ("{max: 1, per: 0 d}", "line 28, column 22: caps[0].per: write a span of more than nothing and at most 366 d"),
        ("{max: 1, per: 400 d}", "line 28, column 22: caps[0].per: write a span of more than nothing and at most 366 d"),
        ("{max: 1}", "line 28, column 8: caps[0].per: `per` is missing: add it"),
    ],
)  # fmt: skip
def test_a_cap_has_a_number_and_a_span(cap: str, complaint: str) -> None:
    assert complaints(f"{GOOD}caps: [{cap}]\n") == complaint

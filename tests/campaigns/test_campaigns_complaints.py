"""Is each thing that can be wrong in a campaign told with its line and a sentence?"""

# ruff: noqa: E501  # tables read best with one row a line

import ast
import json
from pathlib import Path

import pytest

from outreach.campaigns import document
from outreach.errors import Invalid
from tests import builders as b

# Whoever reads a document raises these; what is asked of commands and of the database is told elsewhere.
READERS = ("cel", "conditions", "durations", "fields", "model", "steps", "triggers", "values")
HERE = Path(__file__).parent
ONE = "{key: one, channels: [email], template: t}"
SOLD = "{field: event.data.a, operator: is, value: 1}"


def complaints(trigger: str, step: str = ONE, rest: str = "") -> list[str]:
    """What is wrong in a campaign with its trigger in line 4, its steps from line 6, the rest last."""
    steps = f"steps:\n  - {step}" + ("" if step.startswith("{key: one,") else f"\n  - {ONE}")
    return told(
        f"key: a\nname: {{en: A}}\npurpose: service\ntrigger: {{{trigger}}}\n{steps}\n{rest}"
    )


def told(text: str) -> list[str]:
    with pytest.raises(Invalid) as caught:
        document.read(text, name="a")
    return [str(problem) for problem in caught.value.problems]


EVENT = "event: parcel.delivered"
TRIGGERS = {
    f"{EVENT}, condition: {{cel: {'x' * 1001}}}": "53: trigger.condition.cel: shorten the expression: it is longer than 1000 signs",
    f"{EVENT}, condition: {{cel: '1 + 1'}}": "53: trigger.condition.cel: the expression gives int: make it a yes or no",
    f'{EVENT}, condition: {{cel: "event.a\\x07 == 1"}}': "53: trigger.condition.cel: remove control characters from the expression",
    f"{EVENT}, condition: {{all: []}}": "53: trigger.condition.all: write at least one entry here",
    f"{EVENT}, condition: maybe": "47: trigger.condition: write keys with values here",
    f"{EVENT}, condition: {{field: event.data.a, operator: is}}": "47: trigger.condition: `is` needs a `value`: add it",
    f"{EVENT}, condition: {{field: event.data.a, operator: in, value: []}}": "90: trigger.condition.value: write between 1 and 1,000 values",
    f"{EVENT}, condition: {{field: event.data.a, operator: is, value: {{a: 1}}}}": "90: trigger.condition.value: write a text, a number, true or false",
    f'{EVENT}, condition: {{field: event.data.a, operator: is, value: "a\\0b"}}': "90: trigger.condition.value: remove the NUL character",
    f"{EVENT}, [a]: b": "36: write a plain word as the key",
    "event: cart.updated, unless: order.paid": "10: trigger: `unless` counts while it waits: write `quiet_for: 3 h` beside it",
    "audience: all, at: noon": "30: trigger.at: write a day and time on each person's clock, such as 2026-12-01T10:00, or one instant for all with its offset, such as 2026-12-01T10:00+01:00",
    f"audience: {SOLD}, at: 2026-12-01T10:00": "21: trigger.audience: `event.data.a` cannot choose an audience, for which nothing happened: ask for the person, or count what happened",
    "date: person.birthday, offset: -3 weeks": "42: trigger.offset: write whole days before or after, up to 400, such as -30 d, 7 d",
    "date: person.age": "17: trigger.date: write `person.birthday`, `person.dates.NAME`, or the `ends_on` of contract, warranty or trial",
    "audience: all, every: day, on: monday, at: 10:00": "10: trigger: every day needs no `on`: remove it",
    "audience: all, every: month, on: monday, at: 10:00": "10: trigger: every month needs its days: write `on: 15`",
    "audience: all, every: week, at: 10:00": "10: trigger: every week needs its days: write `on: monday`",
}  # fmt: skip
STEPS = {
    "{key: one, channels: [email], template: t, after: 3000 d}": "6, column 55: steps[0].after: write a duration of at most 1100 d",
    "{key: one, channels: [email], template: t, within_hours: perhaps}": "6, column 62: steps[0].within_hours: write true or false here",
    "{key: one, channels: [email], template: t, not_on: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]}": "6, column 56: steps[0].not_on: leave at least one day of the week",
    "{key: one, kind: letter, channels: [email], template: t}": "6, column 22: steps[0].kind: `letter` is not known here; use one of branch, callback, message, split, survey, wait",
    "{key: one, kind: survey, channels: [email], template: t}": "6, column 5: steps[0]: name the `survey` that this step asks",
    "{key: one, survey: nps, channels: [email], template: t}": "6, column 5: steps[0]: a message asks none: make the kind `survey`, or remove `survey`",
    "{key: one, kind: callback, channels: [voice], template: t, invites_calls: 0.1}": "6, column 5: steps[0]: a callback is the call itself: remove `invites_calls`",
    "{key: w, kind: wait, until: {event: order.paid}, at_most: 0 d}": "6, column 5: steps[0]: make `at_most` longer than nothing, or there is no wait",
    f"{{key: b, kind: branch, ways: [{{when: {SOLD}, goto: nowhere}}]}}": "1, column 1: `goto` leads to a step behind its branch: nowhere is none",
    f"{{key: b, kind: branch, ways: [{{when: {SOLD}, goto: one, steps: [{ONE}]}}]}}": "6, column 35: steps[0].ways[0]: keep one of `steps` and `goto`",
    "{key: s, kind: split, arms: [{key: a, share: 0.5}, {key: b, share: 0.4}]}": "6, column 5: steps[0]: make the shares of the arms add up to 1",
    "{key: s, kind: split, arms: [{key: a, share: 0.5}, {key: a, share: 0.5}]}": "6, column 5: steps[0]: name each arm differently",
}  # fmt: skip
REST = {
    "pilot: {share: 0.5, until: 2026-06-01}": "28: pilot.until: write an instant with its offset, such as 2026-06-01T09:00:00+02:00",
    "ramp: {first: 0, then: 0.1}": "15: ramp.first: write a number that is at least 1",
    "caps: [{max: 1, per: 400 d}]": "22: caps[0].per: write a span of more than nothing and at most 366 d",
    "exits: [{event: withdrawn, same: order}]": "9: exits[0]: `withdrawn` is said of a person: remove `same` and `condition`",
    "exits: {event: order.refunded}": "8: exits: write a list here",
    "value: .nan": "8: value: write a number here",
    "guardrails: {within: 1 d}": "13: guardrails: write `opt_outs`, `complaints` or both",
    "guardrails: {opt_outs: 1}": "13: guardrails: write a share under 1: more than all never do it",
    "guardrails: {complaints: 0.1, within: 31 d}": "13: guardrails: make `within` longer than nothing and at most 30 d",
}  # fmt: skip


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_what_is_wrong_in_a_trigger_is_told_at_its_line(trigger: str) -> None:
    assert complaints(trigger) == [f"line 4, column {TRIGGERS[trigger]}"]


@pytest.mark.parametrize("step", STEPS)
def test_what_is_wrong_in_a_step_is_told_at_its_line(step: str) -> None:
    assert complaints(EVENT, step) == [f"line {STEPS[step]}"]


@pytest.mark.parametrize("rest", REST)
def test_what_is_wrong_behind_the_steps_is_told_at_its_line(rest: str) -> None:
    assert complaints(EVENT, rest=rest) == [f"line 7, column {REST[rest]}"]


def test_a_campaign_that_contacts_nobody_is_told_so() -> None:
    wait = "{key: w, kind: wait, until: {event: order.paid}, at_most: 1 d}"
    text = f"key: a\nname: {{en: A}}\npurpose: service\ntrigger: {{{EVENT}}}\nsteps: [{wait}]\n"
    assert told(text) == ["line 1, column 1: write at least one step that contacts somebody"]


def test_a_number_too_large_to_count_with_is_told_where_none_is_a_text() -> None:
    """A file's long numbers are texts already; plain data has its own, and no lines."""
    clause = {"field": "event.data.a", "operator": "is", "value": 10**18}
    campaign = b.written(trigger={"event": "parcel.delivered", "condition": clause})
    with pytest.raises(Invalid) as caught:
        document.decode(json.loads(campaign), name="a")
    assert [str(problem) for problem in caught.value.problems] == [
        "trigger.condition.value: write this number as a text, in quotes: it is too large to count with"
    ]


def raised() -> dict[str, str]:
    """The longest piece of each sentence that a reader of campaigns raises, by where it stands."""
    found = {}
    folder = Path(document.__file__).parent
    for name in READERS:
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
                continue
            said = [c.value for c in ast.walk(node.exc) if isinstance(c, ast.Constant)]
            words = max((w for w in said if isinstance(w, str)), key=len, default="")
            found[f"{name}:{node.lineno}"] = words.strip()
    return found


def test_each_sentence_about_a_campaign_has_a_test_that_shows_it() -> None:
    """Whoever adds one adds the document that provokes it."""
    shown = "\n".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    shown = shown.replace('"\n          "', "").replace('"\n        "', "")
    assert {at: words for at, words in raised().items() if words[:60] not in shown} == {}

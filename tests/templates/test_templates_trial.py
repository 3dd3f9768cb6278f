"""A template that is tried has a second and some memory, and takes nobody with it."""

import sys
import time

import pytest

from optout.model import Channel
from outreach.errors import Invalid, Trouble
from outreach.templates import preview, trial
from outreach.templates.trial import Fill, Trial

GOOD = 'key: a\npurpose: service\ntexts:\n  en:\n    sms:\n      text: "Hello {{ person.name }}"\n'
BAD = GOOD.replace("person.name", "persn.name")
POPEN = trial.subprocess.Popen


def test_each_trial_has_its_outcome():
    fill = Fill(Channel.SMS, "en", {"person": {"name": "A. Reader"}})
    bare = Fill(Channel.SMS, "en", {})
    told = trial.outcomes([
        Trial("a", GOOD), Trial("b", BAD), Trial("c", GOOD, fill), Trial("d", GOOD, bare),
    ])  # fmt: skip
    assert told[0] == trial.Outcome(())
    assert (told[1].problems[0].line, told[1].problems[0].column) == (6, 23)
    assert told[2].content is not None
    assert told[2].content.text == "Hello A. Reader"
    assert told[3].problems[0].sentence.endswith("`person.name` has no value")


@pytest.fixture(autouse=True)
def nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "_kept", {})


def child_that(monkeypatch: pytest.MonkeyPatch, deed: str) -> None:
    """Let the child do this when it meets a template called `bad`."""
    source = (
        "import sys, json\n"
        "from outreach.templates import trial\n"
        "honest = trial._tried\n"
        f"def tried(one):\n    if one['name'] == 'bad':\n        {deed}\n    return honest(one)\n"
        "trial._tried = tried\ntrial.main()\n"
    )
    monkeypatch.setattr(
        trial.subprocess, "Popen", lambda _, **more: POPEN([sys.executable, "-c", source], **more)
    )


def test_one_that_takes_too_long_ends_and_the_others_are_told(monkeypatch):
    child_that(monkeypatch, "sum(iter(int, 1))")
    began = time.monotonic()
    told = trial.outcomes([Trial("a", GOOD), Trial("bad", GOOD), Trial("c", GOOD)])
    assert [bool(outcome.problems) for outcome in told] == [False, True, False]
    assert "more than 1 s or 512 MiB" in told[1].problems[0].sentence
    assert time.monotonic() - began < 60  # one second of its own, on however busy a machine


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS knows no limit of address space")
def test_one_that_takes_too_much_memory_ends_and_the_others_are_told(monkeypatch):
    child_that(monkeypatch, "bytearray(2**30)")
    told = trial.outcomes([Trial("bad", GOOD), Trial("b", GOOD)])
    assert [bool(outcome.problems) for outcome in told] == [True, False]


def test_what_was_tried_needs_no_child_again_but_for_what_ended_one(monkeypatch):
    child_that(monkeypatch, "import os; os.kill(os.getpid(), 9)")
    asked = [Trial("a", GOOD), Trial("bad", GOOD)]
    told = trial.outcomes(asked)
    child_that(monkeypatch, "pass")
    monkeypatch.setattr(trial, "_KEPT", 1)
    assert trial.outcomes(asked) == [told[0], trial.Outcome(())] != told
    child_that(monkeypatch, "raise RuntimeError")
    assert trial.outcomes([Trial("bad", GOOD)]) == [trial.Outcome(())]
    assert len(trial._kept) == 1


def test_a_child_that_cannot_work_is_trouble_and_no_verdict(monkeypatch):
    child_that(monkeypatch, "raise RuntimeError('no room')")
    with pytest.raises(Trouble, match="cannot be tried here: RuntimeError: no room"):
        trial.outcomes([Trial("bad", GOOD)])


def test_a_hole_that_is_filled_only_at_times_is_found_at_review():
    text = GOOD.replace("person.name", "event.data.product")
    [one] = preview.of_text(text, name="a", event="parcel.delivered")
    assert one.content is not None
    assert one.content.text == "Example Kettles: Hello Kettle Reply STOP to opt out"
    assert one.gaps == ("not filled at times: `event.data.product` has no value",)


def test_a_hole_that_this_event_never_fills_is_found_at_review():
    text = GOOD.replace("person.name", "event.data.plan")
    [one] = preview.of_text(text, name="a", event="parcel.delivered")
    assert (one.content, one.gaps) == (None, ("never filled: `event.data.plan` has no value",))


def test_a_name_that_always_comes_leaves_no_gap():
    text = GOOD.replace("person.name", "event.data.parcel")
    [one] = preview.of_text(text, name="a", event="parcel.delivered")
    assert one.gaps == ()


def test_an_event_that_came_stands_in_for_the_sample():
    text = GOOD.replace("person.name", "event.data.product")
    [one] = preview.of_text(text, name="a", data={"product": "Toaster"})
    assert one.content is not None
    assert "Hello Toaster" in one.content.text


@pytest.mark.parametrize(
    ("text", "event", "sentence"),
    [(GOOD, "parcel.deliverd", "did you mean `parcel.delivered`"), (BAD, None, "a cannot be used")],
)
def test_what_cannot_be_previewed_says_why(text, event, sentence):
    with pytest.raises(Invalid, match=sentence):
        preview.of_text(text, name="a", event=event)

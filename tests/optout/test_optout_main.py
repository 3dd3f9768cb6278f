"""Do the commands say what the registry says?"""

import json
import subprocess
import sys

import pytest

from optout.__main__ import main

ASK = ["--channel", "sms", "--purpose", "service"]


@pytest.fixture
def run(home, emptied):
    environ = {
        "OPTOUT_DATABASE_URL": home.app.set(drivername="postgresql").render_as_string(),
        "OPTOUT_KEYS": f"1:{'6b' * 32}",
    }
    return lambda *words, **over: main(words, environ | over)


def test_a_withdrawal_is_entered_and_answered(run) -> None:
    """Asked, withdrawn, asked again, and all of it in the history."""
    north = ("+447700900123", "--brand", "north")
    assert run("ask", *north, *ASK)[0] == 0
    code, line = run("withdraw", *north, "--evidence", "letter 7")
    assert (code, line.partition(" ")[2]) == (
        0, "withdraw every purpose on every channel for north (by console, letter 7)",
    )  # fmt: skip
    code, sentence = run("ask", *north, *ASK)
    assert (code, sentence.split(" since ")[0]) == (1, "Withdrawn")
    assert run("history", *north) == (0, line)


def test_json_has_the_entry(run) -> None:
    north = ("07700 900123", "--region", "GB", "--brand", "north", "--json")
    when = "2026-03-02T09:00:00+00:00"
    run("grant", *north, "--evidence", "form 7", "--purpose", "survey", "--at", when)
    code, said = run("ask", *north, "--channel", "sms", "--purpose", "survey")
    answer = json.loads(said)
    assert (code, answer["allowed"], answer["reason"]) == (0, True, "granted")
    assert (answer["entry"]["effective_at"], answer["entry"]["purpose"]) == (when, "survey")
    assert json.loads(run("history", *north)[1]) == [answer["entry"]]


def test_a_grant_says_what_it_was_like(run) -> None:
    """A kind that no law of ours knows is refused with those that there are."""
    said = ("grant", "jo@example.com", "--brand", "north", "--evidence", "form 7")
    run(*said, "--kind", "express", "--kind", "written", "--wording", "2026-1")
    [entry] = json.loads(run("history", "jo@example.com", "--brand", "north", "--json")[1])
    assert (entry["kinds"], entry["wording"]) == (["express", "written"], "2026-1")
    code, sentence = run(*said, "--kind", "heartfelt")
    assert (code, "heartfelt is none of" in sentence) == (2, True)


def test_without_a_brand_the_agency_speaks(run) -> None:
    """A block for the whole agency holds for each brand, until it is lifted."""
    assert run("block", "jo@example.com", "--evidence", "list 3")[0] == 0
    assert run("ask", "jo@example.com", "--brand", "south", *ASK)[0] == 1
    assert run("lift", "jo@example.com", "--evidence", "list 4")[0] == 0
    assert run("ask", "jo@example.com", "--brand", "south", *ASK)[0] == 0
    assert run("history", "handle:jo")[1] == "Nobody said anything."


@pytest.mark.parametrize(
    ("words", "over"),
    [
        (["history", "07700 900123", "--brand", "north"], {}),
        (["ask", "jo@example.com", *ASK], {}),
        (["history", "jo@example.com"], {"OPTOUT_KEYS": ""}),
        (["history", "jo@example.com"], {"OPTOUT_DATABASE_URL": ""}),
    ],
)
def test_what_cannot_be_read_is_said(run, words: list[str], over: dict[str, str]) -> None:
    code, sentence = run(*words, **over)
    assert code == 2
    assert sentence


@pytest.mark.parametrize("wrong", [["--at", "2026-03-02T09:00"], ["--at", "soon"], ["--how", "x"]])
def test_a_wrong_word_ends_the_command(run, wrong: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        run("grant", "jo@example.com", "--evidence", "form 7", *wrong)
    assert ended.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_it_runs_as_a_module() -> None:
    """`python -m optout` without an address explains itself."""
    done = subprocess.run(
        [sys.executable, "-m", "optout"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "usage: optout" in done.stderr) == (2, True)

"""Hours at the command line: one person, many lines, bare windows; no settings, no servers."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from outreach.cli.main import main

PANHANDLE = ("--phone", "+18505550123", "--at", "2026-11-23T13:30Z")
LINE = (
    '{"zones": ["America/New_York"], "windows": [["08:00", "21:00"]], "at": "2026-03-08T06:59:59Z"}'
)


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said where."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command where nothing is configured."""
    for name in [name for name in os.environ if name.startswith("OUTREACH_")]:
        monkeypatch.delenv(name)

    def run(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["outreach", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Let standard input hold these lines."""

    def hold(*lines: str) -> None:
        file = tmp_path / "lines"
        file.write_bytes("\n".join(lines).encode())
        monkeypatch.setattr(sys, "stdin", os.fdopen(os.open(file, os.O_RDONLY), "r"))

    yield hold
    sys.stdin.close()


def test_when_tells_the_next_instant_its_rules_and_why(bare: Run):
    said = bare("hours", "when", *PANHANDLE)
    assert said.code == 0
    assert "next: 2026-11-23 14:00 UTC" in said.out
    assert "US-FL-1" in said.out
    assert "number +1 in US" in said.out
    assert "not legal advice" in said.out


def test_when_answers_as_json(bare: Run):
    answer = json.loads(bare("hours", "when", *PANHANDLE, "--channel", "voice", "--json").out)
    assert (answer["allowed"], answer["next"]) == (False, "2026-11-23T14:00:00+00:00")
    assert answer["candidates"]["jurisdictions"] == ["US", "US-FL"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--channel", "vois"), "voice"),
        (("--purpose", "sales"), "purpose"),
        (("--at", "noon"), "at"),
        (("--zone", "Europe/Lisboa"), "Europe/Lisboa"),
    ],
)
def test_a_question_that_cannot_be_read_ends_with_two(bare: Run, options, said):
    answered = bare("hours", "when", *options)
    assert answered.code == 2
    assert said in answered.err


def test_lines_are_answered_in_their_order_and_a_bad_one_does_not_stop_the_rest(bare: Run, feed):
    one = {"phone": "+18505550123", "channel": "sms", "purpose": "marketing"}
    feed(json.dumps(one | {"at": "2026-11-23T13:30:00Z"}), "nonsense", "", json.dumps(one))
    said = bare("hours", "when", "--jsonl")
    answers = [json.loads(line) for line in said.out.splitlines()]
    assert said.code == 1
    assert [min(answer) for answer in answers] == ["allowed", "error", "allowed"]


def test_bare_windows_are_answered_line_by_line(bare: Run, feed):
    feed(LINE, LINE)
    said = bare("hours", "window", "--jsonl")
    assert said.code == 0
    assert said.out == '{"allowed": false, "next": "2026-03-08T12:00:00Z"}\n' * 2


def test_a_bad_line_among_bare_windows_ends_with_one(bare: Run, feed):
    feed(LINE, LINE.replace("08:00", "8am"), "")
    said = bare("hours", "window", "--jsonl")
    assert said.code == 1
    assert "8am" in json.loads(said.out.splitlines()[1])["error"]


def test_bare_windows_may_be_asked_for_in_options(bare: Run):
    words = ("--zone", "America/New_York", "--hours", "08:00-21:00", "--at", "2026-03-08T06:59:59Z")
    assert json.loads(bare("hours", "window", *words).out)["next"] == "2026-03-08T12:00:00Z"
    assert bare("hours", "window", "--zone", "UTC", "--hours", "8-9").code == 2

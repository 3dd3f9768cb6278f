"""What does a template nobody has seen yet do, tried where it can hurt nobody?

A text that is saved or previewed is read and filled in a child process with one second of processor
time and 512 MiB of memory. The sandbox already refuses what could grow; this holds should it err.
What was saved is filled in-process when it is sent.
"""

import hashlib
import json
import math
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from optout.model import Channel
from outreach import bounds
from outreach.content import Content
from outreach.errors import Invalid, Problem, Trouble
from outreach.templates import document
from outreach.templates.lines import NOTHING, Frame, Lines
from outreach.templates.model import Template
from outreach.templates.render import render

SECONDS = 1.0
"""Processor time for each trial."""

BYTES = 512 * 1024 * 1024
"""Address space of the child; macOS knows no such limit and goes without."""

_PATIENCE = 60  # seconds by the wall: a child that waits for nothing has no business to live longer
_TOO_MUCH = f"takes more than {SECONDS:g} s or {BYTES // 2**20} MiB to read and fill: say less"


@dataclass(frozen=True, slots=True)
class Fill:
    """With what one wording is filled: plain data that JSON knows."""

    channel: Channel
    locale: str
    context: Mapping[str, Any]
    frame: Frame = NOTHING


@dataclass(frozen=True, slots=True)
class Trial:
    """One template to read, and one wording of it to fill, if any."""

    name: str
    text: str
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: problems, or nothing wrong and the content that was asked for."""

    problems: tuple[Problem, ...]
    content: Content | None = None


_ENDED = Outcome((Problem("", _TOO_MUCH),))
_kept: dict[bytes, Outcome] = {}
_KEPT = 256
"""So many newest outcomes are known again: the same text filled with the same comes to the same.

By a hash of what was asked, which is as long as a document and names people.
"""


def outcomes(trials: Sequence[Trial]) -> list[Outcome]:
    """What comes of each, in their order; one child serves all until one of them ends it.

    Raises `Trouble` when no child can be had.
    """
    asked = [json.dumps(asdict(trial)) for trial in trials]
    told = {line: outcome for line in asked if (outcome := _kept.get(_hash(line)))}
    told |= _all_told([line for line in dict.fromkeys(asked) if line not in told])
    return [told[line] for line in asked]


def _all_told(lines: Sequence[str]) -> dict[str, Outcome]:
    """By what was asked. What took too much may fare better another time, and is not kept."""
    told: dict[str, Outcome] = {}
    while rest := lines[len(told) :]:
        new = dict(zip(rest, _told(rest), strict=False))
        told |= new
        _keep(new)
        if len(told) < len(lines):
            told[lines[len(told)]] = _ENDED
    return told


def _keep(new: Mapping[str, Outcome]) -> None:
    _kept.update({_hash(line): outcome for line, outcome in new.items() if outcome != _ENDED})
    for oldest in list(_kept)[: max(0, len(_kept) - _KEPT)]:
        _kept.pop(oldest, None)


def _hash(line: str) -> bytes:
    return hashlib.sha256(line.encode()).digest()


def _told(lines: Sequence[str]) -> list[Outcome]:
    """What a child told before it was done, or was ended."""
    command = [sys.executable, "-m", "outreach.templates.trial"]
    with subprocess.Popen(  # noqa: S603  # our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            said, complaint = child.communicate("\n".join([*lines, ""]), timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            said, complaint = child.communicate()
    if child.returncode > 0:  # not ended by a limit: it could not work at all
        raise Trouble(f"templates cannot be tried here: {complaint.strip().rpartition(chr(10))[2]}")
    return [_outcome(json.loads(line)) for line in said.splitlines() if line.endswith("}")]


def _outcome(told: Mapping[str, Any]) -> Outcome:
    content = told["content"]
    problems = tuple(Problem(**problem) for problem in told["problems"])
    return Outcome(problems, Content(**content) if content else None)


def answers(lines: Iterable[str]) -> Iterator[str]:
    """In the child: the outcome of each trial, a line of JSON each."""
    for line in lines:
        _allow_another_second()
        try:
            outcome = _tried(json.loads(line))
        except MemoryError:
            outcome = _ENDED
        yield json.dumps(asdict(outcome))


def _tried(trial: Mapping[str, Any]) -> Outcome:
    try:
        template = document.read(trial["text"], name=trial["name"])
        if (fill := trial["fill"]) is None:
            return Outcome(())
        return Outcome((), _filled(template, fill))
    except Invalid as error:
        return Outcome(error.problems or (Problem("", error.sentence),))


def _filled(template: Template, fill: Mapping[str, Any]) -> Content:
    around = fill["frame"]
    return render(
        template,
        channel=Channel(fill["channel"]),
        locale=fill["locale"],
        context=fill["context"],
        frame=Frame(Lines(**around["lines"]), around["countries"], around["purposes"]),
    )


def _allow_another_second() -> None:
    """SIGPROF ends the child in time; the kernel's own limit, in whole seconds, stands behind."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    used = math.ceil(time.process_time() + SECONDS) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used, resource.RLIM_INFINITY))


def main() -> None:
    """Serve the process that started this one."""
    trials = sys.stdin.readlines()
    bounds.limit_memory(BYTES)  # once everything is imported
    for answer in answers(trials):
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

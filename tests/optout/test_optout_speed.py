"""How many lines a second do the bulk commands take, from start to end of their process?

`OPTOUT_LINES=1000000 python -m pytest tests/optout/test_optout_speed.py -s` prints them for a
million lines; without it a few thousand show that nothing grows with the list.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

LINES = int(os.environ.get("OPTOUT_LINES", "5000"))
REGISTER = "US National Do Not Call Registry"


@pytest.fixture
def timed(home, emptied):
    url = home.app.set(drivername="postgresql").render_as_string()
    environ = os.environ | {"OPTOUT_DATABASE_URL": url, "OPTOUT_KEYS": f"1:{'6b' * 32}"}

    def run(*words: str, fed: Path) -> tuple[float, list[str]]:
        begun = time.perf_counter()
        with fed.open("rb") as source:
            done = subprocess.run(
                [sys.executable, "-m", "optout", *words],
                env=environ, stdin=source, capture_output=True, check=True, text=True,
            )  # fmt: skip
        return time.perf_counter() - begun, done.stdout.splitlines()

    return run


@pytest.mark.long
def test_lists_and_questions_by_the_line(timed, tmp_path: Path) -> None:
    """A register in, then questions that it answers, on the shoulders of one process each."""
    flat, asked = tmp_path / "flat.csv", tmp_path / "asked.jsonl"
    with flat.open("w") as out:
        out.writelines(f"{201 + n % 700},{2_000_000 + n}\n" for n in range(LINES))
    words = ("import", str(flat), "--list", REGISTER, "--as-of", "2026-11-01")
    span, said = timed(*words, "--layout", "us-flat", fed=flat)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"\nimport: {LINES / span:,.0f} lines a second, {span:.1f} s, {peak} MB at most")  # noqa: T201
    assert f"{LINES} listed" in said[0]
    few = min(LINES, 50_000)
    question = {
        "brand": "north", "channel": "voice", "purpose": "renewal", "jurisdictions": ["US"],
        "on": "2026-11-22", "relationship": {"contract_end": "2026-12-01T00:00:00Z"},
    }  # fmt: skip
    numbers = [f"+1{201 + n % 1400}{2_000_000 + n}" for n in range(few)]
    asked.write_text("".join(json.dumps(question | {"address": n}) + "\n" for n in numbers))
    span, said = timed("ask", "--jsonl", fed=asked)
    print(f"ask --jsonl: {few / span:,.0f} lines a second, {span:.1f} s")  # noqa: T201
    reasons = [json.loads(line).get("reason") for line in said]
    assert len(reasons) == few
    assert {"customer", "on_register"} == set(reasons) - {None}

"""Is there a known hole in a package that we use? Part of `make check`.

pip-audit asks the PyPI advisory database about every locked package, once a day while it finds
nothing. A hole fails the check. A service that cannot be reached does not: that is said loudly, and
asked again the next time.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach import clock

ROOT = Path(__file__).parent.parent
LOCKED = ROOT / "requirements" / "dev.txt"
CLEAN = Path(sys.prefix) / "advisories"  # what was found clean, and on which day
PATIENCE = 60  # seconds, passed beside the rest of the check

Ask = Callable[[Sequence[str]], "Answer"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What pip-audit told, whatever became of it: its findings are on `out`."""

    out: str
    error: str = ""


def holes(answer: Answer) -> list[str] | None:
    """A sentence for each known hole; nothing where the service was not reached."""
    try:
        told = json.loads(answer.out)
        return [
            f"{one['name']} {one['version']}: {hole['id']}, mended in "
            + (", ".join(hole["fix_versions"]) or "no release yet")
            for one in told["dependencies"]
            for hole in one.get("vulns", ())
        ]
    except (ValueError, KeyError, TypeError):
        return None


def look(ask: Ask, *, locked: Path, clean: Path, day: str) -> tuple[int, str]:
    """The status of the check, and what it says."""
    asked = f"{day} {hashlib.sha256(locked.read_bytes()).hexdigest()}"
    if clean.is_file() and clean.read_text("ascii") == asked:
        return 0, ""
    answer = ask(_command(locked))
    found = holes(answer)
    if found is None:
        return 0, _unreached(answer)
    if found:
        return 1, "\n".join(["known holes in packages that we use:", *found])
    clean.write_text(asked, "ascii")
    return 0, "no known hole in a package that we use"


def main() -> None:
    """Asks, and ends with the status."""
    day = clock.system().date().isoformat()
    status, said = look(_asked, locked=LOCKED, clean=CLEAN, day=day)
    if said:
        sys.stderr.write(f"{said}\n")
    sys.exit(status)


def _command(locked: Path) -> list[str]:
    return [
        sys.executable, "-m", "pip_audit", "--requirement", str(locked), "--disable-pip",
        "--progress-spinner", "off", "--format", "json", "--desc", "off", "--timeout", "3",
    ]  # fmt: skip


def _asked(command: Sequence[str]) -> Answer:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return Answer("", f"no answer within {PATIENCE} seconds")
    return Answer(done.stdout, done.stderr)


def _unreached(answer: Answer) -> str:
    last = (answer.error.strip() or "no answer that can be read").splitlines()[-1]
    line = "!" * 78
    return (
        f"{line}\nNOT CHECKED FOR KNOWN HOLES: {last[:300]}\n"
        f"The packages that we use were not compared with the list of advisories.\n{line}"
    )


if __name__ == "__main__":
    main()

"""Does the simulation notice when a safeguard is missing?

    python -m tests.storm.check [NAME…]

Each mutation is cut into a copy of the code, in which the simulation then runs until it turns red.
Prints which did; the exit code is 0 when all of them did and the code as it is stays green.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.storm.mutations import MUTATIONS, ROOT, Mutation

SEEDS = 300
_COPIED = ("outreach", "optout", "tests", "pyproject.toml")
_AT_ONCE = 2


def main() -> int:
    """Run all of them, and the code as it is."""
    chosen = [one for one in MUTATIONS if not sys.argv[1:] or one.name in sys.argv[1:]]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        said = list(threads.map(_red, [*chosen, None]))
    for mutation, why in zip(chosen, said, strict=False):
        _say(f"without {mutation.name}: {why or 'NOBODY NOTICED'}")
    _say(f"the code as it is: {said[-1] or 'green'}")
    return 0 if not said[-1] and all(said[:-1]) else 1


def _red(mutation: Mutation | None) -> str:
    """What the simulation said against it; nothing when it noticed nothing."""
    home = Path(tempfile.mkdtemp(prefix="outreach-mutation-"))
    home.chmod(0o755)
    try:
        _copy(home)
        if mutation is not None:
            mutation.cut(home)
        return _simulated(home)
    finally:
        shutil.rmtree(home)


def _copy(home: Path) -> None:
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, home / name, ignore=ignored)
        else:
            shutil.copy(source, home / name)


def _simulated(home: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "0", "--count", str(SEEDS), "--stop"],
        cwd=home,
        env=os.environ | {"PYTHONPATH": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    return _first(done.stdout.splitlines()[1:] or done.stderr.splitlines()[-1:])


def _first(lines: Sequence[str]) -> str:
    return lines[0] if lines else "it broke"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())

"""Does the simulation notice when a safeguard is missing?

    python -m tests.storm.check [NAME…]

Each mutation is cut into a copy of the code, in which the simulation then runs until it turns red.
Prints which did, each as soon as it is known; the exit code is 0 when all of them did and the code
as it is stays green.
"""

import os
import shutil
import subprocess
import sys
import tempfile
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
        fit = list(threads.map(_held, [*chosen, None]))
    return 0 if all(fit) else 1


def _held(mutation: Mutation | None) -> bool:
    """Whether it turned out as it should; told at once, for all of them take an hour."""
    why = _red(mutation)
    if mutation is None:
        _say(f"the code as it is: {why or 'green'}")
        return not why
    _say(f"without {mutation.name}: {why or 'NOBODY NOTICED'}")
    return bool(why)


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
    said = done.stdout.splitlines()[1:]
    return said[0] if said else f"it broke: {done.stderr[-500:].strip()}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

"""How is one seed run again, or a thousand?

    python -m tests.simulation [FIRST] [--count N] [--steps N] [--stop]

Prints what speaks against each seed that fails; the exit code is 0 when none does.
"""

import argparse
import sys

from tests.processes import end_in_order
from tests.simulation.installation import an_app
from tests.simulation.quick import quick
from tests.simulation.run import Run, small_sets
from tests.simulation.world import Knows


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("first", nargs="?", type=int, default=0)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--stop", action="store_true", help="at the first seed that fails")
    given = parser.parse_args()
    end_in_order()
    failed = taken = deaths = 0
    with an_app() as installed, quick(installed) as app, small_sets():
        for seed in range(given.first, given.first + given.count):
            ran = Run(app, seed=seed, knows=Knows.by(seed)).play(given.steps)
            taken, deaths = taken + len(ran.world.taken), deaths + ran.deaths
            if wrong := ran.wrong():
                failed += 1
                _say(f"python -m tests.simulation {seed} --steps {given.steps}", *wrong[:5])
                if given.stop:
                    break
    _say(f"{given.count} seeds, {taken} messages, {deaths} deaths, {failed} seeds failed")
    return 1 if failed else 0


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())

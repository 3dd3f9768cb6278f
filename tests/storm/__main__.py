"""How is the storm run?

    python -m tests.storm [--json]

`SCENARIO=F1` runs one, or several with commas between them; `SCALE=0.1` shrinks them all; `NIGHT=1`
runs the long ones too, `KEEP=1` leaves the logs behind. The exit code is 0 when every assertion
holds.
"""

import argparse
import os
import sys

from rich.console import Console

from tests.processes import end_in_order
from tests.storm import scenarios, table

_WIDTH = 120


def main() -> int:
    """Run what the environment asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    end_in_order()
    size = scenarios.Size(float(os.environ.get("SCALE") or 1), keep=bool(os.environ.get("KEEP")))
    progress = Console(stderr=True)
    results = {}
    for scenario in chosen(os.environ.get("SCENARIO", ""), night=bool(os.environ.get("NIGHT"))):
        progress.print(f"{scenario.name}: {scenario.about} …")
        results[scenario] = scenario.run(size)
    if given.json:
        sys.stdout.write(table.document({s.name: result for s, result in results.items()}) + "\n")
    table.show(results, _console(stderr=given.json))
    return 0 if all(result.judgement.holds for result in results.values()) else 1


def _console(*, stderr: bool) -> Console:
    """Wide enough for the table where nobody's terminal says how wide it is."""
    console = Console(stderr=stderr)
    return console if console.is_terminal else Console(stderr=stderr, width=_WIDTH)


def chosen(names: str, *, night: bool) -> list[scenarios.Scenario]:
    """The scenarios of these names, or all that are due. Raises `SystemExit` for an unknown one."""
    known = {scenario.name: scenario for scenario in scenarios.SCENARIOS}
    if not names:
        return [scenario for scenario in known.values() if night or not scenario.nightly]
    if stray := set(names.split(",")) - known.keys():
        raise SystemExit(f"no scenario {', '.join(stray)}; there are {', '.join(known)}")
    return [known[name] for name in names.split(",")]


if __name__ == "__main__":
    sys.exit(main())

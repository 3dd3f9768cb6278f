"""How fast is outreach, beside its floors? `make bench`, with ONLY=judging,turns some of it.

Each bench is a process of its own, one after the other, with servers of its own; each prints its
figures, and here they become one table or one JSON document. The exit code is 1 when a figure is
not met, and 2 when a bench broke.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping

from bench import figures

# From the cheapest to the dearest.
BENCHES = (
    "judging", "turns", "marking", "webhooks", "planning", "audience_count", "reports", "replay",
)  # fmt: skip


def main() -> None:
    asked = os.environ.get("ONLY", "").replace(",", " ").split() or BENCHES
    if unknown := [name for name in asked if name not in BENCHES]:
        sys.exit(f"no bench is called {unknown[0]!r}; there are {', '.join(BENCHES)}")
    said = [figure for name in asked for figure in measured(name)]
    if "--json" in sys.argv:
        print(json.dumps(figures.document(said)))
    else:
        print(figures.table(said))
    sys.exit(0 if all(one["met"] for one in said) else 1)


def measured(name: str) -> list[Mapping[str, object]]:
    """The figures of this bench."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", "--json"], stdout=subprocess.PIPE, check=False
    )
    if done.returncode not in {0, 1} or not done.stdout:
        print(f"{name} broke with exit code {done.returncode}", file=sys.stderr)
        sys.exit(2)
    return list(json.loads(done.stdout)["figures"])


if __name__ == "__main__":
    main()

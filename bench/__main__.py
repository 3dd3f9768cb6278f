"""How fast is outreach, beside its floors? `make bench`, with ONLY=judging,turns some of it.

Each bench is a process of its own, one after the other, with servers of its own; each prints its
figures, and here they become one table or one JSON document. With `--note` they are added to the
history and its plot, and with `--quick` a few of them are measured, with small sizes, and only
what has become twice as dear since it was noted counts. The exit code is 1 when a figure is not
met, or has fallen, and 2 when a bench broke.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from bench import figures, history
from outreach import clock

# From the cheapest to the dearest.
BENCHES = (
    "judging", "turns", "marking", "sealing", "weight", "webhooks", "intake", "planning", "people",
    "campaign", "beside", "arrivals", "latency", "memory", "peers", "plans", "hot", "stored",
    "audience_count", "reports", "replay",
)  # fmt: skip


# What is measured in a hurry, and with which numbers.
QUICK: Mapping[str, tuple[str, ...]] = {"judging": (), "campaign": ("1000", "2")}


# What machines are told of each figure.
TOLD = ("name", "ours", "floor", "ratio", "must", "beyond", "met", "rounds")
_WORDS = ("--help", "--json", "--note", "--quick")


def main() -> None:
    if {"--help", "-h"} & set(sys.argv):
        print(__doc__)
        return
    if unknown := [word for word in sys.argv[1:] if word not in _WORDS]:
        sys.exit(f"{unknown[0]!r} is unknown; there are {', '.join(_WORDS)}, and ONLY=… before")
    if "--quick" in sys.argv:
        quick()
    asked = os.environ.get("ONLY", "").replace(",", " ").split() or BENCHES
    if unknown := [name for name in asked if name not in BENCHES]:
        sys.exit(f"no bench is called {unknown[0]!r}; there are {', '.join(BENCHES)}")
    said = [figure for name in asked for figure in measured(name)]
    document = figures.document(said)
    if "--note" in sys.argv:
        history.note(document, at=clock.system())
        history.PLOT.write_text(history.drawn(history.runs()), encoding="utf-8")
    print(json.dumps(told(document)) if "--json" in sys.argv else figures.table(said))
    sys.exit(0 if all(one["met"] for one in said) else 1)


def told(document: Mapping[str, Any]) -> dict[str, object]:
    """The document for machines: a figure's name says beside what it stands."""
    named = [{**one, "name": history.name(one)} for one in document["figures"]]
    return {**document, "figures": [{key: one[key] for key in TOLD} for one in named]}


def quick() -> None:
    """Measure little, and end with 1 only for what is half as good as it was.

    Rates are shown and do not count: over so short a time they follow the load of the machine.
    """
    said = [one for name, sizes in QUICK.items() for one in measured(name, *sizes)]
    print(figures.table(said))
    steady = [one for one in said if one["unit"] != "1/s"]
    sys.exit("\n".join(history.fallen(steady, history.runs())) or 0)


def measured(name: str, *sizes: str) -> list[Mapping[str, object]]:
    """The figures of this bench."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *sizes, "--json"],
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode not in {0, 1} or not done.stdout:
        print(f"{name} broke with exit code {done.returncode}", file=sys.stderr)
        sys.exit(2)
    return list(json.loads(done.stdout)["figures"])


if __name__ == "__main__":
    main()

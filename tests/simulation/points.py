"""What if it breaks off at exactly this point, and while it recovers at that one too? (F13)

    python -m tests.simulation.points [--pairs N] [--every N]

Every point at which a worker, the reaper and whoever looks into doubts may die is numbered: where a
transaction begins, before its commit and after it, before a provider takes a message and after
that. At each of them the process is killed once, and once hears of trouble, which after a commit is
a lost reply; `--pairs` adds so many pairs of points, drawn by a hash, and `--every` takes each so
many-eth case alone. Somebody opts out meanwhile.
Prints what speaks against a case that fails; the exit code is 0 when there is none.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from optout.model import Action, How
from outreach import ids
from outreach.app import Outreach
from outreach.dispatch import doubt, reaping
from outreach.dispatch.means import Look, Means
from outreach.dispatch.send import dispatch
from outreach.errors import Trouble
from outreach.inbound.consent import Change, change_person
from tests.processes import end_in_order
from tests.simulation.actor import Actor, Died
from tests.simulation.installation import an_app
from tests.simulation.judge import Ran
from tests.simulation.quick import quick
from tests.simulation.run import small_sets
from tests.simulation.scene import Scene
from tests.simulation.world import CHANNELS, Knows, OptedOut

_PEOPLE = 4


class Ending(StrEnum):
    """What befalls whoever comes to a point."""

    KILLED = "killed"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Case:
    """What a provider knows, and what happens at which points."""

    knows: Knows
    strikes: Mapping[int, Ending]

    @property
    def name(self) -> str:
        at = "-".join(f"{ending}-{point}" for point, ending in self.strikes.items())
        return f"{self.knows}-{at or 'unharmed'}"  # a brand's key too, which is short


class Doomed(Actor):
    """Goes through all points in a row, and is struck at some of them."""

    def __init__(self, strikes: Mapping[int, Ending]) -> None:
        super().__init__("doomed", seed=0, mortality=0.0)
        self.passed, self._strikes = 0, strikes

    def step(self) -> None:
        """Nobody else has a turn."""
        self.risk()

    def risk(self) -> None:
        """One point further."""
        self.passed += 1
        match self._strikes.get(self.passed):
            case Ending.KILLED:
                self.deaths += 1
                raise Died
            case Ending.TROUBLE:
                raise Trouble("the case says so")


class Struck(Scene):
    """One case: what is due is sent, leases run out, and what is left is brought to its end."""

    def __init__(self, app: Outreach, case: Case) -> None:
        super().__init__(app, name=case.name, knows=case.knows, size=_PEOPLE)
        self.actor = Doomed(case.strikes)

    def play(self) -> Ran:
        means = self.means(self.actor, trouble=0.0, fails=False)
        self._worked(means)
        self._opted_out()
        for _ in range(2):
            self.outlast_leases()
            self._broken_off(lambda: self._taken_back(means))
            self._worked(means)
        self.finish()
        relearnt, call = self.tell_again(), self.app.means.call.total_seconds()
        return Ran(self.world, self.actor.deaths, self.told, self.rows(), relearnt, call)

    def _worked(self, means: Means) -> None:
        """As workers do, of whom another takes the place of one that is gone."""
        for channel in CHANNELS:
            look = Look(self.brand, channel)
            self._broken_off(lambda look=look: doubt.look_into(means, look))
            while self._broken_off(lambda look=look: dispatch(means, look)):
                pass

    def _taken_back(self, means: Means) -> None:
        with means.database.begin(self.brand) as tx:
            reaping.reap(tx, now=means.clock(), patience=means.lease)

    @staticmethod
    def _broken_off(job: Callable[[], object]) -> object:
        """What it answered, or that there may be more where it did not come to its end."""
        try:
            return job()
        except (Died, Trouble):
            return True

    def _opted_out(self) -> None:
        person = self.people[-1]
        change = Change(Action.WITHDRAW, How.API, "a test")
        done = change_person(self.app.means, self.brand, person.id, change)
        addresses = frozenset(address.value for address in person.addresses)
        said = OptedOut(addresses, frozenset(done.in_air), self.world.steady, self.world.next())
        self.world.opted_out.append(said)


def cases(points: Mapping[Knows, int], *, pairs: int) -> Iterator[Case]:
    """Each point with each ending, then so many pairs."""
    alone = [
        (knows, point, ending)
        for knows, many in points.items()
        for point in range(1, many + 1)
        for ending in Ending
    ]
    for knows, point, ending in alone:
        yield Case(knows, {point: ending})
    for number in range(pairs):
        knows, point, ending = alone[int(ids.share("first", number) * len(alone))]
        second = point + 1 + int(ids.share("second", number) * points[knows])
        then = list(Ending)[int(ids.share("then", number) * len(Ending))]
        yield Case(knows, {point: ending, second: then})


def counted(app: Outreach) -> dict[Knows, int]:
    """How many points there are with each kind of provider, when nothing breaks off."""
    return {knows: _points(app, knows) for knows in Knows}


def _points(app: Outreach, knows: Knows) -> int:
    unharmed = Struck(app, Case(knows, {}))
    unharmed.play()
    return unharmed.actor.passed


def main() -> int:
    """Run all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.points", description=__doc__)
    parser.add_argument("--pairs", type=int, default=0)
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    end_in_order()
    failed = many = 0
    with an_app() as installed, quick(installed) as app, small_sets():
        for case in islice(cases(counted(app), pairs=given.pairs), 0, None, given.every):
            many += 1
            if wrong := Struck(app, case).play().wrong():
                failed += 1
                sys.stdout.write("".join(f"{line}\n" for line in (case.name, *wrong[:5])))
    sys.stdout.write(f"{many} cases, {failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""A hundred seeds, a third with each kind of provider: is anything ever wrong?"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from outreach import app as application
from outreach.app import Outreach
from outreach.embedded import desk
from outreach.settings import Settings
from tests.clones import cloned
from tests.simulation.quick import quick
from tests.simulation.run import Run, small_sets
from tests.simulation.world import Knows, Taken

SEEDS = range(100)
STEPS = 200


@pytest.fixture(scope="module")
def ground(shared_app: Outreach) -> Iterator[Outreach]:
    """Where all of them are played, each under a brand of its own."""
    with quick(shared_app) as app:
        yield app


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_sent_twice_lost_or_sent_after_an_opt_out(ground: Outreach, seed: int) -> None:
    """`python -m tests.simulation SEED` runs one again; the seed decides everything."""
    with small_sets():
        ran = Run(ground, seed=seed, knows=Knows.by(seed)).play(STEPS)
    assert ran.wrong() == [], f"python -m tests.simulation {seed}"


def test_the_same_seed_gives_the_same_messages_in_the_same_order(
    settings: Settings, migrated: desk.Servers
) -> None:
    """In two databases that know nothing of each other (A13)."""
    runs = [_taken(settings, migrated) for _ in range(2)]
    assert runs[0] == runs[1] != []


def _taken(settings: Settings, migrated: desk.Servers) -> list[Taken]:
    with cloned(migrated) as clone, small_sets():
        app = application.build(replace(settings, database_url=clone.url))
        taken = Run(app, seed=4711, knows=Knows.KEYS).play(STEPS).world.taken
        app.close()
    return taken

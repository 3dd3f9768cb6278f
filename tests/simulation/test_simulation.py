"""Two dozen seeds, a third with each kind of provider: is anything ever wrong?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest

from outreach import app as application
from outreach.app import Outreach
from outreach.embedded import desk
from outreach.settings import Settings
from tests.simulation.run import Run, small_sets
from tests.simulation.world import Knows, Taken

SEEDS = range(24)
STEPS = 200


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_sent_twice_lost_or_sent_after_an_opt_out(
    shared_app: Outreach, seed: int
) -> None:
    """`python -m tests.simulation SEED` runs one again; the seed decides everything."""
    with small_sets():
        ran = Run(shared_app, seed=seed, knows=Knows.by(seed)).play(STEPS)
    assert ran.wrong() == [], f"python -m tests.simulation {seed}"


def test_the_same_seed_gives_the_same_messages_in_the_same_order(
    settings: Settings, migrated: desk.Servers, postgres_url: str
) -> None:
    """In two databases that know nothing of each other (A13)."""
    runs = [_taken(settings, migrated, postgres_url, number) for number in range(2)]
    assert runs[0] == runs[1] != []


def _taken(
    settings: Settings, migrated: desk.Servers, postgres_url: str, number: int
) -> list[Taken]:
    with _a_clone(settings, migrated, postgres_url, f"same_seed_{number}") as app, small_sets():
        return Run(app, seed=4711, knows=Knows.KEYS).play(STEPS).world.taken


@contextmanager
def _a_clone(
    settings: Settings, migrated: desk.Servers, postgres_url: str, name: str
) -> Iterator[Outreach]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name} template outreach owner outreach_owner")
        url = migrated.database_url.replace("/outreach?", f"/{name}?")
        app = application.build(replace(settings, database_url=url))
        yield app
        app.close()
        connection.execute(f"drop database {name} with (force)")

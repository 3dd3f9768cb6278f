"""Every third of three dozen seeds, with a provider that can be asked: is anything ever wrong?"""

import pytest

from outreach.app import Outreach
from tests.simulation.run import Run, small_sets
from tests.simulation.world import Knows

SEEDS = range(1, 36, 3)
STEPS = 200


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_sent_twice_lost_or_sent_after_an_opt_out(
    shared_app: Outreach, seed: int
) -> None:
    """`python -m tests.simulation SEED` runs one again; the seed decides everything."""
    with small_sets():
        ran = Run(shared_app, seed=seed, knows=Knows.ANSWERS).play(STEPS)
    assert ran.wrong() == [], f"python -m tests.simulation {seed}"

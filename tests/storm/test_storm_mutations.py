"""Do the mutations of the mutation check still fit the code that they are cut into?"""

import pytest

from tests.storm.mutations import MUTATIONS, ROOT, Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_each_mutation_finds_what_it_takes_out(mutation: Mutation) -> None:
    """Whoever rewrites a safeguard says in tests/storm/mutations.py how to take the new one out."""
    assert mutation.missing(ROOT) == []

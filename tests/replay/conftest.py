"""What does a replay stand on in tests? A database like any other test's."""

from collections.abc import Iterator

import pytest

from outreach.embedded import desk
from outreach.replay.ground import Ground
from tests.clones import cloned


@pytest.fixture
def ground(migrated: desk.Servers) -> Iterator[Ground]:
    """An empty database in which days may pass again."""
    with cloned(migrated) as clone:
        yield Ground(clone.superuser_url, clone.url)

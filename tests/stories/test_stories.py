"""Does each story end in the diary of touches that it tells?"""

from pathlib import Path

import pytest

from outreach.app import Outreach
from outreach.clock import SteppedClock
from tests.stories import telling

STORIES = sorted(Path(__file__).parent.glob("*.yaml"))


@pytest.fixture
def clock(tmp_path: Path) -> SteppedClock:
    """A clock that the story sets."""
    stepped = SteppedClock(tmp_path / "clock")
    stepped.step_to(telling.instant("2026-01-01T00:00Z"))
    return stepped


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)
def test_a_story_ends_as_it_says(app: Outreach, clock: SteppedClock, file: Path) -> None:
    """Who got what, when on their own clock; who did not, and why; and the sums close."""
    story = telling.read(file)
    diary, ledger = telling.Telling(app, clock, story).tell()
    assert diary == list(story.diary)
    assert ledger.closes

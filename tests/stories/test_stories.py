"""Does each story end in the diary of touches that it tells?

`pytest tests/stories --update` writes down what came out instead; read the difference before you
commit it.
"""

from pathlib import Path

import pytest

from outreach.app import Outreach
from outreach.campaigns import document
from outreach.clock import SteppedClock
from tests.stories import telling

STORIES = sorted(Path(__file__).parent.glob("*.yaml"))
# Greetings differ in their calendar alone, which has tests of its own: two are enough for a day.
SELDOM = {f"library_greeting_{day}" for day in (
    "christmas", "diwali", "dragon_boat", "eid", "mid_autumn", "national_day", "thanksgiving",
)}  # fmt: skip
TOLD = [
    pytest.param(file, marks=pytest.mark.long if file.stem in SELDOM else ()) for file in STORIES
]


@pytest.fixture
def clock(tmp_path: Path) -> SteppedClock:
    """A clock that the story sets."""
    stepped = SteppedClock(tmp_path / "clock")
    stepped.step_to(telling.instant("2026-01-01T00:00Z"))
    return stepped


@pytest.mark.parametrize("file", TOLD, ids=lambda file: file.stem)
def test_a_story_ends_as_it_says(
    app: Outreach, clock: SteppedClock, file: Path, request: pytest.FixtureRequest
) -> None:
    """Who got what, when on their own clock; who did not, and why; and the sums close."""
    story = telling.read(file)
    diary, ledger = telling.Telling(app, clock, story).tell()
    assert ledger.closes
    if request.config.getoption("--update"):
        text = file.read_text(encoding="utf-8")
        file.write_text(telling.updated(text, diary), encoding="utf-8")
        return
    assert diary == list(story.diary)


def test_every_campaign_of_the_library_has_a_story() -> None:
    told = {one for file in STORIES for one in telling.read(file).campaigns if isinstance(one, str)}
    assert set(document.library()) - told == set()


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)
def test_a_diary_can_be_written_anew(file: Path) -> None:
    """It is the last of a story, so that nothing behind it is lost."""
    text = file.read_text(encoding="utf-8")
    assert telling.updated(text, telling.read(file).diary) == text

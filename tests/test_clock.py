"""Does the stepped clock stand still, go forward only, and show one time to everybody?"""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from outreach import clock
from outreach.clock import SteppedClock
from outreach.errors import Misconfigured
from tests.builders import NOON


def test_it_stands_until_it_is_stepped(tmp_path: Path) -> None:
    """And another process that looks at the file sees the same."""
    ours, theirs = SteppedClock(tmp_path / "clock"), SteppedClock(tmp_path / "clock")
    ours.step_to(NOON)
    assert ours() == ours() == theirs() == NOON
    ours.step_to(NOON + timedelta(hours=1))
    assert theirs() == NOON + timedelta(hours=1)
    assert [file.name for file in tmp_path.iterdir()] == ["clock"]


def test_it_never_goes_back(tmp_path: Path) -> None:
    """Time that runs backwards would send twice."""
    stepped = SteppedClock(tmp_path / "clock")
    stepped.step_to(NOON)
    stepped.step_to(NOON)
    with pytest.raises(ValueError, match="cannot go back"):
        stepped.step_to(NOON - timedelta(seconds=1))
    assert stepped() == NOON


def test_it_shows_utc_whatever_it_was_set_with(tmp_path: Path) -> None:
    """An instant is an instant."""
    stepped = SteppedClock(tmp_path / "clock")
    stepped.step_to(NOON.astimezone(timezone(timedelta(hours=8))))
    assert (stepped(), stepped().tzinfo) == (NOON, UTC)


def test_a_setting_names_a_clock(tmp_path: Path) -> None:
    """The machine's own, or a file that is there."""
    SteppedClock(tmp_path / "clock").step_to(NOON)
    assert clock.read(f"file:{tmp_path / 'clock'}")() == NOON
    assert clock.read("system") is clock.system
    assert clock.system().tzinfo is UTC


@pytest.mark.parametrize("setting", ["", "sundial", "file:", "file:/nowhere/clock", "file:/tmp"])
def test_a_clock_that_is_none_is_a_misconfiguration(setting: str) -> None:
    """Said at the start and not at the first look."""
    with pytest.raises(Misconfigured, match="OUTREACH_CLOCK"):
        clock.read(setting)


def test_a_file_that_holds_no_instant_is_a_misconfiguration(tmp_path: Path) -> None:
    """Likewise."""
    (tmp_path / "clock").write_text("noon")
    with pytest.raises(Misconfigured, match="OUTREACH_CLOCK"):
        clock.read(f"file:{tmp_path / 'clock'}")


def test_an_instant_without_a_zone_is_refused(tmp_path: Path) -> None:
    """It would mean another time on another machine."""
    with pytest.raises(ValueError, match="zone"):
        SteppedClock(tmp_path / "clock").step_to(datetime(2026, 3, 10))  # noqa: DTZ001  # the point

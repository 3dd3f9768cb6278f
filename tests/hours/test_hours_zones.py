"""Zones: only the packaged tz database, whose zone is whose, and offsets when."""

from datetime import UTC, datetime

import pytest

from outreach import app, timezones
from outreach.errors import Misconfigured
from outreach.hours import zones
from outreach.settings import Settings


def day_of(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) // zones.DAY


def test_the_database_is_recent_enough_for_the_changes_of_2026():
    """Vancouver no longer falls back; an older release would be an hour wrong."""
    assert zones.version() >= "2026f"
    winter = int(datetime(2026, 12, 1, tzinfo=UTC).timestamp())
    assert zones.offset("America/Vancouver", winter) == -7 * 3600


def test_an_installation_with_older_zones_is_refused():
    zones.refuse_stale(zones.version())
    for stale in ("2025b", "2026a", "2026e"):
        with pytest.raises(Misconfigured, match=stale):
            zones.refuse_stale(stale)
    zones.refuse_stale("2027a")


def test_nothing_is_built_on_older_zones(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(timezones, "version", lambda: "2025b")
    with pytest.raises(Misconfigured, match="tzdata of 2026f"):
        app.build(Settings(database_url="postgresql:///nowhere", secret_key="s" * 32))


def test_a_zone_belongs_to_one_country_although_clocks_agree():
    """Dubai and Réunion share a clock and no law."""
    assert zones.country_of("Asia/Dubai") == "AE"
    assert zones.country_of("Indian/Reunion") == "RE"


@pytest.mark.parametrize(
    ("name", "country"),
    [("US/Eastern", "US"), ("Asia/Calcutta", "IN"), ("PRC", "CN"), ("EST", None), ("UTC", None)],
)
def test_an_alias_stands_where_its_target_stands_unless_it_is_an_abbreviation(name, country):
    assert zones.country_of(name) == country


def test_a_day_with_a_clock_change_is_cut_to_the_second():
    """New York went to summer time on 8 March 2026 at 07:00 UTC."""
    before, after = zones.pieces("America/New_York", day_of(2026, 3, 8))
    assert (before.end - before.start, before.offset) == (7 * 3600, -5 * 3600)
    assert (after.start, after.offset) == (before.end, -4 * 3600)


def test_a_day_without_one_is_whole():
    assert len(zones.pieces("America/New_York", day_of(2026, 3, 9))) == 1


def test_an_unknown_name_is_refused():
    with pytest.raises(KeyError):
        zones.load("../secret")


def test_every_zone_of_the_database_can_be_read():
    midsummer = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp())
    assert all(abs(zones.offset(name, midsummer)) <= 14 * 3600 for name in zones.names())

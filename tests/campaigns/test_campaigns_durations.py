"""Durations are read as people write them, and have a length."""

from datetime import timedelta

import pytest

from outreach.campaigns import durations


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("30 min", timedelta(minutes=30)),
        ("2h", timedelta(hours=2)),
        ("7 d", timedelta(days=7)),
        ("2 w", timedelta(days=14)),
        ("1 d 12 h", timedelta(hours=36)),
        ("0 s", timedelta()),
        ("PT2H", timedelta(hours=2)),
        ("P7D", timedelta(days=7)),
        ("P1W", timedelta(days=7)),
        ("P1DT30M", timedelta(days=1, minutes=30)),
    ],
)
def test_a_duration_is_read(written, span):
    assert durations.read(written) == span
    assert durations.read(durations.printed(span)) == span


@pytest.mark.parametrize(
    "written", ["", "2", "2 months", "P1M", "P1Y", "P", "PT", "-2 h", "h", 5, None]
)
def test_what_has_no_length_is_refused_with_an_example(written):
    with pytest.raises(ValueError, match="write a duration such as `30 min`"):
        durations.read(written)


def test_a_duration_has_an_end():
    with pytest.raises(ValueError, match="at most 1100 d"):
        durations.read("1101 d")


def test_seven_days_are_printed_as_days():
    assert (
        durations.printed(timedelta(days=7, hours=1, minutes=5, seconds=3)) == "7 d 1 h 5 min 3 s"
    )

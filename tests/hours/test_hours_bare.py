"""Bare windows on bare clocks, one line of JSON each."""

import json
from datetime import UTC, datetime

import pytest

from outreach.hours import bare


def asked(**members: object) -> dict[str, object]:
    question = {"zones": ["UTC"], "windows": [["08:00", "21:00"]], "at": "2026-03-08T06:59:59Z"}
    answered = bare.answer(json.dumps(question | members))
    return dict(json.loads(answered))


def test_the_morning_after_the_clocks_went_forward():
    """Eight o'clock at New York is twelve in UTC on the day on which the change was."""
    assert asked(zones=["America/New_York"]) == {"allowed": False, "next": "2026-03-08T12:00:00Z"}


def test_within_a_window_the_answer_is_the_question_s_own_instant():
    assert asked(at="2026-03-08T13:30:00.25+01:00") == {
        "allowed": True,
        "next": "2026-03-08T12:30:00.250000Z",
    }


def test_windows_may_differ_by_weekday_and_a_day_that_is_not_named_is_closed():
    windows = {"mon": [["10:00", "13:00"], ["14:00", "20:00"]], "sat": [["22:00", "02:00"]]}
    assert asked(windows=windows)["next"] == "2026-03-09T10:00:00Z"
    assert asked(windows=windows, at="2026-03-08T01:59:59Z")["allowed"]


def test_every_zone_has_to_admit():
    zones = ["America/New_York", "Europe/Paris"]
    assert asked(zones=zones)["next"] == "2026-03-08T12:00:00Z"


@pytest.mark.parametrize("windows", [[], {}, {"tue": []}])
def test_what_never_opens_is_never(windows):
    assert asked(windows=windows) == {"allowed": False, "next": None}


def test_zones_without_a_common_hour_are_never():
    zones, windows = ["Asia/Tokyo", "America/New_York"], [["09:00", "12:00"]]
    assert asked(zones=zones, windows=windows)["next"] is None


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"zones": []}, "one name or more"),
        ({"zones": ["Europe/Lisboa"]}, "Europe/Lisboa"),
        ({"zones": ["../secret"]}, "not a zone"),
        ({"zones": [["UTC"]]}, "not a zone"),
        ({"windows": "08:00-21:00"}, "list of pairs"),
        ({"windows": [["8:00", "21:00"]]}, "8:00"),
        ({"windows": [["08:00"]]}, "not a window"),
        ({"windows": [["08:00", "08:00"]]}, "holds no time"),
        ({"windows": [["24:00", "08:00"]]}, "holds no time"),
        ({"windows": {"monday": []}}, "monday"),
        ({"at": "2026-03-08T07:00:00"}, "offset"),
        ({"at": "soon"}, "soon"),
        ({"at": 7}, "instant"),
        ({"at": "0001-01-01T00:00:00+10:00"}, "range"),
        ({"zone": "UTC"}, "the keys"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(members, said):
    assert said in str(asked(**members)["error"])


@pytest.mark.parametrize("line", ["", "no JSON", "[]", "{}", "null"])
def test_what_is_no_question_is_answered_all_the_same(line):
    assert bare.wrong(bare.answer(line))


def test_the_far_ends_of_the_calendar_are_answered_too():
    assert not bare.wrong(bare.answer(_at("1970-01-01T00:00:00Z")))
    assert "error" in json.loads(bare.answer(_at("9999-12-31T23:59:59Z")))


def _at(instant: str) -> str:
    return json.dumps({"zones": ["Pacific/Apia"], "windows": [["08:00", "21:00"]], "at": instant})


def test_instants_are_written_by_rfc_3339():
    assert bare.written(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2026-01-02T03:04:05Z"

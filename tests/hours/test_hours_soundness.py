"""Are mistakes in packs found, and is what comes soon or is missing told?"""

from dataclasses import replace
from datetime import date

import pytest

from outreach.hours import soundness
from outreach.hours.model import Rule
from outreach.hours.packs import load
from outreach.hours.soundness import Finding, findings

PACKS = load()
TODAY = date(2026, 11, 22)
FLORIDA = next(rule for rule in PACKS.rules if rule.id == "US-FL-1")
FEDERAL = next(rule for rule in PACKS.rules if rule.id == "US-1")


def found(*rules: Rule, on: date = TODAY) -> list[Finding]:
    packs = replace(PACKS, rules=rules, calendars={}, calendars_unplaced={})
    return [one for one in findings(packs, on=on) if one.kind != "gap"]


def test_our_own_packs_have_no_error():
    assert [one for one in findings(PACKS, on=TODAY) if one.level == "error"] == []


def test_two_rows_that_disagree_are_an_error():
    later = replace(FLORIDA, id="US-FL-9", windows=FEDERAL.windows)
    (one,) = found(FLORIDA, later)
    assert (one.level, one.kind, one.rules) == ("error", "overlap", ("US-FL-1", "US-FL-9"))
    assert "beside" in one.sentence


@pytest.mark.parametrize(
    "changes",
    [
        {"windows": FLORIDA.windows},
        {"windows": None},
        {"jurisdiction": "US-GA"},
        {"channels": ("chat",)},
        {"purposes": ("survey",)},
        {"effective_to": date(2026, 11, 1)},
        {"beside": ("US-FL-1",)},
    ],
)
def test_rows_that_agree_or_never_meet_or_know_each_other_are_none(changes):
    """The second row holds other hours, until it is changed; the first begins in November."""
    first = replace(FLORIDA, effective_from=date(2026, 11, 2))
    other = replace(FLORIDA, id="US-FL-9", windows=FEDERAL.windows)
    assert [one.kind for one in found(first, other)] == ["overlap"]
    errors = [one for one in found(first, replace(other, **changes)) if one.level == "error"]
    assert errors == []


def test_rows_of_two_trades_do_not_meet():
    banks = replace(FLORIDA, sector="banks")
    toys = replace(FLORIDA, id="US-FL-9", windows=FEDERAL.windows, sector="toys")
    assert found(banks, toys) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"jurisdiction": "US-ZZ"}, "which is no country or part of one"),
        ({"jurisdiction": "QQ"}, "which is no country or part of one"),
        ({"holidays_allowed": False, "calendars": ("US-ZZ",)}, "there is no calendar"),
        ({"also_zones": ("Etc/Nowhere",)}, "not in the tz database"),
        ({"beside": ("US-FL-8",)}, "which is not there"),
    ],
)
def test_what_is_not_there_is_an_error(changes, said):
    (one,) = found(replace(FLORIDA, **changes))
    assert (one.level, one.kind) == ("error", "unknown")
    assert said in one.sentence


def test_a_countrys_calendar_that_is_not_there_is_an_error():
    packs = replace(PACKS, rules=(), calendars={"GB": ("GB-XXX",)}, calendars_unplaced={})
    (one,) = findings(packs, on=TODAY)
    assert one.sentence == "GB names the calendar GB-XXX, which is not there"


@pytest.mark.parametrize(
    ("first", "last", "kind"),
    [
        (date(2027, 1, 21), None, "begins"),
        (date(2027, 1, 22), None, None),
        (TODAY, None, None),
        (None, date(2026, 11, 21), "ended"),
        (None, TODAY, "ends"),
        (None, date(2027, 1, 22), None),
        (date(2027, 1, 2), date(2027, 1, 1), "dates"),
    ],
)
def test_rows_that_begin_or_end_within_sixty_days_are_told(first, last, kind):
    told = found(replace(FLORIDA, effective_from=first, effective_to=last))
    assert [one.kind for one in told] == ([kind] if kind else [])


def test_pennsylvania_was_announced():
    """As of the first of September 2026 one row is about to end and the next to begin."""
    told = [(one.kind, one.rules) for one in findings(PACKS, on=date(2026, 9, 1))]
    assert ("ends", ("US-PA-1",)) in told
    assert ("begins", ("US-PA-2",)) in told


def test_a_contact_of_which_no_row_speaks_is_a_gap():
    gaps = {one.jurisdiction: one.sentence for one in findings(PACKS, on=TODAY)}
    assert "voice: survey, service, transactional" in gaps["FR"]
    assert "email" not in gaps["US"]
    assert "EU" not in gaps


@pytest.mark.parametrize("code", ["US", "US-FL", "GB-SCT", "BR-SP", "EU", "ZZ", "*"])
def test_countries_and_their_parts_are_places(code):
    assert soundness.is_place(code)

"""What a phone number says about a place, and when it says nothing."""

import pytest

from outreach.hours import numbers, regions, zones


@pytest.mark.parametrize("phone", [None, "", "no number", "+1", "+447700900123", "+999123456"])
def test_what_cannot_be_a_number_is_no_evidence(phone):
    """The fictional +44 7700 900 range is not assigned, so it tells nothing either."""
    assert numbers.clue(phone) is None


@pytest.mark.parametrize("phone", ["+18005550123", "+18885550123", "+19005550123", "+15005550006"])
def test_a_number_that_belongs_to_no_place_is_no_evidence(phone):
    """Toll-free, premium and personal numbers are answered anywhere."""
    assert numbers.clue(phone) is None


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+18505550123", {"America/New_York", "America/Chicago"}),
        ("+18502345678", {"America/New_York", "America/Chicago"}),
        ("+16895550123", {"America/New_York"}),
        ("+14745550123", {"America/Regina"}),
        ("+18795550123", {"America/St_Johns", "America/Goose_Bay"}),
        ("+16025550123", {"America/Phoenix", "America/Denver"}),
        ("+15125550123", {"America/Chicago", "America/Denver"}),
        ("+12125550123", {"America/New_York"}),
        ("+16135550123", {"America/Toronto", "America/Winnipeg", "America/Atikokan"}),
        ("+18765550123", {"America/Jamaica"}),
    ],
)
def test_an_area_code_stands_for_its_whole_state_where_nothing_better_is_known(phone, expected):
    """People move within a state and keep their numbers; some areas are known better than that."""
    clue = numbers.clue(phone)
    assert clue is not None
    assert set(clue.zones) == expected


def test_a_florida_number_brings_florida_s_law():
    clue = numbers.clue("+13055550123")
    assert clue is not None
    assert clue.jurisdictions == ("US", "US-FL")


@pytest.mark.parametrize(
    ("phone", "law"),
    [
        ("+12125550123", ("US", "US-NY")),
        ("+16135550123", ("CA", "CA-ON")),
        ("+19025550123", ("CA", "CA-NS", "CA-PE")),
        ("+17875550123", ("US", "US-PR")),
    ],
)
def test_an_area_code_brings_the_law_of_what_it_serves(phone, law):
    clue = numbers.clue(phone)
    assert clue is not None
    assert clue.jurisdictions == law


def test_an_australian_mobile_may_be_in_any_of_eight_zones():
    clue = numbers.clue("+61491570006")
    assert clue is not None
    assert len(clue.zones) == 8


def test_an_indonesian_mobile_may_be_anywhere_in_the_country():
    clue = numbers.clue("+6281234567890")
    assert clue is not None
    assert {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"} <= set(clue.zones)


def test_a_national_number_is_read_as_in_its_home():
    clue = numbers.clue("020 7946 0123", home="GB")
    assert clue is not None
    assert clue.zones == ("Europe/London",)


def test_every_zone_in_the_tables_exists():
    named = {zone for row in regions.numbering_plan().zones for zone in row.zones}
    for table in (regions.regions().subdivisions, regions.parts().zones):
        named |= {zone for part in table.values() for found in part.values() for zone in found}
    assert named <= zones.names()


def test_every_area_code_serves_states_that_exist():
    known = regions.regions().subdivisions
    for name in regions.numbering_plan().jurisdictions:
        country, _, part = name.partition("-")
        assert part in known[country]


@pytest.mark.parametrize(
    "country", ["US", "CA", "AU", "BR", "CL", "CN", "ES", "ID", "MX", "NZ", "PT", "RU"]
)
def test_the_subdivisions_cover_every_zone_of_their_country(country):
    """None of a country's official zones can be missed by knowing the part."""
    table = {**regions.regions().subdivisions, **regions.parts().zones}
    covered = {zone for part in table[country].values() for zone in part}
    assert set(regions.zones_of_country(country)) <= covered

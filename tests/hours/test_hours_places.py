"""Where a person may be: what goes before what, and that disagreement requires both."""

import pytest

from outreach.errors import Invalid
from outreach.hours.model import Evidence
from outreach.hours.packs import load
from outreach.hours.places import place_of


def test_no_evidence_is_no_place():
    place = place_of(Evidence())
    assert not place.known
    assert (place.zones, place.jurisdictions, place.evidence) == ((), (), ())


def test_a_declared_zone_brings_its_country():
    place = place_of(Evidence(zone="Europe/Lisbon"))
    assert (place.zones, place.jurisdictions) == (("Europe/Lisbon",), ("PT",))


def test_an_unknown_declared_zone_is_refused():
    with pytest.raises(Invalid, match="Europe/Lisboa"):
        place_of(Evidence(zone="Europe/Lisboa"))


def test_the_marker_for_no_zone_is_no_evidence():
    assert not place_of(Evidence(zone="Etc/Unknown")).known


def test_a_customary_zone_is_honoured_when_declared_and_not_assumed():
    assert place_of(Evidence(zone="Asia/Urumqi")).zones == ("Asia/Urumqi",)
    assert place_of(Evidence(country="CN")).zones == ("Asia/Shanghai",)


def test_a_declared_zone_replaces_the_number_s_zones_but_not_its_law():
    place = place_of(Evidence(zone="America/New_York", phone="+33199000001"))
    assert place.zones == ("America/New_York",)
    assert place.jurisdictions == ("US", "FR")


def test_a_declared_zone_keeps_the_law_of_the_address():
    place = place_of(Evidence(zone="America/Chicago", country="US", subdivision="FL"))
    assert place.zones == ("America/Chicago",)
    assert place.jurisdictions == ("US", "US-FL")


def test_florida_lies_in_two_zones():
    place = place_of(Evidence(country="US", subdivision="FL"))
    assert place.zones == ("America/New_York", "America/Chicago")


@pytest.mark.parametrize("subdivision", ["FL", "fl", "US-FL", "us-fl", "Florida", " florida "])
def test_a_subdivision_is_read_as_people_write_it(subdivision):
    assert "US-FL" in place_of(Evidence(country="us", subdivision=subdivision)).jurisdictions


def test_a_subdivision_names_its_country():
    assert place_of(Evidence(subdivision="US-FL")).jurisdictions == ("US", "US-FL")


def test_a_state_that_cannot_be_read_leaves_the_whole_country():
    place = place_of(Evidence(country="US", subdivision="Flrida"))
    assert place.jurisdictions == ("US",)
    assert "Pacific/Honolulu" in place.zones


def test_address_and_number_that_disagree_require_both():
    place = place_of(Evidence(country="US", subdivision="CA", phone="+12125550123"))
    assert place.zones == ("America/Los_Angeles", "America/New_York")
    abroad = place_of(Evidence(country="PL", phone="+33199000001"))
    assert abroad.zones == ("Europe/Warsaw", "Europe/Paris")
    assert abroad.jurisdictions == ("PL", "FR")


def test_a_number_from_another_state_brings_that_state():
    place = place_of(Evidence(country="US", subdivision="NY", phone="+18505550123"))
    assert set(place.zones) == {"America/New_York", "America/Chicago"}
    assert place.jurisdictions == ("US", "US-NY", "US-FL")


def test_a_mobile_without_geography_agrees_with_an_address_in_its_country():
    """Eight candidate zones say nothing against Queensland."""
    place = place_of(Evidence(country="AU", subdivision="QLD", phone="+61491570006"))
    assert set(place.zones) == {"Australia/Brisbane", "Australia/Lindeman"}


def test_a_toll_free_number_alone_is_no_place():
    assert not place_of(Evidence(phone="+18335550123")).known


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(country="RE"),
        Evidence(country="FR", subdivision="974"),
        Evidence(country="FR", subdivision="FR-RE"),
        Evidence(country="FR", postcode="97400"),
        Evidence(phone="+262262000001"),
        Evidence(zone="Indian/Reunion"),
        Evidence(country="RE", subdivision="974"),
    ],
)
def test_an_overseas_department_keeps_its_clock_under_french_law(evidence):
    place = place_of(evidence)
    assert place.zones == ("Indian/Reunion",)
    assert place.jurisdictions == ("FR", "FR-974")


def test_a_canadian_postcode_names_the_province():
    place = place_of(Evidence(country="CA", postcode="A1A 1A1"))
    assert place.zones == ("America/St_Johns", "America/Goose_Bay")


@pytest.mark.parametrize(
    ("country", "name", "zone"),
    [
        ("BR", "São Paulo", "America/Sao_Paulo"),
        ("BR", "sao paulo", "America/Sao_Paulo"),
        ("BR", "AC", "America/Rio_Branco"),
        ("MX", "Quintana Roo", "America/Cancun"),
        ("MX", "MX-SON", "America/Hermosillo"),
        ("RU", "Kamchatka", "Asia/Kamchatka"),
        ("RU", "Москва", "Europe/Moscow"),
        ("ID", "Bali", "Asia/Makassar"),
        ("ID", "JK", "Asia/Jakarta"),
        ("CN", "广东", "Asia/Shanghai"),
        ("CN", "Xinjiang", "Asia/Shanghai"),
        ("ES", "Canarias", "Atlantic/Canary"),
        ("PT", "20", "Atlantic/Azores"),
        ("NZ", "CIT", "Pacific/Chatham"),
        ("CA", "Saskatchewan", "America/Regina"),
    ],
)
def test_a_part_is_known_by_code_and_by_name(country, name, zone):
    assert zone in place_of(Evidence(country=country, subdivision=name)).zones


@pytest.mark.parametrize(
    ("country", "postcode", "part"),
    [
        ("US", "32501", "US-FL"),
        ("US", "32501-1234", "US-FL"),
        ("US", "00501", "US-NY"),
        ("US", "79901", "US-TX"),
        ("US", "96799", "US-AS"),
        ("AU", "0872", None),  # shared by three states
        ("AU", "0870", "AU-NT"),
        ("AU", "2601", "AU-ACT"),
        ("AU", "4000", "AU-QLD"),
        ("CA", "X0A 0H0", "CA-NU"),
        ("CA", "k1a 0b1", "CA-ON"),
        ("FR", "97110", "FR-971"),
        ("US", "09012", None),  # armed forces abroad
        ("US", "?", None),
        ("US", "٣٢٥٠١", None),
    ],
)
def test_a_postcode_names_the_part_where_it_lies_in_one(country, postcode, part):
    law = place_of(Evidence(country=country, postcode=postcode)).jurisdictions
    assert law == ((country, part) if part else (country,))


def test_an_unknown_country_is_a_jurisdiction_without_a_clock():
    place = place_of(Evidence(country="QQ"))
    assert not place.known
    assert place.jurisdictions == ("QQ",)


def test_the_evidence_is_told_without_the_number():
    place = place_of(Evidence(country="GB", phone="+442079460123"))
    assert place.evidence == ("address in GB", "number +44 in GB")


def test_a_number_from_elsewhere_does_not_say_in_which_state_of_a_declared_zone_one_lives():
    """South Dakota has no Eastern time: her law holds, and that of every Eastern state may."""
    place = place_of(Evidence(zone="America/New_York", phone="+16055550123"))
    possible = load().candidates(place)
    assert {"US-SD", "US-FL", "US-RI"} <= set(possible)
    at_home = place_of(Evidence(zone="America/New_York", phone="+12125550123"))
    assert load().candidates(at_home) == ("US", "US-NY")

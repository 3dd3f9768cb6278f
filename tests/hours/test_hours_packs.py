"""Packs: strict documents, the rules of a place, and the class of a purpose."""

import re
from datetime import date
from pathlib import Path

import pytest

from optout.model import Channel, Purpose
from outreach.errors import Invalid
from outreach.hours.model import Evidence, Place
from outreach.hours.packs import Packs, load
from outreach.hours.places import place_of

TODAY = date(2026, 11, 21)
PACKS = load()

HOUSE = """
country: "*"
compiled: 2026-01-01
purposes:
  transactional: transactional
  service: service
  survey: survey
  review: marketing
  renewal: marketing
  marketing: marketing
rules: []
"""

ROW = """
country: QQ
compiled: 2026-01-01
rules:
  - id: QQ-1
    jurisdiction: QQ
    channels: [sms]
    purposes: [marketing]
    audience: consumer
    windows: {mon-sun: ["09:00-20:00"]}
    holidays_allowed: true
    basis: custom
    binding: false
    source: a test
    confidence: known
    evidence: policy
    note: ""
"""


def packs_of(folder: Path, row: str) -> Packs:
    (folder / "house.yaml").write_text(HOUSE, encoding="utf-8")
    (folder / "qq.yaml").write_text(row, encoding="utf-8")
    return load(folder)


def ids(place: Place, channel: Channel, purpose: Purpose, on: date = TODAY) -> list[str]:
    found = PACKS.rules_for(place, channel=channel, purpose=purpose, on=on)
    return [rule.id for rule in found]


def test_the_version_is_a_date_and_a_hash_of_the_content(tmp_path):
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\+[0-9a-f]{8}", PACKS.version)
    before = packs_of(tmp_path, ROW).version
    assert before != packs_of(tmp_path, ROW.replace("20:00", "19:00")).version


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    note:", "    colour: red\n    note:", r"qq\.yaml: QQ-1\.colour"),
        ("mon-sun", "mon-sat", r"QQ-1\.windows: .*nothing is said about sun"),
        ("09:00-20:00", "9-20", r"QQ-1\.windows: .*not a window"),
        ("09:00-20:00", "09:00-24:30", r"QQ-1\.windows: .*not a window"),
        ("09:00-20:00", "09:00-09:00", r"QQ-1\.windows: .*ends where it begins"),
        ("mon-sun", "mon-someday", r"QQ-1\.windows: .*not a day"),
        ("[sms]", "[fax]", r"QQ-1\.channels\.0"),
        ("id: QQ-1", "channel: x", r"rule 1\.id"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_file_and_row(tmp_path, old, new, said):
    with pytest.raises(Invalid, match=said):
        packs_of(tmp_path, ROW.replace(old, new))


def test_what_is_not_yaml_is_refused(tmp_path):
    with pytest.raises(Invalid, match=r"qq\.yaml is not YAML"):
        packs_of(tmp_path, "country: [")


def test_an_id_may_not_be_given_twice(tmp_path):
    (tmp_path / "again.yaml").write_text(ROW, encoding="utf-8")
    with pytest.raises(Invalid, match="two rows are called QQ-1"):
        packs_of(tmp_path, ROW)


def test_a_late_window_runs_into_the_next_day(tmp_path):
    packs = packs_of(tmp_path, ROW.replace("09:00-20:00", "22:00-02:00"))
    (rule,) = packs.rules
    assert rule.windows is not None
    assert rule.windows[0] == ((22 * 60, 26 * 60),)


def test_every_row_says_where_it_comes_from():
    assert all(rule.source and rule.basis and rule.confidence for rule in PACKS.rules)


def test_a_state_narrows_the_federal_row_and_never_replaces_it():
    florida = place_of(Evidence(country="US", subdivision="FL"))
    assert ids(florida, Channel.SMS, Purpose.MARKETING) == ["US-1", "US-FL-1"]


def test_a_place_without_a_state_may_be_in_the_strictest_that_shares_a_zone():
    eastern = place_of(Evidence(zone="America/New_York"))
    hawaiian = place_of(Evidence(zone="Pacific/Honolulu"))
    assert ids(eastern, Channel.SMS, Purpose.MARKETING) == [
        "US-1", "US-CT-1", "US-FL-1", "US-MD-1", "US-NY-1", "US-VA-1",
    ]  # fmt: skip
    assert ids(hawaiian, Channel.SMS, Purpose.MARKETING) == ["US-1"]


def test_no_clock_in_the_law_means_the_house_s_clock():
    britain = place_of(Evidence(country="GB"))
    assert ids(britain, Channel.SMS, Purpose.MARKETING) == ["HOUSE-1"]
    assert ids(britain, Channel.VOICE, Purpose.SERVICE) == ["HOUSE-2"]
    assert ids(britain, Channel.CHAT, Purpose.TRANSACTIONAL) == ["HOUSE-3"]


def test_a_country_without_a_pack_keeps_to_the_house_and_its_own_holidays():
    portugal = place_of(Evidence(country="PT"))
    (rule,) = PACKS.rules_for(portugal, channel=Channel.SMS, purpose=Purpose.MARKETING, on=TODAY)
    assert (rule.id, rule.jurisdiction, rule.calendars) == ("HOUSE-1", "PT", ("PT",))


def test_email_is_bound_by_no_row_that_we_have():
    for country in ("US", "GB", "FR", "AU", "CN", "PT"):
        place = place_of(Evidence(country=country))
        assert ids(place, Channel.EMAIL, Purpose.MARKETING) == []


def test_rows_of_both_places_hold_when_evidence_disagrees():
    place = place_of(Evidence(country="FR", phone="+18505550123"))
    assert ids(place, Channel.VOICE, Purpose.MARKETING) == ["FR-1", "FR-2", "US-1", "US-FL-1"]


def test_a_row_holds_from_its_first_day():
    france = place_of(Evidence(country="FR"))
    assert ids(france, Channel.VOICE, Purpose.MARKETING, date(2026, 8, 10)) == ["FR-1"]
    assert ids(france, Channel.VOICE, Purpose.MARKETING, date(2026, 8, 11)) == ["FR-1", "FR-2"]
    assert ids(france, Channel.VOICE, Purpose.MARKETING, date(2023, 2, 28)) == ["HOUSE-1"]


def test_a_known_clock_without_a_country_keeps_the_composite():
    assert ids(place_of(Evidence(zone="UTC")), Channel.VOICE, Purpose.SERVICE) == ["ZZ-1"]


@pytest.mark.parametrize(
    ("purpose", "jurisdiction", "expected"),
    [
        (Purpose.REVIEW, "PT", "marketing"),
        (Purpose.REVIEW, "US-FL", "survey"),
        (Purpose.REVIEW, "AU", "survey"),
        (Purpose.SURVEY, "US", "survey"),
        (Purpose.SURVEY, "DE", "marketing"),
        (Purpose.RENEWAL, "CN", "marketing"),
        (Purpose.SERVICE, "IN", "service"),
    ],
)
def test_a_place_has_its_own_word_for_a_purpose(purpose, jurisdiction, expected):
    assert PACKS.purpose_class(purpose, jurisdiction) == expected


def test_florida_and_france_count_attempts():
    florida = place_of(Evidence(country="US", subdivision="FL"))
    rules = PACKS.rules_for(florida, channel=Channel.SMS, purpose=Purpose.MARKETING, on=TODAY)
    (cap,) = [cap for rule in rules for cap in rule.caps]
    assert (cap.max, cap.per.total_seconds(), cap.rolling, cap.rule_id) == (
        3,
        24 * 3600,
        True,
        "US-FL-1",
    )

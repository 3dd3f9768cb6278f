"""Stories: a person, a purpose, an instant, and what the front door says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from optout.model import Channel, Purpose
from outreach.hours.judge import when
from outreach.hours.model import Admission, Evidence
from outreach.hours.packs import load
from outreach.hours.places import place_of

PACKS = load()

VOICE, SMS, EMAIL, CHAT = Channel.VOICE, Channel.SMS, Channel.EMAIL, Channel.CHAT


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def asked(
    evidence: Evidence, at: str, channel: Channel = SMS, purpose: Purpose = Purpose.MARKETING
) -> Admission:
    return when(PACKS, place_of(evidence), channel=channel, purpose=purpose, at=utc(at))


def test_a_panhandle_number_waits_for_central_and_stops_for_eastern():
    """+1 850 may be in either zone of Florida: 08-20 there is 09-20 Eastern."""
    admission = asked(Evidence(phone="+18505550123"), "2026-11-23T13:30")
    assert admission.next_at == utc("2026-11-23T14:00")
    assert admission.closes_at == utc("2026-11-24T01:00")
    assert [rule.id for rule in admission.rules] == ["US-1", "US-FL-1"]


def test_arizona_keeps_its_clock_in_summer():
    number = Evidence(country="US", subdivision="AZ", zone="America/Phoenix")
    assert asked(number, "2026-07-06T12:00").next_at == utc("2026-07-06T15:00")
    assert asked(number, "2026-12-07T12:00").next_at == utc("2026-12-07T15:00")


def test_a_toll_free_number_is_nowhere_so_nothing_is_sent():
    evidence = Evidence(phone="+18005550123")
    for channel in (VOICE, SMS, CHAT):
        admission = asked(evidence, "2026-11-23T17:00", channel)
        assert (admission.allowed, admission.next_at) == (False, None)
    assert asked(evidence, "2026-11-23T03:00", EMAIL).allowed


def test_an_australian_mobile_is_called_when_lord_howe_and_cocos_both_admit():
    """UTC+11 and UTC+6:30 leave 13:30 to 20:00 at Sydney in summer."""
    admission = asked(Evidence(phone="+61491570006"), "2026-11-23T00:00", VOICE)
    assert admission.next_at == utc("2026-11-23T02:30")
    assert admission.closes_at == utc("2026-11-23T09:00")


def test_an_australian_survey_call_has_hours_of_its_own():
    evidence = Evidence(country="AU", subdivision="VIC")
    sunday = "2026-11-22T00:00"
    assert asked(evidence, sunday, VOICE, Purpose.SURVEY).allowed
    assert asked(evidence, sunday, VOICE, Purpose.REVIEW).allowed
    assert not asked(evidence, sunday, VOICE, Purpose.MARKETING).allowed


def test_newfoundland_is_half_an_hour_off():
    evidence = Evidence(country="CA", subdivision="NL", zone="America/St_Johns")
    assert asked(evidence, "2026-11-23T03:00").next_at == utc("2026-11-23T12:30")


def test_france_has_its_lunch():
    admission = asked(Evidence(country="FR"), "2026-11-23T12:00", VOICE)
    assert admission.next_at == utc("2026-11-23T13:00")


def test_france_rests_on_holidays_and_weekends():
    """11 November 2026 is a Wednesday, 14 November a Saturday."""
    assert asked(Evidence(country="FR"), "2026-11-11T10:00", VOICE).next_at == utc(
        "2026-11-12T09:00"
    )
    assert asked(Evidence(country="FR"), "2026-11-14T10:00", VOICE).next_at == utc(
        "2026-11-16T09:00"
    )


def test_reunion_hears_from_us_on_its_own_clock():
    """Ten in the morning there is six UTC; Friday 18 December, then the abolition of slavery."""
    evidence = Evidence(country="RE")
    assert asked(evidence, "2026-11-23T03:00", VOICE).next_at == utc("2026-11-23T06:00")
    abolition = asked(evidence, "2027-12-20T06:00", VOICE)
    assert abolition.next_at == utc("2027-12-21T06:00")


def test_india_takes_promotion_from_ten_to_nine_in_the_evening():
    evidence = Evidence(country="IN")
    assert asked(evidence, "2026-11-22T04:29").next_at == utc("2026-11-22T04:30")
    assert asked(evidence, "2026-11-22T15:30").next_at == utc("2026-11-23T04:30")


def test_china_takes_texts_from_eight_and_calls_from_nine():
    evidence = Evidence(phone="+8613000000000")
    assert asked(evidence, "2026-11-21T20:00").next_at == utc("2026-11-22T00:00")
    assert asked(evidence, "2026-11-21T20:00", VOICE).next_at == utc("2026-11-22T01:00")


def test_britain_is_left_alone_on_sunday_and_on_easter_monday():
    evidence = Evidence(country="GB")
    sunday = asked(evidence, "2026-11-22T12:00", VOICE)
    assert sunday.next_at == utc("2026-11-23T08:00")
    easter = asked(evidence, "2026-04-06T12:00", VOICE)
    assert easter.next_at == utc("2026-04-07T07:00")


def test_a_purpose_may_be_marketing_in_one_country_and_not_in_the_next():
    """The house closes Sundays to surveys and marketing, and serves contracts every day."""
    evidence = Evidence(country="DE")
    sunday = "2026-11-22T12:00"
    assert not asked(evidence, sunday, SMS, Purpose.SURVEY).allowed
    assert asked(evidence, sunday, SMS, Purpose.SERVICE).allowed


def test_email_keeps_hours_only_when_the_step_asks():
    place = place_of(Evidence(country="FR"))
    night = utc("2026-11-23T02:00")
    free = when(PACKS, place, channel=EMAIL, purpose=Purpose.MARKETING, at=night)
    bound = when(PACKS, place, channel=EMAIL, purpose=Purpose.MARKETING, at=night, bound=True)
    assert free.allowed
    assert bound.next_at == utc("2026-11-23T07:00")


def test_a_margin_reaches_the_window():
    place = place_of(Evidence(country="IN"))
    late = when(
        PACKS,
        place,
        channel=SMS,
        purpose=Purpose.MARKETING,
        at=utc("2026-11-23T15:25"),
        margin=timedelta(minutes=10),
    )
    assert late.next_at == utc("2026-11-24T04:30")


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
rules:
  - {id: H, jurisdiction: "*", channels: [voice, sms, chat], purposes: [any], audience: any,
     windows: {mon-sun: ["09:00-20:00"]}, holidays_allowed: true,
     basis: policy, binding: false, source: test, confidence: known, evidence: policy, note: ""}
"""

TURNS = """
country: AU
compiled: 2026-01-01
rules:
  - {id: LATE, jurisdiction: AU, channels: [sms, email], purposes: [any], audience: any,
     windows: {mon-sun: ["16:00-18:00"]}, holidays_allowed: true,
     effective_from: 2026-06-10, effective_to: 2026-06-11,
     basis: statute, binding: true, source: test, confidence: known, evidence: policy, note: ""}
"""


@pytest.mark.parametrize(
    ("at", "opens", "rule"),
    [
        ("2026-06-09T09:00", "2026-06-09T09:00", "H"),  # 19:00 of the 9th: the house
        ("2026-06-09T10:00", "2026-06-10T06:00", "LATE"),  # 20:00: the new row's first day
        ("2026-06-10T08:00", "2026-06-11T06:00", "LATE"),
        ("2026-06-11T08:00", "2026-06-11T23:00", "H"),  # 09:00 of the 12th: the house again
    ],
)
def test_a_row_that_begins_in_between_is_heeded_on_its_days(tmp_path: Path, at, opens, rule):
    """Brisbane, UTC+10; a law of two days replaces the house's hours and then ceases."""
    (tmp_path / "house.yaml").write_text(HOUSE, encoding="utf-8")
    (tmp_path / "au.yaml").write_text(TURNS, encoding="utf-8")
    place = place_of(Evidence(zone="Australia/Brisbane"))
    admission = when(load(tmp_path), place, channel=SMS, purpose=Purpose.SERVICE, at=utc(at))
    assert admission.next_at == utc(opens)
    assert rule in [found.id for found in admission.rules]


def test_email_is_free_until_a_row_names_it_and_again_after(tmp_path: Path):
    (tmp_path / "house.yaml").write_text(HOUSE, encoding="utf-8")
    (tmp_path / "au.yaml").write_text(TURNS, encoding="utf-8")
    packs, place = load(tmp_path), place_of(Evidence(zone="Australia/Brisbane"))

    def opens(at: str) -> datetime | None:
        return when(packs, place, channel=EMAIL, purpose=Purpose.SERVICE, at=utc(at)).next_at

    assert opens("2026-06-09T13:59") == utc("2026-06-09T13:59")
    assert opens("2026-06-09T14:00") == utc("2026-06-10T06:00")
    assert opens("2026-06-11T08:00") == utc("2026-06-11T14:00")

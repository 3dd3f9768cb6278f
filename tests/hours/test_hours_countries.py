"""Stories of countries and states: the trap of each, as an instant asked and the instant answered.

Instants are in UTC; the sentence says them as the person's clock has them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from optout.model import Channel, Purpose
from outreach.hours.judge import when
from outreach.hours.model import Admission, Evidence
from outreach.hours.packs import load
from outreach.hours.places import place_of

PACKS = load()
VOICE, SMS, EMAIL, CHAT = Channel.VOICE, Channel.SMS, Channel.EMAIL, Channel.CHAT


@dataclass(frozen=True)
class Story:
    """Marketing to somebody at a place: asked at one instant, admitted at the next."""

    told: str
    place: str
    channel: Channel
    asked: str
    opens: str
    closes: str | None = None
    zone: str | None = None


STORIES = (
    Story(
        "Alabama rests on Mardi Gras, which the calendar does not know",
        "US-AL", VOICE, "2027-02-09T15:00", "2027-02-10T14:00",
    ),
    Story(
        "Alabama rests on Confederate Memorial Day, a Monday in April",
        "US-AL", VOICE, "2026-04-27T15:00", "2026-04-28T13:00",
    ),
    Story(
        "Louisiana rests on All Saints', a Monday in 2027",
        "US-LA", VOICE, "2027-11-01T15:00", "2027-11-02T13:00",
    ),
    Story(
        "Louisiana rests on Good Friday and works on the Saturday after",
        "US-LA", VOICE, "2026-04-03T15:00", "2026-04-04T13:00",
    ),
    Story(
        "Connecticut begins at nine and ends at eight",
        "US-CT", SMS, "2026-11-23T12:00", "2026-11-23T14:00", "2026-11-24T01:00",
    ),
    Story(
        "Florida lies in two zones: eight Central, and eight in the evening Eastern",
        "US-FL", SMS, "2026-11-23T12:00", "2026-11-23T14:00", "2026-11-24T01:00",
    ),
    Story(
        "Massachusetts ends at eight, an hour before the federal rule",
        "US-MA", VOICE, "2026-11-24T01:00", "2026-11-24T13:00", "2026-11-25T01:00",
    ),
    Story(
        "Mississippi's statute counts in Standard Time: nine on a summer's clock",
        "US-MS", VOICE, "2026-07-06T12:00", "2026-07-06T14:00", "2026-07-07T01:00",
    ),
    Story(
        "Mississippi in winter: eight to eight",
        "US-MS", VOICE, "2026-12-07T12:00", "2026-12-07T14:00", "2026-12-08T02:00",
    ),
    Story(
        "Pennsylvania on the last evening of the old hours, until nine",
        "US-PA", VOICE, "2026-10-17T23:30", "2026-10-17T23:30", "2026-10-18T01:00",
    ),
    Story(
        "Pennsylvania asked that night: Sundays are closed from the next day on",
        "US-PA", VOICE, "2026-10-18T01:30", "2026-10-19T13:00", "2026-10-19T23:00",
    ),
    Story(
        "Rhode Island rests on Victory Day and ends at six",
        "US-RI", VOICE, "2026-08-10T14:00", "2026-08-11T13:00", "2026-08-11T22:00",
    ),
    Story(
        "Utah rests on Pioneer Day, a Friday, and works on the Saturday",
        "US-UT", VOICE, "2026-07-24T16:00", "2026-07-25T14:00",
    ),
    Story(
        "Texas lets Sunday begin at noon, which in El Paso is an hour later",
        "US-TX", VOICE, "2026-11-22T15:00", "2026-11-22T19:00", "2026-11-23T03:00",
    ),
    Story(
        "Kentucky begins at ten, in its later zone",
        "US-KY", VOICE, "2026-11-23T13:00", "2026-11-23T16:00",
    ),
    Story(
        "Nevada begins at nine for texts too",
        "US-NV", SMS, "2026-11-23T15:00", "2026-11-23T17:00",
    ),
    Story(
        "Oregon on the last days of 2025 keeps the federal nine",
        "US-OR", SMS, "2025-12-31T03:30", "2025-12-31T03:30", "2025-12-31T04:00",
    ),
    Story(
        "Oregon since 2026 ends at eight, first where it keeps Mountain time",
        "US-OR", SMS, "2026-01-06T03:30", "2026-01-06T16:00",
    ),
    Story(
        "South Dakota has no Sunday",
        "US-SD", VOICE, "2026-11-22T18:00", "2026-11-23T16:00",
    ),
    Story(
        "British Columbia rests on its own day in August",
        "CA-BC", VOICE, "2026-08-03T18:00", "2026-08-04T16:00",
    ),
    Story(
        "British Columbia no longer turns its clocks back in November",
        "CA-BC", VOICE, "2026-11-23T15:00", "2026-11-23T16:00", "2026-11-24T04:30",
        zone="America/Vancouver",
    ),
    Story(
        "Canada's weekend is from ten to six",
        "CA-ON", VOICE, "2026-11-28T12:00", "2026-11-28T15:00", "2026-11-28T23:00",
        zone="America/Toronto",
    ),
    Story(
        "Spain: as long as the region is unknown, Catalonia's day off counts",
        "ES", VOICE, "2026-09-11T10:00", "2026-09-14T08:00",
    ),
    Story(
        "Spain: from nine in the Canaries to nine in Madrid",
        "ES", VOICE, "2026-11-23T07:00", "2026-11-23T09:00", "2026-11-23T20:00",
    ),
    Story(
        "Italy on the day before the Immaculate keeps Saturday's hours",
        "IT", VOICE, "2026-12-07T07:30", "2026-12-07T09:00", "2026-12-07T18:00",
    ),
    Story(
        "Italy on a Monday like others",
        "IT", VOICE, "2026-11-23T07:30", "2026-11-23T08:00", "2026-11-23T19:00",
    ),
    Story(
        "Portugal: Sundays too, from nine on the Azores to ten in Lisbon",
        "PT", VOICE, "2026-11-22T08:00", "2026-11-22T10:00", "2026-11-22T22:00",
    ),
    Story(
        "The Netherlands end their Saturday at four",
        "NL", VOICE, "2026-11-28T15:00", "2026-11-30T08:00",
        zone="Europe/Amsterdam",
    ),
    Story(
        "Norway rests on Saturdays",
        "NO", VOICE, "2026-11-28T11:00", "2026-11-30T08:00", zone="Europe/Oslo",
    ),
    Story(
        "Norway rests on 17 May, a Monday",
        "NO", VOICE, "2027-05-17T10:00", "2027-05-18T07:00", zone="Europe/Oslo",
    ),
    Story(
        "Hungary: nobody knows whether holidays are open, so they are closed",
        "HU", SMS, "2026-10-23T10:00", "2026-10-24T07:00",
    ),
    Story(
        "Ireland rests on the October holiday",
        "IE", SMS, "2026-10-26T10:00", "2026-10-27T08:00",
    ),
    Story(
        "New Zealand: from eight in Auckland to nine on the Chathams",
        "NZ", VOICE, "2026-11-22T18:00", "2026-11-22T19:00", "2026-11-23T07:15",
    ),
    Story(
        "New Zealand: Auckland's anniversary counts while nobody knows the province",
        "NZ", VOICE, "2027-01-31T20:00", "2027-02-01T19:00",
    ),
    Story(
        "India is half an hour off the hour and begins at ten",
        "IN", SMS, "2026-11-23T04:00", "2026-11-23T04:30", "2026-11-23T15:30",
    ),
    Story(
        "Singapore begins at seven",
        "SG", SMS, "2026-11-22T15:00", "2026-11-22T23:00",
    ),
    Story(
        "Japan ends at nine by its administration's word",
        "JP", VOICE, "2026-11-24T12:00", "2026-11-24T23:00",
    ),
    Story(
        "Korea: nine sharp is night",
        "KR", CHAT, "2026-11-23T12:00", "2026-11-23T23:00", "2026-11-24T12:00",
    ),
    Story(
        "Korea: mail may come at night",
        "KR", EMAIL, "2026-11-23T16:00", "2026-11-23T16:00",
    ),
    Story(
        "Vietnam: calls end at five",
        "VN", VOICE, "2026-11-23T10:30", "2026-11-24T01:00", "2026-11-24T10:00",
    ),
    Story(
        "Vietnam: texts go on until ten",
        "VN", SMS, "2026-11-23T10:30", "2026-11-23T10:30", "2026-11-23T15:00",
    ),
    Story(
        "Thailand rests on the Monday after a king's birthday on Saturday",
        "TH", SMS, "2026-12-07T05:00", "2026-12-08T02:00",
    ),
    Story(
        "Kazakhstan is five hours ahead, whatever older guides print",
        "KZ", SMS, "2026-11-23T03:00", "2026-11-23T04:00",
    ),
    Story(
        "The Emirates end at six; the operators' nine at night does not widen that",
        "AE", SMS, "2026-11-23T14:00", "2026-11-24T05:00", "2026-11-24T14:00",
    ),
    Story(
        "Saudi Arabia: what contradicting vendors share",
        "SA", SMS, "2026-11-23T16:00", "2026-11-24T06:00",
    ),
    Story(
        "Kuwait begins at nine", "KW", SMS, "2026-11-23T05:00", "2026-11-23T06:00",
    ),
    Story(
        "Taiwan ends at eight in the evening",
        "TW", SMS, "2026-11-23T12:00", "2026-11-24T01:00",
    ),
    Story(
        "South Africa binds mail too, and ends its Saturday at one",
        "ZA", EMAIL, "2026-11-28T11:00", "2026-11-30T06:00",
    ),
    Story(
        "Brazil ends its Saturday at four",
        "BR", VOICE, "2026-11-28T19:00", "2026-11-30T12:00", zone="America/Sao_Paulo",
    ),
    Story(
        "Chile begins at half past eight",
        "CL", SMS, "2026-11-23T10:00", "2026-11-23T11:30", "2026-11-23T22:30",
        zone="America/Santiago",
    ),
    Story(
        "Colombia binds mail too, and ends its Saturday at three",
        "CO", EMAIL, "2026-11-28T20:00", "2026-11-30T12:00",
    ),
    Story(
        "Peru ends its Saturday at one", "PE", EMAIL, "2026-11-28T18:00", "2026-11-30T13:00",
    ),
    Story(
        "Hong Kong has no clock for texts, so the house's stands in and Sunday is quiet",
        "HK", SMS, "2026-11-22T03:00", "2026-11-23T01:00",
    ),
)  # fmt: skip


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def asked(story: Story, at: datetime) -> Admission:
    country, _, part = story.place.partition("-")
    place = place_of(Evidence(country=country, subdivision=part or None, zone=story.zone))
    return when(PACKS, place, channel=story.channel, purpose=Purpose.MARKETING, at=at)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.told)
def test_a_trap_is_not_walked_into(story: Story):
    admission = asked(story, utc(story.asked))
    assert admission.next_at == utc(story.opens)
    if story.closes:
        assert admission.closes_at == utc(story.closes)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.told)
def test_what_was_admitted_is_admitted_when_asked_then(story: Story):
    assert asked(story, utc(story.opens)).allowed


@pytest.mark.parametrize(
    "story",
    [story for story in STORIES if story.asked != story.opens],
    ids=lambda story: story.told,
)
def test_a_second_before_it_is_not(story: Story):
    assert not asked(story, utc(story.opens) - timedelta(seconds=1)).allowed


def test_the_stories_tell_of_many_places():
    assert len({story.place for story in STORIES}) >= 25


@pytest.mark.parametrize(
    ("country", "channel", "caps"),
    [
        ("AE", SMS, {("AE-1", 1, 1), ("AE-1", 2, 7)}),
        ("CO", EMAIL, {("CO-1", 1, 1), ("CO-1", 1, 7)}),
        ("VN", EMAIL, {("VN-3", 3, 1)}),
        ("VN", VOICE, {("VN-2", 1, 1)}),
        ("FR", VOICE, {("FR-1", 4, 30), ("FR-2", 4, 30)}),
    ],
)
def test_caps_of_the_law_come_with_the_hours(country, channel, caps):
    """So many attempts in so many days."""
    place = place_of(Evidence(country=country))
    rules = PACKS.rules_for(
        place, channel=channel, purpose=Purpose.MARKETING, on=date(2026, 11, 23)
    )
    assert {(cap.rule_id, cap.max, cap.per.days) for rule in rules for cap in rule.caps} == caps


def test_a_recorded_call_is_nothing_that_we_make():
    """Indiana's row on recorded calls stands in the pack and binds no channel of ours."""
    (row,) = (rule for rule in PACKS.rules if rule.id == "US-IN-2")
    assert (row.channels, row.beyond) == ((), ("voice_automated",))

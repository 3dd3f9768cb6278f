"""Hours under attack: whatever the rules, the zones and the instant, the answer is lawful.

`hours_oracle` reads the wall clock minute by minute and knows nothing of stretches or caches.
"""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from optout.model import Channel, Purpose
from outreach.hours import zones as tz
from outreach.hours.judge import when
from outreach.hours.model import Evidence, Place
from outreach.hours.packs import load
from outreach.hours.places import place_of
from outreach.hours.window import HORIZON_DAYS, next_open
from tests.properties.hours_oracle import a_rule, admits

PACKS = load()
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)

ZONES = (
    "UTC",
    "America/New_York",
    "America/Phoenix",
    "America/St_Johns",
    "America/Havana",  # changes its clocks at midnight
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # moves by half an hour
    "Europe/Paris",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Niue",
)

CHANGES = (
    datetime(2026, 3, 8, 5, tzinfo=UTC),
    datetime(2026, 3, 28, 22, tzinfo=UTC),
    datetime(2026, 4, 4, 12, tzinfo=UTC),
    datetime(2026, 10, 24, 22, tzinfo=UTC),
    datetime(2026, 11, 1, 3, tzinfo=UTC),
    datetime(2026, 12, 31, 20, tzinfo=UTC),
)

relaxed = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


rules = st.lists(a_rule(), min_size=1, max_size=3).map(tuple)
zones = st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True).map(tuple)
instants = st.builds(
    lambda change, minutes: change + minutes * MINUTE,
    st.sampled_from(CHANGES),
    st.integers(-1440, 1440),
)


@relaxed
@given(rules, zones, instants)
def test_the_answer_is_the_first_minute_that_the_wall_clocks_admit(rules, zones, at):
    """Two days minute by minute, across clock changes and the turn of the year."""
    answer = next_open(rules, zones, at=at)
    minutes = (at + n * MINUTE for n in range(2 * 1440))
    expected = next((minute for minute in minutes if admits(rules, zones, minute)), None)
    if expected is None:
        assert answer.next_at is None or answer.next_at >= at + timedelta(days=2)
    else:
        assert answer.next_at == expected


@relaxed
@given(rules, zones, instants)
def test_the_stretch_is_admitted_to_its_last_second_and_not_beyond(rules, zones, at):
    answer = next_open(rules, zones, at=at)
    assume(answer.next_at is not None and answer.closes_at is not None)
    assert answer.next_at is not None
    assert answer.closes_at is not None
    assert admits(rules, zones, answer.next_at)
    assert admits(rules, zones, answer.closes_at - SECOND)
    if answer.closes_at < answer.next_at + timedelta(days=HORIZON_DAYS - 1):
        assert not admits(rules, zones, answer.closes_at)


@relaxed
@given(rules, zones, instants, st.integers(0, 59), st.integers(0, 30))
def test_asking_again_at_the_answer_returns_it(rules, zones, at, seconds, margin):
    """And one second earlier is closed, unless that is before the question."""
    at, margin = at + seconds * SECOND, margin * MINUTE
    first = next_open(rules, zones, at=at, margin=margin)
    assume(first.next_at is not None)
    assert first.next_at is not None
    again = next_open(rules, zones, at=first.next_at, margin=margin)
    assert again.allowed
    assert (again.next_at, again.closes_at) == (first.next_at, first.closes_at)
    if first.next_at > at:
        assert not next_open(rules, zones, at=first.next_at - SECOND, margin=margin).allowed


def not_earlier(narrow: datetime | None, wide: datetime | None) -> bool:
    return narrow is None or (wide is not None and narrow >= wide)


@relaxed
@given(rules, zones, instants, st.sampled_from(ZONES), st.integers(0, 240))
def test_one_more_zone_or_a_margin_never_makes_it_earlier(rules, zones, at, zone, margin):
    wide = next_open(rules, zones, at=at)
    assert not_earlier(next_open(rules, (*zones, zone), at=at).next_at, wide.next_at)
    assert not_earlier(next_open(rules, zones, at=at, margin=margin * MINUTE).next_at, wide.next_at)


@relaxed
@given(rules, a_rule(), zones, instants)
def test_one_more_rule_never_makes_it_earlier(rules, rule, zones, at):
    """Of rules that hold on every day: a day that no rule speaks of is closed until one does."""
    assume(all(known.effective_from is None for known in rules))
    wide = next_open(rules, zones, at=at)
    narrow = next_open((*rules, rule), zones, at=at)
    assert not_earlier(narrow.next_at, wide.next_at)


EVIDENCE = st.builds(
    Evidence,
    zone=st.sampled_from([None, None, "America/Chicago", "Asia/Urumqi", "Indian/Reunion", "UTC"]),
    country=st.sampled_from([None, "US", "FR", "GB", "AU", "IN", "CN", "PT", "RE", "QQ"]),
    subdivision=st.sampled_from([None, "FL", "NY", "QLD", "974"]),
    phone=st.sampled_from(
        [None, "+18505550123", "+18005550123", "+61491570006", "+17095550123", "+33199000001", "?"]
    ),
    postcode=st.none(),
    coordinates=st.none(),
    point_zone=st.none(),
)


@relaxed
@given(
    EVIDENCE,
    st.sampled_from([Channel.VOICE, Channel.SMS, Channel.CHAT]),
    st.sampled_from(Purpose),
    instants,
)
def test_the_packs_never_admit_a_night_or_an_unknown_place(evidence, channel, purpose, at):
    """Whoever it is, between ten at night and eight in the morning nobody is disturbed."""
    place = place_of(evidence)
    answer = when(PACKS, place, channel=channel, purpose=purpose, at=at)
    if not place.known:
        assert (answer.allowed, answer.next_at) == (False, None)
    elif answer.next_at is not None:
        walls = [answer.next_at.astimezone(tz.load(zone)) for zone in place.zones]
        assert all(8 <= wall.hour < 22 for wall in walls)
        assert answer.rules


@relaxed
@given(EVIDENCE, EVIDENCE, st.sampled_from(Purpose), instants)
def test_a_place_that_may_be_either_is_never_asked_earlier(one, other, purpose, at):
    """What both places admit is admitted by each, so doubt costs time and never law."""
    here, there = place_of(one), place_of(other)
    assume(here.known and there.known)
    # Knowing more may lift what only doubt imposed: the composite policy of a place without a
    # country, the strictest state of one without a state.
    assume(here.jurisdictions)
    assume(set(there.jurisdictions) >= set(PACKS.candidates(here)) - set(here.jurisdictions))
    either = Place(
        zones=tuple(dict.fromkeys((*here.zones, *there.zones))),
        jurisdictions=tuple(dict.fromkeys((*here.jurisdictions, *there.jurisdictions))),
        evidence=(),
    )
    both = when(PACKS, either, channel=Channel.VOICE, purpose=purpose, at=at)
    alone = when(PACKS, here, channel=Channel.VOICE, purpose=purpose, at=at)
    assert not_earlier(both.next_at, alone.next_at)

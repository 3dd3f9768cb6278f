"""A brand's policy: it narrows, it leaves aside what binds nobody, and it never widens."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.model import Channel, Purpose
from outreach.brands.hours import OwnHours
from outreach.errors import Invalid
from outreach.hours.judge import when
from outreach.hours.model import Evidence, Rule
from outreach.hours.packs import Packs, load
from outreach.hours.places import place_of
from outreach.hours.policy import Policy, refuse_binding

PACKS = load()
TODAY = date(2026, 11, 23)
MARKETING, SERVICE = Purpose.MARKETING, Purpose.SERVICE

AFTERNOONS = {
    "id": "afternoons", "channels": ["voice", "sms"], "classes": ["marketing"],
    "windows": {"mon-fri": ["14:00-18:00"], "sat-sun": []}, "reason": "we call after lunch",
}  # fmt: skip


def under(**profile: object) -> Packs:
    return PACKS.under(OwnHours.model_validate(profile).policy)


def rules(
    packs: Packs, country: str, channel: Channel = Channel.SMS, purpose: Purpose = MARKETING
) -> list[Rule]:
    place = place_of(Evidence(country=country))
    return list(packs.rules_for(place, channel=channel, purpose=purpose, on=TODAY))


def ids(packs: Packs, country: str, **kind: Channel | Purpose) -> list[str]:
    return [rule.id for rule in rules(packs, country, **kind)]  # type: ignore[arg-type]


def test_no_policy_is_the_packs_themselves():
    assert under() is PACKS


def test_a_brands_hours_hold_beside_the_law_and_beside_the_house():
    own = under(house=[AFTERNOONS])
    assert ids(own, "IN") == ["IN-1", "BRAND:afternoons"]
    assert ids(own, "GB") == ["HOUSE-1", "BRAND:afternoons"]
    assert ids(own, "IN", purpose=SERVICE) == ["HOUSE-2"]


def test_wider_hours_of_a_brand_change_no_instant():
    """India's ten o'clock stays ten o'clock."""
    night = AFTERNOONS | {"windows": {"mon-sun": ["00:00-24:00"]}, "holidays_allowed": True}
    place, at = place_of(Evidence(country="IN")), datetime(2026, 11, 22, 22, tzinfo=UTC)
    plain, own = (
        when(packs, place, channel=Channel.SMS, purpose=MARKETING, at=at).next_at
        for packs in (PACKS, under(house=[night]))
    )
    assert plain == own == datetime(2026, 11, 23, 4, 30, tzinfo=UTC)


def test_mail_keeps_a_brands_hours_where_they_name_mail():
    own = under(house=[AFTERNOONS | {"channels": ["email"]}])
    assert ids(own, "FR", channel=Channel.EMAIL) == ["BRAND:afternoons"]
    assert ids(PACKS, "FR", channel=Channel.EMAIL) == []


def test_a_custom_that_is_switched_off_leaves_the_house_and_says_why():
    own = under(switched_off={"FR-3": "our operator passes them"})
    assert ids(own, "FR") == ["FR-3", "HOUSE-1"]
    off, _ = rules(own, "FR")
    assert (off.windows, off.caps) == (None, ())
    assert off.source.startswith("switched off by the brand: our operator passes them (CPCE")
    assert own.version.startswith(f"{PACKS.version}+")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("US-FL-1", "US-FL-1 is binding .*501.616.* cannot be switched off"),
        ("HOUSE-1", "stands in where no other row has a clock"),
        ("ZZ-1", "stands in where no other row has a clock"),
        ("FR-33", "no row is called 'FR-33'.*FR-3"),
    ],
)
def test_what_binds_or_stands_in_or_is_not_there_is_refused_by_name(name, why):
    policy = OwnHours(switched_off={name: "we would rather not"}).policy
    with pytest.raises(Invalid, match=why) as caught:
        refuse_binding(PACKS.rules, policy)
    assert caught.value.problems[0].where == f"profile.switched_off.{name}"


def test_a_row_that_has_become_binding_holds_whatever_a_brand_said_before():
    own = PACKS.under(Policy(switched_off=(("IN-1", "it was a custom once"),)))
    (rule,) = rules(own, "IN")
    assert (rule.id, rule.windows is None) == ("IN-1", False)


def test_a_reason_is_asked_for():
    with pytest.raises(ValueError, match=r"switched_off\.FR-3"):
        OwnHours.model_validate({"switched_off": {"FR-3": " "}})


def test_a_trades_row_holds_for_that_trade_alone():
    """Chinese life insurers; the hours are those of custom, and binding on them."""
    voice = {"channel": Channel.VOICE}
    assert ids(PACKS, "CN", **voice) == ["CN-2"]
    assert ids(under(sector="life_insurance"), "CN", **voice) == ["CN-2", "CN-3"]
    assert ids(under(sector="toys"), "CN", **voice) == ["CN-2"]


def test_a_policy_laid_on_twice_is_laid_on_once():
    policy = OwnHours(switched_off={"FR-3": "our operator passes them"}).policy
    own = PACKS.under(policy)
    assert own.under(policy) is own
    assert PACKS.under(policy) is own


def test_a_profile_comes_back_from_its_json_as_it_was():
    given = OwnHours.model_validate({"house": [AFTERNOONS], "switched_off": {"FR-3": "tested"}})
    assert OwnHours.model_validate_json(given.model_dump_json()) == given


DAY_WINDOWS = st.tuples(st.integers(0, 22), st.integers(1, 24)).map(
    lambda hours: [] if hours[0] >= hours[1] else [f"{hours[0]:02}:00-{hours[1]:02}:00"]
)


@settings(max_examples=60, deadline=None)
@given(
    windows=st.fixed_dictionaries({"mon-fri": DAY_WINDOWS, "sat": DAY_WINDOWS, "sun": DAY_WINDOWS}),
    holidays=st.booleans(),
    place=st.sampled_from(["US", "FR", "GB", "IN", "AU", "SE", "KR"]),
    channel=st.sampled_from([Channel.VOICE, Channel.SMS, Channel.EMAIL]),
    hours=st.integers(0, 24 * 14),
)
def test_no_hours_of_a_brand_admit_earlier_than_without_them(
    windows, holidays, place, channel, hours
):
    named = {"channels": [channel], "windows": windows, "holidays_allowed": holidays}
    own = under(house=[AFTERNOONS | named])
    at = datetime(2026, 12, 20, tzinfo=UTC) + timedelta(hours=hours)
    plain, narrowed = (
        when(packs, place_of(Evidence(country=place)), channel=channel, purpose=MARKETING, at=at)
        for packs in (PACKS, own)
    )
    assert plain.next_at is not None
    assert narrowed.next_at is None or narrowed.next_at >= plain.next_at

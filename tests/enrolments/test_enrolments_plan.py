"""Does this event start a passage, and what is planned in it? Pure: nothing is read."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.model import Channel, Purpose
from outreach import ids, timezones
from outreach.campaigns.conditions import Clause
from outreach.campaigns.model import Campaign, Exit
from outreach.campaigns.operators import Operator
from outreach.campaigns.seen import Seen
from outreach.campaigns.steps import Step
from outreach.campaigns.triggers import EventTrigger
from outreach.db.engine import BrandRef
from outreach.enrolments.model import Declined, Live, Plan
from outreach.enrolments.plan import BRAND_HOLDOUT, Candidate, ends, plan
from outreach.enrolments.schedule import Clocks, due_at
from outreach.events.model import Event, event_id
from outreach.people.model import Address, Person, person_id

LUMEN = BrandRef(1, "lumen")
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SEEN = Seen({}, {}, NOON)
MAIL, PHONE = (
    Address("email", "c-1@customers.example", b"m"),
    Address("phone", "+12125550101", b"p"),
)


def an_event(
    kind: str = "parcel.delivered", key: str = "P-1", at: datetime = NOON, **data: object
) -> Event:
    named = f"{kind}:{key}"
    return Event(
        event_id(LUMEN, named), kind, named, "c-1", person_id(LUMEN, "c-1"), at, "shop", data
    )


def a_person(*addresses: Address, ref: str = "c-1", **fields: object) -> Person:
    return Person(person_id(LUMEN, ref), ref, addresses=addresses or (MAIL, PHONE))._replace(
        **fields,  # type: ignore[arg-type]  # whatever a test is about
    )


def a_step(key: str = "one", **changes: object) -> Step:
    values: Mapping[str, object] = {
        "channels": (Channel.EMAIL, Channel.SMS), "template": "words", "useful_for": timedelta(1)
    }  # fmt: skip
    return Step(key=key, **{**values, **changes})  # type: ignore[arg-type]  # that is what builders do


def a_campaign(*steps: Step, **changes: object) -> Campaign:
    values: Mapping[str, object] = {
        "key": "reminder", "name": {"en": "Reminder"}, "purpose": Purpose.SERVICE,
        "trigger": EventTrigger("parcel.delivered"), "steps": steps or (a_step(),),
    }  # fmt: skip
    return Campaign(**{**values, **changes})  # type: ignore[arg-type]  # that is what builders do


def a_candidate(campaign: Campaign, event: Event, **changes: object) -> Candidate:
    """Somebody in New York to whom this happened, asked about at noon."""
    values: Mapping[str, object] = {
        "brand": "lumen", "live": Live(UUID(int=7), campaign), "event": event,
        "person": a_person(), "zones": ("America/New_York",), "now": NOON,
    }  # fmt: skip
    return Candidate(**{**values, **changes})  # type: ignore[arg-type]  # as above


def planned(
    campaign: Campaign, *, event: Event | None = None, **changes: object
) -> Plan | Declined:
    return plan(a_candidate(campaign, event or an_event(), **changes))


def began(campaign: Campaign, **changes: object) -> Plan:
    found = planned(campaign, **changes)
    assert isinstance(found, Plan), found
    return found


def declined(campaign: Campaign, **changes: object) -> Declined:
    found = planned(campaign, **changes)
    assert isinstance(found, Declined), found
    return found


def test_a_plan_holds_every_step_with_its_instants() -> None:
    """Due after its delay, useless after its span, on the first channel that reaches the person."""
    later = a_step("two", after=timedelta(days=2), channels=(Channel.SMS,), purpose=Purpose.SURVEY)
    one, two = began(a_campaign(a_step(), later, priority=9)).touches
    assert (one.due_at, one.useless_after) == (NOON, NOON + timedelta(days=1))
    assert (one.channel, one.purpose, one.priority) == (Channel.EMAIL, Purpose.SERVICE, 9)
    assert (two.due_at, two.channel, two.purpose) == (
        NOON + timedelta(days=2),
        Channel.SMS,
        Purpose.SURVEY,
    )


def test_the_next_channel_serves_where_the_first_has_no_address() -> None:
    """Mail first, and a text where there is no mail address."""
    (touch,) = began(a_campaign(), person=a_person(PHONE)).touches
    assert touch.channel is Channel.SMS


def test_a_step_that_reaches_nobody_is_over_before_it_begins() -> None:
    """It is a candidate all the same, and has its reason."""
    voice = a_step(channels=(Channel.SMS,))
    (touch,) = began(a_campaign(voice), person=a_person(MAIL)).touches
    assert touch.reason == "no_address"


def test_planning_again_gives_the_same_ids() -> None:
    """Another worker, another day, a later version of the campaign: the same passage."""
    first = began(a_campaign())
    later = began(a_campaign(priority=80), live=Live(UUID(int=8), a_campaign()))
    assert first.enrolment_id == later.enrolment_id
    assert [t.id for t in first.touches] == [t.id for t in later.touches]


def test_each_event_begins_a_passage_unless_once_per_person() -> None:
    """Two parcels are two passages; in a campaign once per person they are one."""
    once = a_campaign(trigger=EventTrigger("parcel.delivered", once_per="person"))
    for campaign, passages in ((a_campaign(), 2), (once, 1)):
        found = {began(campaign, event=an_event(key=key)).enrolment_id for key in ("P-1", "P-2")}
        assert len(found) == passages


def test_a_condition_that_is_not_met_declines_and_names_the_clause() -> None:
    """Whoever asks why hears which part of the condition said no."""
    vip = Clause("event.data.tier", Operator.IS, "vip")
    said = declined(a_campaign(trigger=EventTrigger("parcel.delivered", condition=vip)))
    assert said.reason == "condition_not_met"
    assert "event.data.tier" in said.detail


def test_a_step_with_a_condition_of_its_own_is_skipped_alone() -> None:
    """The others of the passage go their way."""
    vip = a_step("two", condition=Clause("event.data.tier", Operator.IS, "vip"))
    reasons = [touch.reason for touch in began(a_campaign(a_step(), vip)).touches]
    assert reasons == [None, "condition_not_met"]


def test_an_exit_that_happened_after_the_trigger_declines() -> None:
    """The refund was heard of before the delivery that it followed."""
    campaign = a_campaign(exits=(Exit("order.refunded"),))
    refund = an_event("order.refunded", "O-1", NOON + timedelta(hours=1))
    assert declined(campaign, past=[refund]).reason == "already_ended"


def test_an_exit_that_happened_before_the_trigger_ends_nothing() -> None:
    """An earlier order's refund says nothing of this parcel."""
    campaign = a_campaign(exits=(Exit("order.refunded"),))
    refund = an_event("order.refunded", "O-1", NOON - timedelta(hours=1))
    began(campaign, past=[refund])


@pytest.mark.parametrize(
    ("trigger_order", "exit_order", "over"),
    [("O-1", "O-1", True), ("O-1", "O-2", False), (None, None, False), ("O-1", None, False)],
)
def test_an_exit_for_the_same_order_asks_which_order(
    trigger_order: str | None, exit_order: str | None, *, over: bool
) -> None:
    """Two orders that are not named are not the same order."""
    campaign = a_campaign(exits=(Exit("order.refunded", same="order"),))
    refund = an_event("order.refunded", "R", NOON, order=exit_order)
    assert ends(refund, campaign, an_event(order=trigger_order), SEEN) is over


def test_an_event_does_not_end_what_it_began() -> None:
    """A campaign may end with the next event of the very type that starts it."""
    campaign = a_campaign(exits=(Exit("parcel.delivered"),))
    began(campaign, past=[an_event()])
    assert ends(an_event(key="P-2", at=NOON + timedelta(days=1)), campaign, an_event(), SEEN)


def test_the_holdout_is_a_share_and_the_same_people_every_time() -> None:
    """A tenth of a thousand, whoever asks and in whichever version of the campaign."""
    people = [a_person(ref=f"c-{number}") for number in range(1000)]

    def left_alone(**changes: object) -> set[str]:
        campaign = a_campaign(holdout=0.1, **changes)
        return {p.ref for p in people if isinstance(planned(campaign, person=p), Declined)}

    assert left_alone() == left_alone(priority=90)
    assert 70 <= len(left_alone()) <= 130
    assert declined(a_campaign(holdout=1.0)).reason == "holdout"


def test_whom_the_brand_leaves_alone_is_asked_nothing_and_served_all_the_same() -> None:
    """The same people in each campaign that asks something, by coins of their own."""

    def left_alone(campaign: Campaign, *, share: float) -> set[str]:
        found = set()
        for number in range(500):
            person = a_person(ref=f"c-{number}")
            said = planned(campaign, person=person, holdout=share)
            found |= {person.ref} if isinstance(said, Declined) else set()
        return found

    news, renewal = (
        a_campaign(key=key, purpose=purpose)
        for key, purpose in (("news", Purpose.MARKETING), ("renew", Purpose.RENEWAL))
    )
    assert left_alone(news, share=0.1) == left_alone(renewal, share=0.1)
    assert 30 <= len(left_alone(news, share=0.1)) <= 70
    assert left_alone(a_campaign(purpose=Purpose.SERVICE), share=0.9) == set()
    assert declined(news, holdout=1.0).reason == BRAND_HOLDOUT


def test_what_is_declined_is_declined_for_its_event_alone() -> None:
    """So that another event may still begin a passage that happens once per person."""
    vip = Clause("event.data.tier", Operator.IS, "vip")
    once = a_campaign(trigger=EventTrigger("parcel.delivered", vip, once_per="person"))
    no = declined(once)
    assert no.enrolment_id != declined(once, event=an_event(key="P-2")).enrolment_id
    assert no.enrolment_id != began(once, event=an_event(tier="vip")).enrolment_id


@pytest.mark.parametrize(
    ("since", "zone", "local"),
    [
        ("2026-03-06T12:00Z", "America/New_York", "2026-03-08T10:00"),  # clocks went forward
        ("2026-10-30T12:00Z", "America/New_York", "2026-11-01T10:00"),  # clocks went back
        ("2026-03-10T12:00Z", "Pacific/Kiritimati", "2026-03-13T10:00"),  # already tomorrow there
        ("2026-03-10T12:00Z", "Pacific/Pago_Pago", "2026-03-12T10:00"),
        ("2026-03-10T12:00Z", "Asia/Kolkata", "2026-03-13T10:00"),
    ],
)
def test_a_wall_time_is_the_one_on_the_persons_clock(since: str, zone: str, local: str) -> None:
    """Two days later, then the next 10:00 there, also when the clocks change in between."""
    step = a_step(after=timedelta(days=2), at=time(10))
    due = due_at(step, datetime.fromisoformat(since), Clocks((zone,)))
    assert due.astimezone(timezones.load(zone)).replace(tzinfo=None) == datetime.fromisoformat(
        local
    )


def test_with_two_zones_the_later_wall_time_counts() -> None:
    """In Florida's panhandle 10:00 is not yet 10:00 an hour further west."""
    step = a_step(at=time(10))
    due = due_at(step, NOON, Clocks(("America/New_York", "America/Chicago")))
    assert due == datetime(2026, 3, 10, 15, tzinfo=UTC)


def test_without_a_zone_the_delay_alone_counts() -> None:
    """The gate then holds what needs a place."""
    assert due_at(a_step(at=time(10)), NOON, Clocks(())) == NOON


ZONES = ("America/New_York", "America/St_Johns", "Asia/Urumqi", "Australia/Lord_Howe", "Etc/UTC")


@given(
    since=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(  # noqa: DTZ001  # made UTC
        lambda when: when.replace(tzinfo=UTC, microsecond=0)
    ),
    at=st.times().map(lambda when: when.replace(second=0, microsecond=0)),
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True),
)
def test_a_wall_time_is_never_early_and_within_two_days(
    since: datetime, at: time, zones: list[str]
) -> None:
    """Whatever the clocks do, the step waits for its hour and no longer than it must."""
    due = due_at(a_step(at=at), since, Clocks(tuple(zones)))
    assert since <= due <= since + timedelta(hours=49)


def test_ids_do_not_move() -> None:
    """Providers remember our ids, so a change of how they are made would send everything twice."""
    (touch,) = began(a_campaign()).touches
    assert ids.shown(ids.TOUCH, touch.id) == "tch_ow5qk2q72westeliw4xz7vsrry"

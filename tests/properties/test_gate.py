"""What may the gate never do, whatever the facts are?"""

from datetime import datetime, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from optout.model import Channel, Decision, Purpose
from optout.model import Reason as Consent
from outreach import timezones
from outreach.brands.pace import ASKING
from outreach.dispatch.arbitration import rank, with_rivals
from outreach.dispatch.digests import Digests
from outreach.dispatch.gate import judge
from outreach.dispatch.model import (
    Attempted,
    Facts,
    Hold,
    Limit,
    Period,
    Send,
    Silence,
    Skip,
)
from tests.builders import NOON
from tests.dispatch import builders as d

HOURS = st.floats(0, 100, allow_nan=False)
CHANNELS, PURPOSES = st.sampled_from(Channel), st.sampled_from(Purpose)
REFUSALS = (Consent.WITHDRAWN, Consent.BLOCKED, Consent.NO_CONSENT)
DECISIONS = st.one_of(
    st.none(),
    st.just(d.YES),
    st.sampled_from(REFUSALS).map(lambda why: Decision(False, why, None, "no")),
)
ATTEMPTS = st.lists(
    st.builds(
        lambda ago, number, channel, purpose, product, whose: d.attempted(
            ago, number, channel=channel, purpose=purpose, product=product, same_person=whose[0],
            same_address=whose[1], elsewhere=whose[2],
        ),
        HOURS, st.integers(2, 9), CHANNELS, PURPOSES, st.sampled_from((None, "One")),
        st.sampled_from([
            (True, True, False), (True, False, False), (False, True, False), (False, True, True),
            (False, False, True),
        ]),
    ),
    max_size=6,
)  # fmt: skip
ZONES = ("America/New_York", "Pacific/Auckland")
SPANS: st.SearchStrategy[timedelta | Period] = st.one_of(
    st.floats(0.5, 100).map(lambda hours: timedelta(hours=hours)),
    st.sampled_from(("day", "week", "month")),
)
LIMITS = st.lists(
    st.builds(
        lambda most, span, channels, purposes, whom, across, product: Limit(
            most, span, tuple(channels), tuple(purposes), "cap", whom, across, product, ZONES
        ),
        st.integers(1, 3), SPANS, st.sets(CHANNELS), st.sets(PURPOSES),
        st.sampled_from(("person", "address")), st.sampled_from(("brand", "group")), st.booleans(),
    ),
    max_size=3,
)  # fmt: skip
TOUCHES = st.builds(
    lambda number, channel, purpose, priority, left: d.a_touch(
        number, channel=channel, purpose=purpose, priority=priority,
        useless_after=NOON + timedelta(hours=left),
    ),
    st.integers(100, 200), CHANNELS, PURPOSES, st.integers(0, 3), st.floats(-2, 100),
)  # fmt: skip
ADMISSIONS = st.one_of(
    st.just(d.OPEN), st.one_of(st.none(), HOURS.map(lambda h: h + 0.1)).map(d.closed)
)
FACTS = st.builds(
    lambda touch, decision, cases, place, admission, limits, attempts, value: d.facts(
        touch=touch, decision=decision, care=Silence(tuple(cases)), place=place,
        admission=admission, limits=tuple(limits), attempts=tuple(attempts),
        rank=rank(touch, value),
    ),
    TOUCHES, DECISIONS, st.lists(st.just("C-1"), max_size=1),
    st.sampled_from((d.NEW_YORK, d.NOWHERE)), ADMISSIONS, LIMITS, ATTEMPTS,
    st.sampled_from((0.0, 1.0)),
)  # fmt: skip


@given(FACTS)
def test_what_is_sent_had_nothing_against_it(facts: Facts) -> None:
    """Consent, a place where one is needed, an open window, and a last useful moment to come."""
    if judge(facts) != Send():
        return
    assert facts.decision is not None
    assert facts.decision.allowed
    assert facts.place.known or facts.touch.channel not in {Channel.VOICE, Channel.SMS}
    assert facts.admission.allowed
    assert facts.now < facts.touch.useless_after


@given(FACTS)
def test_no_cap_is_exceeded_by_what_is_sent(facts: Facts) -> None:
    """Counted anew: with this one, no span that ends now holds more than its cap."""
    if judge(facts) != Send():
        return
    for limit in facts.limits:
        assert len([a for a in facts.attempts if weighs(a, facts, limit)]) < limit.max


def weighs(one: Attempted, facts: Facts, limit: Limit) -> bool:
    """The same as the gate decides, told in another way."""
    spoken_of = one.channel in limit.channels and one.purpose in limit.purposes
    if not spoken_of or (limit.same_product and one.product != facts.product):
        return False
    if one.purpose is Purpose.TRANSACTIONAL and facts.touch.purpose in ASKING:
        return False
    mine = one.same_person if limit.whom == "person" else one.same_address
    theirs = limit.across == "group" and (limit.whom == "person" or one.same_address)
    if not (theirs if one.elsewhere else mine):
        return False
    if isinstance(limit.per, timedelta):
        return facts.now - one.at < limit.per
    return any(
        period_of(one.at, limit.per, zone) == period_of(facts.now, limit.per, zone)
        for zone in limit.zones
    )


def period_of(at: datetime, period: Period, zone: str) -> object:
    day = at.astimezone(timezones.load(zone)).date()
    if period == "week":
        return day.isocalendar()[:2]
    return day if period == "day" else (day.year, day.month)


@given(FACTS)
def test_a_hold_ends_later_than_now_and_while_it_is_still_useful(facts: Facts) -> None:
    """Or a worker would turn in circles, or a message would wait for nothing."""
    verdict = judge(facts)
    if not isinstance(verdict, Hold):
        return
    assert facts.now < facts.touch.useless_after
    if verdict.until is not None:
        assert facts.now < verdict.until < facts.touch.useless_after


@given(FACTS)
def test_a_cap_that_held_has_room_when_the_hold_ends(facts: Facts) -> None:
    """The instant it names is the right one: judged then, this cap does not object."""
    only_caps = d.facts(
        touch=facts.touch, limits=facts.limits, attempts=facts.attempts, apart=timedelta(),
        product=facts.product,
    )  # fmt: skip
    verdict = judge(only_caps)
    if isinstance(verdict, Hold) and verdict.until is not None:
        later = d.facts(
            touch=facts.touch, limits=facts.limits, attempts=facts.attempts, apart=timedelta(),
            now=verdict.until, product=facts.product,
        )  # fmt: skip
        assert judge(later) == Send()


@given(FACTS)
def test_judging_again_says_the_same(facts: Facts) -> None:
    """Pure: the same facts, the same verdict, the same hash."""
    assert judge(facts) == judge(facts)
    assert Digests().of(facts) == Digests().of(facts)


@settings(max_examples=50)
@given(st.lists(FACTS, min_size=2, max_size=4, unique_by=lambda f: f.touch.id))
def test_the_winner_does_not_depend_on_who_came_first(contenders: list[Facts]) -> None:
    """Of one person's contacts that ask for something at most one goes, in every order the same."""
    outcomes = set()
    for order in permutations(contenders):
        told = with_rivals(order)
        outcomes.add(frozenset((f.touch.id, type(judge(f))) for f in told))
        going = [
            f for f in told
            if judge(f) == Send() and f.touch.purpose is not Purpose.TRANSACTIONAL
        ]  # fmt: skip
        assert len(going) <= 1
    assert len(outcomes) == 1


@given(FACTS)
def test_every_no_has_a_reason(facts: Facts) -> None:
    """Not sending is an answer, and never without its why."""
    verdict = judge(facts)
    assert isinstance(verdict, Send) or (isinstance(verdict, Hold | Skip) and verdict.reason)

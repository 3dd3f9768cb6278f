"""Does each check object when it should, in the order in which the chain is read aloud?"""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from optout.model import Channel, Decision, Purpose
from optout.model import Reason as Consent
from outreach.dispatch.gate import CHAIN, PULL_CHAIN, judge
from outreach.dispatch.model import Hold, Limit, Reason, Send, Silence, Skip, Verdict
from tests.builders import NOON
from tests.dispatch import builders as d


def no(reason: Consent) -> Decision:
    return Decision(allowed=False, reason=reason, entry=None, sentence=f"said {reason}")


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def said(**changes: object) -> Verdict:
    return judge(d.facts(**changes))


def test_with_nothing_against_it_a_touch_goes() -> None:
    """Silence all along means send."""
    assert said() == Send()


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (no(Consent.WITHDRAWN), Reason.WITHDRAWN),
        (no(Consent.BLOCKED), Reason.BLOCKED),
        (no(Consent.NO_CONSENT), Reason.NO_CONSENT),
        (None, Reason.NO_ADDRESS),
    ],
)
def test_consent_skips_for_good(decision: Decision | None, reason: Reason) -> None:
    """Whoever said no, never said yes, or cannot be reached, is not asked again later."""
    verdict = said(decision=decision)
    assert isinstance(verdict, Skip)
    assert verdict.reason is reason


@pytest.mark.parametrize("purpose", list(Purpose))
def test_an_open_case_mutes_what_asks_for_something(purpose: Purpose) -> None:
    """Service and the order itself go on: they are what the case is about."""
    verdict = said(care=Silence(cases=("C-1",)), touch=d.a_touch(purpose=purpose))
    muted = purpose not in {Purpose.TRANSACTIONAL, Purpose.SERVICE}
    assert verdict == (Hold(Reason.CARE_HOLD, None, {"cases": ["C-1"]}) if muted else Send())


@pytest.mark.parametrize(
    ("channel", "held"),
    [(Channel.SMS, True), (Channel.VOICE, True), (Channel.EMAIL, False), (Channel.CHAT, False)],
)
def test_without_a_place_there_are_no_hours_for_calls_and_texts(
    channel: Channel, *, held: bool
) -> None:
    """Until somebody says where the person lives."""
    verdict = said(place=d.NOWHERE, touch=d.a_touch(channel=channel))
    assert verdict == (Hold(Reason.PLACE_UNKNOWN, None, {"evidence": []}) if held else Send())


def test_a_mail_that_is_bound_to_hours_waits_for_a_place_too() -> None:
    """And is not skipped: a zone may be added."""
    mail = d.a_touch(channel=Channel.EMAIL)
    verdict = said(place=d.NOWHERE, touch=mail, admission=d.closed(None))
    assert isinstance(verdict, Hold)
    assert verdict.reason is Reason.PLACE_UNKNOWN


def test_outside_the_hours_it_waits_for_the_next_lawful_instant() -> None:
    """To the minute that the rules of the place give."""
    verdict = said(admission=d.closed(3))
    assert isinstance(verdict, Hold)
    assert (verdict.reason, verdict.until) == (Reason.OUTSIDE_HOURS, NOON + hours(3))


def test_where_no_hour_is_lawful_it_is_skipped() -> None:
    """Waiting for what never comes is no plan."""
    verdict = said(admission=d.closed(None))
    assert isinstance(verdict, Skip)
    assert verdict.reason is Reason.NO_LAWFUL_HOUR


@pytest.mark.parametrize(
    ("ago", "room_at"),
    [
        ([], None),
        ([24], None),
        ([23.5], 0.5),
        ([30, 20, 10], 14),
        ([0], 24),
    ],
)
def test_a_cap_holds_until_the_oldest_counted_attempt_falls_out(
    ago: list[float], room_at: float | None
) -> None:
    """A rolling span, so that 23:00 and 00:00 are an hour apart and not a day."""
    attempts = tuple(
        d.attempted(h, number=10 + i, purpose=Purpose.TRANSACTIONAL) for i, h in enumerate(ago)
    )
    verdict = said(
        limits=(d.a_limit(1),), attempts=attempts, touch=d.a_touch(useless_after=NOON + hours(99))
    )
    if room_at is None:
        assert verdict == Send()
    else:
        assert verdict == Hold(Reason.CAPPED, NOON + hours(room_at), {"cap": "cap", "of": "brand"})


def test_of_two_full_caps_the_later_one_counts() -> None:
    """Each of them has to have room."""
    limits = (d.a_limit(1, 24), d.a_limit(1, 48))
    verdict = said(
        limits=limits, attempts=(d.attempted(6),), touch=d.a_touch(useless_after=NOON + hours(99))
    )
    assert isinstance(verdict, Hold)
    assert verdict.until == NOON + hours(42)


def test_a_cap_counts_what_it_speaks_of_and_nothing_else() -> None:
    """Other channels and purposes leave room."""
    limit = Limit(1, hours(24), (Channel.SMS,), (Purpose.SURVEY,), "one survey")
    elsewhere = (d.attempted(5, channel=Channel.EMAIL, purpose=Purpose.SURVEY), d.attempted(6))
    assert said(limits=(limit,), attempts=elsewhere) == Send()


@pytest.mark.parametrize(("ago", "held"), [(3.9, True), (4, False)])
def test_two_contacts_keep_their_distance(ago: float, *, held: bool) -> None:
    """Of whatever campaigns and channels."""
    verdict = said(attempts=(d.attempted(ago, channel=Channel.EMAIL),))
    expected = Hold(Reason.OUTRANKED, NOON + hours(4 - ago), {"by": str(d.attempted(1).touch_id)})
    assert verdict == (expected if held else Send())


def test_a_touchs_own_earlier_attempt_does_not_hide_anothers() -> None:
    """The latest contact by anybody else is what counts."""
    attempts = (d.attempted(1, number=1), d.attempted(2))
    assert isinstance(said(attempts=attempts), Hold)


def test_transactional_contacts_neither_wait_nor_make_wait() -> None:
    """News of an order goes when it is due."""
    before = (d.attempted(1, purpose=Purpose.TRANSACTIONAL),)
    assert said(attempts=before) == Send()
    news = d.a_touch(purpose=Purpose.TRANSACTIONAL)
    assert said(touch=news, attempts=(d.attempted(1),), rivals=(d.a_rival(),)) == Send()


def test_a_rival_of_higher_rank_goes_first_and_is_named() -> None:
    """The loser hears who won."""
    rival = d.a_rival()
    assert said(rivals=(rival,)) == Hold(
        Reason.OUTRANKED, NOON + hours(4), dict(rival.named.because()) if rival.named else {}
    )
    assert said(rivals=(d.a_rival(rank=(-10.0, 0.0, 0.0)),)) == Send()


@pytest.mark.parametrize(("left", "verdict"), [(1, Send()), (0, Skip(Reason.TOO_LATE))])
def test_past_its_last_useful_moment_it_is_skipped(left: int, verdict: Verdict) -> None:
    """The moment itself is past."""
    touch = d.a_touch(useless_after=NOON + timedelta(seconds=left))
    assert said(touch=touch) == verdict


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"admission": d.closed(24)}, Reason.OUTSIDE_HOURS),
        ({"limits": (d.a_limit(1, 48),), "attempts": (d.attempted(5),)}, Reason.CAPPED),
        ({"rivals": (d.a_rival(),), "apart": timedelta(days=1)}, Reason.OUTRANKED),
    ],
)
def test_a_wait_past_the_last_useful_moment_is_dropped_and_says_what_held_it(
    changes: Mapping[str, object], reason: Reason
) -> None:
    """At once, and not after the wait."""
    verdict = said(**changes)
    assert isinstance(verdict, Skip)
    assert verdict.reason is Reason.TOO_LATE
    assert verdict.because["held_by"] == reason


@pytest.mark.parametrize("changes", [{"care": Silence(cases=("C-1",))}, {"place": d.NOWHERE}])
def test_a_hold_without_an_end_lasts_until_the_last_useful_moment(
    changes: Mapping[str, object],
) -> None:
    """A case may be closed and a zone added until then; then it is too late."""
    ask = d.a_touch(purpose=Purpose.SURVEY)
    assert isinstance(said(touch=ask, **changes), Hold)
    late = d.a_touch(purpose=Purpose.SURVEY, useless_after=NOON)
    verdict = said(touch=late, **changes)
    assert isinstance(verdict, Skip)
    assert verdict.reason is Reason.TOO_LATE


def test_the_chain_is_read_in_this_order() -> None:
    """With everything against a touch, taking away one objection after the other shows the next."""
    objections: list[tuple[Mapping[str, object], str]] = [
        ({"decision": no(Consent.WITHDRAWN)}, "withdrawn"),
        ({"care": Silence(cases=("C-1",))}, "care_hold"),
        ({"place": d.NOWHERE}, "place_unknown"),
        ({"admission": d.closed(1)}, "outside_hours"),
        ({"day_off_until": NOON + hours(9)}, "day_left_out"),
        ({"limits": (d.a_limit(1),), "attempts": (d.attempted(20),)}, "capped"),
        ({"rivals": (d.a_rival(),)}, "outranked"),
    ]
    known: dict[str, object] = {"touch": d.a_touch(purpose=Purpose.SURVEY)}
    for changes, _ in objections:
        known.update(changes)
    for changes, reason in objections:
        verdict = said(**known)
        assert isinstance(verdict, Hold | Skip)
        assert verdict.reason == reason
        for name in changes:
            del known[name]
    assert said(**known) == Send()


def test_an_agents_pull_leaves_out_ranks_alone() -> None:
    """It was ranked when the call was opened; everything else is asked again."""
    left_out = {check.__name__ for check in CHAIN} - {check.__name__ for check in PULL_CHAIN}
    assert left_out == {"outranked"}

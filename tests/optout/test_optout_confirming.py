"""May a refusal be answered, once, and by nothing that promotes?"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout import regimes
from optout.confirming import May, answering
from optout.decide import decide
from optout.model import Action, Block, Channel, Decision, Entry, How, Purpose, Question, Reason
from optout.rules import Ruling

T0 = datetime(2026, 3, 2, 18, tzinfo=UTC)
HASH = b"\x01" + b"a" * 32
LAW = regimes.packaged()
CHANNELS = st.sampled_from((None, Channel.SMS, Channel.EMAIL))
PURPOSES = st.sampled_from((None, Purpose.MARKETING, Purpose.SURVEY))


def law(*places: str, channel: Channel = Channel.SMS) -> Ruling:
    return LAW.ruling(places, channel, Purpose.TRANSACTIONAL, on=date(2026, 3, 2))


def entry(action: Action, minute: int, **scope: object) -> Entry:
    where = {"brand": "north", "channel": None, "purpose": None} | scope
    when = T0 + timedelta(minutes=minute)
    return Entry(
        identity_hash=HASH, action=action, how=How.REPLY, evidence="msg", effective_at=when, **where
    )


def asked(
    *said: Entry, of: int = 0, at: int = 1, places: tuple[str, ...] = ("US",), **q
) -> Decision:
    question = Question(
        "north", HASH, q.get("channel", Channel.SMS), q.get("purpose", Purpose.TRANSACTIONAL),
        confirms=T0 + timedelta(minutes=of), at=T0 + timedelta(minutes=at),
    )  # fmt: skip
    return decide(question, said, ruling=law(*places, channel=question.channel))


REFUSED = entry(Action.WITHDRAW, 0)


@pytest.mark.parametrize(
    ("places", "channel", "may", "minutes"),
    [
        (("US",), Channel.SMS, May.MAY, 5),
        (("US-NY",), Channel.SMS, May.MAY, 5),
        (("US",), Channel.EMAIL, May.MUST_NOT, None),
        (("KR",), Channel.EMAIL, May.MUST, 14 * 24 * 60),
        (("VN",), Channel.SMS, May.MUST, 24 * 60),
        (("US", "VN"), Channel.SMS, May.MUST, 5),
        (("US", "FR"), Channel.SMS, May.MUST_NOT, None),
        (("CN",), Channel.SMS, May.MUST_NOT, None),
        ((), Channel.SMS, May.MUST_NOT, None),
    ],
)
def test_what_each_place_says(
    places: tuple[str, ...], channel: Channel, may: May, minutes: int | None
) -> None:
    """All must admit it, the shortest time counts, and where nothing is known it is no."""
    said = answering(law(*places, channel=channel), channel, withdrawn_at=T0)
    assert said.may is may
    assert said.by == (None if minutes is None else T0 + timedelta(minutes=minutes))


def test_no_law_at_all_admits_none() -> None:
    assert answering(None, Channel.SMS, withdrawn_at=T0).may is May.MUST_NOT


def test_a_refusal_is_confirmed_and_the_answer_rests_on_it() -> None:
    said = asked(REFUSED)
    assert (said.allowed, said.reason, said.entry) == (True, Reason.CONFIRMATION, REFUSED)
    assert "47 CFR 64.1200(a)(12)" in said.sentence


@pytest.mark.parametrize(
    ("said", "how", "sentence"),
    [
        ([], {}, "no refusal on record"),
        ([REFUSED], {"of": 1}, "no refusal on record"),
        ([REFUSED], {"at": 6}, "until 2026-03-02T18:05"),
        ([REFUSED], {"places": ("FR",)}, "does not admit"),
        ([REFUSED], {"purpose": Purpose.SERVICE}, "promotes and asks nothing"),
        ([entry(Action.WITHDRAW, -9), REFUSED], {}, "refused before"),
        ([REFUSED, entry(Action.GRANT, 1, channel=Channel.SMS)], {}, "permitted anew"),
    ],
)  # fmt: skip
def test_what_is_not_confirmed_says_why(said, how, sentence) -> None:
    answer = asked(*said, **how)
    assert (answer.allowed, answer.reason) == (False, Reason.WITHDRAWN)
    assert sentence in answer.sentence


def test_who_refused_less_before_is_answered_of_the_more() -> None:
    assert asked(entry(Action.WITHDRAW, -9, purpose=Purpose.MARKETING), REFUSED).allowed


def test_a_block_wins() -> None:
    assert asked(REFUSED, entry(Action.BLOCK, -9, block=Block.LAW)).reason is Reason.BLOCKED


def test_a_refusal_of_promotion_alone_passes_by_no_other_ground() -> None:
    """What serves an order would be free to go: not if it is said to confirm, in France."""
    refused = entry(Action.WITHDRAW, 0, purpose=Purpose.MARKETING)
    assert not asked(refused, places=("FR",)).allowed
    assert asked(refused).allowed


SAID = st.lists(
    st.builds(
        lambda action, minute, channel, purpose: entry(
            action, minute, channel=channel, purpose=purpose
        ),
        st.sampled_from((Action.WITHDRAW, Action.GRANT)), st.integers(0, 8), CHANNELS, PURPOSES,
    ),
    max_size=8,
)  # fmt: skip


@given(SAID, st.sampled_from(Purpose), st.sampled_from(Channel), st.integers(0, 8))
def test_nothing_that_promotes_or_asks_ever_passes(said, purpose, channel, minute) -> None:
    answer = asked(*said, of=minute, at=minute, purpose=purpose, channel=channel, places=("KR",))
    assert not answer.allowed or purpose is Purpose.TRANSACTIONAL


@given(SAID)
def test_of_refusals_of_one_scope_one_at_most_is_confirmed(said: list[Entry]) -> None:
    """However often it is repeated, and whatever is permitted or refused around it."""
    refused = sorted({e.effective_at for e in said if e.action is Action.WITHDRAW})
    passed = [
        e
        for at in refused
        if (minute := int((at - T0).total_seconds() // 60)) is not None
        and (answer := asked(*said, of=minute, at=minute, places=("KR",))).allowed
        and (e := answer.entry)
    ]
    for one in passed:
        for other in passed:
            if one.effective_at < other.effective_at:
                assert (one.channel, one.purpose) != (other.channel, other.purpose)


@given(SAID, st.permutations(range(8)))
def test_the_order_of_lines_does_not_matter(said: list[Entry], order: list[int]) -> None:
    moved = [said[n] for n in order if n < len(said)]
    for minute in range(9):
        one, other = asked(*said, of=minute, at=minute), asked(*moved, of=minute, at=minute)
        assert (one.allowed, one.reason) == (other.allowed, other.reason)

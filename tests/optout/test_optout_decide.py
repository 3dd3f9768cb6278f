"""Does the fold of what was said ever fall to yes where it should fall to no?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.decide import BY_CONTRACT, FROM_FILES, covers, decide
from optout.model import Action, Channel, Entry, How, Purpose, Question, Reason

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HASH, OTHER = b"\x01" + b"a" * 32, b"\x01" + b"b" * 32
BRANDS = ("north", "south")
CHANNELS = (Channel.SMS, Channel.EMAIL)
PURPOSES = (Purpose.SERVICE, Purpose.SURVEY, Purpose.MARKETING)


def asked(
    channel: Channel = Channel.SMS, purpose: Purpose = Purpose.SURVEY, brand: str = "north"
) -> Question:
    return Question(brand, HASH, channel, purpose)


def said(action: Action, *, hour: int = 0, how: How = How.REPLY, **scope: object) -> Entry:
    where = {"brand": "north", "channel": None, "purpose": None} | scope
    when = T0 + timedelta(hours=hour)
    return Entry(
        identity_hash=HASH, action=action, how=how, evidence="msg-1", effective_at=when, **where
    )


ENTRIES = st.builds(
    Entry,
    brand=st.sampled_from((None, *BRANDS)),
    identity_hash=st.sampled_from((HASH, HASH, HASH, OTHER)),
    channel=st.sampled_from((None, *CHANNELS)),
    purpose=st.sampled_from((None, *PURPOSES)),
    action=st.sampled_from(Action),
    how=st.sampled_from((How.REPLY, How.CONSOLE, How.IMPORT, How.REGISTER)),
    evidence=st.sampled_from(("msg-1", "msg-2")),
    effective_at=st.integers(0, 3).map(lambda hour: T0 + timedelta(hours=hour)),
)
SAID = st.lists(ENTRIES, max_size=8)
QUESTIONS = st.builds(
    Question,
    brand=st.sampled_from(BRANDS),
    identity_hash=st.just(HASH),
    channel=st.sampled_from(CHANNELS),
    purpose=st.sampled_from(PURPOSES),
)


@pytest.mark.parametrize("purpose", Purpose)
def test_silence_allows_what_serves_a_contract_and_nothing_else(purpose: Purpose) -> None:
    """Nobody said a word: an order's delivery note goes out, a survey does not."""
    answer = decide(asked(purpose=purpose), [])
    assert answer.allowed is (purpose in BY_CONTRACT)
    assert answer.reason is (Reason.CONTRACT if answer.allowed else Reason.NO_CONSENT)
    assert answer.entry is None


def test_an_objection_ends_contact_by_contract_too() -> None:
    """STOP without more means all purposes on that channel, and leaves the other channel alone."""
    stop = said(Action.WITHDRAW, channel=Channel.SMS)
    answer = decide(asked(purpose=Purpose.SERVICE), [stop])
    assert (answer.allowed, answer.reason, answer.entry) == (False, Reason.WITHDRAWN, stop)
    assert decide(asked(Channel.EMAIL, Purpose.SERVICE), [stop]).allowed


def test_a_wide_withdrawal_beats_the_narrow_grant_before_it() -> None:
    """Whoever says stop to everything has said stop to the survey that they once agreed to."""
    entries = [
        said(Action.GRANT, channel=Channel.SMS, purpose=Purpose.SURVEY),
        said(Action.WITHDRAW, hour=1),
    ]
    assert decide(asked(), entries).reason is Reason.WITHDRAWN


def test_a_later_grant_restores_what_it_names() -> None:
    """After a stop to everything, agreeing to surveys by SMS reopens surveys by SMS."""
    entries = [
        said(Action.WITHDRAW),
        said(Action.GRANT, hour=1, channel=Channel.SMS, purpose=Purpose.SURVEY),
    ]
    open_now = {q for q in product(Channel, Purpose) if decide(asked(*q), entries).allowed}
    assert open_now == {(Channel.SMS, Purpose.SURVEY)}


def test_the_agencys_word_and_the_brands_both_count() -> None:
    """A withdrawal from the agency holds for each brand, until that brand is granted anew."""
    entries = [
        said(Action.WITHDRAW, brand=None),
        said(Action.GRANT, hour=1, brand="north", purpose=Purpose.SURVEY),
    ]
    assert decide(asked(brand="north"), entries).allowed
    assert not decide(asked(brand="south"), entries).allowed


def test_no_grant_opens_a_block() -> None:
    """A block is not the person's to end."""
    entries = [said(Action.BLOCK), said(Action.GRANT, hour=1)]
    assert decide(asked(), entries).reason is Reason.BLOCKED


@pytest.mark.parametrize(
    ("scope", "how", "hour", "opens"),
    [
        ({"channel": Channel.SMS}, How.CONSOLE, 1, True),
        ({}, How.CONSOLE, 1, False),
        ({"channel": Channel.SMS, "purpose": Purpose.SURVEY}, How.CONSOLE, 1, False),
        ({"channel": Channel.SMS, "brand": None}, How.CONSOLE, 1, False),
        ({"channel": Channel.SMS}, How.CONSOLE, 0, False),
        ({"channel": Channel.SMS}, How.IMPORT, 1, False),
        ({"channel": Channel.SMS}, How.REGISTER, 1, True),
    ],
)
def test_a_lift_ends_the_block_of_its_very_scope(
    scope: dict[str, object], how: How, hour: int, opens: object
) -> None:
    """Wider, narrower, of the same instant or out of another file: the block stands."""
    block = said(Action.BLOCK, channel=Channel.SMS, how=How.REGISTER)
    lift = said(Action.LIFT, hour=hour, how=how, **scope)
    answer = decide(asked(purpose=Purpose.SERVICE), [block, lift])
    assert answer.allowed is opens


def test_an_import_adds_permission_only_where_nobody_withdrew() -> None:
    """Loading last year's list again must not undo what people said since, whatever its dates."""
    imported = said(Action.GRANT, hour=9, how=How.IMPORT)
    assert decide(asked(), [imported]).allowed
    assert not decide(asked(), [said(Action.WITHDRAW), imported]).allowed


def test_what_was_said_under_a_former_key_counts() -> None:
    """Replacing the key that hashes addresses loses nobody's withdrawal."""
    before = replace(said(Action.WITHDRAW), identity_hash=OTHER)
    question = replace(asked(purpose=Purpose.SERVICE), former_hashes=(OTHER,))
    assert decide(question, [before]).reason is Reason.WITHDRAWN


def test_the_sentence_says_what_when_and_how() -> None:
    """A sentence that can be shown to the care team as it stands."""
    answer = decide(asked(), [said(Action.WITHDRAW)])
    assert answer.sentence == (
        "Withdrawn since 2026-03-02T09:00:00+00:00 (by reply): survey by sms from north."
    )


@given(SAID, QUESTIONS)
def test_a_withdrawal_holds_until_an_explicit_grant(entries: list[Entry], q: Question) -> None:
    """No sequence of grants and imports makes it vanish; a later grant out of no file must."""
    withdrawals = [e for e in entries if e.action is Action.WITHDRAW and covers(e, q)]
    for withdrawal in withdrawals:
        undone = any(
            grant.action is Action.GRANT
            and covers(grant, q)
            and grant.how not in FROM_FILES
            and grant.effective_at > withdrawal.effective_at
            for grant in entries
        )
        assert undone or not decide(q, entries).allowed


@given(SAID, QUESTIONS, st.randoms(use_true_random=False))
def test_the_order_of_lines_is_irrelevant(entries: list[Entry], q: Question, chance) -> None:
    """The same lines, shuffled, give the same answer, resting on the same entry."""
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert decide(q, shuffled) == decide(q, entries)


@given(SAID, QUESTIONS, st.sampled_from(["brand", "channel", "purpose"]), st.data())
def test_widening_a_withdrawal_never_allows_more(
    entries: list[Entry], q: Question, axis: str, data: st.DataObject
) -> None:
    """To withdraw from more than one did leaves nothing open that was closed."""
    withdrawals = [e for e in entries if e.action is Action.WITHDRAW]
    if withdrawals:
        narrow = data.draw(st.sampled_from(withdrawals))
        wider = [replace(e, **{axis: None}) if e is narrow else e for e in entries]
        assert decide(q, entries).allowed or not decide(q, wider).allowed


@given(SAID, QUESTIONS, ENTRIES)
def test_restricting_never_allows_more(entries: list[Entry], q: Question, extra: Entry) -> None:
    """One more withdrawal or block, of whatever date, leaves nothing open that was closed."""
    for action in (Action.WITHDRAW, Action.BLOCK):
        more = [*entries, replace(extra, action=action)]
        assert decide(q, entries).allowed or not decide(q, more).allowed


@given(SAID, QUESTIONS)
def test_brands_do_not_hear_each_other(entries: list[Entry], q: Question) -> None:
    """What was said to another brand, or about another address, changes nothing."""
    heard = [e for e in entries if e.brand in (None, q.brand) and e.identity_hash == HASH]
    assert decide(q, entries) == decide(q, heard)


@given(SAID, QUESTIONS)
def test_a_standing_block_is_always_no(entries: list[Entry], q: Question) -> None:
    """Whoever looks at the entries with the plainest eye sees the same blocks."""
    for block in entries:
        scope = (block.brand, block.channel, block.purpose)
        lifted = any(
            e.action is Action.LIFT
            and (e.brand, e.channel, e.purpose) == scope
            and e.effective_at > block.effective_at
            for e in entries
        )
        if block.action is Action.BLOCK and covers(block, q) and not lifted:
            assert decide(q, entries).reason is Reason.BLOCKED

"""Nobody said no: does the law of the place let us?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout import regimes
from optout.decide import decide
from optout.model import (
    Action,
    Channel,
    Decision,
    Entry,
    How,
    Purpose,
    Question,
    Reason,
    Relationship,
)
from optout.scrubs import Edition, Scrubs

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HASH = b"\x01" + b"a" * 32
LAW = regimes.packaged()
BOTH_LISTS = ("US National Do Not Call Registry", "Florida Do Not Call List")


def days_ago(days: int) -> datetime:
    return NOON - timedelta(days=days)


SALE = tuple(sorted(LAW.facts))
KINDS = tuple(sorted(LAW.kinds))


def bought(days: int) -> Relationship:
    return Relationship(last_purchase=days_ago(days), facts=SALE)


def ends(days: int) -> Relationship:
    ended = days_ago(-days)
    return Relationship(last_purchase=days_ago(400), contract_end=ended, facts=SALE)


def asked(where: str, channel: str = "sms", purpose: str = "survey", **over: object) -> Question:
    places = tuple(where.split())
    question = Question("north", HASH, Channel(channel), Purpose(purpose))
    return replace(question, jurisdictions=places, on=TODAY, **over)


def said(action: Action, how: How = How.LINK) -> Entry:
    kinds = KINDS if action is Action.GRANT else None
    return Entry("north", HASH, None, None, action, how, "form 7", days_ago(1), kinds=kinds)


def answer(question: Question, *entries: Entry, scrubs: Scrubs | None = None) -> Decision:
    ruling = LAW.ruling(
        question.jurisdictions, question.channel, question.purpose, on=TODAY, sector=question.sector
    )
    return decide(question, entries, ruling=ruling, scrubs=scrubs or Scrubs())


def scrubbed(*names: str, age: int = 3, listed: bool = False, **over: object) -> Scrubs:
    as_of = TODAY - timedelta(days=age)
    editions = {
        n: replace(Edition(n, None, name, "whole", as_of), **over)
        for n, name in enumerate(names, start=1)
    }
    return Scrubs(editions, {HASH: dict.fromkeys(editions, True)} if listed else {})


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (asked("DE", purpose="service"), Reason.CONTRACT),
        (asked("QQ", purpose="service"), Reason.CONTRACT),
        (asked("", purpose="transactional"), Reason.CONTRACT),
        (asked("GB", relationship=bought(364)), Reason.CUSTOMER),
        (asked("GB", relationship=bought(366)), Reason.NO_CONSENT),
        (asked("DE", "email", relationship=bought(100)), Reason.CUSTOMER),
        (asked("DE", "voice", relationship=bought(100)), Reason.NO_CONSENT),
        (asked("TR", relationship=bought(100)), Reason.NO_CONSENT),
        (asked("DE", "email"), Reason.NO_CONSENT),
        (asked("", relationship=bought(1)), Reason.NOT_ESTABLISHED),
        (asked("QQ", relationship=bought(1)), Reason.NOT_ESTABLISHED),
        (asked("KW", "email", "review", relationship=bought(1)), Reason.NOT_ESTABLISHED),
        (asked("FR", "voice", "renewal", relationship=ends(1)), Reason.CUSTOMER),
        (asked("FR", "voice", "renewal", relationship=ends(-1)), Reason.NO_CONSENT),
        (asked("GB", "email", "renewal", relationship=ends(-89)), Reason.CUSTOMER),
        (asked("GB", "email", "renewal", relationship=ends(-91)), Reason.NO_CONSENT),
        (asked("US", "email", "marketing", relationship=bought(700)), Reason.CUSTOMER),
        (asked("US", "email", "marketing"), Reason.NO_CONSENT),
        (asked("FR", "email", "marketing", sector="energy_renovation"), Reason.FORBIDDEN),
    ],
)
def test_silence_means_what_the_law_of_the_place_says(question: Question, reason: Reason) -> None:
    """Contract until objected, customers for a while, consent, and no where nothing is known."""
    decision = answer(question)
    assert decision.reason is reason
    assert decision.allowed is (reason in {Reason.CONTRACT, Reason.CUSTOMER})


@pytest.mark.parametrize("where", ["DE", "KZ", "US-FL", "CN"])
def test_consent_is_enough_where_consent_is_asked(where: str) -> None:
    assert answer(asked(where), said(Action.GRANT)).reason is Reason.GRANTED


@pytest.mark.parametrize(
    "question",
    [
        asked("QQ"),
        asked("KW", "email", "marketing"),
        asked("FR", "email", "marketing", sector="energy_renovation"),
    ],
)
def test_consent_does_not_help_where_nothing_is_established_or_all_is_forbidden(
    question: Question,
) -> None:
    """Whoever knows what the place is, or what the law asks, may then send."""
    assert not answer(question, said(Action.GRANT)).allowed


@pytest.mark.parametrize(
    ("scrubs", "reason"),
    [
        (Scrubs(), Reason.REGISTER_STALE),
        (scrubbed(BOTH_LISTS[0]), Reason.REGISTER_STALE),
        (scrubbed(*BOTH_LISTS), Reason.CUSTOMER),
        (scrubbed(*BOTH_LISTS, age=31), Reason.CUSTOMER),
        (scrubbed(*BOTH_LISTS, age=32), Reason.REGISTER_STALE),
        (scrubbed(*BOTH_LISTS, listed=True), Reason.ON_REGISTER),
        (scrubbed(*BOTH_LISTS, channels=(Channel.SMS,)), Reason.REGISTER_STALE),
        (scrubbed(*BOTH_LISTS, brand="south"), Reason.REGISTER_STALE),
        (scrubbed(*BOTH_LISTS, expires_on=TODAY - timedelta(days=1)), Reason.REGISTER_STALE),
        (scrubbed(*BOTH_LISTS, kind="wash"), Reason.REGISTER_STALE),
    ],
)
def test_a_register_must_be_fresh_and_clear(scrubs: Scrubs, reason: Reason) -> None:
    """Every register that the place names, for that channel, within its age."""
    call = asked("US-FL", "voice", "renewal", relationship=ends(10))
    assert answer(call, scrubs=scrubs).reason is reason


def test_consent_outweighs_a_register_and_custom_does_where_the_law_says() -> None:
    """The federal relief holds in the US at large, not in Florida, which counts on none."""
    lists = scrubbed(*BOTH_LISTS, listed=True)
    florida = asked("US-FL", "voice", "renewal", relationship=ends(10))
    assert answer(florida, said(Action.GRANT), scrubs=lists).reason is Reason.GRANTED
    anywhere = replace(florida, jurisdictions=("US",))
    assert answer(anywhere, scrubs=lists).reason is Reason.CUSTOMER
    long_ago = Relationship(last_purchase=days_ago(541), contract_end=days_ago(-10), facts=SALE)
    stale = replace(anywhere, relationship=long_ago)
    assert answer(stale, scrubs=lists).reason is Reason.ON_REGISTER


def test_where_consent_is_asked_anyway_the_register_is_asked_in_spite_of_it() -> None:
    """A national system that must be looked up before each sending is looked up."""
    system = "İYS (message management system)"
    permitted = (asked("TR", "sms", "marketing"), said(Action.GRANT))
    assert answer(*permitted).reason is Reason.REGISTER_STALE
    assert answer(*permitted, scrubs=scrubbed(system, age=1)).reason is Reason.REGISTER_STALE
    assert answer(*permitted, scrubs=scrubbed(system, age=0)).reason is Reason.GRANTED


def test_a_binding_list_blocks_whatever_the_place() -> None:
    """The house's own list is no register of the law: nothing outweighs it, and it never ages."""
    own = scrubbed("house list", age=900, listed=True, binding=True)
    for question in (asked("DE"), Question("north", HASH, Channel.SMS, Purpose.SERVICE)):
        assert decide(question, [said(Action.GRANT)], scrubs=own).reason is Reason.BLOCKED


def test_an_objection_beats_every_regime() -> None:
    """Contract included."""
    stop = said(Action.WITHDRAW)
    assert answer(asked("DE", purpose="service"), stop).reason is Reason.WITHDRAWN


def test_the_sentence_names_the_place() -> None:
    assert answer(asked("DE", "email")).sentence == (
        "For DE, nobody consented, and no purchase or contract is near enough: "
        "survey by email from north."
    )


def test_the_law_of_a_place_has_dates() -> None:
    with pytest.raises(ValueError, match="which day"):
        Question("north", HASH, Channel.SMS, Purpose.SURVEY, jurisdictions=("DE",))


RELATIONS = st.builds(
    Relationship,
    last_purchase=st.none() | st.integers(0, 900).map(days_ago),
    contract_end=st.none() | st.integers(-200, 400).map(days_ago),
    last_contact=st.none() | st.integers(0, 400).map(days_ago),
    inquiry=st.none() | st.integers(0, 200).map(days_ago),
    facts=st.sampled_from([(), SALE]),
)
PLACES = st.lists(st.sampled_from(LAW.codes()), min_size=1, max_size=3).map(" ".join)
QUESTIONS = st.builds(
    lambda where, channel, purpose, known: asked(where, channel, purpose, relationship=known),
    PLACES, st.sampled_from(list(Channel)), st.sampled_from(list(Purpose)), RELATIONS,
)  # fmt: skip


@given(QUESTIONS)
def test_consent_never_closes_what_was_open(question: Question) -> None:
    """And where all of several laws are content, each of them is."""
    open_ = answer(question).allowed
    assert not open_ or answer(question, said(Action.GRANT)).allowed
    for one in question.jurisdictions or ():
        inner = any(
            one in LAW.chain(other)[1:] for other in question.jurisdictions or () if other != one
        )
        alone = answer(replace(question, jurisdictions=(one,)))
        assert not open_ or inner or alone.allowed


@given(QUESTIONS, st.booleans())
def test_the_law_never_opens_what_a_withdrawal_closed(question: Question, imported: object) -> None:
    grant = said(Action.GRANT, How.IMPORT if imported else How.LINK)
    assert not answer(question, grant, said(Action.WITHDRAW)).allowed

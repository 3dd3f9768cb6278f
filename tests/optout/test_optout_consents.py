"""Is a consent of the kind that the law asks for, and what is believed of one that says nothing?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout import consents, regimes
from optout.decide import decide
from optout.model import Action, Channel, Entry, How, Purpose, Question, Reason, Relationship
from optout.rules import Need, Regime, Rule, Ruling

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HASH = b"\x01" + b"a" * 32
LAW = regimes.packaged()
NEEDS = [need for rules in LAW.rules.values() for rule in rules for need in rule.worded]


def granted(*, days: int = 1, kinds: tuple[str, ...] | None = None, **scope: object) -> Entry:
    where = {"brand": "north", "channel": None, "purpose": None} | scope
    when = NOON - timedelta(days=days)
    return Entry(
        identity_hash=HASH, action=Action.GRANT, how=How.LINK, evidence="form", effective_at=when,
        kinds=kinds, **where,
    )  # fmt: skip


def asked(where: str, channel: Channel, purpose: Purpose, **over: object) -> Question:
    question = Question("north", HASH, channel, purpose)
    return replace(question, jurisdictions=(where,), on=TODAY, **over)


def reason(question: Question, *entries: Entry) -> Reason:
    places = question.jurisdictions or ()
    ruling = LAW.ruling(places, question.channel, question.purpose, on=TODAY)
    return decide(question, entries, ruling=ruling).reason


CALL = asked("DE", Channel.VOICE, Purpose.MARKETING)
ASKING = asked("DE", Channel.VOICE, Purpose.SURVEY)


@pytest.mark.parametrize(
    ("question", "grant", "wanted"),
    [
        (CALL, granted(), Reason.NO_CONSENT),
        (CALL, granted(channel=Channel.VOICE), Reason.NO_CONSENT),
        (CALL, granted(kinds=("express",)), Reason.NO_CONSENT),
        (CALL, granted(channel=Channel.VOICE, kinds=("free",)), Reason.NO_CONSENT),
        (CALL, granted(channel=Channel.VOICE, kinds=("express",)), Reason.GRANTED),
        (CALL, granted(channel=Channel.VOICE, kinds=("written",)), Reason.GRANTED),
        (ASKING, granted(), Reason.GRANTED),
        (ASKING, granted(kinds=("free",)), Reason.NO_CONSENT),
    ],
)
def test_a_consent_of_lesser_kind_does_not_satisfy(
    question: Question, grant: Entry, wanted: Reason
) -> None:
    """The house wants the channel named, German law express words; a kind unknown sells nothing."""
    assert reason(question, grant) is wanted


def test_the_sentence_names_what_is_lacking() -> None:
    ruling = LAW.ruling(("DE",), CALL.channel, CALL.purpose, on=TODAY)
    said = decide(CALL, [granted(channel=Channel.VOICE)], ruling=ruling).sentence
    assert said.startswith("For DE, the consent on record is not shown to be express:")


def test_consent_on_record_lapses_where_the_law_counts_its_days() -> None:
    rule = Rule("XX", (), (), Regime.OPT_IN, "s", "known", "policy", "n", worded=(
        Need("reconfirm_730_days", frozenset(), 730),
    ))  # fmt: skip
    lacks = [
        consents.lacking(rule, granted(days=days), purpose=Purpose.SURVEY, on=TODAY)
        for days in (730, 731)
    ]
    assert lacks == [[], ["reconfirm_730_days"]]


def test_a_customer_counts_where_the_sale_was_done_as_the_law_asks() -> None:
    """What nobody knows of the sale counts as not done, and the sentence says so."""
    bought = Relationship(last_purchase=NOON)
    mail = asked("DE", Channel.EMAIL, Purpose.SURVEY)
    ruling = LAW.ruling(("DE",), mail.channel, mail.purpose, on=TODAY)
    for facts, wanted in (
        ((), Reason.NO_CONSENT),
        (("opt_out_at_collection",), Reason.NO_CONSENT),
        (tuple(LAW.facts), Reason.CUSTOMER),
    ):
        known = replace(mail, relationship=replace(bought, facts=facts))
        assert reason(known) is wanted
    unknown = decide(replace(mail, relationship=bought), [], ruling=ruling)
    assert "opt out at collection" in unknown.sentence


GRANTS = st.builds(
    lambda kinds, channel, days: granted(kinds=kinds, channel=channel, days=days),
    st.none() | st.lists(st.sampled_from(sorted(LAW.kinds)), max_size=6).map(tuple),
    st.sampled_from((None, *Channel)),
    st.integers(0, 900),
)


@given(
    st.sampled_from(LAW.codes()),
    st.sampled_from(list(Channel)),
    st.sampled_from(list(Purpose)),
    st.lists(GRANTS, max_size=2),
    st.sampled_from(NEEDS),
    st.booleans(),
)
def test_adding_a_need_never_loosens(
    where: str, channel: Channel, purpose: Purpose, grants: list[Entry], need: Need, bought: object
) -> None:
    """To any rule of any ruling, whether a consent is to meet it or a sale."""
    known = Relationship(last_purchase=NOON, facts=("details_from_sale",) if bought else ())
    question = asked(where, channel, purpose, relationship=known)
    ruling = LAW.ruling((where,), channel, purpose, on=TODAY)
    stricter = Ruling(
        tuple(
            replace(rule, worded=(*rule.worded, need), sale=(*rule.sale, "own_similar_products"))
            for rule in ruling.rules
        ),
        TODAY,
    )
    before = decide(question, grants, ruling=ruling).allowed
    assert before or not decide(question, grants, ruling=stricter).allowed


def test_the_words_of_needs_are_told_apart() -> None:
    """Whatever speaks of a consent or a sale is explained, and is one of the two."""
    assert LAW.kinds | LAW.facts <= LAW.needs.keys()
    assert not LAW.kinds & LAW.facts
    assert LAW.kinds >= consents.BY_THE_LEDGER


def test_only_a_grant_is_of_some_kind() -> None:
    with pytest.raises(ValueError, match="only a grant"):
        replace(granted(), action=Action.WITHDRAW, kinds=("free",))

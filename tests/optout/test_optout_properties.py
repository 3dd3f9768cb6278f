"""Whatever happens to people and their addresses: does a withdrawal stay a withdrawal?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from optout import identity, regimes, sql
from optout.decide import FROM_FILES, covers, decide
from optout.errors import UnreadableIdentity
from optout.identity import Hasher
from optout.keys import Key
from optout.ledger import MemoryLedger
from optout.model import (
    Action,
    Block,
    Channel,
    Entry,
    How,
    Identity,
    Kind,
    Purpose,
    Question,
    Reason,
    Relationship,
)
from optout.registry import Registry
from optout.scrubs import Edition, Scrubs

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 9)
OLD, NEW = Key(1, b"o" * 32), Key(2, b"n" * 32)
LAW = regimes.packaged()
JO = Identity(Kind.HANDLE, "jo")
HASH = b"\x01" + b"a" * 32
CAUSES = st.none() | st.sampled_from(Block)


def entry(action: Action, how: How, hour: int, **scope: object) -> Entry:
    where = {"brand": "north", "channel": None, "purpose": None} | scope
    when = T0 + timedelta(hours=hour)
    return Entry(
        identity_hash=HASH, action=action, how=how, evidence="msg", effective_at=when, **where
    )


def entries(*actions: Action) -> st.SearchStrategy[Entry]:
    drawn = st.builds(
        entry,
        st.sampled_from(actions or tuple(Action)),
        st.sampled_from((How.REPLY, How.CONSOLE, How.IMPORT, How.REGISTER)),
        st.integers(0, 3),
        brand=st.sampled_from((None, "north", "south")),
        channel=st.sampled_from((None, Channel.SMS, Channel.EMAIL)),
        purpose=st.sampled_from((None, Purpose.SERVICE, Purpose.SURVEY)),
        product=st.sampled_from((None, "P-1", "P-2")),
    )
    return st.builds(_with_cause, drawn, CAUSES)


def _with_cause(one: Entry, cause: Block | None) -> Entry:
    blocks = one.action in (Action.BLOCK, Action.LIFT)
    return replace(one, block=cause if blocks else None)


SAID = st.lists(entries(), max_size=8)
QUESTIONS = st.builds(
    Question,
    brand=st.sampled_from(("north", "south")),
    identity_hash=st.just(HASH),
    channel=st.sampled_from((Channel.SMS, Channel.EMAIL)),
    purpose=st.sampled_from((Purpose.SERVICE, Purpose.SURVEY)),
    product=st.sampled_from((None, "P-1", "P-2")),
    jurisdictions=st.none() | st.lists(st.sampled_from(LAW.codes()), max_size=2).map(tuple),
    on=st.just(TODAY),
    relationship=st.sampled_from((Relationship(), Relationship(last_purchase=T0))),
)
WASHED = Edition(1, None, "US National Do Not Call Registry", "whole", TODAY)
SCRUBS = st.sampled_from((Scrubs(), Scrubs({1: WASHED}), Scrubs({1: WASHED}, {HASH: {1: True}})))


def answer(q: Question, said: list[Entry], scrubs: Scrubs = Scrubs()) -> bool:  # noqa: B008  # frozen
    ruling = None
    if q.jurisdictions is not None:
        ruling = LAW.ruling(q.jurisdictions, q.channel, q.purpose, on=TODAY)
    return decide(q, said, ruling=ruling, scrubs=scrubs).allowed


@given(SAID, QUESTIONS, SCRUBS)
def test_under_any_law_a_withdrawal_holds_until_an_explicit_grant(
    said: list[Entry], q: Question, scrubs: Scrubs
) -> None:
    """No sequence of grants, imports and scrubs makes it vanish."""
    for withdrawal in said:
        if withdrawal.action is not Action.WITHDRAW or not covers(withdrawal, q):
            continue
        undone = any(
            grant.action is Action.GRANT
            and covers(grant, q)
            and grant.how not in FROM_FILES
            and grant.effective_at > withdrawal.effective_at
            for grant in said
        )
        assert undone or not answer(q, said, scrubs)


@pytest.mark.parametrize("how", sorted(set(How) - FROM_FILES))
@pytest.mark.parametrize("turn", [1, -1])
def test_at_one_instant_the_withdrawal_holds(how: How, turn: int) -> None:
    """In whichever order the two lines came in; a grant has to be later to restore."""
    q = Question("north", HASH, Channel.SMS, Purpose.SURVEY)
    pair = [entry(Action.GRANT, how, 0), entry(Action.WITHDRAW, How.REPLY, 0)][::turn]
    lines = [replace(one, id=number) for number, one in enumerate(pair, start=1)]
    assert not answer(q, lines)
    assert answer(q, [*lines, entry(Action.GRANT, how, 1)])


CLOSE = st.lists(
    st.builds(
        entry,
        st.sampled_from((Action.GRANT, Action.WITHDRAW)),
        st.sampled_from((How.REPLY, How.IMPORT)),
        st.integers(0, 1),
        purpose=st.sampled_from((None, Purpose.SURVEY)),
    ),
    min_size=2,
    max_size=5,
)


@given(CLOSE)
def test_lines_close_together_are_read_the_stricter_way(said: list[Entry]) -> None:
    """Whatever their ids say of the order in which they came: the last refusal has the last word
    unless a person's own grant is later.
    """
    q = Question("north", HASH, Channel.SMS, Purpose.SURVEY)
    refused = [one.effective_at for one in said if one.action is Action.WITHDRAW]
    granted = [
        one.effective_at
        for one in said
        if one.action is Action.GRANT and not (refused and one.how in FROM_FILES)
    ]
    allowed = bool(granted) and (not refused or max(granted) > max(refused))
    numbered = [replace(one, id=number) for number, one in enumerate(said, start=1)]
    assert answer(q, numbered) == answer(q, numbered[::-1]) == allowed


@given(SAID, QUESTIONS, SCRUBS, st.randoms(use_true_random=False))
def test_the_order_of_lines_is_irrelevant(
    said: list[Entry], q: Question, scrubs: Scrubs, chance
) -> None:
    shuffled = list(said)
    chance.shuffle(shuffled)
    assert answer(q, shuffled, scrubs) == answer(q, said, scrubs)


@given(SAID, QUESTIONS, st.sampled_from(["brand", "channel", "purpose", "product"]), st.data())
def test_widening_a_withdrawal_never_allows_more(
    said: list[Entry], q: Question, axis: str, data: st.DataObject
) -> None:
    """Along every axis of its scope, the product's included."""
    if withdrawals := [e for e in said if e.action is Action.WITHDRAW]:
        narrow = data.draw(st.sampled_from(withdrawals))
        wider = [replace(e, **{axis: None}) if e is narrow else e for e in said]
        assert answer(q, said) or not answer(q, wider)


@given(SAID, QUESTIONS, entries(Action.BLOCK))
def test_a_block_of_any_cause_wins(said: list[Entry], q: Question, block: Entry) -> None:
    """Unless it is lifted later, in the very same scope, for the very same cause."""
    scope = ("brand", "channel", "purpose", "product", "block")
    lifted = any(
        e.action is Action.LIFT
        and all(getattr(e, name) == getattr(block, name) for name in scope)
        and e.effective_at > block.effective_at
        for e in said
    )
    if covers(block, q) and not lifted:
        assert not answer(q, [*said, block])


@pytest.mark.parametrize("cause", Block)
def test_lifting_in_one_brand_lifts_in_no_other(cause: Block) -> None:
    """Nor for another cause, nor for the agency."""
    blocks = [entry(Action.BLOCK, How.CONSOLE, 0, brand=b, block=cause) for b in ("north", "south")]
    lift = entry(Action.LIFT, How.CONSOLE, 1, brand="north", block=cause)
    asked = [Question(brand, HASH, Channel.SMS, Purpose.SERVICE) for brand in ("north", "south")]
    assert [answer(q, [*blocks, lift]) for q in asked] == [True, False]
    other = replace(lift, block=Block.LAW if cause is not Block.LAW else Block.MINOR)
    assert not answer(asked[0], [*blocks, other])


def test_a_word_about_a_product_is_heard_about_that_product() -> None:
    """And no grant for one product opens a question that names none."""
    asked = Question("north", HASH, Channel.SMS, Purpose.SURVEY)
    about = {name: replace(asked, product=name) for name in ("P-1", "P-2")}
    grant = entry(Action.GRANT, How.LINK, 0)
    stop = entry(Action.WITHDRAW, How.REPLY, 1, product="P-1")
    assert [answer(q, [grant, stop]) for q in about.values()] == [False, True]
    one = entry(Action.GRANT, How.LINK, 0, product="P-1")
    assert [answer(q, [one]) for q in (asked, *about.values())] == [False, True, False]


@pytest.mark.parametrize(
    "masked",
    [
        "13800001234-5678", "+8613800001234-567", "13800001234转5678", "13800001234,5678",
        "+44 20 7946 0123 ext 12", "+44 20 7946 0123 x12", "+1 212 555 0123 #9",
        "13800001234 分机 12",
    ],
)  # fmt: skip
def test_a_masked_number_is_a_route_and_never_an_identity(masked: str) -> None:
    """Next week it leads to somebody else: no consent is kept under it or read from it."""
    with pytest.raises(UnreadableIdentity, match="route"):
        identity.phone(masked, region="CN")
    for hashed in (Hasher([OLD]).hash, Hasher([OLD]).all):
        with pytest.raises(UnreadableIdentity, match="route"):
            hashed(identity.route(masked))


@pytest.mark.parametrize("whole", ["212-555-0123", "(212) 555-0123", "+44 20-7946-0123"])
def test_a_number_in_parts_is_no_route(whole: str) -> None:
    assert identity.phone(whole, region="US").kind is Kind.PHONE


ADDRESSES = [Identity(Kind.HANDLE, name) for name in ("a", "b", "c")]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["grant", "import", "merge", "erase", "withdraw", "rotate"]),
            st.sampled_from(ADDRESSES),
        ),
        max_size=12,
    )
)
def test_no_story_of_people_makes_a_withdrawal_vanish(story: list[tuple[str, Identity]]) -> None:
    """Persons merge and are erased, keys rotate, files come again: an address stays withdrawn."""
    ledger, hashers = MemoryLedger(), [Hasher([OLD]), Hasher([NEW, OLD])]
    registry = Registry(ledger, hashers[0])
    persons = {address: {address} for address in ADDRESSES}
    withdrawn: set[Identity] = set()
    for hour, (what, address) in enumerate(story):
        about = {
            "brand": "north", "identity": address, "evidence": what,
            "effective_at": T0 + timedelta(hours=hour),
        }  # fmt: skip
        if what == "rotate":
            registry = Registry(ledger, hashers[1])
        elif what == "import":
            registry.grant(None, how=How.IMPORT, **about)
        elif what == "grant":
            registry.grant(None, how=How.LINK, **about)
            withdrawn.discard(address)
        elif what == "withdraw":
            registry.withdraw(None, how=How.REPLY, **about)
            withdrawn.add(address)
        elif what == "merge":
            moved = persons.pop(address, set())
            persons[ADDRESSES[0]] = persons.get(ADDRESSES[0], set()) | moved
        else:
            persons.pop(address, None)  # the person goes, the keyed hash stays
    for address in withdrawn:
        q = registry.question(
            brand="north", identity=address, channel=Channel.CHAT, purpose=Purpose.SURVEY
        )
        assert registry.ask(None, q).reason is Reason.WITHDRAWN


def test_two_persons_with_one_number_are_both_left_alone() -> None:
    """Consent hangs on the address: whoever shares it shares its stop."""
    registry = Registry(MemoryLedger(), Hasher([NEW]))
    spelled = [identity.phone("07700 900123", region="GB"), identity.phone("+44 7700 900123")]
    registry.withdraw(
        None, brand="north", identity=spelled[0], how=How.REPLY, evidence="m", effective_at=T0
    )
    asked = [
        registry.question(brand="north", identity=one, channel=Channel.SMS, purpose=Purpose.SERVICE)
        for one in spelled
    ]
    assert [one.allowed for one in registry.ask_many(None, asked)] == [False, False]


def test_a_key_is_replaced_without_losing_anybody(tx: Connection) -> None:
    """Old entries are found, new ones are made under the new key, and both kinds of gates lock."""
    sql.speak_for(tx, brand="north")
    before, after = Registry(sql, Hasher([OLD])), Registry(sql, Hasher([NEW, OLD]))
    said = {"brand": "north", "identity": JO, "how": How.REPLY, "evidence": "m"}
    old = before.withdraw(tx, **said, effective_at=T0)
    q = after.question(brand="north", identity=JO, channel=Channel.CHAT, purpose=Purpose.SERVICE)
    after.mark(tx, brand="north", hashes=q.hashes)
    assert after.ask(tx, q).reason is Reason.WITHDRAWN
    new = after.grant(tx, **said, effective_at=T0 + timedelta(hours=1))
    assert (old.identity_hash[0], new.identity_hash[0]) == (1, 2)
    assert after.ask(tx, q).reason is Reason.GRANTED
    assert [e.id for e in after.history(tx, "north", JO)] == [old.id, new.id]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entries().filter(lambda e: e.brand != "south"), max_size=6), st.data())
def test_ask_many_equals_ask(tx: Connection, said: list[Entry], data: st.DataObject) -> None:
    """In PostgreSQL too, for questions of one brand under several laws."""
    questions = data.draw(st.lists(QUESTIONS.filter(lambda q: q.brand == "north"), max_size=5))
    registry = Registry(sql, Hasher([OLD]))
    with tx.begin_nested() as kept:
        sql.speak_for(tx, brand="north", agency=True)
        stored = sql.append(tx, said)
        assert registry.ask_many(tx, questions) == [registry.ask(tx, q) for q in questions]
        assert [answer(q, stored) for q in questions] == [
            one.allowed for one in registry.ask_many(tx, questions)
        ]
        kept.rollback()

"""Does the registry answer alike from memory and from PostgreSQL, one by one and in sets?"""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from optout import sql
from optout.identity import Hasher, email, handle, phone
from optout.keys import Key
from optout.ledger import MemoryLedger
from optout.model import Action, Channel, Decision, How, Identity, Kind, Purpose, Question
from optout.registry import Registry

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE = (email("jo@example.com"), phone("+44 7700 900123"), handle("al"))
ON_PG = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

CHANGES = st.fixed_dictionaries(
    {
        "brand": st.sampled_from((None, "north")),
        "identity": st.sampled_from(PEOPLE),
        "channel": st.sampled_from((None, Channel.SMS, Channel.EMAIL)),
        "purpose": st.sampled_from((None, Purpose.SERVICE, Purpose.SURVEY)),
        "how": st.sampled_from((How.REPLY, How.IMPORT)),
        "evidence": st.just("msg-1"),
        "effective_at": st.integers(0, 3).map(lambda hour: T0 + timedelta(hours=hour)),
    }
)
LIVES = st.lists(st.tuples(st.sampled_from(Action), CHANGES), max_size=8)
KEYS = (Key(2, b"n" * 32), Key(1, b"k" * 32))


def questions(registry: Registry) -> list[Question]:
    return [
        registry.question(brand="north", identity=person, channel=channel, purpose=purpose)
        for person in PEOPLE
        for channel in (Channel.SMS, Channel.EMAIL)
        for purpose in (Purpose.SERVICE, Purpose.SURVEY, Purpose.MARKETING)
    ]


def live(registry: Registry, tx: object, life: list[tuple[Action, dict]]) -> None:
    verbs = {"grant": registry.grant, "withdraw": registry.withdraw}
    verbs |= {"block": registry.block, "lift": registry.lift}
    for action, change in life:
        verbs[action](tx, **change)


def plain(answers: list[Decision]) -> list[tuple]:
    """Answers without what only one ledger could have made up: ids and instants of recording."""
    return [(a.allowed, a.reason, a.sentence, a.entry and a.entry.effective_at) for a in answers]


@ON_PG
@given(LIVES)
def test_memory_and_postgresql_answer_alike(tx: Connection, life: list) -> None:
    """The same life lived in both ledgers leaves the same answers and the same history."""
    memory, kept = Registry(MemoryLedger(), Hasher(KEYS)), Registry(sql, Hasher(KEYS))
    savepoint = tx.begin_nested()
    sql.speak_for(tx, brand="north", agency=True)
    live(memory, None, life)
    live(kept, tx, life)
    remembered = memory.ask_many(None, questions(memory))
    stored = kept.ask_many(tx, questions(kept))
    histories = [
        [(e.action, e.brand, e.how) for e in registry.history(where, "north", PEOPLE[0])]
        for registry, where in ((memory, None), (kept, tx))
    ]
    savepoint.rollback()
    assert plain(stored) == plain(remembered)
    assert histories[0] == histories[1]


@given(LIVES)
def test_asking_many_is_asking_each(life: list) -> None:
    """A set of questions gets the answers that its members get alone."""
    registry = Registry(MemoryLedger(), Hasher(KEYS))
    live(registry, None, life)
    asked = questions(registry)
    assert registry.ask_many(None, asked) == [registry.ask(None, one) for one in asked]


def test_a_thousand_questions_are_one_statement(tx: Connection, hasher: Hasher) -> None:
    sql.speak_for(tx, brand="north")
    registry = Registry(sql, hasher)
    people = [Identity(Kind.HANDLE, f"p{number}") for number in range(1000)]
    asked = [
        registry.question(
            brand="north", identity=one, channel=Channel.CHAT, purpose=Purpose.SERVICE
        )
        for one in people
    ]
    statements: list[str] = []
    event.listen(tx, "before_cursor_execute", lambda *about: statements.append(about[2]))
    answers = registry.ask_many(tx, asked)
    assert len(statements) == 1
    assert all(answer.allowed for answer in answers)


def test_questions_of_several_brands_stay_apart(hasher: Hasher) -> None:
    registry = Registry(MemoryLedger(), hasher)
    registry.withdraw(
        None, brand="north", identity=PEOPLE[0], how=How.LINK, evidence="t", effective_at=T0
    )
    asked = [
        registry.question(
            brand=brand, identity=PEOPLE[0], channel=Channel.EMAIL, purpose=Purpose.SERVICE
        )
        for brand in ("south", "north", "south")
    ]
    assert [answer.allowed for answer in registry.ask_many(None, asked)] == [True, False, True]


def test_nothing_asked_is_nothing_answered(hasher: Hasher) -> None:
    assert Registry(MemoryLedger(), hasher).ask_many(None, []) == []


def test_a_withdrawal_survives_a_new_key() -> None:
    """Entries under the old key count, history shows both, new entries bear the new key."""
    ledger = MemoryLedger()
    jo = PEOPLE[0]
    before, after = Registry(ledger, Hasher(KEYS[1:])), Registry(ledger, Hasher(KEYS))
    said = {"brand": "north", "identity": jo, "how": How.LINK, "evidence": "t"}
    before.withdraw(None, **said, effective_at=T0)
    question = after.question(
        brand="north", identity=jo, channel=Channel.EMAIL, purpose=Purpose.SERVICE
    )
    assert not after.ask(None, question).allowed
    after.grant(None, **said, effective_at=T0 + timedelta(hours=1))
    assert after.ask(None, question).allowed
    assert [entry.identity_hash[0] for entry in after.history(None, "north", jo)] == [1, 2]
    assert set(ledger.epochs) == {("north", one) for one in Hasher(KEYS).all(jo)}


def test_a_memory_ledger_may_have_a_clock(hasher: Hasher) -> None:
    later = T0 + timedelta(days=1)
    said = {"brand": "north", "identity": PEOPLE[0], "how": How.API, "evidence": "t"}
    for ledger, recorded in ((MemoryLedger(), T0), (MemoryLedger(lambda: later), later)):
        entry = Registry(ledger, hasher).block(None, **said, effective_at=T0)
        assert (entry.id, entry.recorded_at) == (1, recorded)


def test_histories_of_many_addresses_are_one_statement(tx: Connection) -> None:
    """Each address's own, under whichever key it was said, the oldest first."""
    sql.speak_for(tx, brand="north")
    former, registry = Registry(sql, Hasher(KEYS[1:])), Registry(sql, Hasher(KEYS))
    said = {"brand": "north", "how": How.REPLY, "evidence": "m"}
    for hour, (kept, person) in enumerate(
        [(registry, PEOPLE[0]), (former, PEOPLE[0]), (former, PEOPLE[1])]
    ):
        at = T0 - timedelta(hours=hour)
        kept.withdraw(tx, **said, identity=person, effective_at=at)
    statements: list[str] = []
    event.listen(tx, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    found = registry.histories(tx, "north", PEOPLE)
    assert len(statements) == 1
    assert {one: [e.effective_at for e in entries] for one, entries in found.items()} == {
        PEOPLE[0]: [T0 - timedelta(hours=1), T0], PEOPLE[1]: [T0 - timedelta(hours=2)],
        PEOPLE[2]: [],
    }  # fmt: skip

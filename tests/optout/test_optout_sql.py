"""Does PostgreSQL keep consent apart by brand, for ever, and in order?"""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from optout import sql
from optout.errors import WrongScope
from optout.model import Action, Channel, Entry, How, Purpose

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HASH = b"\x01" + b"a" * 32
OTHER = b"\x01" + b"b" * 32


def an_entry(brand: str | None = "north", hash_: bytes = HASH, **over: object) -> Entry:
    said = {"channel": Channel.SMS, "purpose": Purpose.SURVEY, "action": Action.WITHDRAW}
    rest = {"how": How.REPLY, "evidence": "msg-1", "effective_at": T0}
    return Entry(brand=brand, identity_hash=hash_, **(said | rest | over))


def test_an_entry_comes_back_as_it_was_said(tx: Connection) -> None:
    """The ledger adds an id and the instant of recording and changes nothing else."""
    sql.speak_for(tx, brand="north")
    (kept,) = sql.append(tx, [an_entry(channel=None, purpose=None)])
    assert kept.id is not None
    assert kept.recorded_at is not None
    assert sql.entries_for(tx, "north", [HASH]) == [kept]
    assert (kept.channel, kept.purpose, kept.effective_at) == (None, None, T0)


def test_a_thousand_come_back_in_order(tx: Connection) -> None:
    """What is appended as a set keeps its order, and is read by one statement."""
    sql.speak_for(tx, brand="north")
    hashes = [b"\x01" + number.to_bytes(32) for number in range(1500)]
    kept = sql.append(tx, [an_entry(hash_=one) for one in hashes])
    assert [entry.identity_hash for entry in kept] == hashes
    assert sql.entries_for(tx, "north", hashes) == kept


def test_the_role_sees_its_brand_and_the_agency_only(tx: Connection) -> None:
    """Row-level security, not the query, is what keeps brands apart."""
    sql.speak_for(tx, brand="south")
    sql.append(tx, [an_entry("south")])
    sql.speak_for(tx, brand="north", agency=True)
    sql.append(tx, [an_entry("north"), an_entry(None)])
    seen = tx.execute(text("select brand from optout.entries order by brand")).scalars().all()
    assert seen == ["north", None]


def test_without_a_brand_no_branded_row_is_seen(tx: Connection) -> None:
    """A transaction that forgot to say for whom it speaks sees the agency's rows at most."""
    sql.speak_for(tx, brand="north")
    sql.append(tx, [an_entry()])
    sql.speak_for(tx, brand=None)
    assert tx.execute(text("select count(*) from optout.entries")).scalar() == 0


def test_blindness_is_not_taken_for_silence(tx: Connection) -> None:
    """Asking about another brand than the transaction's raises, rather than answering "nobody"."""
    sql.speak_for(tx, brand="north")
    with pytest.raises(WrongScope):
        sql.entries_for(tx, "south", [HASH])


@pytest.mark.parametrize("brand", ["south", None])
def test_a_brand_writes_for_itself_only(tx: Connection, brand: str | None) -> None:
    """Neither another brand's nor the agency's word can be put down without saying so."""
    sql.speak_for(tx, brand="north")
    with pytest.raises(ProgrammingError, match="row-level security"):
        sql.append(tx, [an_entry(brand)])


@pytest.mark.parametrize("brand", ["south", None])
def test_a_brand_locks_changes_of_its_own_only(tx: Connection, brand: str | None) -> None:
    """The gates are guarded like the entries."""
    sql.speak_for(tx, brand="north")
    with pytest.raises((ProgrammingError, WrongScope)):
        sql.lock_for_change(tx, brand=brand, hashes=[HASH])


@pytest.mark.parametrize(
    "forbidden",
    [
        "update optout.entries set action = 'grant'",
        "delete from optout.entries",
        "truncate optout.entries",
        "delete from optout.gates",
        "update optout.gates set brand = 'south'",
        "update optout.alembic_version set version_num = '0'",
    ],
)
def test_nothing_is_rewritten(tx: Connection, forbidden: str) -> None:
    """The application can add to what was said, and that is all."""
    sql.speak_for(tx, brand="north")
    with pytest.raises(ProgrammingError, match="permission denied"):
        tx.execute(text(forbidden))


def test_a_mark_makes_the_gates_it_locks(tx: Connection) -> None:
    """One row per address for the brand and one for the agency, whichever the channel."""
    sql.speak_for(tx, brand="north")
    sql.lock_for_mark(tx, brand="north", hashes=[OTHER, HASH, HASH])
    rows = tx.execute(text("select brand, hash, epoch from optout.gates order by 1, 2")).all()
    assert [(brand, bytes(hash_), epoch) for brand, hash_, epoch in rows] == [
        ("", HASH, 0), ("", OTHER, 0), ("north", HASH, 0), ("north", OTHER, 0),
    ]  # fmt: skip


def test_a_change_counts(tx: Connection) -> None:
    """The epoch of a gate says how often consent changed behind it; a mark leaves it alone."""
    sql.speak_for(tx, brand="north", agency=True)
    sql.lock_for_change(tx, brand="north", hashes=[HASH])
    sql.lock_for_change(tx, brand="north", hashes=[HASH])
    sql.lock_for_change(tx, brand=None, hashes=[HASH])
    sql.lock_for_mark(tx, brand="north", hashes=[HASH])
    rows = tx.execute(text("select brand, epoch from optout.gates order by brand")).all()
    assert [tuple(row) for row in rows] == [("", 1), ("north", 2)]


def test_entries_are_found_by_their_hash(tx: Connection) -> None:
    """Row-level security does not stand between the planner and the index."""
    sql.speak_for(tx, brand="north")
    tx.execute(text("set local enable_seqscan = off"))
    plan = "explain select * from optout.entries where hash = any(:hashes)"
    lines = tx.execute(text(plan), {"hashes": [HASH, OTHER]}).scalars().all()
    assert any("entries_hash" in line for line in lines), lines


def test_nothing_asked_is_nothing_read(tx: Connection) -> None:
    """Empty sets are ordinary sets."""
    sql.speak_for(tx, brand="north")
    assert sql.append(tx, []) == []
    assert sql.entries_for(tx, "north", []) == []
    sql.lock_for_mark(tx, brand="north", hashes=[])
    sql.lock_for_change(tx, brand="north", hashes=[])

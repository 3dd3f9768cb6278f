"""Do do-not-contact lists come in whole, add what they say, and lift nothing?"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from optout import identity, lists, sql
from optout.errors import UnreadableIdentity, UnreadableList
from optout.identity import Hasher
from optout.list_lines import Layout, Line, address, lines
from optout.lists import Counts, Incoming
from optout.model import Channel, How, Purpose, Reason
from optout.registry import Registry
from optout.scrubs import Edition

DAY = date(2026, 11, 1)
JO = identity.phone("+12125550123")
HOUSE = Edition(0, None, "house list", "whole", DAY, binding=True)


@pytest.fixture
def agency(tx: Connection) -> Connection:
    sql.speak_for(tx, brand="north", agency=True)
    return tx


@pytest.fixture
def desk(hasher: Hasher, agency: Connection):
    registry = Registry(sql, hasher)

    def reason(number: str = "+12125550123") -> Reason:
        question = registry.question(
            brand="north",
            identity=identity.phone(number),
            channel=Channel.VOICE,
            purpose=Purpose.SERVICE,
        )
        return registry.ask(agency, question).reason

    return reason


def taken(
    tx: Connection, hasher: Hasher, *rows: str, layout: str = "lines", **over: object
) -> Counts:
    edition = replace(HOUSE, **over)
    incoming = Incoming(edition, Layout(layout), "house.csv", region="US")
    return lists.take_in(tx, hasher, incoming, rows)[1]


def kept(tx: Connection) -> int:
    return tx.execute(text("select count(*) from optout.listings")).scalar_one()


def test_a_list_blocks_whom_it_names(agency, hasher, desk) -> None:
    """However its lines spell them; what cannot be read is told and the rest goes on."""
    many = [f"212555{n:04}" for n in range(200)]
    counts = taken(agency, hasher, *many, "(212) 555-0123", "nobody")
    assert (counts.listed, counts.refused, kept(agency)) == (201, 1, 200)
    assert counts.first_refusals[0].number == 202
    assert (desk(), desk("+12125559999")) == (Reason.BLOCKED, Reason.CONTRACT)


def test_a_new_edition_replaces_its_own_list_and_no_other(agency, hasher, desk) -> None:
    """Off the one list, still on the other; and what a person said stays said."""
    taken(agency, hasher, "2125550123", "2125550199")
    taken(agency, hasher, "2125550123", name="other list")
    taken(agency, hasher, "2125550188", as_of=date(2026, 11, 2))
    assert (desk(), desk("+12125550199")) == (Reason.BLOCKED, Reason.CONTRACT)
    taken(agency, hasher, "2125550188", name="other list")
    assert (desk(), kept(agency)) == (Reason.CONTRACT, 2)
    Registry(sql, hasher).withdraw(
        agency, brand="north", identity=JO, how=How.REPLY, evidence="msg",
        effective_at=agency.execute(text("select now()")).scalar_one(),
    )  # fmt: skip
    taken(agency, hasher, "2125550188", as_of=date(2026, 11, 3))
    assert desk() is Reason.WITHDRAWN


def test_changes_amend_the_whole_list(agency, hasher, desk) -> None:
    """Added and deleted by letter, under the day of the change."""
    taken(agency, hasher, "212,5550123", layout="us-flat", name="US")
    later = {"layout": "us-change", "name": "US", "as_of": date(2026, 11, 8)}
    counts = taken(agency, hasher, "212,5550123,2026-11-07,D", "212,5550188,2026-11-07,A", **later)
    assert (counts.listed, counts.clear) == (1, 1)
    assert (desk(), desk("+12125550188")) == (Reason.CONTRACT, Reason.BLOCKED)


def test_a_wash_speaks_of_those_that_were_asked_about(agency, hasher) -> None:
    """And of nobody else: whoever was not asked about is not scrubbed."""
    register = {"name": "TPS / CTPS", "binding": False, "layout": "wash"}
    taken(agency, hasher, "+442079460123,N", "+442079460124,Y", **register)
    numbers = ("+442079460123", "+442079460124", "+442079460125")
    hashes = [hasher.hash(identity.phone(number)) for number in numbers]
    scrubs = sql.heard(agency, "north", hashes)[1]
    said = [scrubs.of([one], brand="north", channel=Channel.VOICE)[0] for one in hashes]
    assert [one["TPS / CTPS"].listed if one else None for one in said] == [False, True, None]


@pytest.mark.parametrize(
    ("rows", "over"),
    [
        ([], {}),
        (["nobody"], {}),
        (["2125550123", *["nobody"] * 2], {}),
        (["2125550123"], {"as_of": date(2026, 10, 31)}),
        (["212,5550123,2026-11-07,A"], {"layout": "us-change", "name": "unheard of"}),
        (["colour", "red"], {"layout": "table"}),
    ],
)
def test_what_would_set_people_free_is_refused(
    agency, hasher, desk, rows: list[str], over: dict[str, object]
) -> None:
    """An empty, unreadable or older edition; a change of nothing; a table without addresses."""
    taken(agency, hasher, "2125550123")
    with pytest.raises(UnreadableList), agency.begin_nested():
        taken(agency, hasher, *rows, **over)
    assert desk() is Reason.BLOCKED


def test_a_brand_brings_lists_of_its_own(tx: Connection, hasher: Hasher) -> None:
    """They are heard by that brand, and seen by it alone."""
    sql.speak_for(tx, brand="north")
    taken(tx, hasher, "2125550123", brand="north")
    hash_ = hasher.hash(JO)
    assert sql.heard(tx, "north", [hash_])[1].editions
    sql.speak_for(tx, brand="south")
    assert not sql.heard(tx, "south", [hash_])[1].editions
    assert kept(tx) == 0


@pytest.mark.parametrize(
    ("layout", "row", "value", "verdict"),
    [
        ("lines", "+442079460123,x", "+442079460123", "listed"),
        ("lines", "Jo@Example.com", "jo@example.com", "listed"),
        ("us-flat", "212,5550123", "+12125550123", "listed"),
        ("us-flat", "212-5550123", None, "refused"),
        ("us-flat", "012,5550123", None, "refused"),
        ("us-change", "212,5550123,2026-11-07T10:00:00,d", "+12125550123", "clear"),
        ("us-change", "212,5550123,2026-11-07,X", None, "refused"),
        ("wash", "+442079460123,listed", "+442079460123", "listed"),
        ("wash", "+442079460123", None, "refused"),
        ("lines", "13800001234-5678", None, "refused"),
    ],
)
def test_each_line_has_its_verdict(layout: str, row: str, value: str | None, verdict: str) -> None:
    (line,) = lines([row, ""], Layout(layout))
    assert (line.identity.value if line.identity else None, line.verdict) == (value, verdict)
    assert bool(line.problem) is (verdict == "refused")


def test_a_table_names_its_column() -> None:
    rows = ["\ufeffname,Phone", "x,+442079460123", "y"]
    read = list(lines(rows, Layout.TABLE))
    assert [(line.number, line.verdict) for line in read] == [(2, "listed"), (3, "refused")]


@given(
    st.sampled_from(["+1", "+86", "+44"]),
    st.text("0123456789", min_size=9, max_size=11),
)
def test_the_short_way_reads_what_the_long_way_reads(country: str, rest: str) -> None:
    """Numbers that are canonical already are taken as they are, and no others."""
    try:
        long_way = identity.phone(country + rest)
    except UnreadableIdentity:
        return
    assert address(country + rest, None) == long_way


@given(
    st.one_of(
        st.from_regex(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True),
        st.from_regex(r"\+861[3-9][0-9]{9}", fullmatch=True),
        st.from_regex(r"\+447[1-9][0-9]{8}", fullmatch=True),
    )
)
def test_what_the_short_way_takes_the_long_way_takes(number: str) -> None:
    assert address(number, None) == identity.phone(number)


def test_memory_does_not_grow_with_the_list(hasher: Hasher) -> None:
    """A handful at a time is in hand: what is read ahead of what was sent is bounded."""
    ahead: list[int] = []
    sent = 0

    def endless():
        for number in range(50_000):
            ahead.append(number - sent)
            yield f"+1212{2_000_000 + number}"

    read = lines(endless(), Layout.LINES)
    counts = Counts()
    for chunk in lists._chunks(read, hasher, counts, bool, bool):
        sent += chunk.count(b"\n")
    assert max(ahead) <= lists.HANDFUL
    assert counts.listed == sent == 50_000


def test_progress_and_verdicts_are_told(agency, hasher) -> None:
    heard: list[Line] = []
    told: list[int] = []
    incoming = Incoming(HOUSE, Layout.LINES, "house.csv")
    lists.take_in(
        agency, hasher, incoming, ["+12125550123"] * 3, heard=heard.append, progress=told.append
    )
    assert ([line.verdict for line in heard], told) == (["listed"] * 3, [3])

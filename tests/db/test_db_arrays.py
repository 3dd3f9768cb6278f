"""Is an array written as psycopg would write it?"""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import DataError, adapt
from psycopg.adapt import PyFormat
from psycopg.types.array import ListDumper
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.arrays import Array
from tests import builders as b

_LISTS = st.one_of(
    st.lists(st.uuids(), max_size=4),
    st.lists(st.one_of(st.none(), st.integers()), max_size=4),
)


@settings(max_examples=100)
@given(_LISTS)
def test_a_list_is_written_as_psycopg_writes_it(told: list[object]) -> None:
    """Ids too, which are written by us."""
    ours, theirs = (
        kind(list, adapt.Transformer()).upgrade(told, PyFormat.TEXT) for kind in (Array, ListDumper)
    )
    assert ours.oid == theirs.oid
    assert ours.dump(told) == theirs.dump(told)


_SIGNS = st.characters(codec="utf-8", exclude_characters="\0")
_TEXTS = st.lists(
    st.one_of(st.none(), st.text(_SIGNS), st.sampled_from(["null", '"', "\\", "a,b"]))
)


@settings(max_examples=60, deadline=None)
@given(told=_TEXTS)
def test_texts_are_read_as_they_were_given(shared_app: Outreach, told: list[str | None]) -> None:
    """With every sign that means something in an array, and with what is none between them."""
    with shared_app.means.database.engine.begin() as tx:
        read = tx.execute(text("select cast(:told as text[])"), {"told": told}).scalar_one()
    assert read == told


@pytest.mark.parametrize("told", [["a\0"], ["\0-", "b"], ["a\0,b"], [None, "\0"]])
def test_a_text_with_a_nul_is_refused(told: list[str | None]) -> None:
    """It would pass for the end of a text, or for none."""
    with pytest.raises(DataError, match="NUL"):
        Array(list, adapt.Transformer()).dump(told)


def test_the_database_reads_what_was_given(shared_app: Outreach) -> None:
    """Hashes with every byte there is, none at all, and ids."""
    brand = b.a_brand(shared_app, "arrays")
    hashes, ids = [bytes(range(256)), b"", b'\\"{},'], [UUID(int=7), UUID(int=2**128 - 1)]
    question = text("select cast(:hashes as bytea[]), cast(:ids as uuid[]), cast(:no as uuid[])")
    with shared_app.means.database.begin(brand) as tx:
        row = tx.execute(question, {"hashes": hashes, "ids": ids, "no": []}).one()
    assert tuple(row) == (hashes, ids, [])

"""Is every way of tampering with a chain found, at the first record that it touches?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.keys import Key
from outreach.audit import chain
from outreach.audit.chain import BEGINNING, Anchor, Record, Sealed

OLD, NEW = Key(1, b"o" * 32), Key(2, b"n" * 32)
RING = (NEW, OLD)
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
MANY = 12


def a_chain(key: Key = OLD, *, many: int = MANY, brand: str = "lumen") -> list[Sealed]:
    before, made = BEGINNING, []
    for number in range(1, many + 1):
        at = NOW + timedelta(seconds=number)
        record = Record(number, at, "ada", "marketer", "POST /campaigns/{key}/{deed}", "key=a")
        before = chain.seal(key, brand, before, record)
        made.append(Sealed(record, key.number, before))
    return made


def bad(found: list[Sealed], *anchors: Anchor) -> int | None:
    return chain.first_bad(RING, "lumen", found, anchors)


def test_a_chain_as_it_was_written_stands() -> None:
    whole = a_chain()
    assert bad(whole, Anchor("lumen", 5, whole[4].seal), Anchor("other", 99, b"x")) is None
    assert bad([]) is None


@settings(max_examples=60)
@given(
    place=st.integers(0, MANY - 1),
    change=st.sampled_from(
        [
            {"by": "eve"}, {"role": "admin"}, {"deed": "GET /"}, {"target": "key=b"},
            {"at": NOW}, {"number": 77},
        ]
    ),
)  # fmt: skip
def test_a_changed_record_is_named(place: int, change: dict[str, object]) -> None:
    whole = a_chain()
    whole[place] = replace(whole[place], record=replace(whole[place].record, **change))  # type: ignore[arg-type]
    assert bad(whole) == place + 1


@given(place=st.integers(0, MANY - 2))
def test_a_deleted_a_swapped_and_an_inserted_record_are_named(place: int) -> None:
    whole = a_chain()
    assert bad(whole[:place] + whole[place + 1 :]) == place + 1
    swapped = [*whole]
    swapped[place], swapped[place + 1] = whole[place + 1], whole[place]
    assert bad(swapped) == place + 1
    inserted = [*whole[:place], whole[place], *whole[place:]]
    assert bad(inserted) == place + 2


def test_a_tail_that_was_cut_off_is_found_by_its_anchor_alone() -> None:
    whole = a_chain()
    anchor = Anchor("lumen", MANY, whole[-1].seal)
    assert bad(whole[:7]) is None
    assert bad(whole[:7], anchor) == 8
    assert bad([], anchor) == 1


def test_a_chain_that_was_written_anew_is_found_by_its_anchor() -> None:
    """Even with the key, and grown beyond the old end: an anchor remembers the old seal."""
    old = a_chain()
    anew = a_chain(NEW, many=MANY + 3)
    anchor = Anchor("lumen", 6, old[5].seal)
    assert bad(anew) is None
    assert bad(anew, anchor) == 6
    assert bad(anew, anchor, Anchor("lumen", 6, anew[5].seal)) == 6


@pytest.mark.parametrize("brand", ["other", ""])
def test_a_chain_of_another_brand_or_key_does_not_stand(brand: str) -> None:
    assert bad(a_chain(brand=brand)) == 1
    assert chain.first_bad((NEW,), "lumen", a_chain(OLD)) == 1

"""Are ids the same for the same thing, readable, and refused when they are none?"""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import ids
from outreach.errors import Invalid


def test_what_a_thing_is_decides_its_id() -> None:
    """Its kind and every part, in order; RFC 9562 says how such an id is marked."""
    one = ids.derived(ids.TOUCH, "lumen", 1)
    assert one == ids.derived(ids.TOUCH, "lumen", "1")
    assert (one.version, one.variant) == (8, "specified in RFC 4122")
    others: list[tuple[str, *tuple[object, ...]]] = [
        (ids.TASK, "lumen", 1),
        (ids.TOUCH, 1, "lumen"),
        (ids.TOUCH, "lumen1"),
        (ids.TOUCH,),
    ]
    assert one not in {ids.derived(kind, *parts) for kind, *parts in others}


def test_ids_do_not_change_from_one_release_to_the_next() -> None:
    """Rows and providers remember them."""
    known = UUID("84a26928-709d-8361-8a7c-19f9f0106630")
    assert ids.derived(ids.EVENT, "lumen", "parcel.delivered:P-1") == known


@given(st.uuids())
def test_an_id_that_was_shown_is_read_back(value: UUID) -> None:
    """In any case, with spaces around."""
    shown = ids.shown(ids.TOUCH, value)
    assert len(shown) == 30
    assert ids.read(ids.TOUCH, shown) == value
    assert ids.read(ids.TOUCH, f" {shown} ") == value


@pytest.mark.parametrize(
    "text",
    [
        "", "tch", "tch_", "tch_0", "evt_" + "a" * 26, "tch_" + "a" * 25, "tch_" + "a" * 27,
        "tch_" + "1" * 26, "tch_" + "é" * 26, "tch_" + "ß" * 13, "TCH_" + "a" * 26,
        "tch_" + "a" * 25 + "b", "tch_" + "a" * 25 + "=",
    ],
)  # fmt: skip
def test_what_is_no_id_is_refused(text: str) -> None:
    """Also a second spelling of an id that has one already."""
    with pytest.raises(Invalid, match="starts with tch_"):
        ids.read(ids.TOUCH, text)


@given(st.text(), st.text())
def test_a_share_is_a_number_below_one_that_stays(brand: str, ref: str) -> None:
    """Chance that replays."""
    assert 0 <= ids.share(brand, ref) < 1
    assert ids.share(brand, ref) == ids.share(brand, ref)


def test_shares_are_spread_evenly() -> None:
    """A tenth is a tenth."""
    below = sum(ids.share("lumen", "tutorial", number) < 0.1 for number in range(10_000))
    assert 900 < below < 1100

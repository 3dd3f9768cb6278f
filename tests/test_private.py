"""Is what is about somebody in person told from what is about their things?"""

import json
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.private import personal, plain, without_addresses


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "Ada"), ("firstName", "Ada"), ("receiver_name", "王芳"), ("e-mail", "x"),
        ("comment", "The lid broke."), ("shippingAddress", {"zip": "1"}), ("answers", {"why": "x"}),
        ("customer", {"name": "Ada"}), ("buyer", {"contact": [{"mobile": "1"}]}),
        ("reach", "ada@customers.example"), ("reach", "+1 212 555-0100"),
        ("lines", [{"line": 1, "recipient": "Ada"}]), ("sealed:2", "x"),
    ],
)  # fmt: skip
def test_what_is_about_somebody_is_personal(name: str, value: object) -> None:
    """By what it is called, by what it looks like, and however deep it lies."""
    assert personal(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order", "O-1"), ("parcel", "+4912345678901"), ("product", "Lumen One"), ("total", "4"),
        ("lines", [{"line": 1, "name": "Lumen One", "quantity": 2}]), ("quality", "person"),
        ("occurred", "2026-03-10T12:00:00+00:00"), ("address", "0" * 64), ("address", "0" * 66),
        ("member", "a@b.example"),
    ],
)  # fmt: skip
def test_what_is_about_things_is_not(name: str, value: object) -> None:
    """Things are found by their names, also by such as look like an address."""
    assert not personal(name, value)


def test_what_providers_say_keeps_no_address() -> None:
    """What went wrong stays readable."""
    said = "550 5.1.1 <ada@customers.example>: no such user (351210001234), queued as 4F2A1"
    assert without_addresses(said) == "550 5.1.1 <…>: no such user (…), queued as 4F2A1"
    assert without_addresses("") == ""
    assert without_addresses("to=ada@a.example|bo@b.example: no") == "……: no"


@pytest.mark.parametrize("told", ["A" * 65_000, "a@" + "b" * 65_000, "a@b." * 16_000])
def test_a_long_text_without_an_address_is_read_at_once(told: str) -> None:
    """An event may hold 64 KiB without a space, such as a picture."""
    began = process_time()
    assert not personal("picture", told)
    assert without_addresses(told) == told
    assert process_time() - began < 2


_NAMES = st.one_of(
    st.sampled_from(
        ["order", "name", ":name", "Na-me", "náme", "lines", "sealed:2", "x", "e mail"]
    ),
    st.text(max_size=4),
)
_SAID = st.one_of(
    st.sampled_from(["Lumen", ":y", '","', "a@b.example", "+1 212 555-0100", "{", "\\"]), st.text()
)
_DATA = st.dictionaries(
    _NAMES,
    st.recursive(
        _SAID, lambda part: st.lists(part, max_size=3) | st.dictionaries(_NAMES, part, max_size=3),
        max_leaves=4,
    ),
    max_size=4,
)  # fmt: skip


@settings(max_examples=200)
@given(told=_DATA)
def test_what_is_plain_at_a_glance_holds_nothing_personal(told: dict[str, object]) -> None:
    """However its names and texts are written, and whatever stands beside them."""
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    assert not (plain(written) and any(personal(name, value) for name, value in told.items()))


def test_what_shops_usually_tell_is_plain_at_a_glance() -> None:
    """Or every event would be looked through part by part."""
    lines = [{"title": "Lumen part", "quantity": 1, "price": "9.90"}]
    told = {"parcel": "P-1", "order": "O-1", "product": "Lumen One", "lines": lines}
    assert plain(json.dumps(told, separators=(",", ":")))

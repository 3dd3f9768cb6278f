"""Is what is about somebody in person told from what is about their things?"""

from time import process_time

import pytest

from outreach.private import personal, without_addresses


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

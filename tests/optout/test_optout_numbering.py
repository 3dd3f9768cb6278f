"""Is a number that is read at a glance the one that it is when it is taken apart?"""

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from optout import numbering
from optout.errors import UnreadableIdentity
from optout.identity import phone

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
KINDS = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


def taken_apart(text: str, region: str | None) -> str | None:
    """The long way, which a space in front leads to."""
    try:
        return phone(f" {text}", region=region).value
    except UnreadableIdentity:
        return None


def in_full(text: str, region: str | None) -> str | None:
    try:
        return phone(text, region=region).value
    except UnreadableIdentity:
        return None


@given(
    st.sampled_from(CODES), st.from_regex(r"[0-9]{4,13}", fullmatch=True), st.sampled_from(REGIONS)
)
@example(1, "12125550123", "US")
@example(39, "0612345678", "IT")
@example(52, "15512345678", "MX")
@example(54, "91123456789", "AR")
@example(800, "12345678", "GB")
@example(86, "8613800138", "CN")
def test_a_number_is_the_same_whichever_way_it_is_read(code: int, digits: str, region: str) -> None:
    """Of any country, behind its code or as it is dialled at home, and refused as well."""
    for text, at in ((f"+{code}{digits}", None), (digits, region), (f"{code}{digits}", region)):
        assert in_full(text, at) == taken_apart(text, at)


def test_numbers_of_every_country_are_the_same_whichever_way_they_are_read() -> None:
    """And nearly all of them are read at a glance, or nothing would be gained."""
    seen = glanced = 0
    for region in REGIONS:
        for kind in KINDS:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None:
                continue
            text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            assert in_full(text, None) == taken_apart(text, None) == text
            seen, glanced = seen + 1, glanced + (numbering.plain(text, None) is not None)
    assert glanced > 0.85 * seen


@pytest.mark.parametrize(
    ("text", "region", "value"),
    [
        ("13800138000", "CN", "+8613800138000"),
        ("2125550123", "US", "+12125550123"),
        ("+447700900123", "CN", "+447700900123"),
        ("8613800138000", "CN", None),  # its code without a +, or a number that begins so
        ("07700900123", "GB", None),
        ("+12125550123", "XX", None),
        ("+1 2125550123", None, None),
        ("+1911", None, None),
        ("\uff0b12125550123", None, None),
        ("2125550123", None, None),
    ],
)
def test_only_what_can_be_read_in_one_way_is_read_at_a_glance(
    text: str, region: str | None, value: str | None
) -> None:
    assert numbering.plain(text, region) == value

"""Do spellings that reach the same person hash alike, and is nothing else taken for an address?"""

from collections.abc import Callable
from time import process_time

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata

from optout.errors import OptOutError, UnreadableIdentity
from optout.identity import Hasher, email, handle, phone
from optout.keys import Key, read
from optout.model import Identity, Kind

OLD, NEW = Key(1, b"o" * 32), Key(2, b"n" * 32)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Jo.Doe@Example.COM", "jo.doe@example.com"),
        (" jo@example.com ", "jo@example.com"),
        ("jo+shop@example.com", "jo+shop@example.com"),
        ("jo@Bücher.example", "jo@xn--bcher-kva.example"),
        ("jo@xn--bcher-kva.example", "jo@xn--bcher-kva.example"),
        ("jo@例え。テスト", "jo@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_a_mail_address_has_one_spelling(text: str, value: str) -> None:
    assert email(text) == Identity(Kind.EMAIL, value)


@pytest.mark.parametrize(
    "text",
    [
        "", "jo", "@example.com", "jo@", "jo@localhost", "jo@example.com.", "jo@a..example",
        "Jo <jo@example.com>", "jo@example.com, al@example.com", '"jo"@example.com',
        "jo@[192.0.2.1]", "jo@192.0.2.1", ".jo@example.com", "jo.@example.com", "j o@example.com",
        "jo@example.com\n", "jo\r\nBcc: al@example.com", "jo\0@example.com", "jo@exa mple.com",
        "jö@example.com", "jo@ex_ample.com", "jo@-example.com", f"{'j' * 65}@example.com",
        f"jo@{'a.' * 130}example", f"jo@{'例' * 80}.example", "jo@@example.com",
    ],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(UnreadableIdentity):
        email(text)


@pytest.mark.parametrize(
    ("text", "region", "value"),
    [
        ("+44 7700 900123", None, "+447700900123"),
        ("07700 900123", "GB", "+447700900123"),
        ("+44 (0)7700 900123", None, "+447700900123"),
        ("+1 (212) 555-0123", None, "+12125550123"),
        ("+1 555 555 0100", None, "+15555550100"),
        ("138 0013 8000", "CN", "+8613800138000"),
        ("＋８６ １３８００１３８０００", None, "+8613800138000"),
        ("0044 7700 900123", "DE", "+447700900123"),
        ("+39 06 1234567", None, "+39061234567"),
        ("+52 1 55 1234 5678", None, "+525512345678"),
        ("+52 55 1234 5678", None, "+525512345678"),
    ],
)
def test_a_number_has_one_spelling(text: str, region: str | None, value: str) -> None:
    """E.164, whichever way it was dialled; ranges kept for fiction are numbers like others."""
    assert phone(text, region=region) == Identity(Kind.PHONE, value)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("07700 900123", None), ("07700 900123", "XX"), ("07700 900123", "gb"), ("", None),
        ("999", "GB"), ("112", "DE"), ("+49112", None), ("911", "US"), ("110", "CN"),
        ("10086", "CN"), ("+49 116123", None), ("+1911", None), ("+8612345", None),
        ("555-0123", "US"), ("2125550123/4", "US"), ("=+12125550123", "US"),
        ("+12125550123 x5", None), ("+12125550123;ext=5", None), ("1-800-FLOWERS", "US"),
        ("+1212555012345", None), ("+", None), ("tel:+12125550123", None),
        ("+12125550123\n", None), ("+999 12345678", None),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str, region: str | None) -> None:
    """Emergency and short numbers, extensions, letters, two numbers in one, no country."""
    with pytest.raises(UnreadableIdentity):
        phone(text, region=region)


def test_no_emergency_number_of_any_country_is_an_address() -> None:
    """However long those of a country are: what is longer than all of them is not looked up."""
    for region in phonenumbers.SUPPORTED_REGIONS:
        known = PhoneMetadata.short_metadata_for_region(region)
        if known is not None and known.emergency is not None and known.emergency.example_number:
            with pytest.raises(UnreadableIdentity):
                phone(known.emergency.example_number, region=region)


def test_a_handle_is_taken_to_the_letter() -> None:
    assert handle("oX_9-aB").value == "oX_9-aB"
    assert handle("Jo") != handle("jo")
    for bad in ("", "a b", "a\n", "a\u3000b", "a\u202eb", "\ud800", "a\0", "a" * 129):
        with pytest.raises(UnreadableIdentity):
            handle(bad)


def test_a_handle_may_be_of_any_script() -> None:
    """Its letters in one code point or in two are one name, and so one refusal."""
    assert handle("tb小明爱购物").value == "tb小明爱购物"
    assert handle("Jose\u0301") == handle("Jos\u00e9")
    assert len(handle("\u03b1\u0313\u0300\u0345" * 128).value) == 128


@pytest.mark.parametrize("read", [phone, handle])
def test_what_is_far_too_long_is_refused_before_it_is_composed(
    read: Callable[[str], Identity],
) -> None:
    """Putting so many marks in order takes minutes."""
    began = process_time()
    with pytest.raises(UnreadableIdentity):
        read("1" + "\u0315\u0300" * 500_000)
    assert process_time() - began < 2


def test_the_hash_depends_on_key_and_kind() -> None:
    """The same signs as a handle and as a mail address are two identities."""
    mail, name = email("jo@example.com"), handle("jo@example.com")
    assert len({Hasher([OLD]).hash(mail), Hasher([NEW]).hash(mail), Hasher([OLD]).hash(name)}) == 3


def test_a_former_key_still_finds() -> None:
    """New entries bear the new key's hash; looking up tries both."""
    jo = email("jo@example.com")
    before, after = Hasher([OLD]), Hasher([NEW, OLD])
    assert after.all(jo) == (after.hash(jo), before.hash(jo))
    assert (after.hash(jo)[0], len(after.hash(jo))) == (2, 33)


def test_keys_are_read_and_never_shown() -> None:
    keys = read(f"2:{b'n'.hex() * 32}, 1:{b'o'.hex() * 32}")
    assert keys == (NEW, OLD)
    assert "secret" not in repr(keys)


@pytest.mark.parametrize(
    "text", ["", "1:", "1:zz", f"0:{'00' * 32}", f"256:{'00' * 32}", f"1:{'00' * 31}", "hex"]
)
def test_a_bad_key_is_refused(text: str) -> None:
    with pytest.raises(OptOutError):
        read(text)


def test_a_number_names_one_key() -> None:
    with pytest.raises(OptOutError):
        Hasher([OLD, Key(1, b"x" * 32)])
    with pytest.raises(OptOutError):
        Hasher([])

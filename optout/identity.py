"""Which person is this? One spelling per address, and a keyed hash that outlives its erasure.

Two spellings that reach the same inbox or handset must hash alike, or an opt-out given under one
would not hold under the other. Doubt is refused: an address that could be read in two ways is not
guessed at.
"""

import hmac
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import idna
import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    ValidationResult,
    shortnumberinfo,
)

from optout import keys as keyring
from optout import numbering
from optout.errors import UnreadableIdentity
from optout.keys import Key
from optout.model import Identity, Kind

_LONGEST_EMAIL = 254  # RFC 5321 section 4.5.3.1.3, a path without its brackets
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"  # RFC 5322 section 3.2.3
_LOCAL = re.compile(rf"(?=.{{1,64}}\Z){_ATOM}(?:\.{_ATOM})*\Z")
_NUMERIC = re.compile(r"[0-9]+\Z")
_DIALLED = re.compile(r"\+?[0-9(][0-9 ().-]*\Z")
_LONGEST_NUMBER = 64  # signs as it was written
_LONGEST_HANDLE = 128  # signs
_APART = 4  # code points, at most, in which one sign comes when it is not composed
# 13800001234-5678, +44 … ext 12, 转 34, #12: how shops and carriers write a masked number.
_SPELLED_EXTENSION = re.compile(r"(?i)[0-9] *(?:ext|x|#|;|,|转|轉|分机|分機|内線)[ .=:]*[0-9]")
_TRAILING_EXTENSION = re.compile(r"(?:\+?86[ -]?)?1[0-9]{10} *[-_] *[0-9]{3,4}\Z")
_MEXICO, _MEXICAN_MOBILE = 52, re.compile(r"1([0-9]{10})\Z")


def email(text: str) -> Identity:
    """A mail address: `local@domain`, nothing around it, lower-cased, the domain in its ASCII form.

    RFC 5321 lets a host tell `Jo@` from `jo@`; none that matters does, and treating both as one
    errs on the side of silence. `jo+shop@` stays apart from `jo@`: whether they meet only the host
    knows. Quoted local parts and literal domains are refused. Raises `UnreadableIdentity`.
    """
    local, at, domain = text.strip(" ").rpartition("@")
    if not at or len(text) > _LONGEST_EMAIL or not _LOCAL.match(local):
        raise UnreadableIdentity("not a mail address: give local@domain and nothing else")
    value = f"{local.lower()}@{_ascii_domain(domain)}"
    if len(value) > _LONGEST_EMAIL:
        raise UnreadableIdentity(f"a mail address has at most {_LONGEST_EMAIL} signs")
    return Identity(Kind.EMAIL, value)


def phone(text: str, *, region: str | None = None) -> Identity:
    """A telephone number in E.164. `region` (ISO 3166, `GB`) is needed where it lacks its `+`.

    Any number that is possible is taken, assigned or not: numbering plans grow faster than tables,
    and the ranges kept for fiction (+44 7700 900xxx) count as unassigned. Short and emergency
    numbers, extensions, letters and local forms without area code are refused. Raises
    `UnreadableIdentity`.
    """
    if written := numbering.plain(text, region):
        return Identity(Kind.PHONE, written)
    if len(text) > _LONGEST_NUMBER:  # composing takes the square of the length
        raise UnreadableIdentity(f"a telephone number has at most {_LONGEST_NUMBER} signs")
    dialled = unicodedata.normalize("NFKC", text).strip(
        " "
    )  # full-width digits are common in China
    if _masked(dialled):
        raise UnreadableIdentity(
            "a number with an extension leads to whoever holds it today: "
            "it is a route, not an identity; keep it as `identity.route`"
        )
    if not _DIALLED.match(dialled):
        raise UnreadableIdentity("not a telephone number: digits, spaces and + ( ) - . alone")
    number = _without_old_prefix(_parsed(dialled, region))
    _refuse_short(number)
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        raise UnreadableIdentity("no telephone number of its country has that many digits")
    return Identity(
        Kind.PHONE, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    )


def handle(text: str) -> Identity:
    """An account name as a chat provider gave it, in the letters of any script.

    To the letter, but composed (NFC): shops name people 小明 or José, and systems spell the same
    letter in one code point or in two. Nothing else is folded, since platforms tell `Jo` from `jo`.
    Raises `UnreadableIdentity`.
    """
    near = len(text) <= _APART * _LONGEST_HANDLE  # composing takes the square of the length
    value = unicodedata.normalize("NFC", text) if near else ""
    # What is not printable are controls, marks of direction, spaces but one, and half signs.
    if not (0 < len(value) <= _LONGEST_HANDLE and value.isprintable() and " " not in value):
        raise UnreadableIdentity("an account name has 1 to 128 printable signs and no space")
    return Identity(Kind.HANDLE, value)


def route(text: str) -> Identity:
    """A masked or expiring number of a shop's: a way to somebody for a while, and nobody's address.

    It has no hash, so that consent is never looked up or kept under it: tomorrow it may lead to
    somebody else. Raises `UnreadableIdentity` when there is nothing in it.
    """
    if not (value := text.strip()):
        raise UnreadableIdentity("a route has at least one sign")
    return Identity(Kind.ROUTE, value)


class Hasher:
    """Turns identities into hashes of 33 bytes: the key's number, then HMAC-SHA-256 (RFC 2104).

    The hash is what the ledger keeps, so an opt-out survives the erasure of the address, and cannot
    be turned back into one by trying all telephone numbers without the key.
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        """`keys` has the current key first; keep a former one for as long as entries bear it."""
        self._subkeys = [
            (bytes([key.number]), key.subkey("identity")) for key in keyring.in_order(keys)
        ]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The keys' numbers, the current one first: the first byte of a hash is its key's."""
        return tuple(number[0] for number, _ in self._subkeys)

    def hash(self, identity: Identity) -> bytes:
        """The hash under the current key: what new entries and gate rows bear.

        Raises `UnreadableIdentity` for a route, here and in `all`.
        """
        return _hashed(self._subkeys[0], identity)

    def all(self, identity: Identity) -> tuple[bytes, ...]:
        """The hashes under every key, the current one first: what entries are looked up by."""
        return tuple(_hashed(subkey, identity) for subkey in self._subkeys)


def _hashed(subkey: tuple[bytes, bytes], identity: Identity) -> bytes:
    if identity.kind is Kind.ROUTE:
        raise UnreadableIdentity("a route is nobody's address, so no consent hangs on it")
    number, secret = subkey
    named = f"{identity.kind.value}:{identity.value}".encode()
    return number + hmac.digest(secret, named, "sha256")


def _masked(dialled: str) -> bool:
    """Whether an extension follows the number: spelled out, or four digits behind a whole one."""
    return bool(_SPELLED_EXTENSION.search(dialled) or _TRAILING_EXTENSION.match(dialled))


@lru_cache(maxsize=1 << 12)  # of many addresses few domains are ever new
def _ascii_domain(domain: str) -> str:
    """The domain in lower-case ASCII (RFC 5890, UTS 46); it needs two labels or more."""
    try:
        plain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise UnreadableIdentity("not a mail address: its domain is no host name") from error
    _, dot, top = plain.rpartition(".")
    if not dot or not top or _NUMERIC.match(top):
        raise UnreadableIdentity("not a mail address: its domain needs a name and an ending")
    return plain


def _parsed(dialled: str, region: str | None) -> PhoneNumber:
    if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
        raise UnreadableIdentity("the region is no country of the telephone network; say GB, CN …")
    try:
        return phonenumbers.parse(dialled, region)
    except NumberParseException as error:
        raise UnreadableIdentity(
            "not a telephone number; write it with + and country code, or name its region"
        ) from error


def _without_old_prefix(number: PhoneNumber) -> PhoneNumber:
    """Mexican mobiles lost the 1 after +52 in 2019, yet lists and chat providers still write it."""
    if number.country_code != _MEXICO:
        return number
    old = _MEXICAN_MOBILE.match(str(number.national_number))
    return PhoneNumber(_MEXICO, int(old[1])) if old else number


def _refuse_short(number: PhoneNumber) -> None:
    """Emergency and service numbers parse like others, even behind a country code."""
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    dialled = str(number.national_number)
    if len(dialled) > numbering.longest_short(number.country_code or 0):
        return
    short = shortnumberinfo.is_valid_short_number(number) and not phonenumbers.is_valid_number(
        number
    )
    if short or shortnumberinfo.is_emergency_number(dialled, region):
        raise UnreadableIdentity("a short or emergency number is nobody's address")

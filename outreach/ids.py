"""What is a thing called, and which way does its coin fall?

An id is a hash of what the thing *is*, so the same fact planned again, by another worker or after a
restore from backup, has the same id. That makes every insert safe to repeat, keeps a provider's
memory of our idempotency keys true across a restore, and leaves replay nothing to guess.
"""

from base64 import b32decode, b32encode
from binascii import Error as BadBase32
from functools import lru_cache
from hashlib import sha256
from uuid import UUID, SafeUUID

from outreach.errors import Invalid

_SIGNS = 26  # 128 bits in base32
# Four bits of byte 6 say the version, two of byte 8 the variant; uuid.UUID(version=8) needs
# Python 3.14.
_UNMARKED, _VERSION_8 = ~(0xF0 << 72 | 0xC0 << 56), 0x80 << 72 | 0x80 << 56
EVENT, PERSON, CAMPAIGN, ENROLMENT, TOUCH, TASK = "evt", "per", "cmp", "enr", "tch", "tsk"
CASE, REPLY = "cas", "rpl"
KEY, EXPORT, HOLD = "key", "exp", "hld"


def derived(kind: str, *parts: object) -> UUID:
    """The 128-bit id of a thing of this kind, by name (RFC 9562 version 8, SHA-256)."""
    name = "\x1f".join((kind, *map(str, parts)))
    number = int.from_bytes(sha256(name.encode()).digest()[:16])
    return _made(number & _UNMARKED | _VERSION_8)


def _made(number: int) -> UUID:
    """The UUID of these 128 bits.

    Its own constructor asks first in which of six ways it is told: half the price of an id.
    """
    made = object.__new__(UUID)
    object.__setattr__(made, "int", number)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


def shown(kind: str, value: UUID) -> str:
    """`tch_…`: the id as people and providers see it, 26 lower-case letters and digits."""
    return f"{kind}_{_signs(value)}"


@lru_cache(maxsize=1 << 13)  # a touch is named in each of its links, and to its provider
def _signs(value: UUID) -> str:
    return b32encode(value.bytes).decode().rstrip("=").lower()


def read(kind: str, text: str) -> UUID:
    """The id behind `tch_…`. Raises `Invalid` when the text is not an id of that kind."""
    prefix, _, rest = text.strip().partition("_")
    wrong = Invalid(f"{text!r} is not an id that starts with {kind}_ and has {_SIGNS} signs")
    if prefix != kind or len(rest) != _SIGNS:
        raise wrong
    try:
        value = UUID(bytes=b32decode(rest.upper() + "======"))
    except (ValueError, BadBase32) as error:
        raise wrong from error
    if shown(kind, value) != f"{kind}_{rest.lower()}":  # the last sign has bits to spare
        raise wrong
    return value


def share(*parts: object) -> float:
    """A number in [0, 1) that depends on nothing but the parts: chance that replays exactly."""
    digest = sha256("\x1f".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:7]) / float(1 << 56)

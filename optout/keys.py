"""Under which secrets are addresses hashed and links signed, and how are they replaced?

A key has a number, which is written beside whatever the key made, so the old key is found again
after a new one has come. Each use has its own subkey, so a hash is never a valid signature.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from optout.errors import OptOutError

SHORTEST = 32  # bytes; RFC 2104 section 3: no shorter than the hash's own output


@dataclass(frozen=True, slots=True)
class Key:
    """A secret of at least 32 bytes and its number, 1 to 255; raises `OptOutError` otherwise."""

    number: int
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 255:  # noqa: PLR2004  # one byte, and 0 is never a key
            raise OptOutError(f"a key's number is 1 to 255, not {self.number}")
        if len(self.secret) < SHORTEST:
            raise OptOutError(f"key {self.number} is too short: {SHORTEST} bytes or more")

    def digest(self, use: str, message: bytes) -> bytes:
        """HMAC-SHA-256 (RFC 2104), 32 bytes, of the message under the subkey for that use."""
        return hmac.digest(self.subkey(use), message, hashlib.sha256)

    def subkey(self, use: str) -> bytes:
        """The secret for one use, 32 bytes; to be derived once where much is hashed."""
        return hmac.digest(self.secret, f"optout {use}".encode(), hashlib.sha256)


def read(text: str) -> tuple[Key, ...]:
    """The keys in `2:hex,1:hex`, current first. Raises `OptOutError`, which shows no secret."""
    return in_order([_key(place, part) for place, part in enumerate(text.split(","), start=1)])


def in_order(keys: Sequence[Key]) -> tuple[Key, ...]:
    """The keys as they are, current first. Raises `OptOutError` on none, or one number twice."""
    if not keys or len({key.number for key in keys}) < len(keys):
        raise OptOutError("give at least one key, and no number twice")
    return tuple(keys)


def _key(place: int, part: str) -> Key:
    number, _, secret = part.strip().partition(":")
    try:
        return Key(int(number), bytes.fromhex(secret))
    except ValueError:
        raise OptOutError(f"key {place} does not read NUMBER:HEX") from None

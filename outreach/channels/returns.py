"""Which of our mails is this that came back?

Pure. Every mail bears a mark: its touch id and a signature over brand and touch. The mark stands in
the Message-ID, which a report of a failed delivery quotes, and, where an address for returns is
set, in the envelope's sender (VERP), to which such a report is written. Whoever has not seen the
mail cannot make its mark, so a report without one that verifies says nothing.

Letters and digits in lower case only, since systems on the way may fold case; with a name of at
most eleven signs before it, a mark fits into the 64 signs of a local part (RFC 5321 4.5.3.1.1).
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from optout.keys import Key
from outreach.errors import Misconfigured

_SIGNATURE = 13  # bytes: 104 bits in 21 signs
_MARK = re.compile(r"(tch_[a-z2-7]{26})\.([a-z2-7]{21})(?![a-z2-7])", re.IGNORECASE)
_MOST = 10  # marks that are looked at: each is checked for every brand and key
_ADDRESS = re.compile(r"([A-Za-z0-9._-]{1,11})@([A-Za-z0-9.-]{1,190})")


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail of ours that somebody reports about."""

    brand: str
    touch: str


@dataclass(frozen=True, slots=True)
class Returns:
    """Marks mails, and knows its own marks. `address` is where reports are to be written to.

    Raises `Misconfigured` for an address that leaves no room for a mark.
    """

    keys: Sequence[Key]
    address: str = ""

    def __post_init__(self) -> None:
        if self.address and not _ADDRESS.fullmatch(self.address):
            raise Misconfigured(
                "OUTREACH_RETURNS_ADDRESS is an address such as bounces@mail.example, "
                "with at most eleven signs before the @"
            )

    def mark(self, brand: str, touch: str) -> str:
        """What a mail of this touch bears, made with the key in use."""
        return f"{touch}.{_signature(self.keys[0], brand, touch)}"

    def sender(self, brand: str, touch: str) -> str | None:
        """The envelope's sender of this mail; None where no address for returns is set."""
        if not self.address:
            return None
        name, _, domain = self.address.partition("@")
        return f"{name}+{self.mark(brand, touch)}@{domain}"

    def find(self, text: str, brands: Iterable[str]) -> set[Returned]:
        """The mails whose marks stand in this text; a mark that we did not make is passed over."""
        known = tuple(brands)
        return {
            Returned(brand, touch)
            for touch, signature in _marks(text)
            for brand in known
            if any(_same(signature, _signature(key, brand, touch)) for key in self.keys)
        }


def _marks(text: str) -> Iterator[tuple[str, str]]:
    seen = {(found[1].lower(), found[2].lower()) for found in _MARK.finditer(text)}
    yield from sorted(seen)[:_MOST]


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one, other)


def _signature(key: Key, brand: str, touch: str) -> str:
    digest = key.digest("return", f"{brand}\0{touch}".encode())
    return b32encode(digest[:_SIGNATURE]).decode().rstrip("=").lower()

"""Into how many SMS is this text cut, where, and what does it cost?

GSM-7 with its extension table where every sign is in it, else UCS-2, in which a sign outside the
first plane takes two units. A sign is never cut in two, be it an escape with what follows or a
surrogate pair (3GPP TS 23.038, 6.2.1; TS 23.040, 9.2.3.24.1 for the header of a part). Chinese
carriers count 70 and 67 signs whatever the alphabet, with the signature and the opt-out line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet: one septet each (TS 23.038, 6.2.1)."""

EXTENSION = frozenset("\f^{}\\[~]|€")
"""The extension table: an escape and a septet each (TS 23.038, 6.2.1.1)."""

FOLDED = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"',
    "«": '"', "»": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": "", "\ufeff": "", "•": "-",
})  # fmt: skip


class Alphabet(StrEnum):
    """In which units a text is counted."""

    GSM7 = "gsm-7"
    UCS2 = "ucs-2"


class Network(StrEnum):
    """Whose way of counting applies."""

    STANDARD = "standard"
    CHINA = "china"


@dataclass(frozen=True, slots=True)
class Segments:
    """A text as it is cut; `units` are septets of GSM-7 or 16-bit units of UCS-2."""

    alphabet: Alphabet
    parts: tuple[str, ...]
    units: int
    left: int
    """How many units still fit into the last part."""

    @property
    def count(self) -> int:
        return len(self.parts)


_CHINA = "+86"
_KNOWN = BASIC | EXTENSION
_FIRST_PLANE = "\uffff"
_ROOM = {Alphabet.GSM7: (160, 153), Alphabet.UCS2: (70, 67)}


def charged(text: str, *, to: str) -> int:
    """How many parts a provider charges for this text to a number in E.164."""
    network = Network.CHINA if to.startswith(_CHINA) else Network.STANDARD
    return split(text, network=network).count


def split(text: str, *, network: Network = Network.STANDARD) -> Segments:
    """The text in as many parts as leave the phone; an empty text is one part.

    The text is the whole one: filled, with all that is put around it (see `frame`).
    """
    china = network is Network.CHINA
    alphabet = Alphabet.UCS2 if china or outside(text) else Alphabet.GSM7
    measure = _septets if alphabet is Alphabet.GSM7 else _units
    single, part = _ROOM[alphabet]
    units = sum(map(measure, text))
    if units <= single:
        return Segments(alphabet, (text,), units, single - units)
    parts = _cut(text, part, measure)
    return Segments(alphabet, parts, units, part - sum(map(measure, parts[-1])))


def outside(text: str) -> tuple[str, ...]:
    """The signs that GSM-7 does not have, each once: any of them makes the whole text UCS-2."""
    return tuple(dict.fromkeys(sign for sign in text if sign not in _KNOWN))


def folded(text: str) -> str:
    """The text with typographic quotes, dashes and spaces made plain, so that it costs less."""
    return text.translate(FOLDED)


def cost(segments: Segments, *, price: Decimal) -> Decimal:
    """What these parts cost, in the currency of `price`, which is that of one part."""
    return segments.count * price


def _septets(sign: str) -> int:
    return 2 if sign in EXTENSION else 1


def _units(sign: str) -> int:
    return 2 if sign > _FIRST_PLANE else 1


def _cut(text: str, room: int, measure: Callable[[str], int]) -> tuple[str, ...]:
    parts, start, taken = [], 0, 0
    for at, sign in enumerate(text):
        if taken + measure(sign) > room:
            parts.append(text[start:at])
            start, taken = at, 0
        taken += measure(sign)
    return (*parts, text[start:])

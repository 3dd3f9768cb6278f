"""In which one spelling are a reply and the phrases compared?

Case, width, accents, punctuation, emoji, invisible characters and repeated letters carry no refusal
and hide none, so they go. What is left are words apart by one space. Traditional characters become
simplified ones, and phrases pass the same way, so that no phrase needs a second spelling.
"""

import re
import sys
import tomllib
import unicodedata
from functools import cache
from importlib import resources

LONGEST = 2_000

_HALF = LONGEST // 2

# Signs that NFKC would turn into letters (a boxed M, a circled character) must go before it.
_EMOJI = re.compile(
    "[\u00a9\u00ae\u2122\u2139\u2190-\u245f\u2500-\u2bff\u3200-\u33ff"
    "\U0001f000-\U0001f12f\U0001f150-\U0001faff]|\u24c2\ufe0f"
)
_INVISIBLE = dict.fromkeys(
    code
    for span in (
        range(0xAD, 0xAE),  # soft hyphen
        range(0x34F, 0x350),
        range(0x61C, 0x61D),
        range(0x115F, 0x1161),  # Hangul fillers
        range(0x180B, 0x1810),
        range(0x200B, 0x2010),  # zero-width spaces and joiners, marks of direction
        range(0x202A, 0x202F),
        range(0x2060, 0x2070),
        range(0x3164, 0x3165),
        range(0xFE00, 0xFE10),  # variation selectors
        range(0xFEFF, 0xFF00),
        range(0xFFA0, 0xFFA1),
        range(0xE0000, 0xE0200),  # tags
    )
    for code in span
)
_WORD = re.compile(r"[a-z]+|[0-9]+|[^\W\d_a-z]+")
_REPEATED = re.compile(r"([a-z])\1+")
# don't and dont, I'm and im, e-mail and email are one word each.
_PARTED = re.compile(r"(?<=n) (?=t\b)|(?<=\bi) (?=(?:m|ve|d|ll)\b)|(?<=\be) (?=mail)")
_LETTERS = re.compile(r"\b[a-z](?: [a-z]){3,}\b|^[a-z] [a-z](?: [a-z])?$")  # S.T.O.P


def spelling(text: str) -> str:
    """The text as it is compared. Of more than 2,000 characters the first and last thousand count.

    A refusal stands at the beginning of a long message or at its end.
    """
    kept = text if len(text) <= LONGEST else f"{text[:_HALF]} {text[-_HALF:]}"
    if not kept.isascii():
        kept = unicodedata.normalize("NFKC", _EMOJI.sub(" ", kept).translate(_INVISIBLE))
    kept = kept.casefold()
    if not kept.isascii():
        kept = kept.translate(_plain())
    words = _REPEATED.sub(r"\1", " ".join(_WORD.findall(kept)))
    return _PARTED.sub("", _LETTERS.sub(_joined, words))


@cache
def document(name: str) -> dict[str, object]:
    """One file of phrases, by its name without ending."""
    file = resources.files("optout") / "phrases" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _joined(letters: re.Match[str]) -> str:
    return letters[0].replace(" ", "")


@cache
def _plain() -> dict[int, str | None]:
    """Accented letters without accents, traditional characters as simplified ones."""
    pairs = "".join(str(document("traditional")["pairs"]).split())
    accented = [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]
    bare = {code: unicodedata.normalize("NFD", chr(code))[0] for code in accented}
    return (
        dict.fromkeys(range(0x300, 0x370))
        | bare
        | {ord("ı"): "i"}
        | {ord(old): sys.intern(new) for old, new in zip(pairs[::2], pairs[1::2], strict=True)}
    )

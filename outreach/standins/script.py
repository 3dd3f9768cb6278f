"""What shall this stand-in do to the n-th message?

Rules like `3=rcpt:550` (the third message), `*/100=dot:451` (every hundredth) or `1.5%=dot:drop`
(so many of all, picked by a seed); the first that fits applies, and where none does the message is
accepted. Messages count from 1 as they come in, the refused ones too; a stand-in that starts again
on its log goes on counting from there.

| relay | |
|---|---|
| `mail:C`, `rcpt:C`, `data:C` | reply with code C to that command; with 421 hang up as well |
| `body:drop` | hang up in the middle of the body |
| `dot:C` | read the message, reply with code C, forget it |
| `dot:drop`, `dot:silence` | accept the message, then hang up, or never answer |
| `dot:slow` | accept the message, then answer a byte a second |

| gateway, and whatever is spoken to over HTTP | |
|---|---|
| `http:C`, `http:C:A` | answer with status C (and `Retry-After: A`; `+A` gives it as a date) |
| `http:broken` | accept the message, answer with half a body |
| `http:other` | accept the message, answer with an id of which the log knows nothing |
| `http:drop`, `http:silence` | accept the message, then hang up, or never answer |
| `http:slow` | accept the message, then answer a byte a second |
| `http:reset` | reset the connection, and forget the message |
| `http:deaf` | forget the message, and never answer |
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_RULE = re.compile(
    r"(?:(\*/)?([1-9][0-9]*)|([0-9]{1,3}(?:\.[0-9]+)?)%)="
    r"((?:mail|rcpt|data|dot):[45][0-9]{2}|body:drop|dot:(?:drop|silence|slow)"
    r"|http:(?:[2-5][0-9]{2}(?::\+?[0-9]+)?|broken|deaf|drop|other|reset|silence|slow))"
)
_WHOLE = 2**64


@dataclass(frozen=True, slots=True)
class Rule:
    """Do this to message `number`, to each one that it divides, or to a share of all."""

    number: int
    repeats: bool
    what: str
    share: float = 0.0

    def fits(self, message: int, seed: str = "") -> bool:
        if self.share:
            return _drawn(f"{seed} {self.what} {message}") < self.share
        return message % self.number == 0 if self.repeats else message == self.number


def rules(texts: Iterable[str]) -> tuple[Rule, ...]:
    """The rules in these texts. Raises `ValueError` that names the first that is none."""
    return tuple(_rule(text) for text in texts)


def _rule(text: str) -> Rule:
    match = _RULE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no rule: write for example 3=rcpt:550 or */100=http:429")
    if match[3]:
        return Rule(0, repeats=True, what=match[4], share=float(match[3]) / 100)
    return Rule(int(match[2]), bool(match[1]), match[4])


def _drawn(lot: str) -> float:
    """A number from 0 up to 1 that is always the same for the same lot."""
    return int.from_bytes(hashlib.blake2b(lot.encode(), digest_size=8).digest()) / _WHOLE


class Script:
    """Counts the messages and says what to do to each."""

    def __init__(self, rules: tuple[Rule, ...], *, seed: str = "", after: int = 0) -> None:
        """`after` is how many messages an earlier run has accepted."""
        self._rules = rules
        self._seed = seed
        self._count = after

    def next(self) -> str:
        """What to do to the message that begins now; `""` is to accept it."""
        self._count += 1
        fitting = (rule.what for rule in self._rules if rule.fits(self._count, self._seed))
        return next(fitting, "")

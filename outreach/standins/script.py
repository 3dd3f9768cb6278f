"""What shall this stand-in do to the n-th message?

Rules like `3=rcpt:550` (the third message) or `*/100=dot:451` (every hundredth); the first that
fits applies, and where none does the message is accepted. Messages count from 1 as they come in,
the refused ones too.

| relay | |
|---|---|
| `mail:C`, `rcpt:C`, `data:C` | reply with code C to that command; with 421 hang up as well |
| `body:drop` | hang up in the middle of the body |
| `dot:C` | read the message, reply with code C, forget it |
| `dot:drop`, `dot:silence` | accept the message, then hang up, or never answer |

| gateway | |
|---|---|
| `http:C`, `http:C:A` | answer with status C (and `Retry-After: A`; `+A` gives it as a date) |
| `http:broken` | accept the message, answer 202 with half a body |
| `http:drop`, `http:silence` | accept the message, then hang up, or never answer |
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_RULE = re.compile(
    r"(\*/)?([1-9][0-9]*)=((?:mail|rcpt|data|dot):[45][0-9]{2}|body:drop|dot:(?:drop|silence)"
    r"|http:(?:[2-5][0-9]{2}(?::\+?[0-9]+)?|broken|drop|silence))"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Do this to message `number`, or to each one that it divides."""

    number: int
    repeats: bool
    what: str

    def fits(self, message: int) -> bool:
        return message % self.number == 0 if self.repeats else message == self.number


def rules(texts: Iterable[str]) -> tuple[Rule, ...]:
    """The rules in these texts. Raises `ValueError` that names the first that is none."""
    return tuple(_rule(text) for text in texts)


def _rule(text: str) -> Rule:
    match = _RULE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no rule: write for example 3=rcpt:550 or */100=http:429")
    return Rule(int(match[2]), bool(match[1]), match[3])


class Script:
    """Counts the messages and says what to do to each."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._count = 0

    def next(self) -> str:
        """What to do to the message that begins now; `""` is to accept it."""
        self._count += 1
        return next((rule.what for rule in self._rules if rule.fits(self._count)), "")

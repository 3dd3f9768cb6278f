"""What can go wrong, drawn once.

    OutreachError                     a code, a sentence for people, details
     ├─ CallerError                   the request was wrong: 4xx, exit code 2
     │   ├─ NotFound
     │   ├─ Conflict                  the state table says no; same key, other content
     │   ├─ Invalid                   a document, template or address cannot be read; says where
     │   ├─ Forbidden                 nobody is logged in, no valid key
     │   └─ NotAllowed                somebody is, and their role does not reach so far
     ├─ Trouble                       not the caller's fault: a server away, a deadlock
     └─ Misconfigured                 raised at start-up only

Not sending is not an error, and a provider's refusal is a value. Edges translate by `code`.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place of a document; lines and columns count from 1, 0 is unknown."""

    where: str
    sentence: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        at = f"line {self.line}, column {self.column}: " if self.line else ""
        path = f"{self.where}: " if self.where else ""
        return f"{at}{path}{self.sentence}"


class OutreachError(Exception):
    """Something is wrong with outreach."""

    code = "error"

    def __init__(self, sentence: str | None = None, **details: object) -> None:
        self.sentence = sentence or (self.__doc__ or "").strip()
        self.details = details
        super().__init__(self.sentence)


class CallerError(OutreachError):
    """The request cannot be carried out as it stands."""

    code = "bad-request"


class NotFound(CallerError):
    """There is nothing of that name here."""

    code = "not-found"


class Conflict(CallerError):
    """That does not fit what is already there."""

    code = "conflict"


class Invalid(CallerError):
    """What was given cannot be read."""

    code = "invalid"

    def __init__(
        self, sentence: str | None = None, *, problems: Iterable[Problem] = (), **details: object
    ) -> None:
        self.problems = tuple(problems)
        super().__init__(sentence, **details)


class Forbidden(CallerError):
    """That is not allowed with this key."""

    code = "forbidden"


class NotAllowed(CallerError):
    """Your role does not allow that."""

    code = "not-allowed"


class Trouble(OutreachError):
    """A server that outreach needs did not answer; nothing is lost, try again."""

    code = "trouble"


class Misconfigured(OutreachError):
    """outreach cannot start as it is configured."""

    code = "misconfigured"

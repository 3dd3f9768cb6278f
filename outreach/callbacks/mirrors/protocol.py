"""What does another system get to see of a call, and what may it say of how that ended?

A mirror is four pure functions. It shows a call under our own task id, and never the number: that
is told to whoever asks to dial, since that is when the call is judged. Agents who work there ask
`POST /api/v1/tasks/{task}/dial` before they call, and the disposition comes back signed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from outreach.signed.message import Message, Refused, Verified


@dataclass(frozen=True, slots=True)
class Shown:
    """A call as others see it. `state` is the task's; `script` is what the agent says."""

    task: str
    ref: str
    reason: str
    queue: str
    state: str
    script: str
    attempts: int
    due_at: datetime
    useless_after: datetime
    holder: str | None = None
    disposition: str | None = None
    promised: str | None = None

    @property
    def over(self) -> bool:
        """Whether no call is owed any more."""
        return self.state in {"closed", "withdrawn"}


@dataclass(frozen=True, slots=True)
class Connected:
    """The other system: where it is, with which secret, and what else it needs."""

    url: str
    secret: str
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent there; `path` begins with a slash and follows the URL of the system."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """How a call ended, as the other system says it; `theirs` is its own id where it knows no
    other, and `event` tells this word from others where deliveries have no name.
    """

    disposition: str
    agent: str
    task: str | None = None
    theirs: str | None = None
    note: str = ""
    promised: str | None = None
    event: str = ""


Made = Callable[[Shown, str | None, Connected, datetime], Request]
"""The request for a call that the system knows by this id, or not yet."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """One kind of system: how a call is shown there, which id that gives, and what comes back.

    `delivery` is the header that names a delivery, and names it the same when it comes again.
    """

    name: str
    made: Made
    theirs: Callable[[bytes], str | None]
    verify: Callable[[Message, Connected, datetime], Verified | Refused]
    read: Callable[[bytes, Connected], tuple[Heard, ...]]
    needs: tuple[str, ...] = ()
    delivery: str = ""

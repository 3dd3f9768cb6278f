"""Who sits at an agent's desk, and what is an ending called in their language?

Whoever logged in is the agent of that login; a visitor with an API key says which agent they are
(`?agent=`), as the API's callers do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Response

from outreach import ids
from outreach.callbacks.document import Queue
from outreach.callbacks.model import Task
from outreach.callbacks.queues import Desk
from outreach.errors import Invalid
from outreach.web.console.shell import Asked, Screen


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits at this desk; `asks` is how addresses of a key's visitor go on naming them."""

    screen: Screen
    agent: str
    asks: str

    def at(self, task: UUID, what: str = "") -> str:
        """The address of a task, or of something that is done with it."""
        return f"/desk/{ids.shown(ids.TASK, task)}{what}{self.asks}"

    @property
    def home(self) -> str:
        """The address of the desk."""
        return f"/desk{self.asks}"

    def see(self, path: str, done: str = "") -> Response:
        """Go to another page, which says what was done."""
        return self.screen.back_to(path, done=done)


def _seat(screen: Asked, agent: Annotated[str, Query(max_length=100)] = "") -> Seat:
    """Who logged in is nobody else; a key's visitor is whom they say."""
    if screen.visitor.user:
        return Seat(screen, screen.visitor.user.login, "")
    return Seat(screen, agent.strip(), f"?{urlencode({'agent': agent.strip()})}")


Seated = Annotated[Seat, Depends(_seat)]


def _working(seat: Seated) -> Seat:
    """Raises `Invalid` where nobody says who works: a call is held by somebody."""
    if not seat.agent:
        raise Invalid("say which agent you are, then take a call")
    return seat


Working = Annotated[Seat, Depends(_working)]


def named_ending(known: Desk, task: Task, key: str | None, screen: Screen) -> str:
    """What the queue of this task calls this ending."""
    ending = known.queue(task.queue).endings.get(key or "")
    return screen.called(ending.name) if ending else key or ""


def all_endings(queues: Iterable[Queue], screen: Screen) -> dict[str, str]:
    """What each disposition of these queues is called; the last word where several have it."""
    return {
        key: screen.called(ending.name) for queue in queues for key, ending in queue.endings.items()
    }

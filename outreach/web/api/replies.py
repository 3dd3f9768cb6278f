"""What did a person write back, and what follows?  `POST /api/v1/replies`"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from optout.model import Channel
from optout.reading import Intent, PendingQuestion, Scope
from outreach.inbound.replies import Heard, Reply, hear
from outreach.web.auth import Authorized
from outreach.web.shapes import Text

router = APIRouter(tags=["replies"])


@dataclass(frozen=True, slots=True)
class Written:
    """What came in: `from` as the provider gave it, a number with its +; `id` is the provider's.

    `pending` are the answers that an open question offers, `["1", "2"]`, or nothing where none is
    open. What somebody wrote whom the brand knows is kept, for leads to look at.
    """

    id: Text
    sender: Annotated[Text, Field(alias="from")]
    text: Annotated[str, Field(max_length=100_000)]
    channel: Channel
    pending: tuple[Text, ...] | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What it meant and by which rule, who has that address, and what holds since.

    `cases` name what a doubtful reply opened, one for each of these people: to look at and close.
    `survey` is the key of the survey that it answered with `score`.
    """

    intent: Intent
    scope: Scope | None
    matched: str
    rule: str
    people: tuple[str, ...]
    entries: int
    in_air: tuple[str, ...]
    cases: tuple[str, ...]
    survey: str | None
    score: int | None


@router.post("/replies")
def report_reply(caller: Authorized, written: Written) -> Understood:
    """Read a reply. A refusal is withdrawn at once, for everybody who has the address.

    A doubtful one ends marketing and opens a case. `restore` and `help` change nothing.
    """
    pending = None if written.pending is None else PendingQuestion(written.pending)
    reply = Reply(written.id, written.sender, written.text, written.channel, pending)
    heard = hear(caller.means, caller.brand, reply)
    if heard.changed or heard.survey:
        caller.wake()  # a case holds what can wait, and a confirmation is of use for minutes
    return _shown(heard)


def _shown(heard: Heard) -> Understood:
    return Understood(
        intent=heard.reading.intent,
        scope=heard.reading.scope,
        matched=heard.reading.matched,
        rule=heard.reading.rule,
        people=heard.refs,
        entries=sum(one.entries for one in heard.changed),
        in_air=tuple(touch for one in heard.changed for touch in one.in_air),
        cases=heard.cases,
        survey=heard.survey,
        score=heard.score,
    )

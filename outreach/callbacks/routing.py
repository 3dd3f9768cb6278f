"""To which queue does a call go, and what does it ask of its agent?

Pure. The queue with the lowest `order` that takes the call gets it; so a queue of one's own people
that takes `vip` stands before the outsourced one that takes anybody. What no queue takes goes to
the built-in one of its brand's leads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outreach.callbacks.document import Queue, built_in
from outreach.callbacks.model import Sort
from outreach.callbacks.shifts import speaks


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call as the rules of queues see it."""

    campaign: str
    purpose: str
    language: str | None = None
    tags: Sequence[str] = ()
    kind: Sort = "call"


def queue_for(wanted: Wanted, queues: Iterable[Queue]) -> Queue:
    """The queue that takes this call."""
    in_order = sorted(queues, key=lambda queue: (queue.order, queue.key))
    return next((queue for queue in in_order if takes(queue, wanted)), built_in(wanted.kind))


def higher(wanted: Wanted, queues: Iterable[Queue]) -> Queue | None:
    """The queue of the brand's own people to whom a call is passed up, if there is one."""
    in_house = (q for q in queues if q.in_house and q.takes.kind == wanted.kind)
    own = sorted(in_house, key=lambda queue: (queue.order, queue.key))
    fitting = (queue for queue in own if takes(queue, wanted))
    return next(fitting, own[0] if own else None)


def takes(queue: Queue, wanted: Wanted) -> bool:
    """Whether every list of the queue that is not empty speaks of this call."""
    rule = queue.takes
    return (
        rule.kind == wanted.kind
        and (not rule.campaigns or wanted.campaign in rule.campaigns)
        and (not rule.purposes or wanted.purpose in rule.purposes)
        and (not rule.tags or not set(rule.tags).isdisjoint(wanted.tags))
        and (
            not rule.languages
            or (wanted.language is not None and speaks(rule.languages, wanted.language))
        )
    )

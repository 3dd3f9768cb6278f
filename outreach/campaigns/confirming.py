"""Does this campaign confirm refusals, and is that all that it does?

Pure. What begins with a refusal writes to somebody who has just said no. So there is one campaign
of this kind, of one message on the channel of the refusal, and it promotes and asks nothing; that
such a message may go at all is for consent to say, each time (`optout.confirming`).
"""

from collections.abc import Iterator

from optout.model import Purpose
from outreach.campaigns.model import Campaign
from outreach.campaigns.steps import Split, Step, Wait, placed
from outreach.campaigns.triggers import EventTrigger
from outreach.events.model import WITHDRAWAL
from outreach.sentences import Path

KEY = "withdrawal-confirmation"


def begins(campaign: Campaign) -> bool:
    """Whether a refusal begins it."""
    trigger = campaign.trigger
    return isinstance(trigger, EventTrigger) and trigger.event == WITHDRAWAL


def objections(campaign: Campaign) -> Iterator[tuple[Path, str]]:
    """What speaks against a campaign that a refusal begins, with its path in the document."""
    if not begins(campaign):
        return
    if campaign.key != KEY:
        yield ("key",), f"a refusal is confirmed by one campaign alone: call it `{KEY}`"
    used: set[str] = set()
    for at, step in placed(campaign.steps):
        if isinstance(step, Wait | Split):
            yield at, "one message confirms a refusal: remove what comes before or after it"
        if isinstance(step, Step):
            yield from (((*at, *path), said) for path, said in _of_contact(campaign, step, used))
            used |= set(step.channels)


def _of_contact(campaign: Campaign, step: Step, used: set[str]) -> Iterator[tuple[Path, str]]:
    if step.serves(campaign.purpose) is not Purpose.TRANSACTIONAL:
        yield (), "what confirms a refusal neither promotes nor asks: make it transactional"
    if step.kind != "message":
        yield ("kind",), "a refusal is confirmed by a message"
    if used & set(step.channels):
        yield ("channels",), "one message on each channel: another step uses this one already"

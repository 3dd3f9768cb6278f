"""Which passages end because their person wants no more of them?

Those of campaigns that name `withdrawn` among their exits, once every contact in them is refused on
every channel that it could use. A refusal of text messages alone ends no passage that also writes
mails; the gate then skips what is refused.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from optout.model import Channel, Purpose
from outreach.campaigns.model import WITHDRAWN, Campaign
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.enrolments import store

Refused = tuple[Channel | None, Purpose | None]
"""What a person refuses; no channel means all of them, no purpose all of those."""


def end(
    means: Means, brand: BrandRef, refused: Mapping[UUID, Collection[Refused]], *, now: datetime
) -> int:
    """End what these persons leave by what each refuses; answers how many touches are cancelled.

    A transaction of its own, after that of the refusal: it takes locks that marks hold while they
    wait for the refusal's.
    """
    people = sorted(person for person, what in refused.items() if what)
    if not people:
        return 0
    with means.database.begin(brand) as tx:
        active = store.active_of(tx, people)
        versions = means.book.versions(tx, [passage.campaign_id for passage in active])
        left = {
            passage.id: f"exit:{WITHDRAWN}"
            for passage in active
            if leaves(versions[passage.campaign_id].campaign, refused[passage.person_id])
        }
        return store.end(tx, left, now=now)


def leaves(campaign: Campaign, refused: Collection[Refused]) -> bool:
    """Whether nothing of this campaign is left that the person has not refused."""
    return any(way.event == WITHDRAWN for way in campaign.exits) and all(
        _covered(channel, step.serves(campaign.purpose), refused)
        for step in campaign.contacts
        for channel in step.channels
    )


def _covered(channel: Channel, purpose: Purpose, refused: Collection[Refused]) -> bool:
    return any(on in {None, channel} and why in {None, purpose} for on, why in refused)

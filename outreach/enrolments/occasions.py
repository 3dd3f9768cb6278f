"""As which fact does an occasion enter, so that passages, texts and explanations stand on it?

One event for all whom it concerns alike, however many they are: it belongs to nobody.
"""

from collections.abc import Mapping
from datetime import datetime

from outreach.campaigns.agenda import Occasion
from outreach.db.engine import BrandRef
from outreach.events.model import AUDIENCE, NOBODY, OURSELVES, Event, event_id


def audience(brand: BrandRef, campaign: str, occasion: Occasion) -> Event:
    """That the time of this campaign's audience has come."""
    key = f"{AUDIENCE}:{campaign}:{occasion.name}"
    told = {"campaign": campaign, "occasion": occasion.name, "date": occasion.day.isoformat()}
    return shared(brand, AUDIENCE, key, told, at=occasion.opens_at)


def shared(
    brand: BrandRef, kind: str, key: str, data: Mapping[str, object], *, at: datetime
) -> Event:
    """A fact of our own that is the same for everybody."""
    return Event(event_id(brand, key), kind, key, "", NOBODY, at, OURSELVES, data)

"""Where is what people wrote back kept, and until when?

A row for each person who has the address, so that whoever is forgotten takes their words along and
nobody else's go. What a stranger wrote is kept by nobody. `text` holds the words and nothing else:
it is empty once they were let go of.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from optout.model import Channel
from optout.reading import Reading
from outreach import ids
from outreach.channels.fields import storable
from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import REPLY_TEXT

LONGEST = 4000  # signs of a reply; what follows is mostly the mail that it answers
_KEEP = text("""
    insert into outreach.replies (brand_id, id, person_id, channel, at, intent, rule, text)
    select :brand, :id, given.person, :channel, :at, :intent, :rule, given.text
    from unnest(cast(:people as uuid[]), cast(:texts as text[])) as given(person, text)
    order by given.person
    on conflict do nothing
""")


def keep(
    tx: Connection,
    brand: BrandRef,
    people: Sequence[UUID],
    said: Reading,
    words: str,
    *,
    channel: Channel,
    given: str,
    at: datetime,
) -> None:
    """Keep what these people may have written at `at`; `given` is the provider's id of it.

    Told again it stays as it was.
    """
    if people:
        reply, told = (
            ids.derived(ids.REPLY, brand.key, channel.value, given),
            storable(words, LONGEST),
        )
        values = {
            "brand": brand.id, "id": reply, "people": list(people),
            "texts": [sealed.seal(tx, REPLY_TEXT, told, reply, person) for person in people],
            "channel": channel.value, "at": at, "intent": said.intent.value, "rule": said.rule,
        }  # fmt: skip
        tx.execute(_KEEP, values)

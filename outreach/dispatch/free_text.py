"""Which texts may not go as they are, since nobody wrote to us lately?

Some platforms take a text of one's own for so long after a person wrote, and approved templates at
any time. A text without a template's code that comes too late is not sent: it ends here, before its
call, with a reason.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from optout.model import Channel
from outreach.dispatch.means import MARGIN
from outreach.dispatch.wording import Ready

REASON = "needs_template"
_WROTE = text("""
    select distinct person_id from outreach.replies
    where channel = :channel and person_id = any(:people) and at > :since
""")


def too_late(
    tx: Connection,
    free: Sequence[Ready],
    *,
    channel: Channel,
    within: timedelta,
    now: datetime,
) -> list[Ready]:
    """Those of these, without a code, whose persons did not write on this channel within so long.

    Less a margin, since a provider may keep a text for a while before it looks.
    """
    people = sorted({one.touch.person_id for one in free})
    values = {"channel": channel.value, "people": people, "since": now - within + MARGIN}
    wrote = set(tx.execute(_WROTE, values).scalars())
    return [one for one in free if one.touch.person_id not in wrote]

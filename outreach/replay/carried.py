"""What do providers and agents carry in an hour: as somebody says, or else as shifts have it?"""

from collections.abc import Sequence
from datetime import timedelta

from optout.model import Channel
from outreach.app import Outreach
from outreach.callbacks import queues
from outreach.db.engine import BrandRef
from outreach.replay import staffing
from outreach.replay.load import Capacity, Carries


def carried(
    app: Outreach, brand: BrandRef, said: Sequence[Capacity], *, handling: timedelta
) -> list[Carries]:
    """What is said, and calls as the brand's shifts have them where nothing is said of calls."""
    if any(one.channel == Channel.VOICE for one in said):
        return list(said)
    with app.means.database.reading(brand) as tx:
        desk = queues.desk(tx)
    return [*said, *staffing.of(desk.queues, handling=handling)]

"""Does a text of one's own go for as long as the platform takes it, and no longer?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from optout.model import Channel
from outreach.app import Outreach
from outreach.channels.memory import Memory
from outreach.channels.protocol import Capabilities
from outreach.clock import SteppedClock
from outreach.inbound.replies import Reply, hear
from tests import builders as b

NUMBER = "+351910001234"
AT_NOON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": "", "handle": NUMBER}
HOURS = timedelta(hours=1)
LIKE_WHATSAPP = Capabilities(16, idempotent=False, receipts="none", free_within=timedelta(hours=24))


@pytest.mark.parametrize(
    ("wrote", "since", "ended"),
    [
        ("Is it there yet?", 23 * HOURS, ("sent", None)),
        ("Is it there yet?", 24 * HOURS, ("failed", "needs_template")),
        ("", HOURS, ("failed", "needs_template")),
    ],
)
def test_who_wrote_lately_is_written_to_freely(
    app: Outreach, clock: SteppedClock, *, wrote: str, since: timedelta, ended: tuple[str, object]
) -> None:
    """By what was written on that channel, at the instant at which it was; nothing is called."""
    memory = Memory(capabilities=LIKE_WHATSAPP)
    means = replace(app.means, ways={**app.means.ways, Channel.CHAT: memory})
    app = replace(app, means=means)
    brand = b.a_brand(app)
    b.a_text(app, brand, "freely", "Your kettle is there.")
    b.a_live_campaign(
        app, brand, steps=[b.a_step(channels=["chat"], template="freely")], purpose="service"
    )
    person = b.a_person(app, brand, "ada", **AT_NOON)
    if wrote:
        at = clock() - since
        hear(app.means, brand, Reply("m-1", NUMBER, wrote, Channel.CHAT, at=at))
    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    assert b.fates(app, brand) == [("chat", *ended)]
    assert len(memory.reached) == (ended[0] == "sent")

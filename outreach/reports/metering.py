"""What has a brand used in these weeks, so that it can be invoiced?

Counted by campaign and channel: contacts that left, the messages as which providers count them (an
SMS may be cut into several; what the provider said it counted goes before what we counted), and the
minutes that agents were in calls. What was never dialled or copied is no contact, a text that was
copied twice is one, and of a call from which nobody came back nobody knows how long it took.
`charged` is what providers said they take, a line for each
currency; the cost is worked out where a price is given, for one message of a channel or one minute
of a call.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, text

from optout.model import Channel

COLUMNS = (
    "campaign", "channel", "contacts", "messages", "agent_minutes", "charged", "currency", "price",
    "cost",
)  # fmt: skip

_CENT = Decimal("0.0001")
# A call that two agents tried is two calls of one contact; minutes are theirs together.
_USED = text("""
    with accepted as (
        select a.*, row_number() over (partition by a.touch_id order by a.started_at, a.fence)
                    as nth
        from outreach.attempts a
        where a.started_at >= :since and a.started_at < :until and a.outcome = 'accepted'
          and (a.dialled_at is not null or not exists (
              select from outreach.tasks k
              where k.brand_id = a.brand_id and k.touch_id = a.touch_id))
    ), left_us as (
        select c.key as campaign, a.channel, k.currency, count(distinct a.touch_id) as contacts,
               sum(coalesce(k.parts, a.parts)) filter (where a.nth = 1 or a.channel = :voice)
                   as messages,
               sum(k.minor) filter (where a.nth = 1) as charged
        from accepted a
        join outreach.touches t on t.brand_id = a.brand_id and t.id = a.touch_id
        join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
        left join outreach.costs k on k.brand_id = a.brand_id and k.touch_id = a.touch_id
        group by 1, 2, 3
    ), spoken as (
        select c.key as campaign, cast(:voice as text) as channel,
               sum(extract(epoch from l.ended_at - l.dialled_at)) / 60 as minutes
        from outreach.calls l
        join outreach.tasks k on k.brand_id = l.brand_id and k.id = l.task_id
        join outreach.touches t on t.brand_id = k.brand_id and t.id = k.touch_id
        join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
        where l.dialled_at >= :since and l.dialled_at < :until and l.ended_at is not null
          and k.kind = 'call' and l.disposition <> 'agent_gone'
        group by 1
    )
    select campaign, channel, coalesce(contacts, 0) as contacts,
           coalesce(messages, 0)::bigint as messages,
           round(coalesce(minutes, 0)::numeric, 2) as agent_minutes, charged, currency
    from left_us full join spoken using (campaign, channel)
    order by 1, 2, currency nulls first
""")


@dataclass(frozen=True, slots=True)
class Used:
    """What a campaign used on a channel; `cost` where a `price` is known, in the price's currency.

    `charged` is in minor units of `currency` (ISO 4217), as providers told it.
    """

    campaign: str
    channel: str
    contacts: int
    messages: int
    agent_minutes: Decimal
    charged: Decimal | None = None
    currency: str | None = None
    price: Decimal | None = None

    @property
    def cost(self) -> Decimal | None:
        """Messages, or minutes of calls, at their price."""
        if self.price is None:
            return None
        units = self.agent_minutes if self.channel == Channel.VOICE else Decimal(self.messages)
        return (units * self.price).quantize(_CENT)

    def row(self) -> dict[str, object]:
        """As a table shows it."""
        return asdict(self) | {"cost": self.cost}


def used(
    tx: Connection, *, since: datetime, until: datetime, prices: Mapping[str, Decimal]
) -> list[Used]:
    """What was used from the one instant on and before the other; `prices` by channel.

    One statement.
    """
    span = {"since": since, "until": until, "voice": Channel.VOICE.value}
    return [Used(**row._asdict(), price=prices.get(row.channel)) for row in tx.execute(_USED, span)]

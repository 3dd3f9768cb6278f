"""Who is told of a brand this morning, and who was told already?

Looked at once a minute. What is to be told is written down before it is, under an id that is a hash
of brand, day and address: of several who look one writes it, and whoever dies after that leaves a
letter that nobody sends again. What surely was not sent is taken back, and tried until it is late.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from optout import identity
from optout.errors import UnreadableIdentity
from optout.model import Channel, Purpose
from outreach import ids, timezones
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.callbacks import load
from outreach.channels.fields import storable
from outreach.channels.protocol import Accepted, Answer, Outgoing, Refused, Sender
from outreach.content import Content
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.inbound import cases
from outreach.notices import morning, telling
from outreach.notices.morning import Facts
from outreach.notices.services import Robot
from outreach.private import without_addresses
from outreach.reports import members, sums, today

log = logging.getLogger(__name__)

_CHATS = "chats"
_MOST = 100
_WENT = {"sent": "sent", "delivered": "sent"}
_TOLD = ("sent", "skipped", "failed", "cancelled")
_BEGIN = text("""
    insert into outreach.mornings (brand_id, id, day, told, begun_at)
    select :brand, given.id, :day, given.told, :now
    from unnest(cast(:ids as uuid[]), cast(:told as text[])) as given(id, told)
    order by given.id
    on conflict do nothing returning id
""")
_END = text("update outreach.mornings set outcome = :outcome, detail = :detail where id = :id")
_TAKE_BACK = text("delete from outreach.mornings where id = :id and outcome is null")
_FORGET = text("delete from outreach.mornings where begun_at < :before")
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Begun:
    """Somebody who is being told: their address, or the chats; under which id."""

    id: UUID
    told: str


def tell(means: Means, ref: BrandRef, robots: Sequence[Robot], *, url: str) -> int:
    """Tell whoever the brand's profile names and nobody told today; answers how many that was."""
    now = means.clock()
    with means.database.begin(ref) as tx:
        brand = brands.get(tx)
        begun = _begin(tx, brand, robots, now=now)
        facts = _facts(tx, brand, url, now=now) if begun else None
    wanted = brand.profile.morning
    if facts is None or wanted is None:
        return 0
    content = morning.letter(facts, language=wanted.language)
    for one in begun:
        said = _told(means, brand, robots, one, content, now=now)
        with means.database.begin(ref) as tx:
            _end(tx, one, said)
    return len(begun)


def _begin(tx: Connection, brand: Brand, robots: Sequence[Robot], *, now: datetime) -> list[Begun]:
    """Write down who is told now; those alone whom nobody else wrote down."""
    wanted = brand.profile.morning
    local = now.astimezone(timezones.load(brand.zone))
    if wanted is None or brand.stopped or not morning.is_due(wanted.at, local):
        return []
    day = local.date().isoformat()
    chats = [_CHATS] if wanted.chats and robots else []
    all_of = {
        ids.derived("morning", brand.ref.key, day, told): told
        for told in dict.fromkeys([*wanted.to, *chats])
    }
    values = {"brand": brand.ref.id, "day": day, "now": now}
    tx.execute(_FORGET, {"before": now - _KEPT})
    rows = tx.execute(_BEGIN, values | {"ids": list(all_of), "told": list(all_of.values())})
    return [Begun(row.id, all_of[row.id]) for row in rows]


def _facts(tx: Connection, brand: Brand, url: str, *, now: datetime) -> Facts:
    local = now.astimezone(timezones.load(brand.zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    before = midnight - timedelta(days=1)  # by the clock on the wall, however long that day was
    went: Counter[str] = Counter()
    for one in sums.of(tx, since=before, until=midnight):
        went[_WENT.get(one.fate, one.fate)] += one.many
    day = today.today(tx, brand, now=now)
    needs = {
        "uncertain": day.uncertain, "strangers": day.waiting,
        "at_hand": len(members.waiting(tx, limit=_MOST)),
        "late": len(load.late(tx, now=now, limit=_MOST)),
        "cases": len(cases.opened(tx, limit=_MOST)),
    }  # fmt: skip
    held = {str(row["reason"]): int(str(row["many"])) for row in day.held}
    counted = {"coming": day.coming, "uncertain": day.uncertain, "strangers": day.waiting, **held}
    more = {name for name, many in counted.items() if many >= today.MOST}
    more |= {name for name in ("at_hand", "late", "cases") if needs[name] >= _MOST}
    told = {name: went[name] for name in _TOLD}
    return Facts(brand.name, local.date(), told, day.coming, held, needs, url, frozenset(more))


def _told(  # what a letter needs
    means: Means, brand: Brand, robots: Sequence[Robot], one: Begun, content: Content, *,
    now: datetime,
) -> Answer:  # fmt: skip
    if one.told != _CHATS:
        return _mailed(means, brand, one, content)
    text_ = f"{content.subject}\n{content.text}"
    if any(telling.tell(robots, text_, now=now)):
        return Accepted()
    return Refused("rejected", "no chat of staff took it", permanent=True)


def _mailed(means: Means, brand: Brand, one: Begun, content: Content) -> Answer:
    try:
        who = identity.email(one.told)
    except UnreadableIdentity as error:
        return Refused("malformed", str(error), permanent=True)
    asked = means.registry.question(
        brand=brand.ref.key, identity=who, channel=Channel.EMAIL, purpose=Purpose.TRANSACTIONAL
    )
    with means.database.begin(brand.ref) as tx:
        allowed = means.registry.ask(tx, asked).allowed
    if not allowed:
        return Refused("rejected", "whoever has this address refused messages", permanent=True)
    [(_, said)] = (
        means.of(brand.ref)
        .ways[Channel.EMAIL]
        .hand_over([_outgoing(means, brand, one, who.value, content)])
    )
    return said


def _outgoing(means: Means, brand: Brand, one: Begun, to: str, content: Content) -> Outgoing:
    """It is of no touch, so that what a provider tells of it concerns nobody."""
    shown, profile = ids.shown(ids.TOUCH, one.id), brand.profile
    return Outgoing(
        touch_id=shown,
        key=shown,
        channel=Channel.EMAIL,
        to=to,
        sender=Sender(profile.sender_name, profile.sender_email),
        content=content,
        unsubscribe_url=None,
        deadline=means.steady() + means.call.total_seconds(),
        brand=brand.ref.key,
    )


def _end(tx: Connection, one: Begun, said: Answer) -> None:
    match said:
        case Accepted():
            outcome, detail = "accepted", ""
        case Refused(reason, detail, permanent=False):
            log.warning("a letter of the morning waits: %s", reason)
            tx.execute(_TAKE_BACK, {"id": one.id})
            return
        case Refused(reason, detail):
            outcome, detail = "refused", f"{reason}: {detail}"
        case _:
            outcome, detail = "uncertain", said.detail
    kept = without_addresses(storable(detail)) or None
    tx.execute(_END, {"id": one.id, "outcome": outcome, "detail": kept})

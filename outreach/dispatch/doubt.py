"""Who settles what is in doubt: the provider, or a person?

Looked into by workers, a set at a time, no sooner than the longest call can have ended. Whatever
surely was not sent waits again, and the gate judges it like any other; so a withdrawal that came
meanwhile holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from outreach import ids
from outreach.brands import store as brands
from outreach.channels.protocol import Absent, Accepted, Capabilities, Found, LooksUp, WayOut
from outreach.db.engine import BrandRef
from outreach.dispatch import claims, doubting, doubts, repeating
from outreach.dispatch.doubting import Doubt, Step
from outreach.dispatch.doubts import Resolved
from outreach.dispatch.means import Look, Means
from outreach.dispatch.model import Touch
from outreach.errors import Conflict, Invalid, NotFound

_BATCH = 100
SENT, NOT_SENT, AGAIN = "sent", "not_sent", "again"
DECISIONS = (SENT, NOT_SENT, AGAIN)


def look_into(means: Means, look: Look) -> int:
    """Deal with what is in doubt for a brand on a channel; answers how many touches it was."""
    means = means.of(look.brand)
    now, way = means.clock(), means.ways[look.channel]
    with means.database.begin(look.brand) as tx:
        if brands.get(tx).stopped:
            return 0
        taken = doubts.take(tx, channel=look.channel, now=now, limit=_BATCH, patience=means.lease)
        known = doubts.of(tx, taken)
    since = means.since.get(look.channel)
    steps = {
        id_: doubting.next_step(one, _can(way, one, since), now=now) for id_, one in known.items()
    }

    def those(step: Step) -> list[Doubt]:
        return [one for id_, one in known.items() if steps[id_] is step]

    sure = [_believed(one) for one in those(Step.BELIEVE)]
    sure += [_let_go(one) for one in those(Step.LET_GO)]
    sure += [_closed(one) for one in those(Step.CLOSE)]
    sure += _asked(way, look.brand, those(Step.ASK))
    with means.database.begin(look.brand) as tx:
        doubts.resolve(tx, look.brand, sure, now=means.clock())
    repeating.repeat(means, look, {one.touch_id: one for one in those(Step.REPEAT)})
    return len(taken)


def _can(way: WayOut, one: Doubt, since: datetime | None) -> Capabilities:
    """What the way promises of this one; of a call at another account it knows nothing."""
    can = way.capabilities
    if since is None or one.first_at >= since:
        return can
    return replace(can, idempotent=False, looks_up=False)


def _believed(one: Doubt) -> Resolved:
    detail = "the answer came after all"
    return Resolved(one.touch_id, one.fence, "sent", "answer", SENT, detail=detail)


def _let_go(one: Doubt) -> Resolved:
    detail = "the refusal came after all"
    return Resolved(one.touch_id, one.fence, "planned", "answer", NOT_SENT, detail=detail)


def _closed(one: Doubt) -> Resolved:
    state, reason = "uncertain", "unconfirmed"
    return Resolved(one.touch_id, one.fence, state, "age", reason, reason=reason)


def _asked(way: WayOut, brand: BrandRef, asked: Sequence[Doubt]) -> list[Resolved]:
    """What the provider says of these; of what it has no word nothing is settled."""
    if not asked or not isinstance(way, LooksUp):
        return []
    by_id = {ids.shown(ids.TOUCH, one.touch_id): one for one in asked}
    found = way.look_up(list(by_id), brand=brand.key)
    return [end for shown, said in found if (end := _found(by_id[shown], said))]


def _found(one: Doubt, said: Found) -> Resolved | None:
    match said:
        case Accepted(provider_id):
            return Resolved(
                one.touch_id, one.fence, "sent", "look_up", SENT,
                outcome="accepted", provider_id=provider_id,
            )  # fmt: skip
        case Absent(detail):
            return Resolved(
                one.touch_id, one.fence, "planned", "look_up", NOT_SENT,
                outcome="refused", detail=detail,
            )  # fmt: skip
        case _:
            return None


def decide(means: Means, brand: BrandRef, touch: UUID, decision: str, *, by: str) -> None:
    """Settle a touch in doubt on a person's word, kept with their name.

    `sent`, `not_sent`, or `again`: let the gate judge it once more, though it may then come twice,
    which is for notices alone. Raises `NotFound`, `Conflict` where nothing is in doubt, `Invalid`.
    """
    if not by.strip():
        raise Invalid("say who decides: the name is kept with the decision")
    with means.database.begin(brand) as tx:
        known = claims.get(tx, [touch]).get(touch)
        if known is None:
            raise NotFound("there is no such touch")
        end = _decided(known, decision, by.strip())
        if known.state != "uncertain" or not doubts.resolve(tx, brand, [end], now=means.clock()):
            raise Conflict(f"nothing is in doubt about this touch: it is {known.state}")


def _decided(touch: Touch, decision: str, by: str) -> Resolved:
    if decision not in DECISIONS:
        raise Invalid(f"{decision!r} is no decision; use one of {', '.join(DECISIONS)}")
    if decision == AGAIN and touch.purpose not in doubting.MAY_GO_AGAIN:
        raise Invalid(f"a {touch.purpose} contact is not worth coming twice: say sent or not_sent")
    state, reason, outcome = _ENDS[decision]
    return Resolved(
        touch.id, touch.fence, state, "person", decision, reason=reason, outcome=outcome, by=by
    )


_ENDS: Mapping[str, tuple[str, str | None, str | None]] = {
    SENT: ("sent", None, "accepted"),
    NOT_SENT: ("failed", "not_sent", "refused"),
    AGAIN: ("planned", None, None),
}

"""How is the answer of a replay shown, to machines and to people?"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from outreach.replay.asked import Answer
from outreach.replay.load import Break

Table = Sequence[Mapping[str, object]]


def document(
    said: Answer, *, prices: Mapping[str, Decimal], broken: Sequence[Break], scale: int
) -> dict[str, object]:
    """The whole answer but for its rows, always with the same keys."""
    return {
        "campaign": said.key, "since": said.days.since.isoformat(),
        "until": said.days.until.isoformat(), "pack": said.pack, **said.totals.document(),
        "cost": str(said.totals.cost(prices)), "scale": scale,
        "breaks": [_break(one) for one in broken],
        "changes": dict(sorted(said.changes.items())),
        "held_against_history": None if said.held is None else _held(said),
    }  # fmt: skip


def _break(one: Break) -> dict[str, object]:
    late = None if one.late_by is None else int(one.late_by / timedelta(hours=1))
    return {
        "channel": one.channel, "hour": one.hour.isoformat(), "wanted": one.wanted,
        "carried": one.carried, "late_by_hours": late, "capacity": one.by,
    }  # fmt: skip


def _held(said: Answer) -> dict[str, object] | None:
    if said.held is None:
        return None
    return {
        "compared": said.held.compared,
        "differences": [
            {"id": str(one.id), "was": one.was, "was_because": one.was_because, "now": one.now,
             "now_because": one.now_because}
            for one in said.held.differences
        ],
        "same_instant": said.held.same_instant, "sent_in_both": said.held.sent_in_both,
        "same_facts": said.held.same_facts, "verdicts": said.held.verdicts,
    }  # fmt: skip


def outcomes(said: Answer) -> Table:
    """How many of which outcome and reason, the most frequent first."""
    sent = said.totals.outcomes["send"]
    return [{"outcome": "send", "reason": "", "count": sent}] + [
        {"outcome": outcome, "reason": reason, "count": many}
        for (outcome, reason), many in said.totals.by_reason()
    ]


def sentences(
    said: Answer, *, prices: Mapping[str, Decimal], broken: Sequence[Break], scale: int
) -> Iterator[str]:
    """What is to be said beside the table."""
    sums = said.totals
    yield (
        f"{sums.people} people, {sums.reached} of them reached; {sums.placeless} without a place; "
        f"rules {said.pack}"
    )
    for channel, (hour, many) in sorted(sums.peak.items()):
        yield f"fullest hour of {channel}: {hour:%Y-%m-%d %H:%M} UTC with {many}"
    if prices:
        yield f"cost: {sums.cost(prices)}"
    for one in broken:
        yield _broken(one, scale)
    if said.changes:
        told = ", ".join(f"{many} {sort}" for sort, many in sorted(said.changes.items()))
        yield f"against the other version: {told}"
    if said.held is not None:
        yield (
            f"held against history: {len(said.held.differences)} of {said.held.compared} differ; "
            f"{said.held.same_instant} of {said.held.sent_in_both} went at the same instant"
        )


def _broken(one: Break, scale: int) -> str:
    late = "is not made up for in sixty days" if one.late_by is None else f"ends {one.late_by} late"
    return (
        f"at {scale} times the volume the first hour to break on {one.channel} is "
        f"{one.hour:%Y-%m-%d %H:%M} UTC: {one.wanted} wanted, {one.carried} carried, "
        f"and the last {late} ({one.by})"
    )

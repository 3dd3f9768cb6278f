"""Who would be moved to the newest version, from which step, and what would become of them?

Asked before the choice. What `moving` would do is planned in the same way, and nothing is written.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.campaigns.steps import placed
from outreach.campaigns.store import Book, Version
from outreach.db.engine import BrandRef
from outreach.enrolments import moving
from outreach.enrolments.model import Declined, Plan
from outreach.enrolments.waiting import CLOCK

NAMED = 20
"""So many of the people at a step are named."""

# Where a passage stands: at its open wait, or else before the first of its touches that are open.
# Nowhere any more where it went on, ended or was moved since it was looked for.
_STANDING = text("""
    select n.id, n.campaign_id, p.ref, w.step as wait, t.step as contact,
           coalesce(t.open, '{}') as open
    from outreach.enrolments n
    join outreach.persons p on p.brand_id = n.brand_id and p.id = n.person_id
    left join lateral (
        select step from outreach.waits
        where brand_id = n.brand_id and enrolment_id = n.id and ended_at is null and step <> :clock
        order by due_at, step limit 1) w on true
    left join lateral (
        select (array_agg(step order by due_at, id))[1] as step, array_agg(id) as open
        from outreach.touches
        where brand_id = n.brand_id and enrolment_id = n.id
          and state in ('planned', 'claimed')) t on true
    where n.id = any(:passages) and n.campaign_id = any(:older)
      and (w.step is not null or t.step is not null)
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """One passage: where it stands, and what a move would make of it.

    `kept` of its open touches would be planned anew, `dropped` not; it would be `let_go` if the
    newest version would not take the person in.
    """

    version: int
    step: str
    ref: str
    kept: int
    dropped: int
    let_go: bool


@dataclass(frozen=True, slots=True)
class AtStep:
    """How many stand at one step of one version, and what a move would make of them.

    `people` are refs of some of them, `NAMED` at most.
    """

    version: int
    step: str
    passages: int
    kept: int
    dropped: int
    let_go: int
    people: tuple[str, ...]


def movable(
    tx: Connection, book: Book, brand: BrandRef, key: str, *, now: datetime
) -> list[AtStep]:
    """Who is under way in older versions of this campaign, by version and step.

    In the order of the versions, and of the steps as they are written. Raises `NotFound`.
    """
    *older, newest = book.of(tx, key)
    versions = {version.id: version for version in older}
    return by_step(
        (
            one
            for some in moving.batches(tx, list(versions))
            for one in _standing(tx, versions, moving.anew(tx, brand, newest, some, now=now))
        ),
        order=[
            (version.version, step.key)
            for version in older
            for _, step in placed(version.campaign.steps)
        ],
    )


def by_step(standing: Iterable[Standing], *, order: Sequence[tuple[int, str]]) -> list[AtStep]:
    """The same counted by version and step, in this order of them."""
    counts: Counter[tuple[int, str, str]] = Counter()
    names: dict[tuple[int, str], list[str]] = defaultdict(list)
    for one in standing:
        at = one.version, one.step
        counts[*at, "passages"] += 1
        counts[*at, "kept"] += one.kept
        counts[*at, "dropped"] += one.dropped
        counts[*at, "let_go"] += one.let_go
        if len(names[at]) < NAMED:
            names[at].append(one.ref)
    return [
        AtStep(
            *at, counts[*at, "passages"], counts[*at, "kept"], counts[*at, "dropped"],
            counts[*at, "let_go"], tuple(names[at]),
        )
        for at in order
        if at in names
    ]  # fmt: skip


def _standing(
    tx: Connection, versions: Mapping[UUID, Version], plans: Mapping[UUID, Plan | Declined]
) -> Iterator[Standing]:
    values = {"passages": list(plans), "older": list(versions), "clock": CLOCK}
    for row in tx.execute(_STANDING, values):
        version, plan = versions[row.campaign_id], plans[row.id]
        asked = _asked(plan)
        kept = sum(one in asked for one in row.open)
        yield Standing(
            version.version,
            row.wait or version.campaign.contacts[row.contact].key,
            row.ref,
            kept,
            len(row.open) - kept,
            let_go=isinstance(plan, Declined),
        )


def _asked(plan: Plan | Declined) -> set[UUID]:
    if isinstance(plan, Declined):
        return set()
    return {touch.id for touch in plan.touches if not touch.reason}

"""A person, or someone for them, changed what we may do: how does that take effect?

Recorded and committed at once. From that instant nothing can be marked for the address. Then it
waits, at most two seconds, until nothing to that address is in the air, and says what still is.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event as Pause
from uuid import UUID

from sqlalchemy import Connection

from optout import regimes
from optout.model import Action, Block, Channel, How, Identity, Purpose
from outreach import ids
from outreach.db.engine import BrandRef
from outreach.dispatch import attempts, begun
from outreach.dispatch import store as dispatch
from outreach.dispatch.means import Means
from outreach.errors import Invalid, NotFound, Problem
from outreach.inbound import leaving
from outreach.people import store as people
from outreach.people.model import REACHED_BY, Person

PATIENCE = timedelta(seconds=2)
_CLOSING = frozenset({Action.WITHDRAW, Action.BLOCK})


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed. No channel means all of them, no purpose or product all of those.

    `block` is the cause of a block or of the lift that ends it. `kinds` say what a grant was like
    (`optout/regimes/needs.yaml`, `consent`), and `wording` to which text it was given.
    """

    action: Action
    how: How
    evidence: str
    channel: Channel | None = None
    purpose: Purpose | None = None
    block: Block | None = None
    product: str | None = None
    kinds: tuple[str, ...] | None = None
    wording: str | None = None

    def __post_init__(self) -> None:
        if problems := list(_unsound(self)):
            raise Invalid("this change of consent cannot be made", problems=problems)


@dataclass(frozen=True, slots=True)
class Changed:
    """What was recorded, since when it holds, and which touches were in the air all the same."""

    entries: int
    effective_at: datetime
    in_air: tuple[str, ...] = ()
    pending: bool = False  # an erasure waits for the end of a legal hold


def _unsound(change: Change) -> Iterator[Problem]:
    known = regimes.packaged().kinds
    if change.block is not None and change.action not in {Action.BLOCK, Action.LIFT}:
        yield Problem("block", "only a block, and the lift that ends it, has a cause")
    if change.action is not Action.GRANT and (change.kinds, change.wording) != (None, None):
        yield Problem("kinds", "only a grant is of some kind, to some wording")
    for kind in change.kinds or ():
        if kind not in known:
            yield Problem("kinds", f"{kind!r} is none of {', '.join(sorted(known))}")


def change_person(means: Means, brand: BrandRef, person: UUID, change: Change) -> Changed:
    """Change consent for a person's addresses. Raises `NotFound`."""
    return change_person_by(means, brand, person, [change])


def change_person_by(
    means: Means, brand: BrandRef, person: UUID, changes: Sequence[Change]
) -> Changed:
    """Several changes of one person's consent that hold from one instant. Raises `NotFound`."""
    now = means.clock()
    with means.database.begin(brand) as tx:
        known = people.by_id(tx, [person]).get(person)
        if known is None:
            raise NotFound("there is no such person")
        concerned = [
            (identity, change)
            for change in changes
            for identity in _concerned(known, change.channel)
        ]
        record_all(tx, means, brand, concerned, now=now)
    leaving.end(means, brand, {person: _refused(changes)}, now=now)
    return Changed(len(concerned), now, drained(means, brand, concerned))


def change_addresses(
    means: Means, brand: BrandRef, identities: Collection[Identity], change: Change
) -> Changed:
    """Change consent for these addresses, whosever they are."""
    return change_each(means, brand, [(identity, change) for identity in set(identities)])


def change_each(
    means: Means, brand: BrandRef, concerned: Sequence[tuple[Identity, Change]]
) -> Changed:
    """Change consent for each of these addresses in its own way, from one instant."""
    now = means.clock()
    with means.database.begin(brand) as tx:
        record_all(tx, means, brand, concerned, now=now)
        hashes = [one for identity, _ in concerned for one in means.hasher.all(identity)]
        persons = people.by_address(tx, hashes)
    refused = {id_: _refused(_of_all(person, concerned)) for id_, person in persons.items()}
    leaving.end(means, brand, refused, now=now)
    return Changed(len(concerned), now, drained(means, brand, concerned))


def _of_all(person: Person, concerned: Sequence[tuple[Identity, Change]]) -> list[Change]:
    """Changes that reach every address of this person which the channel uses, and not just one."""
    told = set(concerned)
    return [
        change
        for change in {change for _, change in concerned}
        if all((identity, change) in told for identity in _concerned(person, change.channel))
    ]


def _refused(changes: Sequence[Change]) -> list[leaving.Refused]:
    """What the person wants no more of; a dead address is blocked, and refuses nothing."""
    return [(one.channel, one.purpose) for one in changes if one.action is Action.WITHDRAW]


def _concerned(person: Person, channel: Channel | None) -> list[Identity]:
    """The addresses that the channel uses, or all."""
    kinds = set(REACHED_BY.values()) if channel is None else {REACHED_BY[channel]}
    return [address.identity for address in person.addresses if address.kind in kinds]


def record_all(
    tx: Connection,
    means: Means,
    brand: BrandRef,
    concerned: Sequence[tuple[Identity, Change]],
    *,
    now: datetime,
) -> None:
    """Record these, gates in order; what is marked and has not begun is judged again."""
    for identity, change in sorted(concerned, key=lambda one: means.hasher.hash(one[0])):
        _record(tx, means, brand, identity, change, now=now)
    closed = {identity for identity, change in concerned if change.action in _CLOSING}
    hashes = [h for identity in closed for h in means.hasher.all(identity)]
    dispatch.take_back(tx, begun.not_begun(tx, hashes), now=now)


def _record(
    tx: Connection,
    means: Means,
    brand: BrandRef,
    identity: Identity,
    change: Change,
    *,
    now: datetime,
) -> None:
    act = getattr(means.registry, change.action)
    act(
        tx,
        brand=brand.key,
        identity=identity,
        channel=change.channel,
        purpose=change.purpose,
        product=change.product,
        block=change.block,
        kinds=change.kinds,
        wording=change.wording,
        how=change.how,
        evidence=change.evidence,
        effective_at=now,
    )


def drained(
    means: Means, brand: BrandRef, concerned: Sequence[tuple[Identity, Change]]
) -> tuple[str, ...]:
    """Wait until nothing to these addresses is in the air; answers what still is in the end."""
    closed = {one for one, change in concerned if change.action in _CLOSING}
    if not closed:
        return ()
    hashes = [h for identity in closed for h in means.hasher.all(identity)]

    def in_air() -> list[str]:
        with means.database.begin(brand) as tx:
            return [ids.shown(ids.TOUCH, touch) for touch in attempts.in_air(tx, hashes)]

    pause = Pause()
    flying = means.registry.drain(
        in_air, patience=PATIENCE, pause=lambda span: pause.wait(span.total_seconds())
    )
    return tuple(flying)

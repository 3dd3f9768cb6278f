"""A person opened their own page: what is allowed now, and what does their choice change?

A box stands for one channel and one purpose. Saving writes the difference alone. A box that is
empty is a no; a box is a yes only when the person filled it, so that an old page left open revives
nothing that was refused since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from optout.model import STRANGER, Action, Channel, Decision, How, Purpose, Reason
from outreach.brands.model import Brand
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.dispatch.standing import where_of
from outreach.inbound.consent import Change, Changed, change_person, change_person_by
from outreach.people.model import Person
from outreach.records import custom

Cell = tuple[Channel, Purpose]

# What a filled box on the page shows of a consent: its text says who, how, what for, that it is
# free and how to take it back. It is no signature, so it is not `written`.
PAGE_KINDS = (
    "clear_and_affirmative", "explicit", "express", "free", "gdpr_standard", "informed",
    "not_condition_of_purchase", "specific", "unambiguous", "unequivocal",
)  # fmt: skip
CONFIRMED = ("double_opt_in_if_consent", "number_named")  # by opening what was sent to that address

# Where a word of the person changes nothing: a block stands, or the law knows no ground.
_OUT_OF_REACH = frozenset({Reason.BLOCKED, Reason.FORBIDDEN, Reason.NOT_ESTABLISHED})


@dataclass(frozen=True, slots=True)
class Box:
    """What holds for one channel and purpose, and whether the person's word may change it."""

    channel: Channel
    purpose: Purpose
    allowed: bool
    reason: Reason
    sentence: str = ""
    granted_by: str | None = None  # the proof of a grant that stands, though it may not suffice

    @property
    def cell(self) -> Cell:
        return self.channel, self.purpose

    @property
    def within_reach(self) -> bool:
        return self.reason not in _OUT_OF_REACH


@dataclass(frozen=True, slots=True)
class Chosen:
    """A form that came back: which boxes were full when it was shown, which are now."""

    shown: frozenset[Cell]
    filled: frozenset[Cell]
    nothing_more: bool = False


def boxes(
    tx: Connection, means: Means, brand: Brand, person: Person, *, now: datetime
) -> list[Box]:
    """What holds for each channel on which the person has an address; one statement for all."""
    custom_of = custom.relationships_of(tx, [person.id])
    where = where_of(brand, person, custom_of.get(person.id, STRANGER), now=now)
    cells = [
        (address.identity, channel, purpose)
        for channel in Channel
        if (address := person.address(channel))
        for purpose in Purpose
    ]
    asked = [
        means.registry.question(
            brand=brand.ref.key, identity=identity, channel=channel, purpose=purpose, **where
        )
        for identity, channel, purpose in cells
    ]
    answers = means.registry.ask_many(tx, asked)
    return [
        Box(channel, purpose, said.allowed, said.reason, said.sentence, _grant(said))
        for (_, channel, purpose), said in zip(cells, answers, strict=True)
    ]


def _grant(said: Decision) -> str | None:
    entry = said.entry
    return entry.evidence if entry is not None and entry.action is Action.GRANT else None


def difference(now: Sequence[Box], chosen: Chosen, *, evidence: str) -> list[tuple[Action, Cell]]:
    """What the choice takes back and what it permits, in the order of the boxes."""
    found: list[tuple[Action, Cell]] = []
    for box in now:
        filled = box.cell in chosen.filled
        if box.allowed and not filled:
            found.append((Action.WITHDRAW, box.cell))
        elif filled and _newly_permitted(box, chosen) and box.granted_by != evidence:
            found.append((Action.GRANT, box.cell))
    return found


def _newly_permitted(box: Box, chosen: Chosen) -> bool:
    """Filled by the person just now, where their word has weight."""
    return not box.allowed and box.within_reach and box.cell not in chosen.shown


def save(
    means: Means,
    brand: BrandRef,
    person: UUID,
    chosen: Chosen,
    now: Sequence[Box],
    *,
    by: Channel,
    wording: str,
    evidence: str,
) -> Changed | None:
    """Write the difference and drain; None where there is none. Raises `NotFound`."""
    if chosen.nothing_more:
        everything = Change(Action.WITHDRAW, How.LINK, evidence)
        return change_person(means, brand, person, everything)
    found = difference(now, chosen, evidence=evidence)
    changes = [
        _change(action, cell, by, wording=wording, evidence=evidence) for action, cell in found
    ]
    return change_person_by(means, brand, person, changes) if changes else None


def _change(action: Action, cell: Cell, by: Channel, *, wording: str, evidence: str) -> Change:
    """The ledger line of a difference; the page came by one channel, which confirms a yes there."""
    channel, purpose = cell
    if action is not Action.GRANT:
        return Change(action, How.LINK, evidence, channel, purpose)
    kinds = (*PAGE_KINDS, *(CONFIRMED if channel is by else ()))
    return Change(action, How.LINK, evidence, channel, purpose, kinds=kinds, wording=wording)

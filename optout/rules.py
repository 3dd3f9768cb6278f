"""What does the law of a place ask before a contact? Regimes, and what comes with them.

Values alone. A `Rule` is one dated and sourced row; a `Ruling` is every rule that a question falls
under, and the strictest word on each of its parts. Engineering reference and not legal advice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeVar

from optout.model import Channel, Purpose, Relationship

Anchor = Literal["last_purchase", "contract_end", "current_contract", "last_contact"]
Relief = Literal["consent", "register"]
T = TypeVar("T")


class Regime(StrEnum):
    """On what ground one may contact. The loosest comes first: their order is their strictness."""

    CONTRACT = "contract"  # an order or a contract needs it; until objected
    OPT_OUT = "opt_out"  # until objected
    REGISTER = "register"  # until objected, and only who is not on a register, freshly scrubbed
    SOFT_OPT_IN = "soft_opt_in"  # consent, or a customer within a period
    OPT_IN = "opt_in"  # consent
    UNKNOWN = "unknown"  # not established: no
    FORBIDDEN = "forbidden"  # never

    @property
    def strictness(self) -> int:
        """How strict, from 0."""
        return _STRICTNESS[self]


_STRICTNESS = {regime: number for number, regime in enumerate(Regime)}


@dataclass(frozen=True, slots=True)
class Register:
    """A do-not-contact register and how old, in days, a scrub against it may be; 0: of that day."""

    name: str
    max_age_days: int
    basis: str


@dataclass(frozen=True, slots=True)
class Relation:
    """For how long being a customer stands in for consent, or outweighs a register.

    `days` count from the anchor, 0 meaning while the contract runs; `inquiry_days` from an inquiry.
    """

    since: Anchor
    days: int
    relieves: Relief
    inquiry_days: int | None = None

    def runs(self, known: Relationship, on: date) -> bool:
        """Whether the period runs on that day; its last day still counts."""
        if _within(_ANCHORS[self.since](known), self.days, on):
            return True
        return self.inquiry_days is not None and _within(known.inquiry, self.inquiry_days, on)


def _within(anchor: datetime | None, days: int, on: date) -> bool:
    return anchor is not None and on <= anchor.date() + timedelta(days=days)


_ANCHORS: Mapping[str, Callable[[Relationship], datetime | None]] = {
    "last_purchase": lambda known: known.last_purchase,
    "contract_end": lambda known: known.contract_end,
    "current_contract": lambda known: known.contract_end,
    "last_contact": lambda known: known.last_contact,
}


@dataclass(frozen=True, slots=True)
class Label:
    """Words or a number that a message must bear, and where."""

    text: str
    at: str
    basis: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when an objection must be heeded, in days, 0 at once; `also` adds what days cannot say."""

    days: int
    counted: Literal["business", "calendar"]
    also: str = ""

    @property
    def rank(self) -> tuple[int, bool]:
        """Shortest first; business days are the longer ones."""
        return self.days, self.counted == "business"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How many messages may answer a refusal, within how many minutes, and whether one must."""

    messages: int
    says: str
    within_minutes: int | None = None
    required: bool = False
    source: str = ""
    channels: tuple[Channel, ...] = ()  # on which; all where none is named


@dataclass(frozen=True, slots=True)
class Need:
    """What a consent has to be like: of one of these kinds, or no older than so many days."""

    name: str
    met_by: frozenset[str]
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: the ground for these channels and purposes in a jurisdiction, between two dates."""

    jurisdiction: str
    channels: tuple[Channel, ...]
    purposes: tuple[Purpose, ...]
    regime: Regime
    source: str
    confidence: str
    evidence: str
    note: str
    needs: tuple[str, ...] = ()
    worded: tuple[Need, ...] = ()  # of the needs, what a consent has to be like
    sale: tuple[str, ...] = ()  # of the needs, what has to be known of the sale
    registers: tuple[Register, ...] = ()
    relation: Relation | None = None
    labels: tuple[Label, ...] = ()
    deadline: Deadline | None = None
    records: str | None = None
    confirmation: Confirmation | None = None
    hours: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None

    @property
    def cells(self) -> int:
        """How much it speaks of; the row that speaks of less is the more specific one."""
        return len(self.channels) * len(self.purposes)

    def speaks_of(self, channel: Channel, purpose: Purpose, on: date) -> bool:
        """Whether it holds for these on a local date, its own two dates included."""
        begun = self.effective_from is None or self.effective_from <= on
        going = self.effective_to is None or on <= self.effective_to
        return channel in self.channels and purpose in self.purposes and begun and going


@dataclass(frozen=True, slots=True)
class Ruling:
    """Every rule that a question falls under, on that local date. All of them must be content."""

    rules: tuple[Rule, ...]
    on: date

    @property
    def regime(self) -> Regime:
        """The strictest among them."""
        return max((rule.regime for rule in self.rules), key=lambda regime: regime.strictness)

    @property
    def needs(self) -> tuple[str, ...]:
        """Everything that any of them asks for."""
        return _distinct(need for rule in self.rules for need in rule.needs)

    @property
    def registers(self) -> tuple[Register, ...]:
        """Every register that any of them names, with the shortest age."""
        named = sorted(
            (one for rule in self.rules for one in rule.registers),
            key=lambda one: one.max_age_days,
            reverse=True,
        )
        return tuple({one.name: one for one in named}.values())

    @property
    def labels(self) -> tuple[Label, ...]:
        """Every label that any of them prescribes."""
        return _distinct(label for rule in self.rules for label in rule.labels)

    @property
    def relations(self) -> tuple[Relation, ...]:
        """The smallest period for each thing that it relieves of."""
        known = [rule.relation for rule in self.rules if rule.relation is not None]
        known.sort(key=lambda relation: relation.days, reverse=True)
        return tuple({relation.relieves: relation for relation in known}.values())

    @property
    def deadline(self) -> Deadline | None:
        """The shortest."""
        known = [rule.deadline for rule in self.rules if rule.deadline is not None]
        return min(known, key=lambda deadline: deadline.rank, default=None)

    @property
    def records(self) -> tuple[str, ...]:
        """What each of them wants kept."""
        return _distinct(rule.records for rule in self.rules if rule.records)

    @property
    def confirmations(self) -> tuple[Confirmation, ...]:
        """What each of them says about answering a refusal."""
        return _distinct(rule.confirmation for rule in self.rules if rule.confirmation)


def _distinct(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))

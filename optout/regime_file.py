"""What does one file of regimes say?

The files are YAML that people review, so they are decoded strictly: an unknown key, an unknown need
or a period without its anchor is refused, naming the file and the place in it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from optout.errors import UnreadableRegimes
from optout.model import Channel, Purpose
from optout.rules import (
    Anchor,
    Confirmation,
    Deadline,
    Label,
    Need,
    Regime,
    Register,
    Relation,
    Relief,
    Rule,
)

CODE = r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|default|house)$"
Code = Annotated[str, Field(pattern=CODE)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_Shape = TypeVar("_Shape", bound=_Strict)


class RegisterRow(_Strict):
    """A register, the age in days that a scrub may have, and whether law or house says so."""

    name: str = Field(min_length=1)
    max_age_days: int = Field(ge=0)
    basis: Literal["law", "house"]


class RelationRow(_Strict):
    """A period as customer; days are rounded down where the law counts months."""

    since: Anchor
    days: int = Field(ge=0)
    relieves: Relief
    inquiry_days: int | None = Field(default=None, ge=0)


class LabelRow(_Strict):
    """A label, where it stands, and whose rule it is."""

    text: str = Field(min_length=1)
    at: Literal["start", "end", "subject_start", "sender", "number"]
    basis: Literal["law", "carrier", "platform"]


class DeadlineRow(_Strict):
    """How long an objection may take to be heeded."""

    days: int = Field(ge=0)
    counted: Literal["business", "calendar"]
    also: str = ""


class ConfirmationRow(_Strict):
    """How a refusal may, or must, be answered."""

    messages: int = Field(ge=0)
    says: str
    within_minutes: int | None = Field(default=None, gt=0)
    required: bool = False
    source: str = ""
    channels: tuple[Channel, ...] = ()


class Common(_Strict):
    """What a jurisdiction says once for all of its rows, and for those below it."""

    deadline: DeadlineRow | None = None
    records: str | None = None
    confirmation: ConfirmationRow | None = None


class Row(Common):
    """One row as written. `hours` names rows of the packs of hours that say more."""

    channels: tuple[Channel, ...] = Field(min_length=1)
    purposes: tuple[Purpose, ...] = Field(min_length=1)
    regime: Regime
    effective_from: date | None = None
    effective_to: date | None = None
    needs: tuple[str, ...] = ()
    registers: tuple[RegisterRow, ...] = ()
    relationship: RelationRow | None = None
    labels: tuple[LabelRow, ...] = ()
    source: str = Field(min_length=1)
    confidence: Literal["verified", "known"]
    evidence: Literal[
        "primary", "official", "quoted", "secondary", "vendor", "common_knowledge", "policy"
    ]
    hours: tuple[str, ...] = ()
    note: str = Field(min_length=1)

    def rule(self, code: str, above: Sequence[Common]) -> Rule:
        """The value of this row, with what the levels above say once where it says nothing."""
        return Rule(
            jurisdiction=code,
            channels=self.channels,
            purposes=self.purposes,
            regime=self.regime,
            source=self.source,
            confidence=self.confidence,
            evidence=self.evidence,
            note=self.note,
            needs=self.needs,
            registers=tuple(Register(**one.model_dump()) for one in self.registers),
            relation=Relation(**self.relationship.model_dump()) if self.relationship else None,
            labels=tuple(Label(**one.model_dump()) for one in self.labels),
            deadline=_deadline([self, *above]),
            records=next((one.records for one in (self, *above) if one.records), None),
            confirmation=_confirmation([self, *above]),
            hours=self.hours,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
        )


def _deadline(said: Sequence[Common]) -> Deadline | None:
    first = next((one.deadline for one in said if one.deadline), None)
    return Deadline(**first.model_dump()) if first else None


def _confirmation(said: Sequence[Common]) -> Confirmation | None:
    first = next((one.confirmation for one in said if one.confirmation), None)
    return Confirmation(**first.model_dump()) if first else None


class SectorRow(Row):
    """A row for brands of one trade."""

    jurisdiction: Code
    sector: str = Field(min_length=1)


class Level(Common):
    """One jurisdiction: its parent, its rows, and the `heirs` that have no rows of their own."""

    code: Code
    name: str = ""
    parent: Code | None = None
    heirs: tuple[Code, ...] = ()
    rows: tuple[Row, ...] = Field(min_length=1)


class RegimeFile(_Strict):
    """One file: jurisdictions, or rows of sectors, as compiled on a day."""

    compiled: date
    jurisdictions: tuple[Level, ...] = ()
    sectors: tuple[SectorRow, ...] = ()


class NeedsFile(_Strict):
    """The words that rows may use in `needs`, each with its meaning."""

    needs: Mapping[str, str]
    consent: Mapping[str, tuple[str, ...]]  # which of them speak of a consent, and what meets them
    lasting: Mapping[str, int]  # for how many days such a consent holds
    sale: tuple[str, ...]  # which of them speak of the sale

    def named(self) -> dict[str, Need]:
        """Every need of a consent."""
        met = {name: Need(name, frozenset((name, *more))) for name, more in self.consent.items()}
        return met | {name: Need(name, frozenset(), days) for name, days in self.lasting.items()}


def read(name: str, text: str) -> RegimeFile:
    """Decode a file of regimes. Raises `UnreadableRegimes`, which names each thing wrong."""
    return _decoded(RegimeFile, name, text)


def read_needs(name: str, text: str) -> NeedsFile:
    """Decode the file of needs. Raises `UnreadableRegimes`."""
    return _decoded(NeedsFile, name, text)


def _decoded(shape: type[_Shape], name: str, text: str) -> _Shape:
    try:
        return shape.model_validate(YAML(typ="safe").load(text))
    except YAMLError as error:
        raise UnreadableRegimes(f"{name} is not YAML: {error}") from error
    except ValidationError as error:
        said = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise UnreadableRegimes(f"{name}: {'; '.join(said)}") from error

"""What does a condition look at?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

Facts: TypeAlias = Mapping[str, object]
History: TypeAlias = Mapping[str, Sequence[Facts]]
"""What happened to one person, by source (`catalogue.SOURCES`): each thing a map, oldest first."""

Records: TypeAlias = Mapping[str, Facts]
"""What is on record of the things that an event names, by kind (`catalogue.RECORDS`)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything about one person that is gathered before a condition is answered.

    `history` holds every source that the condition names (`needs.of` tells which), be it empty.
    `records` holds every kind of record that it names (`needs.records`), be it without a field.
    """

    event: Facts
    person: Facts
    now: datetime
    history: History = field(default_factory=dict)
    records: Records = field(default_factory=dict)

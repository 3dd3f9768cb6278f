"""What does a condition look at?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

Facts: TypeAlias = Mapping[str, object]
History: TypeAlias = Mapping[str, Sequence[Facts]]
"""What happened to one person, by source (`catalogue.SOURCES`): each thing a map, oldest first."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything about one person that is gathered before a condition is answered.

    `history` holds every source that the condition names (`needs.of` tells which), be it empty.
    """

    event: Facts
    person: Facts
    now: datetime
    history: History = field(default_factory=dict)
    records: Mapping[str, Facts] = field(default_factory=dict)

"""What does a condition look at?"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

Facts: TypeAlias = Mapping[str, object]
History: TypeAlias = Mapping[str, Sequence[Facts]]
"""What happened to one person, by source (`catalogue.SOURCES`): each thing a map, oldest first."""

Records: TypeAlias = Mapping[str, Facts]
"""What is on record of the things that an event names, by kind (`catalogue.RECORDS`)."""


class Seen(NamedTuple):
    """Everything about one person that is gathered before a condition is answered.

    `history` holds every source that the condition names (`needs.of` tells which), be it empty.
    `records` holds every kind of record that it names (`needs.records`), be it without a field.
    """

    event: Facts
    person: Facts
    now: datetime
    history: History = MappingProxyType({})
    records: Records = MappingProxyType({})

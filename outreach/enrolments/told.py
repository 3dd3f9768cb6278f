"""What do conditions see of a person, and of what happened?"""

from collections.abc import Iterator, Mapping
from uuid import UUID

from outreach.campaigns import catalogue
from outreach.campaigns.seen import Facts, Records, Seen
from outreach.events.model import Event
from outreach.people.model import Person

_TOLD = frozenset(Person._fields) - {"id", "addresses", "dates"}
_HAS = {f"has_{kind}": kind for kind in ("email", "phone", "handle")}
_NAMES = (*sorted(_TOLD), *_HAS)
_NOTHING: Records = {kind: {} for kind in catalogue.RECORDS}


class About(Mapping[str, object]):
    """The person as conditions see them (`catalogue.PERSON`): no address, no hash.

    With days of their own, where those were gathered. Looked up field by field: a condition names
    one or two, and most are about what happened alone.
    """

    __slots__ = ("_days", "_person")

    def __init__(self, person: Person, days: Facts) -> None:
        self._person, self._days = person, days

    def __getitem__(self, name: str) -> object:
        if name in self._days:
            return self._days[name]
        if name == "name":
            return self._person.name or None
        if name in _TOLD:
            return getattr(self._person, name)
        kind = _HAS[name]
        return any(address.kind == kind for address in self._person.addresses)

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(_NAMES), **self._days})

    def __len__(self) -> int:
        return len(_NAMES) + len(self._days.keys() - set(_NAMES))


def described(event: Event) -> Facts:
    """The event as conditions and templates see it."""
    return {
        "type": event.type,
        "key": event.key,
        "occurred_at": event.occurred_at,
        "data": event.data,
    }


def told_of(seen: Seen, event: Event | None, records: Mapping[UUID, Records]) -> Seen:
    """The same person, about this event and what it names, or about none."""
    if event is None:
        return Seen({}, seen.person, seen.now, seen.history, _NOTHING)
    about_it = records.get(event.id, {})
    return Seen(described(event), seen.person, seen.now, seen.history, about_it)

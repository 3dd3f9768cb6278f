"""For whom is a text previewed: for a made-up person, or for one of the brand's own?

With the name, the language and the newest event of somebody whom the visitor may look up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from outreach.brands import store as brands
from outreach.events import store as events
from outreach.people import store as people
from outreach.people.model import person_id
from outreach.web.console.shell import Screen


@dataclass(frozen=True, slots=True)
class Reader:
    """Who was asked for; `person` is none where nobody of that name is known."""

    ref: str = ""
    person: Mapping[str, str] | None = None
    data: dict[str, Any] | None = None


def reader(tx: Connection, screen: Screen, ref: str) -> Reader:
    """The person of this reference, for those who may see people; else the sample's."""
    if not ref or not screen.visitor.may("people.read"):
        return Reader()
    wanted = person_id(screen.visitor.brand, ref)
    found = people.by_id(tx, [wanted]).get(wanted)
    if found is None:
        return Reader(ref)
    last = events.newest(tx, wanted)
    told = {
        "name": found.name,
        "first_name": found.name.split(" ")[0],
        "locale": found.locale or brands.get(tx).locale,
    }
    return Reader(ref, told, dict(last.data) if last else None)

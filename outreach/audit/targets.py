"""What may the record say of that on which somebody acted?

Ids and names of documents, never a name or an address of a person.
"""

import re
from collections.abc import Mapping

from outreach import ids
from outreach.db.engine import BrandRef
from outreach.people.model import person_id

_ID = re.compile(r"[a-z]{3}_[a-z2-7]{26}")
# Names that the brand gave to documents of its own, and those by which its staff log in.
_DOCUMENTS = frozenset(
    {"campaign", "card", "deed", "key", "login", "name", "queue", "role", "survey"}
)
_DOCUMENT = re.compile(r"[\w.-]{1,80}", re.ASCII)


def of(brand: BrandRef, params: Mapping[str, object]) -> str:
    """On what, by ids; a brand's own name for a person becomes that person's id."""
    told = {name: _told(brand, name, str(value)) for name, value in params.items()}
    return " ".join(f"{name}={value}" for name, value in told.items())


def _told(brand: BrandRef, name: str, value: str) -> str:
    if name == "ref":
        return ids.shown(ids.PERSON, person_id(brand, value))
    fits = _ID.fullmatch(value) or (name in _DOCUMENTS and _DOCUMENT.fullmatch(value))
    return value if fits else "?"

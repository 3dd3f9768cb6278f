"""Which role may do what?  `roles.yaml`

Whatever that page does not grant is denied, a word that it does not know included.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from outreach import documents, sentences
from outreach.errors import Invalid

KEY = "key"  # the role of an API key; nobody is given it
_PAGE = Path(__file__).with_name("roles.yaml")


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: tuple[str, ...]
    reveals: frozenset[str]
    recorded_of_keys: frozenset[str]
    rights: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Roles:
    """The table: every role, who has which right, and whose use is recorded."""

    names: tuple[str, ...]
    reveals: frozenset[str]
    recorded_of_keys: frozenset[str]
    rights: Mapping[str, frozenset[str]]

    def may(self, role: str, right: str) -> bool:
        """Whether this role has that right; unknown ones have none."""
        return role in self.rights.get(right, frozenset())

    def given(self, name: str) -> str:
        """A role that may be given to a user. Raises `Invalid` for another word."""
        known = [one for one in self.names if one != KEY]
        if name not in known:
            raise Invalid(f"{name!r} is no role{sentences.nearest(name, known)}")
        return name


@cache
def table() -> Roles:
    """The table that outreach ships with. Raises `Invalid` where it names an unknown role."""
    name = _PAGE.name
    read = documents.read(_PAGE.read_text("utf-8"), TypeAdapter(_Document), name=name)
    for right, roles in read.rights.items():
        if stray := sorted(roles - set(read.roles)):
            raise Invalid(f"{name}: {right} names {stray[0]!r}, which is no role")
    if stray := sorted((read.reveals | read.recorded_of_keys) - read.rights.keys()):
        raise Invalid(f"{name}: {stray[0]!r} is to be recorded, and is no right")
    return Roles(read.roles, read.reveals, read.recorded_of_keys, read.rights)

"""Which person does this line of a file, or this piece of JSON, describe?"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import TypeGuard

from optout import identity
from optout.errors import UnreadableIdentity
from optout.identity import Hasher
from optout.model import Identity
from outreach import timezones
from outreach.db.engine import BrandRef
from outreach.errors import Invalid, Problem
from outreach.people import own_dates
from outreach.people.model import Address, Person, person_id

FIELDS = (
    "ref", "name", "locale", "zone", "country", "subdivision", "postcode", "coordinates",
    "phone", "email", "handle", "tags", "birthday", "dates",
)  # fmt: skip
_KNOWN = frozenset(FIELDS)
_TEXTS = tuple(name for name in FIELDS if name not in {"tags", "birthday", "dates"})
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}\Z")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\Z")
_LONGEST = 200
_MOST_TAGS = 100


def read(
    fields: Mapping[str, object],
    *,
    brand: BrandRef,
    hasher: Hasher,
    zone_at: Callable[[str], str | None],
) -> Person:
    """The person, in canonical spelling. Raises `Invalid` with every problem and its field.

    `zone_at` says in which zone the coordinates of an address lie: that is kept, and they are not.
    """
    problems: list[Problem] = []
    known = _texts(fields, problems)
    _check(known, problems)
    addresses = _addresses(known, problems, hasher)
    tags = _tags(fields.get("tags"), problems)
    point_zone = _point_zone(known.get("coordinates"), problems, zone_at)
    days = own_dates.read(fields, problems)
    if problems:
        raise Invalid("this person cannot be read", problems=problems)
    return Person(
        id=person_id(brand, known["ref"]),
        ref=known["ref"],
        name=known.get("name", ""),
        locale=known.get("locale"),
        zone=known.get("zone"),
        country=known.get("country"),
        subdivision=known.get("subdivision"),
        postcode=known.get("postcode"),
        point_zone=point_zone,
        tags=tags,
        addresses=addresses,
        dates=days,
    )


def _point_zone(
    written: str | None, problems: list[Problem], zone_at: Callable[[str], str | None]
) -> str | None:
    """The zone of the coordinates; on the open sea there is none."""
    try:
        return zone_at(written) if written else None
    except Invalid as error:
        problems.append(Problem("coordinates", error.sentence))
        return None


def _texts(fields: Mapping[str, object], problems: list[Problem]) -> dict[str, str]:
    """What is given and not empty; a stray field is a problem, since it is often a misspelt one."""
    if not fields.keys() <= _KNOWN:
        problems += _stray(fields)
    texts = {}
    for name in _TEXTS:
        value = fields.get(name)
        if value is None or value == "":
            continue
        if _is_readable(value) or (name == "name" and _is_spaced(value)):
            texts[name] = str(value).strip()
        else:
            problems.append(Problem(name, f"must be a text of at most {_LONGEST} printable signs"))
    return texts


def _stray(fields: Mapping[str, object]) -> list[Problem]:
    known, stray = ", ".join(FIELDS), sorted(str(name) for name in fields.keys() - _KNOWN)
    return [Problem(name, f"unknown field; known are {known}") for name in stray]


def _is_readable(value: object) -> TypeGuard[str]:
    """Whether it is a text, not too long and without control characters."""
    return isinstance(value, str) and len(value) <= _LONGEST and value.isprintable()


def _is_spaced(value: object) -> TypeGuard[str]:
    """The same of a name, which may hold signs that Python does not call printable.

    Chinese ones hold a wide space and Indian ones a joiner.
    """
    if not isinstance(value, str) or len(value) > _LONGEST:
        return False
    return not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in value)


def _check(known: Mapping[str, str], problems: list[Problem]) -> None:
    if not known.get("ref"):
        problems.append(Problem("ref", "is missing: your own id of this person"))
    for name, pattern, example in (
        ("country", _COUNTRY, "US"),
        ("subdivision", _SUBDIVISION, "US-FL"),
        ("locale", _LOCALE, "zh-CN"),
    ):
        if name in known and not pattern.match(known[name]):
            problems.append(Problem(name, f"{known[name]!r} is not of the form {example}"))
    if "zone" in known and known["zone"] not in timezones.names():
        problems.append(
            Problem("zone", f"{known['zone']!r} is no time zone, such as Asia/Shanghai")
        )


def _addresses(
    known: Mapping[str, str], problems: list[Problem], hasher: Hasher
) -> tuple[Address, ...]:
    found = []
    for kind in ("email", "phone", "handle"):
        if kind not in known:
            continue
        try:
            one = _identity(kind, known)
            current, *former = hasher.all(one)
            found.append(Address(kind, one.value, current, tuple(former)))
        except UnreadableIdentity as error:
            problems.append(Problem(kind, str(error)))
    return tuple(found)


def _identity(kind: str, known: Mapping[str, str]) -> Identity:
    if kind == "phone":
        abroad = known["phone"].startswith(("+", "\uff0b"))  # it says its country itself
        return identity.phone(known["phone"], region=None if abroad else known.get("country"))
    return identity.email(known["email"]) if kind == "email" else identity.handle(known["handle"])


def _tags(given: object, problems: list[Problem]) -> tuple[str, ...]:
    """A list, or a text with the tags between semicolons."""
    if not given:
        return ()
    parts = given.split(";") if isinstance(given, str) else given
    if not isinstance(parts, list) or not all(_is_readable(part) for part in parts):
        problems.append(Problem("tags", "must be a list of texts, or a text with ; between them"))
        return ()
    tags = tuple(sorted({part.strip() for part in parts} - {""}))
    if len(tags) > _MOST_TAGS:
        problems.append(Problem("tags", f"are more than {_MOST_TAGS}"))
    return tags

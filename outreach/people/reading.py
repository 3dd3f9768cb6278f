"""Which person does this line of a file, or this piece of JSON, describe?"""

import re
from collections.abc import Mapping
from zoneinfo import available_timezones

from optout import identity
from optout.errors import UnreadableIdentity
from optout.identity import Hasher
from optout.model import Identity
from outreach.db.engine import BrandRef
from outreach.errors import Invalid, Problem
from outreach.people.model import Address, Person, person_id

FIELDS = (
    "ref", "name", "locale", "zone", "country", "subdivision", "postcode", "phone", "email", "handle",
    "tags",
)  # fmt: skip
_ZONES = frozenset(available_timezones())
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}\Z")
_LOCALE = re.compile(r"[a-z]{2}(-[A-Z]{2})?\Z")
_LONGEST = 200


def read(fields: Mapping[str, object], *, brand: BrandRef, hasher: Hasher) -> Person:
    """The person, in canonical spelling. Raises `Invalid` with every problem and its field."""
    problems: list[Problem] = []
    known = _texts(fields, problems)
    _check(known, problems)
    addresses = _addresses(known, problems, hasher)
    if problems:
        raise Invalid("this person cannot be read", problems=problems)
    return Person(
        id=person_id(brand, known["ref"]),
        ref=known["ref"],
        name=known.get("name", ""),
        **{
            name: known.get(name)
            for name in ("locale", "zone", "country", "subdivision", "postcode")
        },
        tags=_tags(fields.get("tags")),
        addresses=addresses,
    )


def _texts(fields: Mapping[str, object], problems: list[Problem]) -> dict[str, str]:
    """What is given and not empty; a stray field is a problem, since it is often a misspelt one."""
    for name in fields.keys() - set(FIELDS):
        problems.append(Problem(str(name), f"unknown field; known are {', '.join(FIELDS)}"))
    texts = {}
    for name in set(FIELDS) & fields.keys() - {"tags"}:
        value = fields[name]
        if value is None or value == "":
            continue
        if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
            problems.append(Problem(name, f"must be a text of at most {_LONGEST} printable signs"))
            continue
        texts[name] = value.strip()
    return texts


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
    if "zone" in known and known["zone"] not in _ZONES:
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
            found.append(Address(kind, one.value, hasher.hash(one)))
        except UnreadableIdentity as error:
            problems.append(Problem(kind, str(error)))
    return tuple(found)


def _identity(kind: str, known: Mapping[str, str]) -> Identity:
    if kind == "phone":
        return identity.phone(known["phone"], region=known.get("country"))
    return identity.email(known["email"]) if kind == "email" else identity.handle(known["handle"])


def _tags(given: object) -> tuple[str, ...]:
    """A list, or a text with the tags between semicolons."""
    parts = given.split(";") if isinstance(given, str) else given
    return tuple(sorted({str(tag).strip() for tag in parts or () if str(tag).strip()}))  # type: ignore[attr-defined]  # a list by now

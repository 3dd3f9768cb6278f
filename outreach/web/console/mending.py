"""Which button mends what is said of a contact, and where does it lead?

Pure. A form where one word mends it (a zone, a case that is closed), a link to the screen where it
is done otherwise, and nothing where only time or the person can mend it.
"""

from dataclasses import dataclass

from outreach.reports.model import Explanation

_LINKS = {
    "no_address": ("person", "/people/{person}"),
    "no_consent": ("person", "/people/{person}"),
    "not_established": ("person", "/people/{person}"),
    "withdrawn": ("person", "/people/{person}"),
    "register_stale": ("registers", "/consent"),
    "on_register": ("registers", "/consent"),
    "place_unknown": ("person", "/people/{person}"),
    "unconfirmed": ("doubts", "/"),
    "no_answer": ("doubts", "/"),
    "worker_gone": ("doubts", "/"),
}


@dataclass(frozen=True, slots=True)
class Mend:
    """What the buttons are: a zone to add, cases to close, or a link and the word for it."""

    zone: bool = False
    cases: tuple[str, ...] = ()
    link: str = ""
    word: str = ""


def mend(one: Explanation) -> Mend:
    """What there is to press for this contact; what is sent or over needs nothing."""
    reason = one.reason
    if reason is None:
        return Mend()
    if one.state in _OPEN and reason == "place_unknown":
        return Mend(zone=not one.zones)
    if one.state in _OPEN and reason == "care_hold" and (known := _cases(one)):
        return Mend(cases=known)
    word, path = _LINKS.get(reason, ("", ""))
    return Mend(link=path.format(person=one.person), word=word)


_OPEN = frozenset({"planned", "supposed"})


def _cases(one: Explanation) -> tuple[str, ...]:
    told = one.because.get("cases") or ()
    return tuple(map(str, told)) if isinstance(told, list | tuple) else (str(told),)

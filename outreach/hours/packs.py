"""Which rules hold at this place, on this channel, for this purpose, on this day?

Every matching row of every candidate jurisdiction holds, binding or customary: a state never widens
the federal row. Where no row has a clock, the house's own rows stand in for voice, SMS and chat. A
brand's policy comes on top.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby
from pathlib import Path

from optout.model import Channel, Purpose
from outreach.errors import Invalid
from outreach.hours import pack_file, regions
from outreach.hours.model import ALWAYS, ANYWHERE, UNPLACED, Deadline, Place, Rule, of_hours
from outreach.hours.pack_file import PackFile
from outreach.hours.policy import NO_POLICY, Policy, without
from outreach.hours.turns import dated, stretch, turns_of

NOT_CARRIED = "not_carried.yaml"
"""The list, beside the packs, of what is known and in no row."""

NO_RULE = of_hours(
    "NONE",
    ALWAYS,
    source="no row",
    basis="none_found",
    note="Nothing binds on these days, while something does on others.",
)


@dataclass(frozen=True, eq=False)
class Packs:
    """All rules of an installation; one object, compared and cached by identity."""

    version: str
    rules: tuple[Rule, ...]
    classes: Mapping[tuple[str, Purpose], str]
    calendars: Mapping[str, tuple[str, ...]]
    """Whose holidays count in a country, where that is not the person's own country and part."""
    calendars_unplaced: Mapping[str, tuple[str, ...]]
    """Whose holidays count as well in a country while nobody knows the part."""
    deadlines: tuple[Deadline, ...]
    turns: tuple[date, ...]
    """Local dates on which some row begins to hold or has just ceased to, in order."""
    policy: Policy = NO_POLICY

    def under(self, policy: Policy) -> "Packs":
        """The same with a brand's policy on top; one object per policy.

        A row that is switched off stays in the answers, without its clock and its caps, and its
        source says why. `policy.refuse_binding` refuses rows that may not be switched off.
        """
        return self if policy == self.policy else _under(self, policy)

    def rules_for(
        self, place: Place, *, channel: Channel, purpose: Purpose, on: date
    ) -> tuple[Rule, ...]:
        """The rules in force on a local date, those with a clock or a cap; `()` binds nothing."""
        return _rules_for(self, place, channel, purpose, stretch(self.turns, on)[0])

    def rules_between(
        self, place: Place, *, channel: Channel, purpose: Purpose, first: date, last: date
    ) -> tuple[Rule, ...]:
        """The rules of a stretch of local dates, each dated to the days on which it holds."""
        low, high = stretch(self.turns, first)[0], stretch(self.turns, last)[0]
        return _rules_between(self, place, channel, purpose, low, high)

    def purpose_class(self, purpose: Purpose, jurisdiction: str) -> str:
        """What the law of a place calls a purpose: marketing, survey, service or transactional."""
        country = jurisdiction.partition("-")[0]
        return self.classes.get((country, purpose)) or self.classes[ANYWHERE, purpose]

    def candidates(self, place: Place) -> tuple[str, ...]:
        """The jurisdictions of a place, and where none is known the one that stands for that.

        A country without a known subdivision brings every subdivision that has rows and shares a
        zone with the place: we cannot rule out that the strictest of them is meant.
        """
        named = place.jurisdictions or (UNPLACED,)
        # A number of Dakota does not say in which state of the Eastern zone its owner lives.
        placed = {
            name.partition("-")[0]
            for name in named
            if "-" in name and not set(regions.zones_of(name)).isdisjoint(place.zones)
        }
        open_countries = {name for name in named if name not in placed}
        possible = dict.fromkeys(r.jurisdiction for r in self.rules if "-" in r.jurisdiction)
        stricter = [
            name
            for name in possible
            if name.partition("-")[0] in open_countries
            and not set(regions.zones_of(name)).isdisjoint(place.zones)
        ]
        return (*named, *stricter)


def load(folder: Path | None = None) -> Packs:
    """The packs of a folder, or those that come with the product: one object per process.

    Raises `Invalid` naming file and row when one cannot be read or an id is given twice.
    """
    return _shipped() if folder is None else _read(folder)


@lru_cache(maxsize=1)
def _shipped() -> Packs:
    return _read(files("outreach.hours").joinpath("packs"))


def _read(folder: Traversable) -> Packs:
    texts = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yaml") and entry.name != NOT_CARRIED
    }
    return _assembled([pack_file.read(name, text) for name, text in texts.items()], texts)


def _assembled(packs: list[PackFile], texts: Mapping[str, str]) -> Packs:
    rules = tuple(row.rule() for pack in packs for row in pack.rules)
    _refuse_repeated(rule.id for rule in rules)
    classes = {(p.country, purpose): name for p in packs for purpose, name in p.purposes.items()}
    if missing := [p for p in Purpose if (ANYWHERE, p) not in classes]:
        raise Invalid(f"no pack of country '*' gives a class to: {', '.join(missing)}")
    digest = hashlib.sha256("".join(f"{n}\0{t}\0" for n, t in texts.items()).encode())
    return Packs(
        version=f"{max(pack.compiled for pack in packs)}+{digest.hexdigest()[:8]}",
        rules=rules,
        classes=classes,
        calendars={p.country: p.calendars for p in packs if p.calendars},
        calendars_unplaced={p.country: p.calendars_unplaced for p in packs},
        deadlines=tuple(row.deadline() for pack in packs for row in pack.deadlines),
        turns=turns_of(rules),
    )


def _refuse_repeated(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise Invalid(f"two rows are called {name}; every row needs an id of its own")
        seen.add(name)


@lru_cache(maxsize=1 << 14)
def _rules_for(
    packs: Packs, place: Place, channel: Channel, purpose: Purpose, on: date
) -> tuple[Rule, ...]:
    groups = groupby(sorted(packs.candidates(place), key=_country), key=_country)
    return tuple(
        rule
        for _, names in groups
        for rule in _of_country(packs, place, tuple(dict.fromkeys(names)), channel, purpose, on)
    )


def _country(jurisdiction: str) -> str:
    return jurisdiction.partition("-")[0]


def _of_country(
    packs: Packs,
    place: Place,
    names: tuple[str, ...],
    channel: Channel,
    purpose: Purpose,
    on: date,
) -> Iterator[Rule]:
    """The rules of one country and of those parts of it where the person may be."""
    country = _country(names[0])
    meant = packs.purpose_class(purpose, country)
    rows = [r for r in packs.rules if r.in_force(on) and _matches(packs, r, channel, meant)]
    own = [r for r in rows if r.jurisdiction in names]
    if channel is not Channel.EMAIL and all(r.windows is None for r in own):
        own += [replace(r, jurisdiction=country) for r in rows if r.jurisdiction == ANYWHERE]
    own += [
        replace(r, jurisdiction=country)
        for r in packs.policy.house
        if _matches(packs, r, channel, meant)
    ]
    for rule in own:
        if rule.windows is not None or rule.caps or _told(packs, rule):
            yield replace(rule, calendars=_calendars(packs, rule, place))


def _told(packs: Packs, rule: Rule) -> bool:
    """Whether a row without clock and cap is part of the answer: where the brand took them off."""
    return not rule.binding and any(rule.id == name for name, _ in packs.policy.switched_off)


def _matches(packs: Packs, rule: Rule, channel: Channel, meant: str) -> bool:
    to_us = rule.sector is None or rule.sector == packs.policy.sector
    return to_us and channel in rule.channels and bool({"any", meant} & set(rule.purposes))


def _calendars(packs: Packs, rule: Rule, place: Place) -> tuple[str, ...]:
    """Whose holidays close a rule: those it names, a part's own, or those of country and part."""
    if rule.calendars or "-" in rule.jurisdiction:
        return rule.calendars or (rule.jurisdiction,)
    country = rule.jurisdiction
    if country in packs.calendars:
        return packs.calendars[country]
    lived_in = tuple(name for name in place.jurisdictions if _country(name) == country)
    if set(lived_in) <= {country}:
        return (country, *packs.calendars_unplaced.get(country, ()))
    return lived_in


@lru_cache(maxsize=256)
def _under(packs: Packs, policy: Policy) -> Packs:
    digest = hashlib.sha256(repr(policy).encode()).hexdigest()[:8]
    return replace(
        packs,
        version=f"{packs.version}+{digest}",
        rules=without(packs.rules, dict(policy.switched_off)),
        policy=policy,
    )


@lru_cache(maxsize=1 << 14)
def _rules_between(
    packs: Packs, place: Place, channel: Channel, purpose: Purpose, low: date, high: date
) -> tuple[Rule, ...]:
    starts = sorted({low, high, *(turn for turn in packs.turns if low < turn <= high)})
    found = [_rules_for(packs, place, channel, purpose, start) for start in starts]
    if len(starts) == 1 or not any(found):
        return found[0]
    return tuple(
        dated(rule, *stretch(packs.turns, start))
        for start, rules in zip(starts, found, strict=True)
        # A day without any rule has to be said: to the window, silence means closed.
        for rule in rules or (NO_RULE,)
    )

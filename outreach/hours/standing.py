"""Which rows of the packs are in force on a day, by country, and when does that change next?"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from outreach.hours.model import Rule
from outreach.hours.packs import Packs
from outreach.hours.turns import turns_of


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds in one country, its parts included; `*` is everywhere, ours and the brand's rows.

    `verified` were read in the law's own text; `turns_on` is the next day on which a row begins to
    hold or has just ceased to, where one is known.
    """

    country: str
    rules: int
    binding: int
    verified: int
    turns_on: date | None


def standing(packs: Packs, *, on: date) -> list[Standing]:
    """A line for each country with a row in force on this day, by its code."""
    ordered = sorted(packs.rules, key=_country)
    lines = (_of(country, list(rules), on) for country, rules in groupby(ordered, key=_country))
    return [line for line in lines if line.rules]


def _of(country: str, rules: list[Rule], on: date) -> Standing:
    now = [rule for rule in rules if _holds(rule, on)]
    return Standing(
        country,
        rules=len(now),
        binding=sum(rule.binding for rule in now),
        verified=sum(rule.confidence == "verified" for rule in now),
        turns_on=next((day for day in turns_of(rules) if day > on), None),
    )


def _country(rule: Rule) -> str:
    return rule.jurisdiction.partition("-")[0]


def _holds(rule: Rule, on: date) -> bool:
    begun = rule.effective_from is None or rule.effective_from <= on
    return begun and (rule.effective_to is None or on <= rule.effective_to)

"""On which days do shops everywhere sell most, so that every inbox is full? Pure.

They are no holidays, and no law names them: whoever plans a campaign wants to see them beside its
hours. They stand in `sale_days.yaml`, by date or by the n-th weekday of a month.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import TypeAdapter

from outreach import documents

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEK: tuple[Weekday, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sale:
    """What it is called, by language, and which countries (ISO 3166) have it; none: all do."""

    name: Mapping[str, str]
    first: date
    last: date
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Dated:
    """From a month and day to another of the same year, both included."""

    name: Mapping[str, str]
    first: str
    last: str
    countries: tuple[str, ...] = ()

    def in_year(self, year: int) -> Sale:
        first, last = (date.fromisoformat(f"{year:04}-{one}") for one in (self.first, self.last))
        return Sale(self.name, first, last, self.countries)


@dataclass(frozen=True, slots=True)
class _Ruled:
    """From so many days after the n-th weekday of a month to so many, both included."""

    name: Mapping[str, str]
    nth: int
    weekday: Weekday
    of: int
    begins: int
    ends: int
    countries: tuple[str, ...] = ()

    def in_year(self, year: int) -> Sale:
        month = date(year, self.of, 1)
        away = (_WEEK.index(self.weekday) - month.weekday()) % 7 + 7 * (self.nth - 1)
        day = month + timedelta(days=away)
        first, last = (day + timedelta(days=n) for n in (self.begins, self.ends))
        return Sale(self.name, first, last, self.countries)


def between(first: date, last: date, *, countries: Iterable[str] | None = None) -> list[Sale]:
    """The sales that touch these days, both included, in order; of these countries, or of all."""
    asked = None if countries is None else set(countries)
    years = range(max(first.year, date.min.year), last.year + 1)
    found = (rule.in_year(year) for rule in _known() for year in years)
    return sorted(
        (
            sale
            for sale in found
            if sale.first <= last and sale.last >= first and _concerns(sale, asked)
        ),
        key=lambda sale: (sale.first, sale.name["en"]),
    )


def _concerns(sale: Sale, asked: set[str] | None) -> bool:
    return asked is None or not sale.countries or not asked.isdisjoint(sale.countries)


@lru_cache(maxsize=1)
def _known() -> tuple[_Dated | _Ruled, ...]:
    text = (files("outreach.reports") / "sale_days.yaml").read_text(encoding="utf-8")
    shape = TypeAdapter(tuple[_Dated | _Ruled, ...])
    return documents.read(text, shape, name="sale_days.yaml")

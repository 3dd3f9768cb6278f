"""Which regime holds for a jurisdiction, a channel and a purpose on a date?

The rows stand in `regimes/*.yaml`. A question goes up a chain: the code, its parent, and at last
`default`; the nearest level that speaks of it decides, and there the row that speaks of the fewest
channels and purposes. Whoever may be in several places is under the law of each. The house's own
rows lie on top, and the rows of a brand's sector; none of that can loosen anything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from itertools import product

from optout import regime_file
from optout.errors import UnreadableRegimes
from optout.model import Channel, Purpose
from optout.regime_file import Level, NeedsFile, RegimeFile, SectorRow
from optout.rules import Rule, Ruling

DEFAULT, HOUSE = "default", "house"


@dataclass(frozen=True, eq=False)
class Regimes:
    """All levels by code, the rows of sectors, and the words that `needs` may use.

    `kinds` are those of them that say what a consent is like, and `facts` those about a sale.
    """

    levels: Mapping[str, Level]
    parents: Mapping[str, str]
    rules: Mapping[str, tuple[Rule, ...]]
    sectors: Mapping[str, tuple[Rule, ...]]
    needs: Mapping[str, str]
    compiled: date
    kinds: frozenset[str] = field(default=frozenset())  # of consents
    facts: frozenset[str] = field(default=frozenset())  # of sales

    def chain(self, code: str) -> tuple[str, ...]:
        """The code, its parents, and `default`; a part of a country without rows is its country.

        A code that nobody wrote down goes to `default`, which knows no ground for asking anybody.
        """
        found: list[str] = []
        here: str | None = self._known(code)
        while here is not None:
            found.append(here)
            here = self.parents.get(here)
        return tuple(found)

    def _known(self, code: str) -> str:
        if code in self.levels or code in self.parents:
            return code
        country, dash, _ = code.partition("-")
        return self._known(country) if dash else DEFAULT

    def rule(self, code: str, channel: Channel, purpose: Purpose, on: date) -> Rule:
        """The one row that answers. Raises `UnreadableRegimes` where there is none, or a tie."""
        for level in self.chain(code):
            fitting = [r for r in self.rules.get(level, ()) if r.speaks_of(channel, purpose, on)]
            if fitting:
                return _most_specific(fitting, f"{level} {channel} {purpose} {on}")
        raise UnreadableRegimes(f"nothing answers {code} {channel} {purpose} on {on}")

    @lru_cache(maxsize=1 << 14)  # noqa: B019  # one table lives as long as the process
    def ruling(
        self,
        jurisdictions: tuple[str, ...],
        channel: Channel,
        purpose: Purpose,
        *,
        on: date,
        sector: str | None = None,
    ) -> Ruling:
        """Every rule that a person who may be in these places falls under, on a local date."""
        codes = self.separate(jurisdictions) or (DEFAULT,)
        law = [self.rule(code, channel, purpose, on) for code in codes]
        trade = [
            rule
            for rule in self.sectors.get(sector or "", ())
            if rule.speaks_of(channel, purpose, on)
            and any(rule.jurisdiction in self.chain(code) for code in codes)
        ]
        house = self.rule(HOUSE, channel, purpose, on)
        return Ruling(tuple(dict.fromkeys((*law, house, *trade))), on)

    def separate(self, jurisdictions: Sequence[str]) -> tuple[str, ...]:
        """Without those that another lies in: Florida answers, and not the US besides."""
        above = {up for code in jurisdictions for up in self.chain(code)[1:]} - {DEFAULT}
        return tuple(dict.fromkeys(c for c in map(self._known, jurisdictions) if c not in above))

    def dates(self) -> list[date]:
        """Every day on which some row begins or has ended, and the day of the newest file."""
        rows = [*self.rules.values(), *self.sectors.values()]
        begun = {rule.effective_from for rules in rows for rule in rules if rule.effective_from}
        return sorted({self.compiled, *begun})

    def registers(self) -> frozenset[str]:
        """The lists that some row names, by law or by the rules of a trade."""
        rows = (*self.rules.values(), *self.sectors.values())
        return frozenset(one.name for rules in rows for rule in rules for one in rule.registers)

    def check(self) -> Iterator[str]:
        """Whatever has no answer, or two; a need that nobody explained; a parent not there."""
        yield from self._loose_ends()
        days = self.dates()
        before = [date.fromordinal(day.toordinal() - 1) for day in days]
        for code, channel, purpose in product(self.codes(), Channel, Purpose):
            for on in (*days, *before):
                try:
                    self.rule(code, channel, purpose, on)
                except UnreadableRegimes as wrong:
                    yield str(wrong)

    def codes(self) -> tuple[str, ...]:
        """Every code with an answer of its own or of its parent's."""
        return tuple(sorted({*self.levels, *self.parents}))

    def _loose_ends(self) -> Iterator[str]:
        for code, parent in self.parents.items():
            if parent not in self.levels:
                yield f"{code} names {parent} as its parent, which has no rows"
        for rules in (*self.rules.values(), *self.sectors.values()):
            for rule in rules:
                yield from (
                    f"{rule.jurisdiction} needs {need!r}, which needs.yaml does not explain"
                    for need in rule.needs
                    if need not in self.needs
                )


def _most_specific(fitting: Sequence[Rule], question: str) -> Rule:
    fewest = min(rule.cells for rule in fitting)
    best = [rule for rule in fitting if rule.cells == fewest]
    if len(best) > 1:
        raise UnreadableRegimes(f"{len(best)} rows answer {question} alike: narrow one of them")
    return best[0]


@lru_cache(maxsize=1)
def packaged() -> Regimes:
    """The regimes that come with the library."""
    return load()


def load(more: Mapping[str, str] | None = None) -> Regimes:
    """The packaged files, with `more` of them (name → text) beside or instead.

    Raises `UnreadableRegimes` with the first thing wrong.
    """
    folder = files("optout").joinpath("regimes")
    texts = {one.name: one.read_text(encoding="utf-8") for one in folder.iterdir()}
    texts |= more or {}
    needs = regime_file.read_needs("needs.yaml", texts.pop("needs.yaml"))
    read = [regime_file.read(name, text) for name, text in sorted(texts.items())]
    found = _table(read, needs)
    if wrong := next(found._loose_ends(), None):  # noqa: SLF001  # its own kind
        raise UnreadableRegimes(wrong)
    return found


def _table(read: Sequence[RegimeFile], needs: NeedsFile) -> Regimes:
    levels = {level.code: level for one in read for level in one.jurisdictions}
    parents = {level.code: level.parent for level in levels.values() if level.parent}
    parents |= {
        heir: level.code for level in levels.values() for heir in level.heirs if heir not in levels
    }
    return Regimes(
        levels=levels,
        parents=parents,
        rules={
            code: tuple(
                _sorted_needs(row.rule(code, _above(code, levels, parents)), needs)
                for row in level.rows
            )
            for code, level in levels.items()
        },
        sectors={
            sector: tuple(_sorted_needs(rule, needs) for rule in rules)
            for sector, rules in _sectors(
                [row for one in read for row in one.sectors], levels, parents
            ).items()
        },
        needs=needs.needs,
        kinds=frozenset(needs.consent),
        facts=frozenset(needs.sale),
        compiled=max(one.compiled for one in read),
    )


def _sorted_needs(rule: Rule, needs: NeedsFile) -> Rule:
    """The rule, with what it asks of a consent and of a sale set apart."""
    named = needs.named()
    return replace(
        rule,
        worded=tuple(named[need] for need in rule.needs if need in named),
        sale=tuple(need for need in rule.needs if need in needs.sale),
    )


def _above(code: str, levels: Mapping[str, Level], parents: Mapping[str, str]) -> list[Level]:
    """The level itself and its parents, nearest first."""
    found, here = [], levels.get(code)
    while here is not None:
        found.append(here)
        here = levels.get(parents.get(here.code, ""))
    return found


def _sectors(
    rows: Iterable[SectorRow], levels: Mapping[str, Level], parents: Mapping[str, str]
) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for row in rows:
        rule = row.rule(row.jurisdiction, _above(row.jurisdiction, levels, parents))
        found[row.sector] = (*found.get(row.sector, ()), rule)
    return found

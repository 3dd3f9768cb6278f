"""What does a brand ask of itself on top of the rules, and which customs does it leave aside?

A brand narrows and never widens. Its own windows hold beside whatever else holds, and a row that
binds nobody may be switched off, with a reason; the house's rows stand in where one falls away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pydantic import Field

from optout.model import Channel
from outreach.errors import Invalid, Problem
from outreach.hours.model import ANYWHERE, UNPLACED, Rule, of_hours
from outreach.hours.pack_file import Class, Strict, WeekOfWindows
from outreach.sentences import nearest

OF_THE_BRAND = "BRAND"
"""What the ids of a brand's own rows begin with."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The windows, the reasons by switched-off row, and the trade of one brand."""

    house: tuple[Rule, ...] = ()
    switched_off: tuple[tuple[str, str], ...] = ()
    sector: str | None = None


NO_POLICY = Policy()


class HouseHours(Strict):
    """Hours that a brand keeps everywhere, for these channels and these classes of contact."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")
    channels: tuple[Channel, ...] = Field(min_length=1)
    classes: tuple[Class, ...] = Field(min_length=1)
    windows: WeekOfWindows
    holidays_allowed: bool = False
    reason: str = Field(min_length=1)

    def rule(self) -> Rule:
        """The same as a row that holds wherever a person lives."""
        name, source = f"{OF_THE_BRAND}:{self.id}", f"the brand's own hours: {self.reason}"
        return replace(
            of_hours(name, self.windows, source=source, note=self.reason),
            channels=self.channels,
            purposes=tuple(self.classes),
            holidays_allowed=self.holidays_allowed,
            evidence="policy",
        )


def without(rules: tuple[Rule, ...], reasons: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules, those that are switched off bare of clock and caps and with the reason in front.

    What may not be switched off stays as it is: a row may have become binding since it was.
    """
    return tuple(
        _off(rule, reasons[rule.id]) if rule.id in reasons and not objection(rule) else rule
        for rule in rules
    )


def _off(rule: Rule, reason: str) -> Rule:
    source = f"switched off by the brand: {reason} ({rule.source})"
    return replace(rule, windows=None, caps=(), source=source)


def objection(rule: Rule) -> str:
    """Why a row may not be switched off, in a sentence; empty when it may."""
    if rule.binding:
        return f"{rule.id} is binding ({rule.source}) and cannot be switched off"
    if rule.jurisdiction in (ANYWHERE, UNPLACED):
        return f"{rule.id} stands in where no other row has a clock, so it stays on"
    return ""


def refuse_binding(rules: Iterable[Rule], policy: Policy) -> None:
    """Raises `Invalid`, with a problem for each row that is named and may not be switched off."""
    rows = {rule.id: rule for rule in rules}
    said = [
        Problem(f"profile.switched_off.{name}", why)
        for name, _ in policy.switched_off
        if (why := _misnamed(name, rows) or objection(rows[name]))
    ]
    if said:
        raise Invalid("; ".join(problem.sentence for problem in said), problems=said)


def _misnamed(name: str, rows: Mapping[str, Rule]) -> str:
    return "" if name in rows else f"no row is called {name!r}{nearest(name, rows)}"

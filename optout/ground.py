"""Nobody refused: is there a ground to contact this person under the law of every place?

Pure. Each rule of the ruling is asked by itself and all have to be content, so several laws are
never looser together than one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from optout.model import Reason, Relationship
from optout.rules import Regime, Register, Rule, Ruling
from optout.scrubs import Scrub


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands: consented or not, a customer of what kind, on which registers."""

    granted: bool
    relationship: Relationship
    scrubs: Mapping[str, Scrub]
    on: date


@dataclass(frozen=True, slots=True)
class Objection:
    """The rule that is not content, why, and the words for it."""

    reason: Reason
    rule: Rule
    sentence: str


def objection(ruling: Ruling, standing: Standing) -> Objection | None:
    """What the strictest of the rules that are not content says."""
    strictest_first = sorted(ruling.rules, key=lambda rule: -rule.regime.strictness)
    return next((no for rule in strictest_first if (no := _of_rule(rule, standing))), None)


def reason(ruling: Ruling, standing: Standing) -> Reason:
    """Why it is a yes, once nothing objects."""
    if standing.granted:
        return Reason.GRANTED
    return _GROUNDS[ruling.regime]


_GROUNDS = {
    Regime.CONTRACT: Reason.CONTRACT,
    Regime.OPT_OUT: Reason.NO_OBJECTION,
    Regime.REGISTER: Reason.NO_OBJECTION,
    Regime.SOFT_OPT_IN: Reason.CUSTOMER,
}


def _of_rule(rule: Rule, standing: Standing) -> Objection | None:
    if rule.regime is Regime.FORBIDDEN:
        return Objection(Reason.FORBIDDEN, rule, "it is forbidden")
    if rule.regime is Regime.UNKNOWN:
        return Objection(Reason.NOT_ESTABLISHED, rule, "what the law asks is not established")
    if not _consent(rule, standing):
        return Objection(Reason.NO_CONSENT, rule, _MISSING[rule.regime])
    return next((no for one in rule.registers if (no := _of_register(one, rule, standing))), None)


_MISSING = {
    Regime.CONTRACT: "no contract is running and nobody consented",
    Regime.OPT_OUT: "no such relationship is on record and nobody consented",
    Regime.REGISTER: "no such relationship is on record and nobody consented",
    Regime.SOFT_OPT_IN: "nobody consented, and no purchase or contract is near enough",
    Regime.OPT_IN: "nobody consented",
}


def _consent(rule: Rule, standing: Standing) -> bool:
    """Given, not needed, or a customer's relationship in its place."""
    if standing.granted or rule.regime is Regime.OPT_IN:
        return standing.granted
    if rule.relation is not None and rule.relation.relieves == "consent":
        return rule.relation.runs(standing.relationship, standing.on)
    # A law that names no period is content with any customer; the house's period lies on top.
    return rule.regime is not Regime.SOFT_OPT_IN or standing.relationship.customer


def _of_register(register: Register, rule: Rule, standing: Standing) -> Objection | None:
    if _outweighed(rule, standing):
        return None
    scrub = standing.scrubs.get(register.name)
    if scrub is None or not scrub.fresh(standing.on, max_age_days=register.max_age_days):
        sentence = f"{register.name} was not asked within {register.max_age_days} days"
        return Objection(Reason.REGISTER_STALE, rule, sentence)
    if scrub.listed and not standing.granted:
        return Objection(Reason.ON_REGISTER, rule, f"{register.name} lists the address")
    return None


def _outweighed(rule: Rule, standing: Standing) -> bool:
    """Whether consent or custom makes the register irrelevant.

    Where consent is needed anyway the register is there to be asked in spite of it.
    """
    if standing.granted and rule.regime is not Regime.OPT_IN:
        return True
    relation = rule.relation
    relieves = relation is not None and relation.relieves == "register"
    return relieves and relation is not None and relation.runs(standing.relationship, standing.on)

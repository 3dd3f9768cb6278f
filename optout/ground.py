"""Nobody refused: is there a ground to contact this person under the law of every place?

Pure. Each rule of the ruling is asked by itself and all have to be content, so several laws are
never looser together than one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from optout import consents
from optout.model import Entry, Purpose, Reason, Relationship
from optout.rules import Regime, Register, Rule, Ruling
from optout.scrubs import Scrub


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands: with which consent, a customer of what kind, on which registers."""

    grant: Entry | None
    purpose: Purpose
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
    strictest = max(ruling.rules, key=lambda rule: rule.regime.strictness)
    if _granted(strictest, standing):
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
        return Objection(Reason.NO_CONSENT, rule, _why_not(rule, standing))
    return next((no for one in rule.registers if (no := _of_register(one, rule, standing))), None)


_MISSING = {
    Regime.CONTRACT: "no contract is running and nobody consented",
    Regime.OPT_OUT: "no such relationship is on record and nobody consented",
    Regime.REGISTER: "no such relationship is on record and nobody consented",
    Regime.SOFT_OPT_IN: "nobody consented, and no purchase or contract is near enough",
    Regime.OPT_IN: "nobody consented",
}


def _why_not(rule: Rule, standing: Standing) -> str:
    """The sentence names what is lacking, where consent or custom there is."""
    if standing.grant is not None:
        lacks = consents.lacking(rule, standing.grant, purpose=standing.purpose, on=standing.on)
        return f"the consent on record is not shown to be {_listed(lacks)}"
    if rule.sale and standing.relationship.customer and (lacks := _unknown_of_sale(rule, standing)):
        return f"nobody consented, and it is not on record of the sale: {_listed(lacks)}"
    return _MISSING[rule.regime]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _granted(rule: Rule, standing: Standing) -> bool:
    """Whether there is consent, and of the kind that this rule asks for."""
    grant = standing.grant
    if grant is None:
        return False
    return not consents.lacking(rule, grant, purpose=standing.purpose, on=standing.on)


def _unknown_of_sale(rule: Rule, standing: Standing) -> list[str]:
    return [fact for fact in rule.sale if fact not in standing.relationship.facts]


def _consent(rule: Rule, standing: Standing) -> bool:
    """Given, not needed, or a customer's relationship in its place."""
    if _granted(rule, standing) or rule.regime is Regime.OPT_IN:
        return _granted(rule, standing)
    if rule.regime is Regime.SOFT_OPT_IN and _unknown_of_sale(rule, standing):
        return False
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
    if scrub.listed and not _granted(rule, standing):
        return Objection(Reason.ON_REGISTER, rule, f"{register.name} lists the address")
    return None


def _outweighed(rule: Rule, standing: Standing) -> bool:
    """Whether consent or custom makes the register irrelevant.

    Where consent is needed anyway the register is there to be asked in spite of it.
    """
    if _granted(rule, standing) and rule.regime is not Regime.OPT_IN:
        return True
    relation = rule.relation
    relieves = relation is not None and relation.relieves == "register"
    return relieves and relation is not None and relation.runs(standing.relationship, standing.on)

"""May this condition choose an audience, for which nothing has happened yet?"""

from outreach.campaigns import catalogue
from outreach.campaigns.conditions import Cel, Clause, Condition, Tally, clauses
from outreach.sentences import clipped


def objections(condition: Condition | None) -> list[str]:
    """What an audience cannot ask, each with what to write instead."""
    leaves = () if condition is None else clauses(condition)
    return [sentence for leaf in leaves if (sentence := _objection(leaf))]


def checked(condition: Condition) -> Condition:
    """The condition itself, when it may choose. Raises `ValueError` with what it cannot ask."""
    if refused := objections(condition):
        raise ValueError("; ".join(refused))
    return condition


def _objection(leaf: Clause | Tally | Cel) -> str | None:
    if isinstance(leaf, Cel):
        instead = "write it with fields and tallies"
        return f"cel `{clipped(leaf.source)}` cannot choose an audience: {instead}"
    if isinstance(leaf, Tally) or leaf.field.partition(".")[0] in {"person", *catalogue.LAST}:
        return None
    instead = "ask for the person, or count what happened"
    return f"`{leaf.field}` cannot choose an audience, for which nothing happened: {instead}"

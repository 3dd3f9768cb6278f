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
    path = leaf.field if isinstance(leaf, Clause) else leaf.of if leaf.single else None
    if path == catalogue.NAME:
        return f"`{path}` cannot choose an audience, since names lie sealed: ask for a tag"
    if path is None or (root := path.partition(".")[0]) in {"person", *catalogue.LAST}:
        return None
    instead = (
        _tally(path) if root in catalogue.RECORDS else "ask for the person, or count what happened"
    )
    return f"`{path}` cannot choose an audience, for which nothing happened: {instead}"


def _tally(path: str) -> str:
    """The tally that asks for the same of a person's history."""
    root, _, name = path.partition(".")
    source = catalogue.HISTORIES[root]
    names = (f"{source}.{one}" for one in (name, f"{name}_minor"))
    field = next((one for one in names if catalogue.sort_of(one)), None)
    return f"ask `last: {field}`, or `count: {source}`" if field else f"ask `count: {source}`"

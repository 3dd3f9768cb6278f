"""What if a safeguard were missing? Each is taken out of a copy of the code, one at a time.

A safeguard whose absence nobody notices is not tested. So each of these must turn a simulation red.
"""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A safeguard, and the replacements that take it out: file, what stands there, what instead."""

    name: str
    cuts: tuple[tuple[str, str, str], ...]

    def missing(self, root: Path) -> list[str]:
        """The files in which the text to be replaced does not stand exactly once."""
        return [
            file
            for file, old, _ in self.cuts
            if (root / file).read_text(encoding="utf-8").count(old) != 1
        ]

    def cut(self, root: Path) -> None:
        """Take it out. Raises `ValueError` where the code has changed since this was written."""
        if stale := self.missing(root):
            raise ValueError(f"the mutation `{self.name}` no longer fits {', '.join(stale)}")
        for file, old, new in self.cuts:
            path = root / file
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


_DISPATCH = "outreach/dispatch"
_FENCED = "where t.id = given.id and t.fence = given.fence"
_UNFENCED = "where t.id = given.id and t.state = 'claimed'"
_DOUBT = """set state = 'uncertain', reason = 'worker_gone', lease_until = now() + :patience,
            settled_at = :now"""
_ALL_FREE = """    free = {id_: (facts, Send()) for id_, facts in gathered.facts.items()}
    objected: dict = {}
"""

MUTATIONS = (
    Mutation(
        "the fence",
        (
            (f"{_DISPATCH}/attempts.py", f"{_FENCED} and t.state = 'claimed'", _UNFENCED),
            (f"{_DISPATCH}/begun.py", _FENCED.replace("where", "on"), "on t.id = given.id"),
            (f"{_DISPATCH}/store.py", f"{_FENCED} and t.state = 'claimed'", _UNFENCED),
            (f"{_DISPATCH}/store.py", f"{_FENCED}\n      and (", "where t.id = given.id and ("),
        ),
    ),
    Mutation(
        "the unique key",
        (
            (
                "outreach/events/model.py",
                "return ids.derived(ids.EVENT, brand.key, key)",
                "return __import__('uuid').uuid4()",
            ),
            (
                "outreach/enrolments/plan.py",
                "name = (candidate.brand, campaign.key, once, candidate.person.ref)",
                "name = (candidate.brand, campaign.key, once, candidate.event.id)",
            ),
        ),
    ),
    Mutation(
        "the attempt row",
        (
            (
                f"{_DISPATCH}/attempts.py",
                '        tx.execute(_ATTEMPT, {"brand": brand.id, "now": now})\n',
                "",
            ),
        ),
    ),
    Mutation(
        "the mark's judging again",
        (
            (
                f"{_DISPATCH}/mark.py",
                "    free, objected = judge_all(gathered.facts)\n",
                _ALL_FREE,
            ),
            (
                f"{_DISPATCH}/mark.py",
                "from outreach.dispatch.model import Touch\n",
                "from outreach.dispatch.model import Send, Touch\n",
            ),
        ),
    ),
    Mutation(
        "the drain",
        (
            (
                "outreach/inbound/consent.py",
                "    if not closed:\n        return ()\n",
                "    if closed or not closed:\n        return ()\n",
            ),
        ),
    ),
    Mutation(
        "the reaper's doubt",
        (
            (
                f"{_DISPATCH}/reaping.py",
                _DOUBT,
                "set state = 'planned', reason = null, lease_until = null, settled_at = null",
            ),
        ),
    ),
)

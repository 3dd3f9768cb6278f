"""How does a text leave in a replay? It does not: it is taken as any provider would, and kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, text

from outreach import ids
from outreach.channels.protocol import Accepted, Answer, Capabilities, Outgoing
from outreach.replay.taking import KEPT

_KEEP = text(f"""
    insert into {KEPT}.texts (touch_id, words) values (:touch, :words)
    on conflict (touch_id) do update set words = excluded.words
""")


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Takes everything, for every channel; holds nothing in memory."""

    filler: Engine
    capabilities: Capabilities = Capabilities(handful=100, idempotent=True, receipts="none")

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """Keep the texts of all, then take each; see `WayOut`."""
        rows = [_row(one) for one in outgoing]
        if rows:
            with self.filler.begin() as tx:
                tx.execute(_KEEP, rows)
        yield from ((one.touch_id, Accepted(f"replay-{one.touch_id}")) for one in outgoing)

    def close(self) -> None:
        """Nothing is held."""


def _row(one: Outgoing) -> dict[str, object]:
    content = one.content
    words = f"{content.subject}\n\n{content.text}" if content.subject else content.text
    return {"touch": ids.read(ids.TOUCH, one.touch_id), "words": words}

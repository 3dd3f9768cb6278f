"""What does consent ask of the place that keeps it? To be read, added to and locked.

`MemoryLedger` keeps it in this process, for tests and for trying things out; `optout.sql` keeps it
in PostgreSQL. Both answer alike.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar

from optout.model import Entry
from optout.scrubs import NOTHING, Scrubs

Tx_contra = TypeVar("Tx_contra", contravariant=True)


class Ledger(Protocol[Tx_contra]):
    """The port. `tx` is the caller's open transaction; nothing here commits it."""

    def entries_for(self, tx: Tx_contra, brand: str | None, hashes: Sequence[bytes]) -> list[Entry]:
        """All entries under these hashes, of the brand and of the agency, in order of their ids."""

    def heard(
        self, tx: Tx_contra, brand: str, hashes: Sequence[bytes]
    ) -> tuple[list[Entry], Scrubs]:
        """The same for a brand, and what do-not-contact lists say of these addresses."""

    def append(self, tx: Tx_contra, entries: Sequence[Entry]) -> list[Entry]:
        """Add entries; the same ones come back, in order, with `id` and `recorded_at`."""

    def lock_for_mark(self, tx: Tx_contra, *, brand: str, hashes: Sequence[bytes]) -> None:
        """Let no withdrawal concerning these addresses through until the transaction ends."""

    def lock_for_change(self, tx: Tx_contra, *, brand: str | None, hashes: Sequence[bytes]) -> None:
        """Wait for the marks on these addresses, keep new ones out, and count the change."""


class MemoryLedger:
    """A ledger in a list, for one thread; `tx` may be anything, such as `None`.

    Without a `clock` an entry counts as recorded at the instant it took effect.
    """

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock
        self._entries: list[Entry] = []
        self.epochs: dict[tuple[str | None, bytes], int] = defaultdict(int)
        self.scrubs = NOTHING

    def entries_for(self, tx: object, brand: str | None, hashes: Sequence[bytes]) -> list[Entry]:
        """See `Ledger.entries_for`."""
        del tx
        wanted = frozenset(hashes)
        brands = {None, brand}
        return [e for e in self._entries if e.identity_hash in wanted and e.brand in brands]

    def heard(self, tx: object, brand: str, hashes: Sequence[bytes]) -> tuple[list[Entry], Scrubs]:
        """See `Ledger.heard`; the lists are what `scrubs` was set to."""
        return self.entries_for(tx, brand, hashes), self.scrubs

    def append(self, tx: object, entries: Sequence[Entry]) -> list[Entry]:
        """See `Ledger.append`."""
        del tx
        added = [
            replace(entry, id=number, recorded_at=self._recorded_at(entry))
            for number, entry in enumerate(entries, start=len(self._entries) + 1)
        ]
        self._entries += added
        return added

    def lock_for_mark(self, tx: object, *, brand: str, hashes: Sequence[bytes]) -> None:
        """Nothing to lock: one thread cannot overtake itself."""

    def lock_for_change(self, tx: object, *, brand: str | None, hashes: Sequence[bytes]) -> None:
        """Count the change, as the gate rows do."""
        del tx
        for gate in _gates(brand, hashes):
            self.epochs[gate] += 1

    def _recorded_at(self, entry: Entry) -> datetime:
        return self._clock() if self._clock else entry.effective_at


def _gates(brand: str | None, hashes: Sequence[bytes]) -> Iterable[tuple[str | None, bytes]]:
    return ((brand, one) for one in sorted(set(hashes)))

"""Which key seals personal data of this brand, and how does a process come to have it?

Each brand has data keys of its own, numbered. They are kept wrapped: sealed under the master key,
which is not in the database, so that a dump of it opens nothing. The newest seals, each of them
opens what names it. A process opens a brand's keys once, and asks again when it meets a number that
it does not know: by that it learns of a new one.

A key is never deleted. Somebody who was just pausing might seal with it once more, and a wrapped
key that seals nothing tells nothing.
"""

import binascii
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, text

from outreach.errors import Misconfigured
from outreach.sealing import Sealing

BOUND = "outreach_bound"
"""Under which execution option a transaction carries the vault and its brand."""

_KEY = 32  # bytes
_FOR_BRAND = text("select set_config('outreach.brand', :brand, true)")
_KEPT = text("select number, wrapped from outreach.data_keys order by number")
_LOCKED = text("select number, wrapped from outreach.data_keys order by number for update")
# Whoever makes the same number second waits for the first, and takes that one.
_ADD = text("""
    insert into outreach.data_keys (brand_id, number, wrapped) values (:brand, :number, :wrapped)
    on conflict do nothing
""")
_REWRAP = text("update outreach.data_keys set wrapped = :wrapped where number = :number")


@dataclass(frozen=True, slots=True)
class Ring:
    """The data keys of one brand by number, opened; the newest seals."""

    brand: int
    keys: Mapping[int, AESGCM] = field(repr=False)
    newest: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "newest", max(self.keys))


@dataclass(frozen=True, slots=True)
class Bound:
    """What a transaction of a brand knows: the vault, and for which brand it asks."""

    vault: "Vault"
    brand: int


class Vault:
    """The rings of a process, opened when they are first asked for."""

    def __init__(self, engine: Engine, sealing: Sealing | None) -> None:
        self._engine, self._sealing = engine, sealing
        self._rings: dict[int, Ring] = {}

    def ring(self, tx: Connection, brand: int, *, having: int = 0) -> Ring:
        """The brand's keys, the one numbered `having` among them.

        Raises `Misconfigured` where there is no such key, or no master key that opens it.
        """
        known = self._rings.get(brand)
        if known is None or (having and having not in known.keys):
            known = self._rings[brand] = self._read(tx, brand)
        if having and having not in known.keys:
            raise Misconfigured(
                f"personal data are sealed with data key {having} of brand {brand}, which is not "
                "there: restore the table `data_keys` of the same backup"
            )
        return known

    def add(self, tx: Connection, brand: int) -> int:
        """Make the brand a data key, the newest from the commit on; answers its number."""
        number = 1 + max((row.number for row in tx.execute(_LOCKED)), default=0)
        fresh = b64encode(os.urandom(_KEY)).decode()
        wrapped = self._master.seal(fresh, of=_name(brand, number))
        tx.execute(_ADD, {"brand": brand, "number": number, "wrapped": wrapped})
        self._rings.pop(brand, None)
        return number

    def rewrap(self, tx: Connection, brand: int) -> int:
        """Wrap the brand's keys with the master key in use; answers how many were not."""
        stale = [row for row in tx.execute(_LOCKED) if not self._master.fresh(row.wrapped)]
        for row in stale:
            of = _name(brand, row.number)
            anew = self._master.seal(self._master.open(row.wrapped, of=of), of=of)
            tx.execute(_REWRAP, {"number": row.number, "wrapped": anew})
        return len(stale)

    def stale(self, tx: Connection) -> int:
        """How many of the brand's keys are not wrapped with the master key in use."""
        return sum(not self._master.fresh(row.wrapped) for row in tx.execute(_KEPT))

    @property
    def _master(self) -> Sealing:
        if self._sealing is None:
            raise Misconfigured("this process opened the database without a master key")
        return self._sealing

    def _read(self, tx: Connection, brand: int) -> Ring:
        rows = _kept(tx) or self._begin(brand)
        return Ring(brand, {number: self._opened(brand, number, key) for number, key in rows})

    def _begin(self, brand: int) -> list[tuple[int, str]]:
        """The first key of a brand that is older than data keys are.

        Committed at once, since what it seals may be kept while the transaction at hand is undone.
        Who asks in a copy of the database, which took no keys along, gets those of the original.
        """
        with self._engine.begin() as apart:
            apart.execute(_FOR_BRAND, {"brand": str(brand)})
            if not _kept(apart):
                self.add(apart, brand)
            return _kept(apart)

    def _opened(self, brand: int, number: int, wrapped: str) -> AESGCM:
        try:
            return AESGCM(b64decode(self._master.open(wrapped, of=_name(brand, number))))
        except (binascii.Error, ValueError) as error:
            raise Misconfigured(f"data key {number} of brand {brand} was changed") from error


def bound(tx: Connection) -> Bound:
    """The vault and the brand of this transaction. Raises `Misconfigured` if it has no brand."""
    found = tx.get_execution_options().get(BOUND)
    if not isinstance(found, Bound):
        raise Misconfigured("personal data are opened in a transaction of their brand alone")
    return found


def _kept(tx: Connection) -> list[tuple[int, str]]:
    return [(row.number, row.wrapped) for row in tx.execute(_KEPT)]


def _name(brand: int, number: int) -> str:
    return f"data key {number} of brand {brand}"

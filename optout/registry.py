"""May we contact this person, for this purpose, on this channel?

The object that callers hold. Reading is one statement whatever the number of questions. A change
locks the gates of its address and adds an entry in the caller's transaction; once that is
committed, nothing can be marked against it, and `drain` waits for what was marked before.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Generic, NotRequired, TypedDict, TypeVar, Unpack

from optout.decide import decide
from optout.drain import drain
from optout.identity import Hasher
from optout.ledger import Ledger
from optout.model import (
    Action,
    Block,
    Channel,
    Decision,
    Entry,
    How,
    Identity,
    Purpose,
    Question,
    Relationship,
)
from optout.regimes import Regimes, packaged
from optout.rules import Ruling
from optout.scrubs import NOTHING, Scrubs

Tx = TypeVar("Tx")


class Change(TypedDict):
    """What every change says: for whom, who, how we know and since when.

    `brand` is `None` for the whole agency; a channel, purpose or product left out means all of
    them. `block` names the cause of a block, and the one that a lift ends; `kinds` and `wording`
    tell of a grant what it was like and to which text it was given.
    """

    brand: str | None
    identity: Identity
    how: How
    evidence: str
    effective_at: datetime
    channel: NotRequired[Channel | None]
    purpose: NotRequired[Purpose | None]
    product: NotRequired[str | None]
    block: NotRequired[Block | None]
    kinds: NotRequired[tuple[str, ...] | None]
    wording: NotRequired[str | None]


class Where(TypedDict, total=False):
    """What the law of a place needs to know; see `Question`."""

    product: str | None
    jurisdictions: tuple[str, ...] | None
    on: date | None
    relationship: Relationship
    sector: str | None


class Confirming(Where, total=False):
    """The same, and which refusal a message confirms, at which instant; see `Question`."""

    confirms: datetime | None
    at: datetime | None


class Registry(Generic[Tx]):
    """Consent in one ledger: `Registry(sql, hasher)`, or with a `MemoryLedger`.

    `tx` is the caller's open transaction everywhere, and only the caller commits. In PostgreSQL it
    must speak for the brand first (`sql.speak_for`); `WrongScope` says that it does not.
    """

    def __init__(self, ledger: Ledger[Tx], hasher: Hasher, regimes: Regimes | None = None) -> None:
        """`regimes` are the packaged ones where none are given."""
        self._ledger = ledger
        self._hasher = hasher
        self._regimes = regimes

    def question(
        self,
        *,
        brand: str,
        identity: Identity,
        channel: Channel,
        purpose: Purpose,
        **where: Unpack[Confirming],
    ) -> Question:
        """The question about an address that is still known, with its hash under every key."""
        current, *former = self._hasher.all(identity)
        return Question(brand, current, channel, purpose, former_hashes=tuple(former), **where)

    def ask(self, tx: Tx, question: Question) -> Decision:
        """The answer to one question."""
        return self.ask_many(tx, [question])[0]

    def ask_many(self, tx: Tx, questions: Sequence[Question]) -> list[Decision]:
        """The answers, in the order of the questions; one statement for each brand among them."""
        said: dict[tuple[str, bytes], list[Entry]] = {}
        scrubs: dict[str, Scrubs] = {}
        for brand in sorted({question.brand for question in questions}):
            hashes = [h for q in questions if q.brand == brand for h in q.hashes]
            entries, scrubs[brand] = self._ledger.heard(tx, brand, hashes)
            for entry in entries:
                said.setdefault((brand, entry.identity_hash), []).append(entry)
        return [
            decide(
                q,
                [entry for h in q.hashes for entry in said.get((q.brand, h), ())],
                ruling=self.ruling(q),
                scrubs=scrubs.get(q.brand, NOTHING),
            )
            for q in questions
        ]

    def ruling(self, question: Question) -> Ruling | None:
        """The law of the question's places; none where it names none, not even an unknown one."""
        if question.jurisdictions is None or question.on is None:
            return None
        regimes = self._regimes or packaged()
        return regimes.ruling(
            question.jurisdictions,
            question.channel,
            question.purpose,
            on=question.on,
            sector=question.sector,
        )

    def mark(self, tx: Tx, *, brand: str, hashes: Sequence[bytes]) -> None:
        """Keep these addresses' consent as it is until the transaction ends; ask *after* this.

        Give every hash of each address (`Question.hashes`), all of them in one call.
        """
        self._ledger.lock_for_mark(tx, brand=brand, hashes=hashes)

    def grant(self, tx: Tx, **change: Unpack[Change]) -> Entry:
        """The person permits contact, on that channel and for that purpose.

        An instant in the future would outrank what the person says until then: refuse it before.
        """
        return self._enter(tx, Action.GRANT, change)

    def withdraw(self, tx: Tx, **change: Unpack[Change]) -> Entry:
        """The person takes permission back, or objects (GDPR article 21): commit it at once."""
        return self._enter(tx, Action.WITHDRAW, change)

    def block(self, tx: Tx, **change: Unpack[Change]) -> Entry:
        """Nobody may contact this address, whatever the person permits: bounce, register, law."""
        return self._enter(tx, Action.BLOCK, change)

    def lift(self, tx: Tx, **change: Unpack[Change]) -> Entry:
        """End the blocks of exactly this scope; one that is wider or narrower stands."""
        return self._enter(tx, Action.LIFT, change)

    def history(self, tx: Tx, brand: str | None, identity: Identity) -> list[Entry]:
        """All that was said about an address, to the brand and to the agency, oldest first."""
        return self.histories(tx, brand, [identity])[identity]

    def histories(
        self, tx: Tx, brand: str | None, identities: Sequence[Identity]
    ) -> dict[Identity, list[Entry]]:
        """The same for each of these addresses; one statement for all of them."""
        owners = {hash_: one for one in identities for hash_ in self._hasher.all(one)}
        found: dict[Identity, list[Entry]] = {one: [] for one in identities}
        for entry in self._ledger.entries_for(tx, brand, list(owners)):
            found[owners[entry.identity_hash]].append(entry)
        return {one: sorted(said, key=_when) for one, said in found.items()}

    drain = staticmethod(drain)

    def _enter(self, tx: Tx, action: Action, change: Change) -> Entry:
        entry = Entry(
            brand=change["brand"],
            identity_hash=self._hasher.hash(change["identity"]),
            channel=change.get("channel"),
            purpose=change.get("purpose"),
            action=action,
            how=change["how"],
            evidence=change["evidence"],
            effective_at=change["effective_at"],
            product=change.get("product"),
            block=change.get("block"),
            kinds=change.get("kinds"),
            wording=change.get("wording"),
        )
        # Gates under former keys too: a worker that has not learnt the new key marks under those.
        hashes = self._hasher.all(change["identity"])
        self._ledger.lock_for_change(tx, brand=entry.brand, hashes=hashes)
        return self._ledger.append(tx, [entry])[0]


def _when(entry: Entry) -> tuple[datetime, int]:
    return entry.effective_at, entry.id or 0

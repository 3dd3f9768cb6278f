"""How is what was said about contact shown: which address, masked, and who said what, when, how?"""

from dataclasses import dataclass
from datetime import datetime

from optout.model import Action, Block, Channel, How, Purpose
from outreach.reports.consents import Said
from outreach.web.recipients import shown


@dataclass(frozen=True, slots=True)
class ConsentSaid:
    """One entry. No channel is all channels, no purpose all, no brand the whole agency.

    `address` is masked; `identity_hash` is the keyed hash by which the ledger knows it.
    """

    at: datetime
    recorded_at: datetime | None
    action: Action
    channel: Channel | None
    purpose: Purpose | None
    product: str | None
    address: str
    of: str | None
    how: How
    evidence: str
    block: Block | None
    kinds: tuple[str, ...] | None
    wording: str | None
    refs: tuple[str, ...]
    identity_hash: str


def as_shown(said: Said) -> ConsentSaid:
    """The entry with its address as its owner would know it."""
    entry = said.entry
    return ConsentSaid(
        at=entry.effective_at,
        recorded_at=entry.recorded_at,
        action=entry.action,
        channel=entry.channel,
        purpose=entry.purpose,
        product=entry.product,
        address=shown(said.address),
        of=entry.brand,
        how=entry.how,
        evidence=entry.evidence,
        block=entry.block,
        kinds=entry.kinds,
        wording=entry.wording,
        refs=said.refs,
        identity_hash=entry.identity_hash.hex(),
    )

"""Does the account close?"""

from dataclasses import dataclass

from fastapi import APIRouter

from outreach.reports import reconcile
from outreach.reports.reconcile import Ledger
from outreach.reports.sums import Drift
from outreach.web.auth import Authorized
from outreach.web.shapes import Text

router = APIRouter(tags=["reconcile"])


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Accounts by campaign; `unproven` names touches that their attempts do not bear out.

    `drifted` are sums that reports read and that a full count does not bear out.
    """

    closes: bool
    accounts: dict[str, dict[str, object]]
    unproven: tuple[str, ...]
    events_without_person: int
    events_waiting: int
    drifted: tuple[Drift, ...]


@router.get("/reconcile")
def reconcile_campaigns(caller: Authorized, campaign: Text | None = None) -> Reconciled:
    """Candidates against what became of each: sent, skipped, failed, cancelled, uncertain, open."""
    with caller.begin() as tx:
        if campaign:
            caller.means.book.latest(tx, campaign)  # says so where there is none
        return _document(reconcile.reconcile(tx, campaign))


def _document(ledger: Ledger) -> Reconciled:
    return Reconciled(
        closes=ledger.closes,
        accounts={key: account.document() for key, account in ledger.accounts.items()},
        unproven=ledger.unproven,
        events_without_person=ledger.events_without_person,
        events_waiting=ledger.events_waiting,
        drifted=ledger.drifted,
    )

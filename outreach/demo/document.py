"""What came of the demo, for machines? The keys of this document stay."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import text

from outreach import checks, ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.demo.story import Tally
from outreach.reports.reconcile import Account, Ledger, reconcile
from outreach.standins import record

_LOGS = {"email": "smtp.jsonl", "sms": "sms.jsonl"}
_SENT = text("""
    select id, channel from outreach.touches
    where state in ('sent', 'delivered') and channel in ('email', 'sms') order by id
""")
_SERVER = text("select current_setting('server_version')")

Lists = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Result:
    """The document, and the accounts that it was drawn from, by brand."""

    document: Mapping[str, object]
    ledgers: Mapping[str, Ledger]
    tally: Tally
    receivers: Lists
    ledger_sent: Lists

    @property
    def closes(self) -> bool:
        """Whether every sum closes and the receivers have exactly what the ledger calls sent."""
        return (
            all(ledger.closes for ledger in self.ledgers.values())
            and self.receivers == self.ledger_sent
        )

    def accounts(self) -> dict[str, Account]:
        """The account of each campaign of each brand, as `brand/campaign`."""
        return {
            f"{brand}/{key}": account
            for brand, ledger in self.ledgers.items()
            for key, account in ledger.accounts.items()
        }


def result(app: Outreach, home: Path, tally: Tally, *, elapsed: float) -> Result:
    """Draw up the account of all brands, and what the two receivers logged."""
    ledgers = {}
    sent: Lists = {channel: [] for channel in _LOGS}
    known = brands.directory(app.means.database)
    for brand, ref in known.items():
        with app.means.database.begin(ref) as tx:
            ledgers[brand] = reconcile(tx)
            for row in tx.execute(_SENT):
                sent[row.channel].append(ids.shown(ids.TOUCH, row.id))
    receivers = {c: sorted(e["touch"] for e in record.read(home / f)) for c, f in _LOGS.items()}
    sent = {channel: sorted(touches) for channel, touches in sent.items()}
    found = Result({}, ledgers, tally, receivers, sent)
    return replace(found, document=_document(app, found, elapsed))


def _document(app: Outreach, found: Result, elapsed: float) -> dict[str, object]:
    with app.means.database.watch() as tx:
        server = tx.execute(_SERVER).scalar_one()
    return {
        "campaigns": {key: account.document() for key, account in found.accounts().items()},
        "receivers": found.receivers,
        "ledger_sent": found.ledger_sent,
        "events": asdict(found.tally),
        "elapsed_s": round(elapsed, 1),
        "versions": checks.versions() | {"postgresql": server, "hours": app.means.packs.version},
    }

"""A mail came to the address for returns: what follows?

What it reports becomes receipts of the one mail whose mark it bears. A report without a mark, with
a mark that we did not make, or with marks of several mails changes nothing, and neither does a mail
that is no report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from outreach import ids
from outreach.brands import store as brands
from outreach.channels.returns import Returned, Returns
from outreach.dispatch.means import Means
from outreach.inbound import mail_reports
from outreach.inbound.mail_reports import MailReport
from outreach.inbound.receipts import Receipt, receive

Became = Literal["receipt", "no report", "not ours"]
LARGEST = 10 * 1024 * 1024  # bytes of a mail; a report quotes no more than it was sent


@dataclass(frozen=True, slots=True)
class Sorted:
    """What became of a mail; where it is a report, about what, and what it said."""

    became: Became
    brand: str | None = None
    touch: str | None = None
    kinds: tuple[str, ...] = ()
    detail: str = ""


def take_in(means: Means, returns: Returns, mails: Sequence[bytes]) -> list[Sorted]:
    """Act on these mails; one call for all that concern one brand. Taking one in twice is once."""
    known = brands.directory(means.database)
    told = [mail_reports.read(raw) for raw in mails]
    found = [_about(returns, report, list(known)) if report else None for report in told]
    for brand in sorted({about.brand for about in found if about}):
        receipts = [
            Receipt(ids.read(ids.TOUCH, about.touch), kind, detail=report.detail)
            for about, report in zip(found, told, strict=True)
            if about and report and about.brand == brand
            for kind in report.kinds
        ]
        receive(means, known[brand], receipts)
    return [_sorted(about, report) for about, report in zip(found, told, strict=True)]


def understood(means: Means, returns: Returns, mails: Sequence[bytes]) -> list[bool]:
    """Act on these mails, and say of each whether it was about a mail of ours."""
    return [one.became == "receipt" for one in take_in(means, returns, mails)]


def _about(returns: Returns, report: MailReport, known: list[str]) -> Returned | None:
    marked = returns.find(report.about, known)
    return marked.pop() if len(marked) == 1 else None


def _sorted(about: Returned | None, report: MailReport | None) -> Sorted:
    if report is None:
        return Sorted("no report")
    if about is None:
        return Sorted("not ours", detail=report.detail)
    return Sorted("receipt", about.brand, about.touch, report.kinds, report.detail)

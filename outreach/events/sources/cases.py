"""Which event says that a case came to this state?

For helpdesks, each of which has words of its own. An open case holds everything that can wait, so
whatever is not surely over counts as open.
"""

from collections.abc import Mapping
from datetime import datetime

from outreach.events.sources.fields import known
from outreach.events.sources.protocol import RawEvent

_KINDS: Mapping[str, str] = {
    "complaint": "complaint", "投诉": "complaint", "return": "return", "退货": "return",
    "refund": "refund", "退款": "refund", "repair": "repair", "维修": "repair",
    "dispute": "dispute", "exchange": "exchange", "换货": "exchange",
}  # fmt: skip


def told(
    what: str,
    at: datetime,
    *,
    case: str,
    subject: str | None,
    order: str | None = None,
    words: tuple[str, ...] = (),
    severity: str | None = None,
) -> RawEvent:
    """`case.opened`, `case.waiting`, `case.closed` or `case.reopened`, named by its instant.

    `words` are the helpdesk's tags or types, of which the first that is known says the kind.
    """
    kind = next((_KINDS[one.lower()] for one in words if one.lower() in _KINDS), "other")
    data = known(case=case, order=order, kind=kind, severity=severity)
    return RawEvent(f"case.{what}", at, data | {f"{what}_at": at.isoformat()}, subject)

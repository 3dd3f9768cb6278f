"""What does any other helpdesk report of a case? A body that we ask for, with a header of its own.

For Freshdesk, Udesk, 智齿 and others whose webhooks are not signed and let one write the body:
`{"case": "…", "status": "open", "at": "…", "customer": "…", "order": "…", "type": "complaint"}`.
Source: support.freshdesk.com, "Using webhooks in automation rules".
"""

from collections.abc import Mapping
from datetime import tzinfo

from outreach.events.sources import cases
from outreach.events.sources.fields import decoded, dig, first_instant, needed, word
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.signatures import by_header

_STATES: Mapping[str, str] = {
    **dict.fromkeys(("new", "created", "opened", "新建"), "opened"),
    **dict.fromkeys(("open", "reopened", "处理中", "重新打开"), "reopened"),
    **dict.fromkeys(
        ("pending", "waiting", "waiting on customer", "waiting on third party", "等待回复"),
        "waiting",
    ),
    **dict.fromkeys(("resolved", "solved", "closed", "已解决", "已关闭"), "closed"),
}


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """What happened to one case; of an unknown status it counts as open."""
    del headers
    said = decoded(body)
    said = dig(said, "freshdesk_webhook") or said
    case = word(said, "case") or needed(said, "ticket_id")
    status = word(said, "status") or needed(said, "ticket_status")
    at = first_instant(zone, *(dig(said, name) for name in ("at", "updated_at", "created_at")))
    customer = word(said, "customer") or word(said, "ticket_requester_unique_external_id")
    kinds = [word(said, name) for name in ("type", "ticket_type")]
    what = _STATES.get(status.lower(), "opened")
    told = cases.told(
        what, at, case=case, subject=customer or word(said, "ticket_requester_email"),
        order=word(said, "order"), words=tuple(kind for kind in kinds if kind),
        severity=word(said, "severity") or word(said, "ticket_priority"),
    )  # fmt: skip
    return (told,)


HELPDESK = Source(
    "helpdesk",
    by_header("x-webhook-secret"),
    read,
    sign_with="a long text of your own, to be sent as the header X-Webhook-Secret",
)
FRESHDESK = Source("freshdesk", HELPDESK.verify, read, sign_with=HELPDESK.sign_with)

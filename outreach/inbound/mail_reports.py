"""What does this mail report about another mail?

Pure. Two kinds of report are read: of deliveries (RFC 3464, whose status codes are those of
RFC 3463) and of complaints (RFC 5965). Every other mail says nothing here: an absence note, or a
bounce in somebody's own words, is left to a person.

| a report says | receipt |
|---|---|
| failed, and the mailbox or its domain does not exist | `bounced_hard` |
| failed for another reason: full, refused by policy, given up after days | `failed` |
| delayed | `bounced_soft` |
| delivered | `delivered` |
| relayed, expanded | `accepted` |
| abuse, fraud, opt-out | `complained` |
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from outreach.channels.receipts import Kind

# RFC 3463 and the registry of enhanced status codes: bad mailbox, bad domain, bad syntax, moved,
# no mail accepted (RFC 7505), disabled; 5.4.4 is what Postfix says of a domain without a host.
_NO_SUCH = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
_ACTIONS = {
    "delayed": Kind.BOUNCED_SOFT,
    "delivered": Kind.DELIVERED,
    "relayed": Kind.ACCEPTED,
    "expanded": Kind.ACCEPTED,
}
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out"})
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class MailReport:
    """What is reported, each once, why in the words of the report, and where its mark stands."""

    kinds: tuple[Kind, ...]
    detail: str
    about: str


def read(raw: bytes) -> MailReport | None:
    """What this mail reports; None if it is no report, or of nothing that we keep.

    The bytes may be anything: whatever a mail says is data.
    """
    try:
        return _read(message_from_bytes(raw))
    except (ValueError, LookupError, RecursionError):
        # Character sets that are none, parts within parts within parts: no mail system writes that.
        return None


def _read(whole: Message) -> MailReport | None:
    if whole.get_content_type() != "multipart/report":
        return None
    parts = {part.get_content_type(): part for part in reversed(list(whole.walk()))}
    about = "\n".join(_headers_of(whole, parts))
    if (told := parts.get("message/delivery-status")) is not None:
        blocks = [block for block in _blocks(told) if block.get("action")]
        kinds = tuple(dict.fromkeys(kind for block in blocks if (kind := _delivered(block))))
        return MailReport(kinds, _said(blocks), about) if kinds else None
    if (told := parts.get("message/feedback-report")) is not None:
        sort = _field(_first(told), "feedback-type")
        kept = sort.lower() in _COMPLAINTS
        return MailReport((Kind.COMPLAINED,), sort[:_LONGEST], about) if kept else None
    return None


def _headers_of(whole: Message, parts: dict[str, Message]) -> Iterator[str]:
    """The addresses that the report was written to, and the headers of the mail it is about."""
    for name in ("to", "delivered-to", "x-original-to", "envelope-to"):
        yield from (str(value) for value in whole.get_all(name, []))
    for kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
        if kind in parts:
            yield _head(parts[kind])


def _head(part: Message) -> str:
    if part.is_multipart():
        return "\n".join(f"{name}: {value}" for name, value in _first(part).items())
    content = part.get_payload(decode=True)
    text = content.decode("latin-1") if isinstance(content, bytes) else ""
    return text.replace("\r\n", "\n").partition("\n\n")[0]


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a report of deliveries: of the message, then of each recipient."""
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else []


def _first(part: Message) -> Message:
    if part.is_multipart():
        return next(iter(_blocks(part)), Message())
    # The standard library leaves the fields of a feedback report as the text of its part.
    content = part.get_payload(decode=True)
    return message_from_bytes(content.lstrip() if isinstance(content, bytes) else b"")


def _delivered(block: Message) -> Kind | None:
    action = _field(block, "action").lower()
    if action == "failed":
        return Kind.BOUNCED_HARD if _status(block) in _NO_SUCH else Kind.FAILED
    return _ACTIONS.get(action)


def _status(block: Message) -> str:
    """The exact status; one that ends in .0.0 tells less than what the other relay said."""
    codes = [
        found[1]
        for name in ("status", "diagnostic-code")
        if (found := _STATUS.search(_field(block, name)))
    ]
    return next((code for code in codes if not code.endswith(".0.0")), "")


def _said(blocks: list[Message]) -> str:
    said = (_field(block, name) for block in blocks for name in ("status", "diagnostic-code"))
    return " ".join(" ".join(filter(None, said)).split())[:_LONGEST]


def _field(block: Message, name: str) -> str:
    return "".join(c for c in str(block.get(name, "")) if c.isprintable() or c == " ").strip()

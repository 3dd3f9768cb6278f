"""What does a 抖店 (Douyin) shop report?

A body is an array of messages. Source: op.jinritemai.com, 「消息推送」 and 「订单消息」. Buyers
are not named, and their numbers are encrypted: orders wait for whoever else knows whose they are.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

from outreach.events.sources.fields import (
    counted_money,
    decoded,
    decoded_text,
    dig,
    first_instant,
    known,
    needed,
    parcel,
    rows,
    word,
)
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.message import Message, Refused, Reply, Verified
from outreach.signed.signatures import WRONG, fits, md5_hex

# Tag → ours, and where the message says when.
_TAGS = {
    "100": ("order.placed", "create_time"),
    "110": ("order.paid", "pay_time"),
    "103": ("order.confirmed", "complete_time"),
    "106": ("order.cancelled", "cancel_time"),
    "206": ("order.refunded", "update_time"),
}
_SHIPPED = frozenset({"101", "108"})


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`event-sign`: hex(MD5(app_key + body + app_secret)), letters of either case.

    A secret is `APP_KEY:APP_SECRET`, so that nobody chooses the first part of what is signed.
    """
    del now
    app = message.headers.get("app-id")
    if app is None:
        return WRONG

    def made(secret: str) -> str:
        ours, _, key = secret.partition(":")
        signed = ours.encode() + message.body + key.encode()
        return md5_hex(signed) if ours == app else ""

    return fits([message.headers.get("event-sign", "?").lower()], secrets, made)


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The facts of every message; a tag that is not known here, and the probe `0`, tell none."""
    del headers
    said = decoded(body)
    messages = said if isinstance(said, list) else [said]
    return tuple(raw for one in messages for raw in _facts(one, zone))


def _facts(one: object, zone: tzinfo) -> Iterator[RawEvent]:
    tag, data = word(one, "tag") or "", decoded_text(dig(one, "data"))
    if tag in _TAGS:
        kind, when = _TAGS[tag]
        at = first_instant(zone, dig(data, when), dig(data, "update_time"), _told_at(one))
        yield RawEvent(kind, at, _order(data, kind))
    elif tag in _SHIPPED:
        at = first_instant(zone, dig(data, "ship_time"), dig(data, "update_time"), _told_at(one))
        yield from _parcels(data, at)


def _told_at(one: object) -> str | None:
    """The instant in `msg_id`, between its third and fourth colon."""
    parts = (word(one, "msg_id") or word(one, "msgId") or "").split(":")
    return next((part for part in parts[1:] if len(part) == len("1618990587")), None)


def _order(data: object, kind: str) -> dict[str, object]:
    told = known(order=needed(data, "p_id"))
    if kind != "order.refunded":
        return told | counted_money(dig(data, "pay_amount"), "CNY")
    back = counted_money(dig(data, "refund_amount"), "CNY", name="amount")
    return told | back | {"partial": True} | known(refund=word(data, "aftersale_id"))


def _parcels(data: object, at: datetime) -> Iterator[RawEvent]:
    listed = rows(data, "logistics_msg") or rows(data, "logistics_list")
    for one in listed or ((data,) if isinstance(data, dict) else ()):
        number = word(one, "express_no") or word(one, "logistics_code") or word(one, "tracking_no")
        if number:
            carrier = word(one, "express_company_id") or word(one, "company")
            order = needed(data, "p_id")
            told = known(parcel=parcel(number), order=order, carrier=carrier)
            yield RawEvent("parcel.shipped", at, told)


def thanks(message: Message, now: datetime) -> Reply:
    """What they want to hear, of the probe too."""
    del message, now
    return Reply(b'{"code":0,"msg":"success"}', "application/json")


SOURCE = Source(
    "douyin",
    verify,
    read,
    zone="Asia/Shanghai",
    sign_with="APP_KEY:APP_SECRET of the application",
    thanks=thanks,
)

"""What does a 微信小店 (WeChat) shop report?

Source: developers.weixin.qq.com, 「接收消息和事件」 and the events of 「微信小店」. Messages come
in plain mode, as JSON: their signature covers the instant and not the body, so that the secret
address has to help. Encrypted messages are refused. The buyer is not named.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from hashlib import sha1

from outreach.events.sources.fields import (
    decoded,
    dig,
    first_instant,
    known,
    needed,
    parcel,
    word,
)
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.message import Message, Refused, Reply, Verified
from outreach.signed.signatures import STALE, fits, fresh

_ORDERS = {
    "channels_ec_order_new": "order.placed",
    "channels_ec_order_pay": "order.paid",
    "channels_ec_order_confirm": "order.confirmed",
    "channels_ec_order_cancel": "order.cancelled",
}
_CONFIRMED_BY = {"1": "buyer", "2": "time"}
_REFUND = "channels_ec_aftersale_update"
_PATH = "ewaybill_push_path"
_PATHS = {"300003": "parcel.delivered", "300002": "parcel.in_transit", "300001": "parcel.shipped"}
_ENCRYPTED = Refused("encrypted", "choose plain mode (明文模式) and JSON in the shop's settings")


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`signature`: hex(SHA1) of token, timestamp and nonce, sorted and joined."""
    query = message.query
    if "msg_signature" in query or query.get("encrypt_type", "raw") != "raw":
        return _ENCRYPTED
    found = _signed(query, secrets)
    fits_now = fresh(query.get("timestamp", ""), now)
    return STALE if isinstance(found, Verified) and not fits_now else found


def _signed(query: Mapping[str, str], secrets: tuple[str, ...]) -> Verified | Refused:
    told = [query.get("timestamp", ""), query.get("nonce", "")]

    def made(token: str) -> str:
        joined = "".join(sorted([token, *told])).encode(errors="surrogatepass")
        return sha1(joined, usedforsecurity=False).hexdigest()

    return fits([query.get("signature", "")], secrets, made)


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The fact of one event."""
    del headers
    said = decoded(body)
    kind, at = word(said, "Event") or "", dig(said, "CreateTime")
    if kind in _ORDERS:
        return (RawEvent(_ORDERS[kind], first_instant(zone, at), _order(said)),)
    if kind == _REFUND:
        return (RawEvent("refund.progressed", first_instant(zone, at), _refund(said)),)
    state = word(said, "status") or word(said, "ewaybill_push_path", "status") or ""
    if kind in {_PATH, "add_express_path"} and state in _PATHS:
        return (RawEvent(_PATHS[state], first_instant(zone, at), _parcel(said)),)
    return ()


def _order(said: object) -> dict[str, object]:
    how = _CONFIRMED_BY.get(word(said, "order_info", "confirm_type") or "")
    return known(order=needed(said, "order_info", "order_id"), confirmed_by=how)


def _refund(said: object) -> dict[str, object]:
    told = dig(said, "finder_shop_aftersale_status_update")
    return known(
        refund=needed(told, "after_sale_order_id"), status=needed(told, "status"),
        order=word(told, "order_id"),
    )  # fmt: skip


def _parcel(said: object) -> dict[str, object]:
    number = word(said, "waybill_id") or needed(said, "WayBillId")
    carrier = word(said, "delivery_id") or word(said, "DeliveryId")
    return known(parcel=parcel(number), carrier=carrier, order=word(said, "order_id"))


def thanks(message: Message, now: datetime) -> Reply:
    """Within five seconds, or they push again."""
    del message, now
    return Reply(b"success")


def greeted(message: Message, secrets: tuple[str, ...]) -> Reply | None:
    """The address is checked by a GET: what is in `echostr` comes back, if the signature fits."""
    query = message.query
    if "echostr" not in query or message.body:
        return None
    echoed = query["echostr"].encode(errors="surrogatepass")
    return Reply(echoed) if isinstance(_signed(query, secrets), Verified) else None


SOURCE = Source(
    "wechat-shop",
    verify,
    read,
    zone="Asia/Shanghai",
    sign_with="the token (令牌) of the message settings",
    thanks=thanks,
    greeted=greeted,
)

"""What does a 有赞 (Youzan) shop report?

Source: doc.youzanyun.com, 「消息推送」 and 「交易消息」. `msg` is JSON, percent-encoded within
the JSON; `version` grows with each state. Many messages name the trade and no buyer: the one that
tells of the payment says whose it is.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from urllib.parse import unquote_plus

from outreach.errors import Invalid
from outreach.events.sources.fields import (
    decoded,
    decoded_text,
    dig,
    first_instant,
    known,
    money,
    needed,
    parcel,
    rows,
    word,
)
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.message import Message, Refused, Reply, Verified
from outreach.signed.signatures import WRONG, fits, md5_hex

# Type → ours, and where the message says when.
_TRADES = {
    "trade_TradeCreate": ("order.placed", "created"),
    "trade_TradeBuyerPay": ("order.paid", "pay_time"),
    "trade_TradePaid": ("order.paid", "pay_time"),
    "trade_TradeSuccess": ("order.confirmed", "success_time"),
    "trade_TradeClose": ("order.cancelled", "update_time"),
}
_SHIPPED = frozenset({"trade_TradeSellerShip", "trade_TradePartlySellerShip"})
_REFUNDED = frozenset({"trade_refund_RefundSuccess", "trade_refund_BuyerRefundSuccess"})


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`sign`: hex(MD5(client_id + msg + client_secret)), with `msg` still percent-encoded.

    A secret is `CLIENT_ID:CLIENT_SECRET`, so that nobody chooses the first part of what is signed.
    """
    del now
    try:
        said = decoded(message.body)
    except Invalid as error:
        return Refused("unreadable", error.sentence)
    told, client = dig(said, "msg"), word(said, "client_id")
    if not isinstance(told, str) or client is None:
        return WRONG

    def made(secret: str) -> str:
        ours, _, key = secret.partition(":")
        signed = f"{ours}{told}{key}".encode(errors="surrogatepass")
        return md5_hex(signed) if ours == client else ""

    return fits([(word(said, "sign") or "?").lower()], secrets, made)


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The facts of one message."""
    del headers
    said = decoded(body)
    kind, told = word(said, "type") or "", dig(said, "msg")
    if kind not in {*_TRADES, *_SHIPPED, *_REFUNDED}:
        return ()
    return tuple(_facts(kind, said, _trade(told), zone))


def _trade(told: object) -> object:
    """What `msg` holds. Raises `Invalid`."""
    try:
        return decoded_text(unquote_plus(told, errors="strict") if isinstance(told, str) else told)
    except UnicodeDecodeError as error:
        raise Invalid(f"msg is not in UTF-8: {error}") from error


def _facts(kind: str, said: object, trade: object, zone: tzinfo) -> Iterator[RawEvent]:
    test = dig(said, "test") is True
    order = dig(trade, "full_order_info", "order_info")
    ref = word(trade, "full_order_info", "buyer_info", "yz_open_id")
    when = _TRADES[kind][1] if kind in _TRADES else "update_time"
    times = (dig(order, when), dig(trade, when), dig(trade, "update_time"), dig(said, "version"))
    at = first_instant(zone, *times)
    if kind in _TRADES:
        person = _person(trade, ref)
        yield RawEvent(_TRADES[kind][0], at, _order(said, trade), ref, person, test=test)
    elif kind in _REFUNDED:
        back = known(order=_name(said, trade), refund=word(trade, "refund_id"), status="success")
        yield RawEvent("order.refunded", at, _refund(trade, back), ref, test=test)
    yield from _parcels(said, trade, ref, at, test=test)


def _name(said: object, trade: object) -> str:
    """The trade's number, which `id` repeats."""
    order = ("full_order_info", "order_info", "tid")
    return word(trade, *order) or word(trade, "tid") or needed(said, "id")


def _order(said: object, trade: object) -> dict[str, object]:
    full, lines = dig(trade, "full_order_info"), rows(trade, "full_order_info", "orders")
    return known(
        order=_name(said, trade),
        product=next((word(line, "title") for line in lines), None),
        lines=[
            known(
                line=word(line, "oid"), product=word(line, "item_id"),
                product_name=word(line, "title"), quantity=word(line, "num"),
                amount=word(line, "payment"),
            )
            for line in lines
        ],
        **money(dig(full, "pay_info", "payment"), "CNY"),
    )  # fmt: skip


def _refund(trade: object, told: dict[str, object]) -> dict[str, object]:
    amount = word(trade, "refunded_fee") or word(trade, "refund_fee")
    return told | {"partial": True} | money(amount, "CNY", name="amount")


def _person(trade: object, ref: str | None) -> dict[str, object] | None:
    """The buyer, with the receiver's number: mostly the same person, and masked where it is not."""
    if ref is None:
        return None
    home = dig(trade, "full_order_info", "address_info")
    phone = word(home, "receiver_tel")
    return known(
        ref=ref, name=word(home, "receiver_name"), locale="zh-CN", country="CN",
        phone=phone if phone and phone.isdecimal() else None,
    )  # fmt: skip


def _parcels(
    said: object, trade: object, ref: str | None, at: datetime, *, test: bool
) -> Iterator[RawEvent]:
    """Each parcel of a shipment, in whole or in part; what needs no carrier has no number."""
    orders = rows(trade, "delivery_order") or rows(trade, "full_order_info", "delivery_order")
    numbers = [
        (number, word(one, "express_company") or word(box, "express_id"))
        for one in orders
        for box in rows(one, "dists") or (one,)
        if (number := word(box, "express_no") or word(box, "dist_info", "express_no"))
    ]
    lone = word(trade, "express_no")
    for number, carrier in numbers or ([(lone, None)] if lone else []):
        data = known(parcel=parcel(number), order=_name(said, trade), carrier=carrier)
        yield RawEvent("parcel.shipped", at, data, ref, test=test)


def thanks(message: Message, now: datetime) -> Reply:
    """Within five seconds, or they push again."""
    del message, now
    return Reply(b'{"code":0,"msg":"success"}', "application/json")


SOURCE = Source(
    "youzan",
    verify,
    read,
    zone="Asia/Shanghai",
    sign_with="CLIENT_ID:CLIENT_SECRET of the application",
    thanks=thanks,
)

"""What do 淘宝 and 天猫 (Taobao, Tmall) report, handed in by a system of the brand's?

Their messages come by an outbound connection and not to an address of ours. Whoever holds that
connection hands in what `taobao.tmc.messages.consume` answered, as it is, signed as Standard
Webhooks. Source: open.taobao.com, 「消息服务」 and 「交易消息」. Buyers are masked: orders wait
for whoever else knows whose they are.
"""

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from outreach.events.sources.fields import (
    Fields,
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
from outreach.events.sources.generic import thanks
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.signatures import standard

_TOPICS = {
    "taobao_trade_TradeCreate": "order.placed",
    "taobao_trade_TradeBuyerPay": "order.paid",
    "taobao_trade_TradeSuccess": "order.confirmed",
    "taobao_trade_TradeClose": "order.cancelled",
    "taobao_refund_RefundSuccess": "order.refunded",
}
_SHIPPED = frozenset({"taobao_trade_TradeSellerShip", "taobao_trade_TradePartlySellerShip"})
_ENVELOPE = ("tmc_messages_consume_response", "messages")


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The facts of every message of an answer, or of one message alone."""
    del headers
    said = decoded(body)
    alone = (said,) if isinstance(said, dict) and "topic" in said else ()
    messages = rows(said, *_ENVELOPE, "tmc_message") or rows(said, "tmc_message") or alone
    return tuple(raw for one in messages for raw in _facts(one, zone))


def _facts(one: Fields, zone: tzinfo) -> Iterator[RawEvent]:
    topic, told = word(one, "topic") or "", decoded_text(dig(one, "content"))
    if topic not in {*_TOPICS, *_SHIPPED}:
        return
    at = first_instant(zone, dig(one, "pub_time"), dig(told, "modified"))
    if topic in _TOPICS:
        yield RawEvent(_TOPICS[topic], at, _order(told, _TOPICS[topic]))
    elif number := word(told, "out_sid") or word(told, "invoice_no"):
        order = needed(told, "tid")
        carrier = word(told, "company_name")
        data = known(parcel=parcel(number), order=order, carrier=carrier)
        yield RawEvent("parcel.shipped", at, data)


def _order(told: object, kind: str) -> dict[str, object]:
    data = known(order=needed(told, "tid"))
    if kind != "order.refunded":
        return data | money(dig(told, "payment"), "CNY")
    back = money(dig(told, "refund_fee"), "CNY", name="amount")
    return data | back | {"partial": True} | known(refund=word(told, "refund_id"))


SOURCE = Source(
    "taobao",
    standard,
    read,
    zone="Asia/Shanghai",
    sign_with="`whsec_` and 24 to 64 bytes in base64; give the same to whoever hands in",
    thanks=thanks,
)

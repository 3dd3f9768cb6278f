"""What do the platforms send in tests? A message of each, written from its documented format."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import quote, urlencode

from outreach.signed.message import Message
from tests.builders import NOON

KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()
ANOTHER = "whsec_" + base64.b64encode(b"j" * 32).decode()
LOCAL = "2026-03-10 19:30:00"  # in Shanghai, half an hour before the tests' noon
AT = "2026-03-10T11:30:00+00:00"
SECONDS = int(datetime.fromisoformat(AT).timestamp())

Signed = Callable[[bytes, str, datetime], Message]


@dataclass(frozen=True, slots=True)
class Sample:
    """A message of a platform: what it says, how it is signed, and the facts that it reports."""

    kind: str
    body: bytes
    sign: Signed
    facts: Mapping[str, str]  # type of event → business key
    secret: str = KEY
    headers: Mapping[str, str] = field(default_factory=dict)

    def message(self, *, secret: str = "", at: datetime = NOON, body: bytes = b"") -> Message:
        """As the platform sends it at this instant."""
        made = self.sign(body or self.body, secret or self.secret, at)
        return replace(made, headers={**self.headers, **made.headers})


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def _b64(secret: str, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode()


def _hex(secret: str, signed: bytes) -> str:
    return hmac.digest(secret.encode(), signed, "sha256").hex()


def _md5(signed: bytes) -> str:
    return hashlib.md5(signed).hexdigest()


def standard(body: bytes, secret: str, at: datetime) -> Message:
    seconds = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"msg_1.{seconds}.".encode() + body, "sha256")
    signature = f"v1,AAAA v1,{base64.b64encode(digest).decode()}"
    headers = {
        "webhook-id": "msg_1", "webhook-timestamp": seconds, "webhook-signature": signature
    }  # fmt: skip
    return Message(body, headers)


def b64_header(name: str) -> Signed:
    return lambda body, secret, _: Message(body, {name: _b64(secret, body)})


def stripe(body: bytes, secret: str, at: datetime) -> Message:
    seconds = int(at.timestamp())
    signature = _hex(secret, f"{seconds}.".encode() + body)
    return Message(body, {"stripe-signature": f"t={seconds},v0=00,v1={signature}"})


def kuaidi100(body: bytes, secret: str, _: datetime) -> Message:
    sign = _md5(body + secret.encode()).upper()
    return Message(urlencode({"param": body, "sign": sign}).encode(), {})


def kdniao(body: bytes, secret: str, _: datetime) -> Message:
    sign = base64.b64encode(_md5(body + secret.encode()).encode()).decode()
    fields = {"RequestData": body, "DataSign": sign, "RequestType": "102"}
    return Message(urlencode(fields).encode(), {})


def easypost(body: bytes, secret: str, _: datetime) -> Message:
    return Message(body, {"x-hmac-signature": f"hmac-sha256-hex={_hex(secret, body)}"})


def shippo(body: bytes, secret: str, at: datetime) -> Message:
    signed = f"{int(at.timestamp())}.".encode() + body
    told = f"t={int(at.timestamp())},v1={_hex(secret, signed)}"
    return Message(body, {"shippo-auth-signature": told})


def track17(body: bytes, secret: str, _: datetime) -> Message:
    return Message(body, {"sign": hashlib.sha256(body + b"/" + secret.encode()).hexdigest()})


def youzan(body: bytes, secret: str, _: datetime) -> Message:
    client, _colon, key = secret.partition(":")
    told = quote(body)
    said = {
        "type": "x" if b"type" in body else "trade_TradeBuyerPay", "msg": told,
        "client_id": client, "test": False,
        "id": "E-1", "sign": _md5(f"{client}{told}{key}".encode()), "version": SECONDS,
    }  # fmt: skip
    return Message(_json(said), {})


def douyin(body: bytes, secret: str, _: datetime) -> Message:
    app, _colon, key = secret.partition(":")
    sign = _md5(app.encode() + body + key.encode())
    return Message(body, {"app-id": app, "event-sign": sign.upper()})


def wechat(body: bytes, secret: str, at: datetime) -> Message:
    seconds = str(int(at.timestamp()))
    joined = "".join(sorted([secret, seconds, "n-1"])).encode()
    query = {
        "timestamp": seconds, "nonce": "n-1", "signature": hashlib.sha1(joined).hexdigest()
    }  # fmt: skip
    return Message(body, {}, query)


def zendesk(body: bytes, secret: str, at: datetime) -> Message:
    signature = _b64(secret, at.isoformat().encode() + body)
    name = "x-zendesk-webhook-signature"
    return Message(body, {f"{name}-timestamp": at.isoformat(), name: signature})


def chatwoot(body: bytes, secret: str, at: datetime) -> Message:
    seconds = int(at.timestamp())
    signature = _hex(secret, f"{seconds}.".encode() + body)
    headers = {
        "x-chatwoot-timestamp": str(seconds), "x-chatwoot-signature": f"sha256={signature}"
    }  # fmt: skip
    return Message(body, headers)


def by_header(body: bytes, secret: str, _: datetime) -> Message:
    return Message(body, {"x-webhook-secret": secret})


_ORDER = {
    "id": 820982911946154508, "name": "#9999", "currency": "USD", "total_price": "404.95",
    "created_at": AT, "processed_at": AT, "test": False, "email": "ada@customers.example",
    "customer": {"id": 115310627314723954, "first_name": "Ada", "last_name": "Example"},
    "line_items": [{"id": 466157049, "title": "Lumen One", "quantity": 1, "price": "404.95"}],
}  # fmt: skip
_WOO = {
    "id": 727, "number": "727", "status": "processing", "currency": "USD", "total": "29.35",
    "date_created_gmt": AT[:19], "date_paid_gmt": AT[:19], "customer_id": 7,
    "billing": {"email": "ada@customers.example", "phone": "+12125550188", "country": "US"},
    "line_items": [{"id": 315, "name": "Lumen One", "quantity": 2, "total": "29.35"}],
}  # fmt: skip
_INVOICE = {
    "object": "invoice", "currency": "usd", "amount_due": 1000, "customer": "cus_1",
    "parent": {"subscription_details": {"subscription": "sub_1"}},
    "lines": {"data": [{"period": {"start": SECONDS, "end": SECONDS + 9}}]},
}  # fmt: skip
_KUAIDI = {
    "status": "shutdown",
    "lastResult": {
        "nu": "sf 1001", "com": "shunfeng", "state": "3",
        "data": [{"ftime": LOCAL, "context": "已签收，签收人：门卫，电话13800000000"}],
    },
}  # fmt: skip
_KDNIAO = {
    "EBusinessID": "1672544",
    "Data": [
        {
            "LogisticCode": code, "ShipperCode": "SF", "State": "3", "StateEx": state,
            "Traces": [{"AcceptTime": LOCAL, "AcceptStation": "已签收"}],
        }
        for code, state in (("SF1001", "301"), ("SF1002", "311"))
    ],
}  # fmt: skip
_AFTERSHIP = {
    "event": "tracking_update", "event_id": "e-1", "ts": SECONDS,
    "msg": {"tracking_number": "SF1001", "slug": "sf-express", "tag": "Delivered"},
}  # fmt: skip
_SHIPPO = {
    "event": "track_updated", "test": False,
    "data": {
        "carrier": "usps", "tracking_number": "SF1001",
        "tracking_status": {"status": "DELIVERED", "status_date": "2026-03-10T11:58:00Z"},
    },
}  # fmt: skip
_EASYPOST = {
    "description": "tracker.updated", "mode": "production",
    "result": {
        "tracking_code": "SF1001", "status": "delivered", "carrier": "SF", "updated_at": AT,
        "signed_by": "Front desk",
    },
}  # fmt: skip
_TRACK17 = {
    "event": "TRACKING_UPDATED",
    "data": {
        "number": "SF1001", "carrier": 100012,
        "track_info": {
            "latest_status": {"status": "Delivered", "sub_status": "Delivered_Other"},
            "latest_event": {"time_utc": AT, "description": "DELIVERED"},
        },
    },
}  # fmt: skip
_YOUZAN = {
    "full_order_info": {
        "order_info": {"tid": "E-1", "pay_time": LOCAL},
        "buyer_info": {"yz_open_id": "y-1"},
        "pay_info": {"payment": "199.00"},
        "orders": [{"oid": "2792474284774916173", "title": "灯", "num": 1, "payment": "199.00"}],
    }
}
_DOUYIN = [
    {
        "tag": "103", "msg_id": "m-1",
        "data": {"p_id": 4812345678901234567, "complete_time": SECONDS},
    }
]  # fmt: skip
_WECHAT = {
    "Event": "channels_ec_order_confirm", "CreateTime": SECONDS,
    "order_info": {"order_id": "3705115058471208928", "confirm_type": "1"},
}  # fmt: skip
_TAOBAO = {
    "tmc_messages_consume_response": {
        "messages": {
            "tmc_message": [
                {
                    "id": 7104300007405429232, "topic": "taobao_trade_TradeSuccess",
                    "pub_time": LOCAL, "content": '{"tid":2718281828459045235,"payment":"9.90"}',
                }
            ]
        }
    }
}  # fmt: skip
_ZENDESK = {
    "type": "zen:event-type:ticket.status_changed", "time": AT,
    "detail": {"id": 45, "requester_id": 7, "tags": ["complaint"]},
    "event": {"previous": "NEW", "current": "SOLVED"},
}  # fmt: skip
_CHATWOOT = {
    "event": "conversation_created", "id": 12, "status": "open", "created_at": SECONDS,
    "labels": [], "meta": {"sender": {"id": 3, "identifier": "c-1"}},
}  # fmt: skip
_CASE = {"case": "T-9", "status": "new", "at": AT, "customer": "c-1", "type": "投诉"}
_REVIEW = {"order": "O-1", "rating": 4, "scale": 5, "customer": "c-1", "at": AT}
_CLOUDEVENT = {
    "specversion": "1.0", "id": "1", "source": "erp", "type": "parcel.delivered", "time": AT,
    "subject": "c-1", "data": {"parcel": "SF1001", "quality": "handed_over"},
}  # fmt: skip

SAMPLES = (
    Sample(
        "generic", _json(_CLOUDEVENT), standard, {"parcel.delivered": "parcel.delivered:SF1001"},
        headers={"content-type": "application/cloudevents+json"},
    ),
    Sample(
        "shopify", _json(_ORDER), b64_header("x-shopify-hmac-sha256"),
        {"order.paid": "order.paid:820982911946154508"},
        headers={"x-shopify-topic": "orders/paid"},
    ),
    Sample(
        "woocommerce", _json(_WOO), b64_header("x-wc-webhook-signature"),
        {"order.placed": "order.placed:727", "order.paid": "order.paid:727"},
        headers={"x-wc-webhook-topic": "order.created"},
    ),
    Sample(
        "stripe",
        _json({"type": "invoice.upcoming", "livemode": True, "created": SECONDS,
               "data": {"object": _INVOICE}}),
        stripe, {"contract.renewal_due": "contract.renewal_due:sub_1:2026-03-10"},
    ),
    Sample(
        "kuaidi100", _json(_KUAIDI), kuaidi100, {"parcel.delivered": "parcel.delivered:SF1001"}
    ),
    Sample(
        "kdniao", _json(_KDNIAO), kdniao, {"parcel.delivered": "parcel.delivered:SF1002"}
    ),
    Sample(
        "aftership", _json(_AFTERSHIP), b64_header("aftership-hmac-sha256"),
        {"parcel.delivered": "parcel.delivered:SF1001"},
    ),
    Sample(
        "easypost", _json(_EASYPOST), easypost, {"parcel.delivered": "parcel.delivered:SF1001"}
    ),
    Sample("shippo", _json(_SHIPPO), shippo, {"parcel.delivered": "parcel.delivered:SF1001"}),
    Sample("17track", _json(_TRACK17), track17, {"parcel.delivered": "parcel.delivered:SF1001"}),
    Sample(
        "youzan", _json(_YOUZAN), youzan, {"order.paid": "order.paid:E-1"},
        secret="test_client:test_secret",
    ),
    Sample(
        "douyin", _json(_DOUYIN), douyin,
        {"order.confirmed": "order.confirmed:4812345678901234567"},
        secret="app_1:secret_1",
    ),
    Sample(
        "wechat-shop", _json(_WECHAT), wechat,
        {"order.confirmed": "order.confirmed:3705115058471208928"},
    ),
    Sample(
        "taobao", _json(_TAOBAO), standard,
        {"order.confirmed": "order.confirmed:2718281828459045235"},
    ),
    Sample("zendesk", _json(_ZENDESK), zendesk, {"case.closed": f"case.closed:45:{AT}"}),
    Sample("freshdesk", _json(_CASE), by_header, {"case.opened": f"case.opened:T-9:{AT}"}),
    Sample("chatwoot", _json(_CHATWOOT), chatwoot, {"case.opened": f"case.opened:12:{AT}"}),
    Sample("helpdesk", _json(_CASE), by_header, {"case.opened": f"case.opened:T-9:{AT}"}),
    Sample("reviews", _json(_REVIEW), standard, {"review.written": "review.written:O-1"}),
)  # fmt: skip
BY_KIND = {sample.kind: sample for sample in SAMPLES}

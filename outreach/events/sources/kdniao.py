"""What does 快递鸟 (Kdniao) report of parcels?

A push is a form with the JSON in `RequestData`, and may tell of several parcels. Source:
www.kdniao.com, 「物流轨迹推送接口」 (101/102) and its table of `StateEx`. 211 lies in a locker and
is not fetched yet; 304 and 311 were fetched or signed for by somebody else.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

from outreach import timezones
from outreach.errors import Invalid
from outreach.events.sources.fields import (
    Fields,
    decoded_text,
    dig,
    first_instant,
    form,
    known,
    needed,
    parcel,
    rows,
    without_numbers,
    word,
)
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.message import Message, Refused, Reply, Verified
from outreach.signed.signatures import fits, md5_hex

_STATES = {
    "1": "parcel.shipped", "2": "parcel.in_transit", "3": "parcel.delivered",
    "4": "parcel.exception",
}  # fmt: skip
_RETURNED = "406"
_ZONE = "Asia/Shanghai"


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`DataSign`: base64(hex(MD5(RequestData + AppKey)))."""
    del now
    try:
        fields = form(message.body)
    except Invalid as error:
        return Refused("unreadable", error.sentence)
    said = fields.get("RequestData", "")

    def made(key: str) -> str:
        return base64.b64encode(md5_hex(f"{said}{key}".encode()).encode()).decode()

    return fits([fields.get("DataSign", "")], secrets, made)


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The state of now of each parcel."""
    del headers
    said = decoded_text(form(body).get("RequestData", ""))
    return tuple(raw for one in rows(said, "Data") for raw in _parcel(one, zone))


def _parcel(one: Fields, zone: tzinfo) -> Iterator[RawEvent]:
    state, detail = word(one, "State"), word(one, "StateEx")
    kind = "parcel.returned" if detail == _RETURNED else _STATES.get(state or "")
    steps = rows(one, "Traces")
    if kind is None or not steps:
        return
    last = max(steps, key=lambda step: word(step, "AcceptTime") or "")
    words = without_numbers(word(last, "AcceptStation"))
    data = known(
        parcel=parcel(needed(one, "LogisticCode")), carrier=word(one, "ShipperCode"),
        order=word(one, "OrderCode"), status=detail or state,
        signed_by=words if kind == "parcel.delivered" else None,
    )  # fmt: skip
    yield RawEvent(kind, first_instant(zone, dig(last, "AcceptTime")), data)


def thanks(message: Message, now: datetime) -> Reply:
    """With their own number of us and the time in China, or they push again."""
    said = decoded_text(form(message.body).get("RequestData", ""))
    local = now.astimezone(timezones.load(_ZONE))
    told = {
        "EBusinessID": word(said, "EBusinessID") or "",
        "UpdateTime": f"{local:%Y-%m-%d %H:%M:%S}",
        "Success": True,
        "Reason": "",
    }
    return Reply(json.dumps(told).encode(), "application/json")


SOURCE = Source("kdniao", verify, read, zone=_ZONE, sign_with="the AppKey (API key)", thanks=thanks)

"""What does 快递100 (Kuaidi100) report of a parcel?

A push is a form with the JSON in `param`. Source: api.kuaidi100.com, 「订阅推送」. States are one
digit, or three that begin with it: 304 is a locker or station, 3 is only *signed for*, and who
signed stands in the courier's words. Only the state of now is read: what came before it has been
pushed before.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from outreach.errors import Invalid
from outreach.events.sources.fields import (
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

# 4: sent back and signed for by the sender; 6: on its way back; 14: refused at the door.
_STATES = {
    "0": "parcel.in_transit", "1": "parcel.shipped", "2": "parcel.exception",
    "3": "parcel.delivered", "4": "parcel.returned", "5": "parcel.in_transit",
    "6": "parcel.exception", "7": "parcel.in_transit", "8": "parcel.in_transit",
    "14": "parcel.exception",
}  # fmt: skip
_SUBSTATE = 3  # digits
_THANKS = '{"result":true,"returnCode":"200","message":"成功"}'


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`sign`: upper-case hex(MD5(param + salt)), where a salt was given at subscribing."""
    del now
    try:
        fields = form(message.body)
    except Invalid as error:
        return Refused("unreadable", error.sentence)
    param = fields.get("param", "")
    given = fields.get("sign", "").upper()
    return fits([given], secrets, lambda salt: md5_hex(f"{param}{salt}".encode()).upper())


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The parcel's state of now."""
    del headers
    param = decoded_text(form(body).get("param", ""))
    result, steps = dig(param, "lastResult"), rows(param, "lastResult", "data")
    state = word(result, "state")
    kind = _kind(state) if steps and state else None
    if kind is None:
        return ()
    last = steps[0]
    at = first_instant(zone, dig(last, "ftime"), dig(last, "time"))
    data = known(
        parcel=parcel(needed(result, "nu")), carrier=word(result, "com"), status=state,
        signed_by=without_numbers(word(last, "context")) if kind == "parcel.delivered" else None,
    )  # fmt: skip
    return (RawEvent(kind, at, data),)


def _kind(state: str) -> str | None:
    return _STATES.get(state[0] if len(state) >= _SUBSTATE else state)


def thanks(message: Message, now: datetime) -> Reply:
    """What they want to hear; anything else has them push again."""
    del message, now
    return Reply(_THANKS.encode(), "application/json")


SOURCE = Source(
    "kuaidi100",
    verify,
    read,
    zone="Asia/Shanghai",
    sign_with="the `salt` that is given with each subscription",
    thanks=thanks,
)

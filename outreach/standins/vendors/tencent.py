"""How does Tencent Cloud's SMS behave, as its documentation has it?

Source: cloud.tencent.com/document/product/382, SendSms, 短信下发状态通知, 短信回复通知.
"""

import hashlib
import hmac
import json
from datetime import timedelta

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push, Written

_ID = "AKID-standin"
_CODES = {
    400: "InvalidParameterValue.IncorrectPhoneNumber", 401: "AuthFailure.SignatureFailure",
    429: "RequestLimitExceeded", 500: "InternalError", 503: "RequestLimitExceeded",
}  # fmt: skip
_SHANGHAI = timedelta(hours=8)


class TencentProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        if _signature(heard) != heard.headers.get("authorization", "").rpartition("=")[2]:
            return self.refused(401)
        told = json.loads(heard.body)
        [to] = told["PhoneNumberSet"]
        said = f"{told['TemplateId']} {json.dumps(told['TemplateParamSet'])}"
        touch = told["SessionContext"].rpartition("/")[2]
        return Asked(touch, to, said, told["SignName"])

    def taken(self, asked: Asked, given: str) -> Said:
        status = {
            "SerialNo": given, "PhoneNumber": asked.to, "Fee": 1, "Code": "Ok",
            "SessionContext": asked.touch, "Message": "send success", "IsoCode": "CN",
        }  # fmt: skip
        return Said(200, {"Response": {"SendStatusSet": [status], "RequestId": "R-1"}})

    def refused(self, status: int) -> Said:
        """Refusals come with a status of 200, but for those of what stands before the API."""
        error = {"Code": _CODES.get(status, "FailedOperation"), "Message": "refused"}
        told = {"Response": {"Error": error, "RequestId": "R-1"}}
        return Said(status if status >= 429 else 200, told)  # noqa: PLR2004


def _signature(heard: Heard) -> str:
    """What the header should end with, made anew from what arrived."""
    names = "content-type;host;x-tc-action"
    values = [heard.headers[name].lower() for name in names.split(";")]
    lines = "".join(f"{n}:{v}\n" for n, v in zip(names.split(";"), values, strict=True))
    body = hashlib.sha256(heard.body).hexdigest()
    whole = f"POST\n{heard.target}\n\n{lines}\n{names}\n{body}"
    day = heard.headers["authorization"].split("/")[1]
    told = "\n".join([
        "TC3-HMAC-SHA256", heard.headers["x-tc-timestamp"], f"{day}/sms/tc3_request",
        hashlib.sha256(whole.encode()).hexdigest(),
    ])  # fmt: skip
    key = f"TC3{KEY}".encode()
    for part in (day, "sms", "tc3_request", told):
        key = hmac.new(key, part.encode(), "sha256").digest()
    return key.hex()


def push(one: Push) -> Message:
    """A list of statuses; its instants are Shanghai's."""
    status = {
        "user_receive_time": f"{one.at + _SHANGHAI:%Y-%m-%d %H:%M:%S}", "nationcode": "86",
        "mobile": one.entry["to"].removeprefix("+86"), "report_status": one.word,
        "errmsg": "DELIVRD" if one.word == "SUCCESS" else "UNDELIV", "description": one.about,
        "sid": one.entry["id"],
    }  # fmt: skip
    return Message(json.dumps([status]).encode(), {"content-type": "application/json"})


def write(one: Written) -> Message:
    """One reply, and no list."""
    reply = {
        "extend": "01", "mobile": one.sender.removeprefix("+86"), "nationcode": "86",
        "sign": one.to, "text": one.text, "time": int(one.at.timestamp()),
    }  # fmt: skip
    return Message(json.dumps(reply).encode(), {"content-type": "application/json"})


IMITATED = Imitated(
    TencentProtocol,
    f"tencent+http://{_ID}:{KEY}@127.0.0.1:{{port}}?app=1400006666",
    push,
    {
        "delivered": "SUCCESS:用户短信送达成功", "failed": "FAIL:用户关机",
        "bounced_hard": "FAIL:空号", "unsubscribed": "FAIL:号码在黑名单",
    },
    write,
    signed=False,
    templates_only=True,
    person="+8613800138000",
    ours="示例商店",
)  # fmt: skip

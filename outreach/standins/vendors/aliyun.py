"""How does Alibaba Cloud's SMS behave, as its documentation has it?

Source: help.aliyun.com/zh/sms, "SendSms", "SmsReport", "SmsUp".
"""

import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push, Written

_ID = "LTAI-standin"
_CODES = {
    400: "isv.INVALID_PARAMETERS", 401: "SignatureDoesNotMatch", 429: "Throttling.User",
    500: "isp.SYSTEM_ERROR", 503: "ServiceUnavailable",
}  # fmt: skip
_SHANGHAI = timedelta(hours=8)


class AliyunProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        if _signature(heard) != heard.headers.get("authorization", "").rpartition("=")[2]:
            return self.refused(401)
        told = dict(parse_qsl(urlsplit(heard.target).query))
        said = f"{told['TemplateCode']} {told['TemplateParam']}"
        touch = told["OutId"].rpartition("/")[2]
        return Asked(
            touch, f"+86{told['PhoneNumbers']}", said, told["SignName"], echo=told["OutId"]
        )

    def taken(self, asked: Asked, given: str) -> Said:
        del asked
        return Said(200, {"Code": "OK", "Message": "OK", "BizId": given, "RequestId": "R-1"})

    def refused(self, status: int) -> Said:
        return Said(status, {"Code": _CODES.get(status, "isv.UNKNOWN"), "Message": "refused"})


def _signature(heard: Heard) -> str:
    """What the header should end with, made anew from what arrived."""
    names = sorted(n for n in heard.headers if n == "host" or n.startswith("x-acs-"))
    path, _, query = heard.target.partition("?")
    lines = [heard.method, path, query]
    lines += ["".join(f"{n}:{heard.headers[n]}\n" for n in names), ";".join(names)]
    lines.append(hashlib.sha256(heard.body).hexdigest())
    whole = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return hmac.new(KEY.encode(), f"ACS3-HMAC-SHA256\n{whole}".encode(), "sha256").hexdigest()


def push(one: Push) -> Message:
    """SmsReport: a list; its instants are Shanghai's."""
    at = f"{one.at + _SHANGHAI:%Y-%m-%d %H:%M:%S}"
    report = {
        "phone_number": one.entry["to"].removeprefix("+86"), "send_time": at, "report_time": at,
        "success": one.word == "true", "err_code": one.about, "err_msg": "回执", "sms_size": "1",
        "biz_id": one.entry["id"], "out_id": one.entry["echo"],
    }  # fmt: skip
    return Message(json.dumps([report]).encode(), {"content-type": "application/json"})


def write(one: Written) -> Message:
    """SmsUp: a list."""
    reply = {
        "phone_number": one.sender.removeprefix("+86"), "content": one.text, "sign_name": one.to,
        "dest_code": "1069", "send_time": f"{one.at + _SHANGHAI:%Y-%m-%d %H:%M:%S}",
        "sequence_id": 1234567890,
    }  # fmt: skip
    return Message(json.dumps([reply]).encode(), {"content-type": "application/json"})


IMITATED = Imitated(
    AliyunProtocol,
    f"aliyun+http://{_ID}:{KEY}@127.0.0.1:{{port}}",
    push,
    {
        "delivered": "true:DELIVERED", "failed": "false:MOBILE_NOT_ON_SERVICE",
        "bounced_hard": "false:INVALID_NUMBER", "unsubscribed": "false:MOBILE_IN_BLACK",
    },
    write,
    signed=False,
    templates_only=True,
    person="+8613800138000",
    ours="示例商店",
)  # fmt: skip

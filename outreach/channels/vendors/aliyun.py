"""How do text messages leave through Alibaba Cloud (阿里云短信), and what does it tell of them?

Source: help.aliyun.com/zh/sms, "SendSms", "SmsReport", "SmsUp" and 短信错误码 (2026). Templates and
signatures are approved beforehand: without a template's code nothing leaves. Its page says that
SendSms is not idempotent; `OutId` carries our reference, and the receipt gives it back. Pushes bear
no signature: their address is all that vouches for them.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from optout.model import Channel
from outreach.channels import charges, cloud_signatures, outcomes
from outreach.channels.fields import (
    decoded,
    dereferenced,
    mainland,
    reference,
    rows,
    shanghai,
    word,
)
from outreach.channels.posting import Response
from outreach.channels.protocol import Accepted, Answer, Capabilities, Outgoing, Refused, Uncertain
from outreach.channels.receipts import Kind, Told, Why, Word, Written, fell_short
from outreach.channels.vendor import Account, Request, Vendor, by_address_alone
from outreach.errors import Invalid
from outreach.signed.message import Message, Reply

_BUSY = ("isv.BUSINESS_LIMIT_CONTROL", "Throttling", "ServiceUnavailable", "isv.DAY_LIMIT_CONTROL")
_LOGIN = (
    "InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden", "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE", "isv.ACCOUNT_", "isp.RAM_PERMISSION_DENY",
)  # fmt: skip
_WHY = {
    "INVALID_NUMBER": Why.NO_SUCH_ADDRESS, "MOBILE_NOT_ON_SERVICE": Why.UNREACHABLE,
    "MOBLLE_TERMINAL_ERROR": Why.UNREACHABLE, "MOBILE_ACCOUNT_ABNORMAL": Why.UNREACHABLE,
    "CONTENT_KEYWORD": Why.FILTERED, "CONTENT_ERROR": Why.FILTERED,
    "MOBILE_SEND_LIMIT": Why.FILTERED, "MOBILE_IN_BLACK": Why.REFUSED_BEFORE,
    "USER_REJECT": Why.REFUSED_BEFORE, "SP_NOT_BY_INTER_SMS": Why.SENDER,
}  # fmt: skip


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """SendSms to one number, so that the `BizId` is that of one message.

    Raises `Invalid` without a template's code, and for a number outside of the mainland: without
    their +, some American numbers are spelled like Chinese ones.
    """
    if not one.content.code:
        raise Invalid("Aliyun sends approved templates alone: give this text its `code`")
    asked = {
        "OutId": reference(one), "PhoneNumbers": mainland(one.to), "SignName": one.sender.address,
        "TemplateCode": one.content.code,
        "TemplateParam": json.dumps(dict(one.content.params), ensure_ascii=False),
    }  # fmt: skip
    query = "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in sorted(asked.items()))
    at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    nonce = hashlib.sha256(f"{one.key} {now.isoformat()}".encode()).hexdigest()
    headers = {
        "host": account.host, "x-acs-action": "SendSms", "x-acs-version": "2017-05-25",
        "x-acs-date": at, "x-acs-content-sha256": cloud_signatures.content_hash(b""),
        "x-acs-signature-nonce": nonce,
    }  # fmt: skip
    unsigned = cloud_signatures.Unsigned("/", query, headers, b"")
    signed = cloud_signatures.alibaba(unsigned, key=account.user, secret=account.secret)
    headers |= {"Authorization": signed, "Accept": "application/json"}
    return Request("POST", f"/?{query}", headers, b"")


def outcome(response: Response) -> Answer:
    """`Code` says it, whatever the status: `OK`, or what is wrong with whom."""
    told, said = outcomes.document(response.body), outcomes.shown(response)
    code = word(told, "Code")
    if code == "OK":
        return outcomes.taken(told.get("BizId"), said)
    if code.startswith(_BUSY):
        after = outcomes.retry_after(response.headers)
        return Refused("busy", said, permanent=False, retry_after=after)
    if code.startswith(_LOGIN):
        return Refused("login", said, permanent=False)
    if code.startswith("isv."):
        return Refused("rejected", said, permanent=True)
    answer = outcomes.by_status(response, lambda _: None)
    return Uncertain(said) if isinstance(answer, Accepted) else answer


def read(message: Message) -> tuple[Word, ...]:
    """Reports (`SmsReport`) and replies (`SmsUp`), in one list or alone."""
    found: list[Word] = []
    for one in rows(decoded(message.body)):
        if "content" in one and word(one, "phone_number"):
            found.append(_written(one))
        elif isinstance(one.get("success"), bool):
            found.extend(_told(one))
    return tuple(found)


def _told(one: Mapping[str, object]) -> tuple[Told, ...]:
    brand, touch = dereferenced(word(one, "out_id"))
    code = word(one, "err_code")
    kind = Kind.DELIVERED if one["success"] else Kind.FAILED
    why = _WHY.get(code, Why.OTHER) if kind is Kind.FAILED else None
    said = f"{code} {word(one, 'err_msg')}".strip()
    at = shanghai(word(one, "report_time"))
    charge = charges.told(parts=one.get("sms_size"))
    return fell_short(Told(kind, touch, brand, word(one, "biz_id") or None, at, why, said, charge))


def _written(one: Mapping[str, object]) -> Written:
    """What was answered is our signature; a number is told of the mainland without its country."""
    number = word(one, "phone_number")
    return Written(
        word(one, "sequence_id") or f"{number} {word(one, 'send_time')}",
        number if number.startswith("+") else f"+86{number}",
        word(one, "sign_name") or word(one, "dest_code"), word(one, "content"), Channel.SMS,
    )  # fmt: skip


def thanks(message: Message) -> Reply:
    """What the platform waits for; else it pushes again."""
    del message
    return Reply('{"code":0,"msg":"接收成功"}'.encode(), "application/json")


VENDOR = Vendor(
    "aliyun",
    Channel.SMS,
    "https://dysmsapi.aliyuncs.com",
    Capabilities(
        16, idempotent=False, receipts="push", provider_id=True, inbound=True, charged="part"
    ),
    request,
    outcome,
    by_address_alone,
    read,
    user_is="the AccessKey ID",
    key_is="the AccessKey secret",
    thanks=thanks,
)

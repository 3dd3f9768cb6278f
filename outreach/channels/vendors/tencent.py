"""How do text messages leave through Tencent Cloud (腾讯云短信), and what does it tell of them?

Source: cloud.tencent.com/document/product/382, SendSms 2021-01-11, 短信下发状态通知, 短信回复通知
(2026). Receipts echo nothing of ours: the message is found by its `sid`. Pushes bear no signature:
their address is all that vouches for them.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from optout.model import Channel
from outreach.channels import charges, cloud_signatures, outcomes
from outreach.channels.fields import decoded, dig, reference, rows, shanghai, unix, word
from outreach.channels.posting import Response
from outreach.channels.protocol import Accepted, Answer, Capabilities, Outgoing, Refused, Uncertain
from outreach.channels.receipts import Kind, Told, Why, Word, Written, fell_short
from outreach.channels.vendor import Account, Request, Vendor, by_address_alone
from outreach.errors import Invalid
from outreach.signed.message import Message, Reply

_TYPE = "application/json; charset=utf-8"
_BUSY = ("LimitExceeded", "RequestLimitExceeded", "FailedOperation.RateLimit")
_LOGIN = (
    "AuthFailure", "UnauthorizedOperation", "FailedOperation.InsufficientBalance",
    "InvalidParameterValue.SdkAppIdNotExist",
)  # fmt: skip
_UNKNOWN = ("InternalError", "FailedOperation.JsonParseFail", "FailedOperation.TimeoutError")
# The number replied to refuse, or is on the carriers' list of those who want nothing.
_CAUSES = {"FailedOperation.PhoneNumberInBlacklist": Why.REFUSED_BEFORE}
# The carriers' words in `description`, since their codes differ from carrier to carrier.
_WHY = (
    ("空号", Why.NO_SUCH_ADDRESS), ("号码不存在", Why.NO_SUCH_ADDRESS),
    ("黑名单", Why.REFUSED_BEFORE), ("退订", Why.REFUSED_BEFORE), ("关机", Why.UNREACHABLE),
    ("停机", Why.UNREACHABLE), ("不在服务区", Why.UNREACHABLE), ("超时", Why.EXPIRED),
    ("敏感", Why.FILTERED), ("拦截", Why.FILTERED), ("签名", Why.SENDER), ("报备", Why.SENDER),
)  # fmt: skip


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """SendSms to one number. Raises `Invalid` without a template's id.

    Templates take their values by position: those of `params`, by the number that each is named.
    """
    if not one.content.code:
        raise Invalid("Tencent sends approved templates alone: give this text its `code`")
    body = json.dumps({
        "PhoneNumberSet": [one.to], "SmsSdkAppId": account.option("app"),
        "TemplateId": one.content.code, "SignName": one.sender.address,
        "TemplateParamSet": _in_turn(one.content.params), "SessionContext": reference(one),
    }).encode()  # fmt: skip
    headers = {"content-type": _TYPE, "host": account.host, "x-tc-action": "sendsms"}
    unsigned = cloud_signatures.Unsigned("/", "", headers, body)
    signed = cloud_signatures.tencent(
        unsigned, key=account.user, secret=account.secret, service="sms", now=now
    )
    sent = {
        "Content-Type": _TYPE, "Host": account.host, "X-TC-Action": "SendSms",
        "X-TC-Version": "2021-01-11", "X-TC-Timestamp": str(int(now.timestamp())),
        "X-TC-Region": account.option("region", "ap-guangzhou"), "Authorization": signed,
    }  # fmt: skip
    return Request("POST", "/", sent, body)


def _in_turn(params: Mapping[str, str]) -> list[str]:
    if all(name.isdigit() for name in params):
        return [params[name] for name in sorted(params, key=int)]
    return list(params.values())


def outcome(response: Response) -> Answer:
    """The answer stands in the body of a 200: an error of the call, or a status for the number."""
    told, said = outcomes.document(response.body), outcomes.shown(response)
    listed = dig(told, "Response", "SendStatusSet")
    status = listed[0] if isinstance(listed, list) and listed else {}
    code = word(told, "Response", "Error", "Code") or word(status, "Code")
    if code == "Ok":
        answer = outcomes.taken(word(status, "SerialNo"), said)
        return outcomes.charged(answer, charges.told(parts=dig(status, "Fee")))
    if code.startswith(_BUSY):
        after = outcomes.retry_after(response.headers)
        return Refused("busy", said, permanent=False, retry_after=after)
    if code.startswith(_LOGIN):
        return Refused("login", said, permanent=False)
    if code and not code.startswith(_UNKNOWN):
        return Refused("rejected", said, permanent=True, cause=_CAUSES.get(code))
    answer = outcomes.by_status(response, lambda _: None)
    return Uncertain(said) if code or isinstance(answer, Accepted) else answer


def read(message: Message) -> tuple[Word, ...]:
    """A list of statuses, or one reply."""
    found: list[Word] = []
    for one in rows(decoded(message.body)):
        if word(one, "report_status") and word(one, "sid"):
            found.extend(_told(one))
        elif "text" in one and word(one, "mobile"):
            found.append(_written(one))
    return tuple(found)


def _told(one: Mapping[str, object]) -> tuple[Told, ...]:
    kind = Kind.DELIVERED if one["report_status"] == "SUCCESS" else Kind.FAILED
    described = f"{word(one, 'errmsg')} {word(one, 'description')}".strip()
    why = None
    if kind is Kind.FAILED:
        why = next((why for said, why in _WHY if said in described), Why.OTHER)
    at = shanghai(word(one, "user_receive_time"))
    return fell_short(Told(kind, provider_id=word(one, "sid"), at=at, why=why, said=described))


def _written(one: Mapping[str, object]) -> Written:
    """`sign` is the signature of ours that was answered."""
    number = f"+{word(one, 'nationcode') or '86'}{word(one, 'mobile')}"
    at = unix(one.get("time"))
    return Written(
        f"{number} {at.isoformat() if at else ''}", number, word(one, "sign"), word(one, "text"),
        Channel.SMS,
    )  # fmt: skip


def thanks(message: Message) -> Reply:
    """What the platform waits for; else it pushes again."""
    del message
    return Reply(b'{"result":0,"errmsg":"OK"}', "application/json")


VENDOR = Vendor(
    "tencent",
    Channel.SMS,
    "https://sms.tencentcloudapi.com",
    Capabilities(
        16, idempotent=False, receipts="push", provider_id=True, inbound=True, charged="part"
    ),
    request,
    outcome,
    by_address_alone,
    read,
    user_is="the SecretId",
    key_is="the SecretKey",
    needs={"app": "the SmsSdkAppId of the application"},
    may={"region": "another region than ap-guangzhou"},
    thanks=thanks,
)

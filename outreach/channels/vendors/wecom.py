"""How do messages reach customers through WeCom (企业微信), and who leaves?

Source: developer.work.weixin.qq.com/document: 「创建企业群发」, 「获取企业群发成员执行结果」,
「停止企业群发」, 「删除跟进成员事件」, 「全局错误码」, 「加解密方案说明」.
A message to a customer is a task of the member who looks after them: WeCom shows it, and the member
confirms it with one tap before anything is sent. So `sent` says that the member has it. What they
did is never pushed: it is asked for (`get_groupmsg_send_result`), and what they still have at hand
can be called off (`cancel_groupmsg_send`). There is no key against repetition. Whoever deletes the
member (`del_follow_user`) has refused.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from optout.model import Channel
from outreach.channels import outcomes
from outreach.channels.fields import unix, word
from outreach.channels.posting import Response
from outreach.channels.protocol import Answer, Capabilities, Outgoing, Refused
from outreach.channels.receipts import Kind, Told, Why, Word, Written, fell_short
from outreach.channels.vendor import Account, AtHand, Entrusting, Request, Vendor
from outreach.errors import Invalid
from outreach.signed import envelopes, signatures
from outreach.signed.message import Message, Reply, Verified
from outreach.signed.message import Refused as Unverified

_LONGEST = 4000  # bytes of a text
_KEPT = 600.0  # seconds; WeCom gives the same token for two hours, and may end it sooner
_DAY = 86400.0  # seconds; no token lasts longer, and a number may be of any size
_MARGIN = 60.0  # seconds before its end in which a token is asked for anew
_BUSY = frozenset({45009, 45033})
_LOGIN = frozenset({40001, 40013, 40014, 41001, 42001, 48002, 60011, 60020, 301002})
_NO_TOKEN = frozenset({40014, 41001, 42001})  # invalid, missing, run out
# Nobody under this handle is the member's customer; or they had as many as WeCom lets them have.
_NOT_SENT = {2: Why.NO_SUCH_ADDRESS, 3: Why.FILTERED}
_SEALED = re.compile(
    rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]{24,65536})(?:\]\]>)?\s*</Encrypt>"
)
_LEFT = "del_follow_user"
_SHUT = Unverified("unreadable", "the message cannot be opened: `aes` is the EncodingAESKey")


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """Create the task of the member that option `member` names.

    Raises `Invalid` for a text that is too long, and `Trouble` where no token is to be had.
    """
    del now  # nothing limits for how long the member may confirm
    if len(one.content.text.encode()) > _LONGEST:
        raise Invalid(f"the text is longer than the {_LONGEST} bytes that WeCom takes")
    told = {
        "chat_type": "single", "external_userid": [one.to], "sender": account.option("member"),
        "text": {"content": one.content.text},
    }  # fmt: skip
    return _asking(account, "add_msg_template", told)


def _asking(account: Account, what: str, told: Mapping[str, object]) -> Request:
    token = urlencode({"access_token": _token(account)})
    body = json.dumps(told, ensure_ascii=False).encode()
    target = f"/cgi-bin/externalcontact/{what}?{token}"
    return Request("POST", target, {"Content-Type": "application/json"}, body)


def _token(account: Account) -> str:
    """Empty where WeCom gives none; then it says itself what is wrong with the account."""
    asked = urlencode({"corpid": account.user, "corpsecret": account.secret})
    given = account.fetch(f"{account.base}/cgi-bin/gettoken?{asked}")
    return word(outcomes.document(given), "access_token")


def lasts(given: bytes) -> float:
    """For how many seconds this token is good, less a margin; an error is never kept."""
    told = outcomes.document(given)
    seconds, code = told.get("expires_in"), told.get("errcode", 0)
    if code != 0 or not word(told, "access_token"):
        return 0.0
    if not isinstance(seconds, int | float):
        return _KEPT
    return max(0.0, min(_DAY, seconds) - _MARGIN)


def stale(response: Response) -> bool:
    """Whether the token is good no more: WeCom may end one before its time."""
    code = outcomes.document(response.body).get("errcode")
    return isinstance(code, int) and code in _NO_TOKEN


def outcome(response: Response) -> Answer:
    """`errcode` says it, whatever the status: 0, or what is wrong with whom."""
    told, said = outcomes.document(response.body), outcomes.shown(response)
    code = told.get("errcode")
    if _is_zero(told):
        if told.get("fail_list"):
            return Refused("rejected", said, permanent=True)
        return outcomes.taken(told.get("msgid"), said)
    if isinstance(code, int) and code in _BUSY:
        after = outcomes.retry_after(response.headers)
        return Refused("busy", said, permanent=False, retry_after=after)
    if isinstance(code, int) and code in _LOGIN:
        return Refused("login", said, permanent=False)
    if isinstance(code, int) and code > 0:
        return Refused("rejected", said, permanent=True)
    return outcomes.by_status(response, lambda _: None)


def ask(account: Account, given: str) -> Request:
    """What became of the task with this `msgid`."""
    told = {"msgid": given, "userid": account.option("member"), "limit": 1}
    return _asking(account, "get_groupmsg_send_result", told)


def fared(response: Response) -> Told | AtHand | None:
    """`status` of the one customer: 0 not sent yet, 1 sent, 2 no friend, 3 had another already."""
    listed = outcomes.document(response.body).get("send_list")
    one = listed[0] if isinstance(listed, list) and listed else None
    if not isinstance(one, dict) or not _is_zero(outcomes.document(response.body)):
        return None
    status, at = one.get("status"), unix(one.get("send_time"))
    if _is_zero(one, "status"):
        return AtHand()
    if status == 1 and not isinstance(status, bool):
        return Told(Kind.DELIVERED, at=at, said="the member sent it")
    if why := _NOT_SENT.get(status) if isinstance(status, int) else None:
        [told] = fell_short(Told(Kind.FAILED, at=at, why=why, said=f"status {status}"))
        return told
    return None


def call_off(account: Account, given: str) -> Request:
    """End the task with this `msgid`: what the member has not confirmed is sent no more."""
    return _asking(account, "cancel_groupmsg_send", {"msgid": given})


def _is_zero(told: Mapping[str, object], name: str = "errcode") -> bool:
    code = told.get(name)
    return isinstance(code, int) and not isinstance(code, bool) and code == 0


def ended(response: Response) -> bool:
    """`errcode` is 0."""
    return _is_zero(outcomes.document(response.body))


def verify(account: Account, message: Message, now: datetime) -> Verified | Unverified:
    """`msg_signature` under the token of option `webhook`, and what it seals under `aes`."""
    query, sealed = message.query, _sealed(message)
    at, nonce = query.get("timestamp", ""), query.get("nonce", "")
    found = signatures.fits(
        [query.get("msg_signature", "")],
        account.secrets(),
        lambda token: envelopes.signature(token, at, nonce, sealed),
    )
    if isinstance(found, Unverified):
        return found
    if not signatures.fresh(at, now):
        return signatures.STALE
    return found if _opened(account, message) is not None else _SHUT


def _sealed(message: Message) -> str:
    """The ciphertext, out of the query of the GET that checks our address or out of the body."""
    if "echostr" in message.query:
        return message.query["echostr"]
    found = _SEALED.search(message.body)
    return found[1].decode() if found else ""


def _opened(account: Account, message: Message) -> str | None:
    sealed = _sealed(message)
    told = (
        envelopes.opened(sealed, key=key, receiver=account.user) for key in account.secrets("aes")
    )
    return next((text for text in told if text is not None), None)


def read(account: Account, message: Message) -> Sequence[Word]:
    """That a customer deleted the member: a refusal, as if written."""
    text = _opened(account, message) or ""
    customer, at = _field(text, "ExternalUserID"), _field(text, "CreateTime")
    if "echostr" in message.query or _field(text, "ChangeType") != _LEFT or not customer:
        return ()
    member = _field(text, "UserID")
    return (Written(f"{customer}-{at}", customer, member, "STOP", Channel.CHAT),)


def _field(text: str, name: str) -> str:
    """A field of WeCom's flat XML, which no parser has to be trusted with."""
    found = re.search(rf"<{name}>(?:<!\[CDATA\[)?([^<>\]]{{1,256}})(?:\]\]>)?</{name}>", text)
    return found[1].strip() if found else ""


def thanks(account: Account, message: Message) -> Reply:
    """What the GET that checks our address has sealed; otherwise nothing."""
    checks = "echostr" in message.query
    return Reply((_opened(account, message) or "").encode() if checks else b"")


def of_account(account: Account) -> Vendor:
    """The same, with the keys by which this account's pushes are opened."""
    return replace(VENDOR, read=partial(read, account), thanks=partial(thanks, account))


VENDOR = Vendor(
    "wecom",
    Channel.CHAT,
    "https://qyapi.weixin.qq.com",
    Capabilities(16, idempotent=False, receipts="pull", provider_id=True),
    request,
    outcome,
    verify,
    partial(read, Account("")),
    user_is="the corp id (企业ID)",
    key_is="the secret of the customer contact application (客户联系)",
    needs={"member": "the userid of the member who confirms"},
    may={
        "webhook": "the Token of the callback: without it no push is taken",
        "aes": "the EncodingAESKey of the callback",
    },
    opened=of_account,
    keeps=_KEPT,
    lasts=lasts,
    stale=stale,
    entrusting=Entrusting(ask, fared, call_off, ended),
)

"""How does WeCom behave, as its documentation has it?

Source: developer.work.weixin.qq.com, 「创建企业群发」, 「获取企业群发成员执行结果」,
「停止企业群发」, 「获取access_token」, 「加解密方案说明」. Members send at once, but for those of
customers whose id says otherwise.
"""

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Written

_CORP = "ww00000000standin"
_CODES = {400: 40058, 401: 40014, 429: 45009, 500: -1, 503: -1}
_PATH = "/cgi-bin/externalcontact/"
_SENT_AT = 1552536375
FARES = {"Waits": 0, "Gone": 2, "Full": 3}
"""`status` of customers whose ids end so; the message to anybody else was sent (1)."""

_AES = base64.b64encode(hashlib.sha256(KEY.encode()).digest()).decode().rstrip("=")


class WeComProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        parts = urlsplit(heard.target)
        if parse_qs(parts.query).get("access_token") != [KEY]:
            return self.refused(401)
        told, what = json.loads(heard.body), parts.path.removeprefix(_PATH)
        if what in {"get_groupmsg_send_result", "cancel_groupmsg_send"}:
            return self._of_task(what, told["msgid"])
        if what != "add_msg_template":
            return Said(404)
        [to] = told["external_userid"]
        return Asked("", to, told["text"]["content"], told["sender"])

    def _of_task(self, what: str, given: str) -> Said:
        entry = self._record.under(given)
        if entry is None:
            return Said(200, {"errcode": 41063, "errmsg": "invalid msgid"})
        if what == "cancel_groupmsg_send":
            self._record.called_off.add(given)
            return Said(200, {"errcode": 0, "errmsg": "ok"})
        status = next((code for end, code in FARES.items() if entry["to"].endswith(end)), 1)
        one = {"external_userid": entry["to"], "userid": entry["sender"], "status": status}
        sent = {"send_time": _SENT_AT} if status == 1 else {}
        told = {"errcode": 0, "errmsg": "ok", "next_cursor": "", "send_list": [one | sent]}
        return Said(200, told)

    def taken(self, asked: Asked, given: str) -> Said:  # noqa: ARG002
        return Said(200, {"errcode": 0, "errmsg": "ok", "fail_list": [], "msgid": given})

    def refused(self, status: int) -> Said:
        """Refusals come with a status of 200, but for those of what stands before the API."""
        told = {"errcode": _CODES.get(status, 40058), "errmsg": "refused"}
        return Said(status if status >= 429 else 200, told)  # noqa: PLR2004


def token(url: str) -> bytes:
    """What `gettoken` answers."""
    if parse_qs(urlsplit(url).query) == {"corpid": [_CORP], "corpsecret": [KEY]}:
        return json.dumps({"errcode": 0, "access_token": KEY, "expires_in": 7200}).encode()
    return json.dumps({"errcode": 40001, "errmsg": "invalid credential"}).encode()


def deleted(one: Written) -> Message:
    """The customer `sender` deletes the member `to`."""
    at = int(one.at.timestamp())
    told = (
        f"<xml><ToUserName><![CDATA[{_CORP}]]></ToUserName><FromUserName><![CDATA[sys]]>"
        f"</FromUserName><CreateTime>{at}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        "<Event><![CDATA[change_external_contact]]></Event>"
        "<ChangeType><![CDATA[del_follow_user]]></ChangeType>"
        f"<UserID><![CDATA[{one.to}]]></UserID>"
        f"<ExternalUserID><![CDATA[{one.sender}]]></ExternalUserID></xml>"
    )
    sealed = _sealed(told)
    parts = sorted([one.secret, str(at), "n-1", sealed])
    signed = hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
    body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    query = {"msg_signature": signed, "timestamp": str(at), "nonce": "n-1"}
    return Message(body.encode(), {"content-type": "text/xml"}, query)


def _sealed(text: str) -> str:
    key, said = base64.b64decode(f"{_AES}="), text.encode()
    plain = b"0123456789abcdef" + len(said).to_bytes(4) + said + _CORP.encode()
    padder = padding.PKCS7(256).padder()
    lock = Cipher(AES(key), CBC(key[:16])).encryptor()
    padded = padder.update(plain) + padder.finalize()
    return base64.b64encode(lock.update(padded) + lock.finalize()).decode()


IMITATED = Imitated(
    WeComProtocol,
    f"wecom+http://{_CORP}:{KEY}@127.0.0.1:{{port}}?member=mei&webhook={KEY}&aes={_AES}",
    None,
    {},
    told_touch=False,
    person="wmStandInCustomer0001",
    fetch=token,
)

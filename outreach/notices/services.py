"""How does each group chat want a notice, and did it take it?

Pure. Sources, of July 2026: open.feishu.cn "Custom bot guide"; open.dingtalk.com "Custom robot
security settings"; developer.work.weixin.qq.com "Group robot configuration"; docs.slack.dev
"Sending messages using incoming webhooks". Feishu and DingTalk sign with a secret; WeCom and Slack
rely on an address that nobody else knows.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode

from outreach.channels import outcomes
from outreach.channels.posting import Response

APPRISE = "apprise"
"""A robot whose token is a URL of apprise's: nothing comes back but yes, or an unclear no."""

_JSON = {"Content-Type": "application/json; charset=utf-8"}
_SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class Robot:
    """A group chat: what its address holds, and what signs where the service signs."""

    service: str
    base: str
    token: str = field(repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Post:
    """One request: path and query, headers, body."""

    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of group chat: where it listens, how it is told, and whether it took it.

    `longest` is how many bytes of UTF-8 a notice may have.
    """

    base: str
    post: Callable[[Robot, str, datetime], Post]
    took: Callable[[Response], bool]
    longest: int


def cut(text: str, longest: int) -> str:
    """The text, or as much of it as fits into so many bytes, with an ellipsis."""
    raw = text.encode()
    if len(raw) <= longest:
        return text
    return raw[: longest - len("…".encode())].decode("utf-8", "ignore") + "…"


def _feishu(robot: Robot, text: str, now: datetime) -> Post:
    at = str(int(now.timestamp()))
    told: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
    if robot.secret:
        # The secret is part of the key, and nothing at all is signed: so it is documented.
        told |= {"timestamp": at, "sign": _hmac(f"{at}\n{robot.secret}", "")}
    return Post(f"/open-apis/bot/v2/hook/{quote(robot.token, safe='')}", _JSON, _body(told))


def _dingtalk(robot: Robot, text: str, now: datetime) -> Post:
    query = {"access_token": robot.token}
    if robot.secret:
        at = str(int(now.timestamp() * 1000))
        query |= {"timestamp": at, "sign": _hmac(robot.secret, f"{at}\n{robot.secret}")}
    told = {"msgtype": "text", "text": {"content": text}}
    return Post(f"/robot/send?{urlencode(query)}", _JSON, _body(told))


def _wecom(robot: Robot, text: str, now: datetime) -> Post:
    del now  # nothing is signed
    told = {"msgtype": "text", "text": {"content": text}}
    target = f"/cgi-bin/webhook/send?{urlencode({'key': robot.token})}"
    return Post(target, _JSON, _body(told))


def _slack(robot: Robot, text: str, now: datetime) -> Post:
    del now  # nothing is signed
    told = {"text": text.translate(_SLACK)}
    return Post(f"/services/{quote(robot.token)}", _JSON, _body(told))


def _body(told: Mapping[str, object]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def _hmac(key: str, signed: str) -> str:
    return b64encode(hmac.digest(key.encode(), signed.encode(), "sha256")).decode()


def _zero(name: str) -> Callable[[Response], bool]:
    """Taken, says a code of 0 in the answer: the status is 200 whatever happens."""

    def took(response: Response) -> bool:
        return response.status == 200 and outcomes.document(response.body).get(name) == 0  # noqa: PLR2004

    return took


def _ok(response: Response) -> bool:
    return response.status == 200 and response.body == b"ok"  # noqa: PLR2004


SERVICES: Mapping[str, Service] = {
    "feishu": Service("https://open.feishu.cn", _feishu, _zero("code"), 18_000),
    "lark": Service("https://open.larksuite.com", _feishu, _zero("code"), 18_000),
    "dingtalk": Service("https://oapi.dingtalk.com", _dingtalk, _zero("errcode"), 18_000),
    "wecom": Service("https://qyapi.weixin.qq.com", _wecom, _zero("errcode"), 2_048),
    "slack": Service("https://hooks.slack.com", _slack, _ok, 30_000),
}

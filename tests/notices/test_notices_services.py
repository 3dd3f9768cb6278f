"""Is a notice told as each group chat wants it, and is its answer understood?"""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from outreach.channels.posting import Response
from outreach.errors import Misconfigured
from outreach.notices import robots
from outreach.notices.services import SERVICES, Post, cut

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def posted(url: str, text: str = "what is due waits") -> Post:
    [robot] = robots.read(url)
    return SERVICES[robot.service].post(robot, text, NOW)


def test_feishu_signs_nothing_under_instant_and_secret() -> None:
    """The documented form: the key is `timestamp\\nsecret`, and the message is empty."""
    told = json.loads(posted("feishu://tok:demo@").body)
    assert told["timestamp"] == "1773144000"
    assert told["sign"] == "jEj5RSsohR3Zc7qRpB8XACsHKNF3ktqBgFyYYxeQYKA="
    assert told["content"] == {"text": "what is due waits"}


def test_dingtalk_signs_its_milliseconds() -> None:
    """In the query, percent-encoded, beside the token."""
    query = parse_qs(urlsplit(posted("dingtalk://tok:SEC1@").target).query)
    assert query["access_token"] == ["tok"]
    assert query["timestamp"] == ["1773144000000"]
    assert query["sign"] == ["f1c4UbBoPPPoKVqtqXf2GKR3QgVu6BgqUXb2XDsnqXw="]


def test_without_a_secret_nothing_is_signed() -> None:
    """A robot may be kept by keywords or addresses instead."""
    assert "sign" not in json.loads(posted("feishu://tok@").body)
    assert "sign" not in posted("dingtalk://tok@").target


def test_slack_is_given_no_markup() -> None:
    """What comes from outside must not mention everybody."""
    post = posted("slack://T0%2FB0%2FX@", "<!channel> & co")
    assert post.target == "/services/T0/B0/X"
    assert json.loads(post.body) == {"text": "&lt;!channel&gt; &amp; co"}


def test_wecom_has_its_key_in_the_address() -> None:
    post = posted("wecom://k-1@", "已恢复")
    assert post.target == "/cgi-bin/webhook/send?key=k-1"
    assert json.loads(post.body) == {"msgtype": "text", "text": {"content": "已恢复"}}


@pytest.mark.parametrize(
    ("service", "body", "took"),
    [
        ("feishu", b'{"code": 0}', True), ("feishu", b'{"code": 19021}', False),
        ("feishu", b"", False), ("dingtalk", b'{"errcode": 0}', True),
        ("dingtalk", b'{"errcode": 310000}', False), ("wecom", b'{"errcode": 45009}', False),
        ("slack", b"ok", True), ("slack", b"no_service", False),
    ],
)  # fmt: skip
def test_an_answer_says_whether_it_was_taken(service: str, body: bytes, *, took: bool) -> None:
    """A status of 200 alone says nothing."""
    assert SERVICES[service].took(Response(200, {}, body)) is took
    assert not SERVICES[service].took(Response(500, {}, body))


def test_a_long_notice_is_cut_between_characters() -> None:
    """What a chat would refuse whole is better told in part."""
    assert cut("汉" * 10, 30) == "汉" * 10
    assert cut("汉" * 11, 31) == "汉" * 9 + "…"


@pytest.mark.parametrize(
    "url",
    [
        "teams://x@",
        "feishu://@",
        "https://open.feishu.cn/x",
        "a://[b",
        "wecom://k@h:x",
        "wecom://k@a..b",
    ],
)
def test_a_url_that_is_none_is_refused_by_its_place(url: str) -> None:
    with pytest.raises(Misconfigured, match="URL 2"):
        robots.read(f"wecom://k@ {url}")

"""Is what WeCom pushes opened by its keys alone, and is whoever left not written to again?"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from optout.model import Channel
from outreach.channels import outcomes
from outreach.channels.accounts import read
from outreach.channels.fetching import Fetcher
from outreach.channels.http_way import HttpWay
from outreach.channels.posting import Response
from outreach.channels.protocol import Accepted, Refused
from outreach.channels.receipts import Kind, Told, Why
from outreach.channels.receipts import Written as Reply
from outreach.channels.vendor import AtHand, Connected
from outreach.channels.vendors import wecom
from outreach.content import Content
from outreach.errors import Trouble
from outreach.signed import envelopes
from outreach.signed.message import Message, Verified
from outreach.signed.message import Refused as Unverified
from outreach.standins import serving
from outreach.standins.vendors.imitated import KEY, Written
from outreach.standins.vendors.wecom import IMITATED, deleted, token
from tests.channels.builders import NOW, a_text

LEAVES = Written("wmCustomer01", "mei", "", NOW)
# The example of 「加解密方案说明」 and of the vendor's own library.
TOKEN, CORP = "QDG6eK", "wx5823bf96d3bd56c7"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CHECK = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": "1409659589",
    "nonce": "263014780",
    "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZ"
    "XvnaqQ==",
}


def connected(url: str = IMITATED.url.format(port=1)) -> Connected:
    found = read(url)
    assert found is not None
    return found


def judged(one: Connected, message: Message, *, now: datetime = NOW) -> object:
    return one.vendor.verify(one.account, message, now)


def test_the_published_example_is_opened() -> None:
    """The address is confirmed by the text that WeCom sealed, and by nothing else."""
    ours = connected(f"wecom://{CORP}:secret@?member=mei&webhook={TOKEN}&aes={AES_KEY}")
    message = Message(b"", {}, CHECK)
    assert judged(ours, message, now=datetime.fromtimestamp(1409659589, UTC)) == Verified()
    assert ours.vendor.thanks(message).body == b"1616140317555161061"
    assert ours.vendor.read(message) == ()


def test_who_deletes_the_member_has_refused() -> None:
    message = deleted(LEAVES)
    ours = connected()
    assert judged(ours, message) == Verified()
    [said] = ours.vendor.read(message)
    assert isinstance(said, Reply)
    assert (said.sender, said.text, said.channel) == ("wmCustomer01", "STOP", Channel.CHAT)
    assert ours.vendor.thanks(message).body == b""


@pytest.mark.parametrize(
    "changes",
    [
        {"query": {}},
        {"body": b"<xml></xml>"},
        {"body": deleted(replace(LEAVES, sender="wmOther")).body},
    ],
)
def test_a_forged_push_is_refused(changes: dict[str, object]) -> None:
    """Without a signature, or with one of another message."""
    forged = replace(deleted(LEAVES), **changes)  # type: ignore[arg-type]
    assert isinstance(judged(connected(), forged), Unverified)


def test_a_push_under_another_token_late_or_sealed_for_another_is_refused() -> None:
    late = judged(connected(), deleted(LEAVES), now=NOW + timedelta(minutes=6))
    other = judged(connected(), deleted(replace(LEAVES, secret="other")))
    url = IMITATED.url.format(port=1)
    unsealed = judged(connected(url.replace("standin", "another", 1)), deleted(LEAVES))
    unkeyed = judged(connected(url.partition("&aes=")[0]), deleted(LEAVES))
    codes = [one.code for one in (late, other, unsealed, unkeyed) if isinstance(one, Unverified)]
    assert codes == ["stale", "wrong-signature", "unreadable", "unreadable"]


@pytest.mark.parametrize("sealed", ["", "AAAA", "!", "A" * 64, CHECK["echostr"][:-24]])
@pytest.mark.parametrize("key", ["", "short", AES_KEY])
def test_rubbish_is_not_opened(sealed: str, key: str) -> None:
    assert envelopes.opened(sealed, key=key, receiver=CORP) is None


def test_a_customer_who_cannot_be_written_to_is_a_refusal_for_good() -> None:
    body = b'{"errcode": 0, "errmsg": "ok", "fail_list": ["wmCustomer01"], "msgid": "m"}'
    said = wecom.outcome(Response(200, {}, body))
    assert isinstance(said, Refused)
    assert (said.reason, said.permanent) == ("rejected", True)


def test_no_token_is_a_refusal_for_now() -> None:
    """And so is a text beyond what WeCom takes, for good: nothing has left in either case."""

    def away(url: str) -> bytes:
        raise Trouble(f"nobody answers at {url[:8]}")

    ours = connected()
    way = HttpWay(replace(ours, account=replace(ours.account, fetch=away)), clock=lambda: NOW)
    long = a_text(2, to="wmCustomer01", content=Content("字" * 1334))
    answers = [said for _, said in way.hand_over([a_text(1, to="wmCustomer01"), long])]
    way.close()
    told = [(one.reason, one.permanent) for one in answers if isinstance(one, Refused)]
    assert told == [("unreachable", False), ("malformed", True)]
    assert KEY not in str(answers)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (b'{"errcode":0,"access_token":"t","expires_in":7200}', 7140.0),
        (b'{"errcode":0,"access_token":"t","expires_in":100}', 40.0),
        (b'{"errcode":0,"access_token":"t","expires_in":5}', 0.0),
        (b'{"errcode":40001,"errmsg":"invalid credential"}', 0.0),
        (b'{"errcode":42001,"access_token":"t","expires_in":7200}', 0.0),
        (b"busy", 0.0),
    ],
)
def test_a_token_is_kept_no_longer_than_it_is_good_and_an_error_never(
    given: bytes, seconds: float
) -> None:
    assert wecom.lasts(given) == seconds


@pytest.mark.parametrize("code", [40014, 41001, 42001])
def test_a_token_that_was_ended_is_fetched_anew(code: int) -> None:
    """The message that met it surely was not sent and waits; the next goes with a fresh one."""
    said = Response(200, {}, json.dumps({"errcode": code, "errmsg": "token"}).encode())
    assert wecom.VENDOR.stale(said)
    assert wecom.outcome(said) == Refused("login", outcomes.shown(said), permanent=False)
    assert not wecom.VENDOR.stale(Response(200, {}, b'{"errcode": 45009}'))


def test_what_is_forgotten_is_asked_for_again(tmp_path: Path) -> None:
    """A refused token is used for no other message."""
    asked = list[str]()

    def fetch(url: str) -> bytes:
        asked.append(url)
        return token(url)

    with serving.vendor("wecom", tmp_path / "log", answers=["1=http:401"]) as server:
        ours = connected(IMITATED.url.format(port=server.port))
        fetcher = Fetcher(keep=600)
        fetcher._fetched = fetch  # type: ignore[method-assign]  # no gettoken there
        account = replace(ours.account, fetch=fetcher, forget=fetcher.forget)
        way = HttpWay(replace(ours, account=account), clock=lambda: NOW)
        texts = [a_text(n, to="wmCustomer01", brand="shop") for n in (1, 2, 3)]
        answers = [said for _, said in way.hand_over(texts)]
        way.close()
    assert [type(one) for one in answers] == [Refused, Accepted, Accepted]
    assert len(asked) == 2


@contextmanager
def a_way(tmp_path: Path, *answers: str) -> Iterator[HttpWay]:
    """The way out to the stand-in, with a token."""
    with serving.vendor("wecom", tmp_path / "log", answers=answers) as server:
        ours = connected(IMITATED.url.format(port=server.port))
        account = replace(ours.account, fetch=token)
        way = HttpWay(replace(ours, account=account), clock=lambda: NOW)
        yield way
        way.close()


def entrusted(way: HttpWay, to: str) -> str:
    [(_, said)] = way.hand_over([a_text(1, to=to)])
    assert isinstance(said, Accepted)
    assert said.entrusted_to == "wecom"
    return said.provider_id or ""


@pytest.mark.parametrize(
    ("to", "kind", "why"),
    [
        ("wmCustomer", Kind.DELIVERED, None),
        ("wmGone", Kind.BOUNCED_HARD, Why.NO_SUCH_ADDRESS),
        ("wmFull", Kind.FAILED, Why.FILTERED),
    ],
)
def test_what_the_member_did_is_asked_for(
    to: str, kind: Kind, why: Why | None, tmp_path: Path
) -> None:
    """Sent, or why WeCom did not send it though the member confirmed."""
    with a_way(tmp_path) as way:
        said = way.ask_after(entrusted(way, to))
    assert isinstance(said, Told)
    assert (said.kind, said.why) == (kind, why)


def test_what_waits_for_the_member_can_be_called_off(tmp_path: Path) -> None:
    """Only the provider's word says that it was; of what it does not know it says nothing."""
    with a_way(tmp_path) as way:
        given = entrusted(way, "wmWaits")
        assert way.ask_after(given) == AtHand()
        assert way.call_off(given)
        assert way.ask_after("another") is None
        assert not way.call_off("another")


@pytest.mark.parametrize("fault", ["http:401", "http:429", "http:500", "http:400"])
def test_whatever_goes_wrong_with_the_question_says_nothing(fault: str, tmp_path: Path) -> None:
    """Neither that it was sent nor that it was called off; both are asked again."""
    with a_way(tmp_path, f"2={fault}", f"3={fault}") as way:
        given = entrusted(way, "wmCustomer")
        assert way.ask_after(given) is None
        assert not way.call_off(given)
        assert isinstance(way.ask_after(given), Told)


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "busy", '{"errcode": 0}', '{"errcode": false, "send_list": [{"status": 1}]}',
        '{"errcode": 0, "send_list": [[]]}', '{"errcode": 0, "send_list": [{"status": true}]}',
        '{"errcode": 0, "send_list": [{"status": "0"}]}', '{"errcode": 0, "send_list": {}}',
        '{"errcode": 0, "send_list": [{"status": 9}]}',
    ],
)  # fmt: skip
def test_an_unreadable_result_is_none(body: str) -> None:
    assert wecom.fared(Response(200, {}, body.encode())) is None

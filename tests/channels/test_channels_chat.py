"""What is special about each chat provider?"""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from outreach.channels import addresses
from outreach.channels.accounts import read
from outreach.channels.guard import Guard
from outreach.channels.http_way import HttpWay
from outreach.channels.posting import Response
from outreach.channels.protocol import Accepted, Refused
from outreach.channels.receipts import Kind, Told, Why, Written
from outreach.channels.vendors import line, webhook, whatsapp
from outreach.content import Content
from outreach.errors import Invalid
from outreach.signed.message import Message, Verified
from outreach.signed.message import Refused as Unverified
from outreach.standins import serving
from tests.channels.builders import NOW, a_text

TEMPLATE = Content("Hi Ada", code="parcel_there")


def an_account(url: str) -> whatsapp.Account:
    connected = read(url)
    assert connected is not None
    return connected.account


WHATSAPP = an_account("whatsapp://token@?number=42&webhook=secret&verify=word&language=zh_CN")


class TestWhatsApp:
    def test_a_text_without_a_template_goes_as_it_is(self) -> None:
        """Whether the person wrote within 24 hours was judged before; here its length alone is."""
        told = json.loads(whatsapp.request(WHATSAPP, a_text(), NOW).body)
        assert (told["type"], told["text"]) == ("text", {"body": a_text().content.text})
        long = a_text(content=Content("a" * 4097))
        with pytest.raises(Invalid, match="4096"):
            whatsapp.request(WHATSAPP, long, NOW)

    @pytest.mark.parametrize(
        ("params", "filled"),
        [
            ({"2": "b", "10": "c", "1": "a"}, [("a", None), ("b", None), ("c", None)]),
            ({"name": "Ada", "day": "Monday"}, [("Ada", "name"), ("Monday", "day")]),
        ],
    )
    def test_holes_are_filled_by_number_or_by_name(
        self, params: dict[str, str], filled: list[tuple[str, str | None]]
    ) -> None:
        """The tenth comes after the second."""
        one = a_text(content=replace(TEMPLATE, params=params), brand="shop")
        asked = whatsapp.request(WHATSAPP, one, NOW)
        told = json.loads(asked.body)
        [body] = told["template"]["components"]
        found = [(each["text"], each.get("parameter_name")) for each in body["parameters"]]
        assert found == filled
        assert told["template"]["language"] == {"code": "zh_CN"}
        assert told["biz_opaque_callback_data"] == f"shop/{one.touch_id}"
        assert asked.target == "/v23.0/42/messages"

    @pytest.mark.parametrize(("code", "reason"), [(131056, "busy"), (190, "login"), (132000, None)])
    def test_the_code_of_an_error_decides(self, code: int, reason: str | None) -> None:
        """A status of 400 alone does not say whether the message is at fault."""
        body = json.dumps({"error": {"code": code, "message": "no"}}).encode()
        answer = whatsapp.outcome(Response(400, {}, body))
        assert isinstance(answer, Refused)
        assert (answer.reason, answer.permanent) == (reason or "rejected", reason is None)

    def test_an_answer_of_another_form_is_doubted(self) -> None:
        """Neither a broken body nor one without messages breaks anything."""
        for body in (b"", b"[]", b'{"messages": []}', b'{"messages": [1]}', b'{"messages": {}}'):
            assert not isinstance(whatsapp.outcome(Response(200, {}, body)), Accepted)

    def test_a_refusal_in_the_settings_of_whatsapp_is_one(self) -> None:
        """It comes as if the person had written it; permitting again is for them to say to us."""

        def said(value: str) -> list[object]:
            choice = {"wa_id": "12025550100", "value": value, "timestamp": "1893456000"}
            change = {"field": "user_preferences", "value": {"user_preferences": [choice]}}
            body = json.dumps({"entry": [{"changes": [change]}]}).encode()
            return list(whatsapp.read(Message(body, {})))

        [stop] = said("stop")
        assert isinstance(stop, Written)
        assert (stop.sender, stop.text) == ("+12025550100", "STOP")
        assert said("resume") == []

    def test_a_failure_tells_its_cause(self) -> None:
        """A person who refused what promotes has refused."""
        status = {
            "id": "wamid.1", "status": "failed", "timestamp": "1893456000",
            "biz_opaque_callback_data": "shop/tch_1",
            "errors": [{"code": 131050, "title": "stopped"}],
        }  # fmt: skip
        body = json.dumps({"entry": [{"changes": [{"value": {"statuses": [status]}}]}]}).encode()
        failed, refused = whatsapp.read(Message(body, {}))
        assert isinstance(failed, Told)
        assert (failed.kind, failed.why, failed.said) == (
            Kind.FAILED, Why.REFUSED_BEFORE, "131050 stopped",
        )  # fmt: skip
        assert isinstance(refused, Told)
        assert refused.kind is Kind.UNSUBSCRIBED

    def test_the_address_is_confirmed_by_its_word(self) -> None:
        """The challenge comes back to who knows the word."""
        asked = {"hub.mode": "subscribe", "hub.challenge": "77", "hub.verify_token": "word"}
        right = Message(b"", {}, asked)
        wrong = Message(b"", {}, asked | {"hub.verify_token": "guess"})
        assert whatsapp.verify(WHATSAPP, right, NOW) == Verified()
        assert whatsapp.read(right) == ()
        assert whatsapp.thanks(right).body == b"77"
        assert isinstance(whatsapp.verify(WHATSAPP, wrong, NOW), Unverified)


class TestLine:
    def test_a_conflict_means_that_it_was_taken(self) -> None:
        """By the documented header; another conflict leaves it open."""
        body = b'{"message": "already accepted", "sentMessages": [{"id": "461"}]}'
        taken = Response(409, {"x-line-accepted-request-id": "r"}, body)
        assert line.outcome(taken) == Accepted("461")
        assert not isinstance(line.outcome(Response(409, {}, body)), Accepted | Refused)

    def test_whoever_blocks_the_account_has_refused_it(self) -> None:
        event = {"type": "unfollow", "webhookEventId": "01E", "source": {"userId": "U1"}}
        body = json.dumps({"destination": "U0", "events": [event, {"type": "follow"}]}).encode()
        [said] = line.read(Message(body, {}))
        assert isinstance(said, Written)
        assert (said.sender, said.text) == ("U1", "STOP")

    def test_a_text_that_is_too_long_is_not_sent(self) -> None:
        """LINE counts UTF-16 units: a character beyond the first plane is two of them."""
        account = an_account("line://token@")
        line.request(account, a_text(content=Content("😀" * 2500)), NOW)
        with pytest.raises(Invalid, match="5000"):
            line.request(account, a_text(content=Content("😀" * 2501)), NOW)


class TestWebhook:
    def test_a_host_inside_is_not_reached(self, tmp_path: Path) -> None:
        """What a URL names is judged, unless its network is allowed."""
        answers = []
        with serving.vendor("webhook", tmp_path / "log") as server:
            url = f"webhook+http://whsec_c3RhbmQtaW4%3D@127.0.0.1:{server.port}/hook"
            connected = read(url)
            assert connected is not None
            for guard in (Guard(), Guard(addresses.networks("127.0.0.0/8"))):
                way = HttpWay(connected, clock=lambda: NOW, guard=guard)
                deadline = time.monotonic() + 5
                [(_, answer)] = way.hand_over([a_text(brand="shop", deadline=deadline)])
                answers.append(answer)
                way.close()
        assert isinstance(answers[0], Refused)
        assert answers[0].reason == "unreachable"
        assert isinstance(answers[1], Accepted)

    def test_the_same_touch_is_always_the_same_body(self) -> None:
        """Under the same id, so that whoever takes it can tell."""
        account = an_account("webhook+https://whsec_c3RhbmQtaW4%3D@hooks.example/in?webhook=b")
        first, again = (webhook.request(account, a_text(), NOW) for _ in range(2))
        assert first == again
        assert first.target == "/in"
        assert "html" not in json.loads(first.body)["data"]

    def test_an_empty_answer_is_enough(self) -> None:
        """Whoever takes webhooks need not answer anything; half an answer leaves it open."""
        assert webhook.outcome(Response(204, {}, b"")) == Accepted()
        assert webhook.outcome(Response(200, {"content-length": "0"}, b"")) == Accepted()
        assert not isinstance(webhook.outcome(Response(202, {}, b'{"id": "')), Accepted)

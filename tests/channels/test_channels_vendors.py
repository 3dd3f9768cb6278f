"""What does every provider that is spoken to over HTTP keep to?

Each one speaks to its stand-in, which behaves as the provider is documented.
"""

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest

from optout.model import Channel
from outreach.channels.accounts import read
from outreach.channels.charges import Charge
from outreach.channels.http_way import HttpWay
from outreach.channels.posting import Response
from outreach.channels.protocol import Accepted, Answer, Outgoing, Refused, Uncertain
from outreach.channels.receipts import Kind, Told, Why
from outreach.channels.receipts import Written as Reply
from outreach.channels.vendor import Connected
from outreach.channels.vendors.catalogue import VENDORS
from outreach.content import Content
from outreach.errors import Invalid
from outreach.signed import message as signed
from outreach.standins import serving
from outreach.standins.record import Entry
from outreach.standins.serving import Server
from outreach.standins.vendors.catalogue import IMITATED
from outreach.standins.vendors.imitated import Imitated, Push, Written
from tests.channels.builders import NOW, a_mail, a_text
from tests.sources.spoilt import spoilt

WHERE = "https://care.example/back/x/token"


# What any of them answers, so that one document asks all of them.
ANSWERED = {
    "code": "1", "id": "1", "message": "x", "sid": "s", "price": "0.1", "price_unit": "USD",
    "num_segments": "1", "messages": [{"id": "1", "message_status": "x"}],
    "errors": [{"code": "1", "title": "x"}], "error": {"code": 1, "error_data": {"details": "x"}},
    "data": {"id": "x", "parts": 1, "cost": {"amount": "0.1", "currency": "USD"}},
    "Response": {"Error": {"Code": "x"}, "SendStatusSet": [{"Code": "Ok", "SerialNo": "1"}]},
    "Code": "OK", "BizId": "1", "errcode": 0, "msgid": "m", "fail_list": [], "MessageId": "m",
    "ErrorCode": 0, "MessageID": "x", "sentMessages": [{"id": "1"}], "__type": "x",
    "access_token": "x", "expires_in": 7200,
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """A provider's stand-in that is listening, and the way out that is pointed at it."""

    way: HttpWay
    server: Server
    imitated: Imitated

    @property
    def connected(self) -> Connected:
        return self.way.connected

    def message(self, number: int = 1, **changes: object) -> Outgoing:
        build = a_mail if self.connected.vendor.channel is Channel.EMAIL else a_text
        values: dict[str, object] = {"brand": "shop"}
        if self.imitated.templates_only:
            text = "Your parcel is there."
            values["content"] = Content(text, code="parcel_there", params={"1": text})
        if self.imitated.person:
            values["to"] = self.imitated.person
        return build(number, **{**values, **changes})

    def send(self, *messages: Outgoing) -> list[Answer]:
        return [answer for _, answer in self.way.hand_over(messages or [self.message()])]

    def pushed(self, kind: Kind, entry: Entry, **changes: object) -> signed.Message:
        """The receipt of this kind, as the provider pushes it."""
        assert self.imitated.push is not None
        word, _, about = self.imitated.words[kind].partition(":")
        values = {"where": WHERE, "about": about, **changes}
        return self.imitated.push(Push(entry, word, NOW, **values))  # type: ignore[arg-type]

    def any_push(self, entry: Entry, **changes: object) -> signed.Message:
        """A receipt, or from a provider that tells none a reply."""
        if self.imitated.words:
            return self.pushed(Kind(next(iter(self.imitated.words))), entry, **changes)
        if self.imitated.write is None:
            pytest.skip("it pushes neither receipts nor replies")
        said = Written("+12025550100", "+12025550199", "Hello", NOW, WHERE)
        return self.imitated.write(replace(said, **changes))  # type: ignore[arg-type]

    def judged(self, message: signed.Message) -> object:
        return self.connected.vendor.verify(self.connected.account, message, NOW)


@contextmanager
def at(name: str, log: Path, *answers: str) -> Iterator[Scene]:
    with serving.vendor(name, log, answers=answers) as server:
        imitated = IMITATED[name]
        connected = read(imitated.url.format(port=server.port), reports_to=lambda _: WHERE)
        assert connected is not None
        if imitated.fetch:
            account = replace(connected.account, fetch=imitated.fetch)
            connected = replace(connected, account=account)
        with closing(HttpWay(connected, clock=lambda: NOW)) as way:
            yield Scene(way, server, imitated)


@pytest.mark.parametrize("name", sorted(VENDORS))
class TestEveryVendor:
    def test_a_message_is_accepted_under_the_providers_id(self, name: str, tmp_path: Path) -> None:
        """It arrives as it was meant, and carries what its receipts will name it by."""
        with at(name, tmp_path / "log") as scene:
            one = scene.message()
            [answer] = scene.send(one)
            [entry] = scene.server.accepted
        assert isinstance(answer, Accepted)
        assert answer.provider_id == entry["id"]
        assert entry["to"] == one.to
        assert entry["touch"] == one.touch_id or not scene.imitated.told_touch
        assert one.content.text in entry["said"] or one.content.subject in entry["said"]

    def test_a_handful_goes_over_one_connection(self, name: str, tmp_path: Path) -> None:
        """Message after message, without a new connection for each."""
        with at(name, tmp_path / "log") as scene:
            answers = scene.send(*(scene.message(n) for n in range(1, 6)))
            assert (len(scene.server.accepted), scene.server.connections) == (5, 1)
        assert all(isinstance(answer, Accepted) for answer in answers)

    @pytest.mark.parametrize(
        ("rule", "reason", "permanent"),
        [
            ("1=http:400", "rejected", True),
            ("1=http:401", "login", False),
            ("1=http:429:7", "busy", False),
            ("1=http:429:+7", "busy", False),
        ],
    )
    def test_a_refusal_says_why_and_was_not_sent(
        self, name: str, tmp_path: Path, rule: str, reason: str, *, permanent: bool
    ) -> None:
        """The message is at fault, the account is, or it is only too early."""
        with at(name, tmp_path / "log", rule) as scene:
            [answer] = scene.send()
            assert scene.server.accepted == []
        assert isinstance(answer, Refused)
        assert (answer.reason, answer.permanent) == (reason, permanent)
        assert answer.by == scene.connected.vendor.name
        wait = timedelta(seconds=7) if reason == "busy" else None
        assert answer.retry_after == wait

    def test_a_wrong_key_is_the_accounts_fault(self, name: str, tmp_path: Path) -> None:
        """Nothing is sent, and the message may go when the account is in order."""
        with at(name, tmp_path / "log") as scene:
            account = replace(scene.connected.account, secret="d3Jvbmc")
            way = HttpWay(replace(scene.connected, account=account), clock=lambda: NOW)
            [(_, answer)] = way.hand_over([scene.message()])
            way.close()
            assert scene.server.accepted == []
        assert isinstance(answer, Refused)
        assert (answer.reason, answer.permanent) == ("login", False)

    @pytest.mark.parametrize("fault", ["drop", "silence", "broken", "deaf", "reset", "500"])
    def test_without_a_readable_answer_nobody_knows(
        self, name: str, tmp_path: Path, fault: str
    ) -> None:
        """It may have been taken before the provider fell silent, and nothing claims either."""
        with at(name, tmp_path / "log", f"1=http:{fault}") as scene:
            patience = 0.2 if fault in {"silence", "deaf"} else 10
            [answer] = scene.send(scene.message(deadline=time.monotonic() + patience))
        assert isinstance(answer, Uncertain)
        assert answer.by == scene.connected.vendor.name

    def test_after_a_fault_the_next_message_leaves(self, name: str, tmp_path: Path) -> None:
        """A broken connection spoils no other message, and none is sent twice."""
        with at(name, tmp_path / "log", "2=http:drop", "4=http:reset") as scene:
            answers = scene.send(*(scene.message(n) for n in range(1, 6)))
            assert len(scene.server.accepted) == 4
        assert [type(answer) for answer in answers] == [
            Accepted, Uncertain, Accepted, Uncertain, Accepted
        ]  # fmt: skip

    def test_past_the_deadline_no_call_starts(self, name: str, tmp_path: Path) -> None:
        """It is refused by ourselves, and surely was not sent."""
        with at(name, tmp_path / "log") as scene:
            [answer] = scene.send(scene.message(deadline=time.monotonic()))
            assert scene.server.accepted == []
        assert isinstance(answer, Refused)
        assert answer.reason == "deadline"

    def test_a_key_is_known_where_the_provider_says_so(self, name: str, tmp_path: Path) -> None:
        """The same call twice is one message at providers that declare it, and two elsewhere."""
        with at(name, tmp_path / "log") as scene:
            answers = scene.send(scene.message(), scene.message())
            once = len(scene.server.accepted) == 1
        assert once is scene.connected.vendor.capabilities.idempotent
        assert all(isinstance(answer, Accepted) for answer in answers)

    def test_each_kind_of_receipt_is_read(self, name: str, tmp_path: Path) -> None:
        """Whatever the provider calls it, with what names the message."""
        with at(name, tmp_path / "log") as scene:
            one = scene.message()
            scene.send(one)
            [entry] = scene.server.accepted
        for kind in scene.imitated.words:
            pushed = scene.pushed(Kind(kind), entry)
            assert scene.judged(pushed) == signed.Verified()
            told = scene.connected.vendor.read(pushed)
            assert kind in {one.kind for one in told if isinstance(one, Told)}
            for said in told:
                assert isinstance(said, Told)
                assert said.provider_id == entry["id"] or said.touch == one.touch_id
                assert said.touch in {None, one.touch_id}
                assert said.brand in {None, "shop"}

    def test_a_failure_names_one_of_our_causes(self, name: str, tmp_path: Path) -> None:
        """And keeps the provider's own code or words beside it."""
        with at(name, tmp_path / "log") as scene:
            scene.send()
            [entry] = scene.server.accepted
        for kind in {"failed", "bounced_hard"} & scene.imitated.words.keys():
            told = scene.connected.vendor.read(scene.pushed(Kind(kind), entry))
            assert all(one.why and one.said for one in told if isinstance(one, Told))

    def test_a_forged_receipt_is_refused(self, name: str, tmp_path: Path) -> None:
        """Another secret, another body, no signature: none of them is the provider's word."""
        with at(name, tmp_path / "log") as scene:
            scene.send()
            [entry] = scene.server.accepted
        if not scene.imitated.signed:
            pytest.skip(f"{name} signs nothing: its secret address is all that vouches")
        right = scene.any_push(entry)
        other = scene.any_push(entry, secret="YW5vdGhlci1zZWNyZXQ")
        forged = [other] if scene.imitated.in_body else [other, replace(right, headers={})]
        if scene.imitated.covers:
            told = right.body.replace(entry["id"].encode(), b"forged")
            forged.append(replace(right, body=told if told != right.body else told + b" "))
        verdicts = [scene.judged(one) for one in forged]
        assert all(isinstance(verdict, signed.Refused) for verdict in verdicts), verdicts

    def test_what_people_write_back_is_read(self, name: str, tmp_path: Path) -> None:
        """With the number that they wrote from, and the one they wrote to."""
        with at(name, tmp_path / "log") as scene:
            write = scene.imitated.write
        assert scene.connected.vendor.capabilities.inbound is (write is not None)
        if write is None:
            pytest.skip(f"{name} brings no replies")
        person = scene.imitated.person or "+12025550100"
        pushed = write(Written(person, scene.imitated.ours, "T 退订", NOW, WHERE))
        assert scene.judged(pushed) == signed.Verified()
        [said] = scene.connected.vendor.read(pushed)
        assert isinstance(said, Reply)
        assert (said.sender, said.to, said.text) == (person, scene.imitated.ours, "T 退订")
        assert said.id

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 50_000, b'"x"', b"a=1&"]
    )
    def test_rubbish_is_passed_over_or_said_to_be_unreadable(
        self, name: str, tmp_path: Path, body: bytes
    ) -> None:
        """Nothing is made up of it, and nothing breaks."""
        said: object = ()
        with suppress(Invalid):
            said = VENDORS[name].read(signed.Message(body, {}))
        assert not said

    def test_a_value_of_another_kind_in_a_push_breaks_nothing(
        self, name: str, tmp_path: Path
    ) -> None:
        """Whichever value it stands for: it is read, passed over, or said to be unreadable."""
        with at(name, tmp_path / "log") as scene:
            scene.send()
            pushed = scene.any_push(scene.server.accepted[0])
        vendor, account = scene.connected.vendor, scene.connected.account
        for body in spoilt_bodies(pushed.body):
            message = replace(pushed, body=body)
            for asked in (partial(vendor.verify, account, now=NOW), vendor.read, vendor.once):
                with suppress(Invalid):
                    asked(message)

    @pytest.mark.parametrize("status", [200, 400])
    def test_an_answer_of_another_shape_is_an_answer(self, name: str, status: int) -> None:
        """The message has left by then, and what became of it has to be written down."""
        vendor = VENDORS[name]
        for told in spoilt(ANSWERED):
            response = Response(status, {}, json.dumps(told).encode())
            assert isinstance(vendor.outcome(response), Accepted | Refused | Uncertain)
            assert vendor.stale(response) in {True, False}
            assert vendor.lasts(response.body) >= 0


def spoilt_bodies(body: bytes) -> list[bytes]:
    """A push, JSON or a form, each time with something else in place of one of its values."""
    with suppress(ValueError):
        return [json.dumps(one).encode() for one in spoilt(json.loads(body))]
    given = dict(parse_qsl(body.decode()))
    forms = (one for one in spoilt(given) if isinstance(one, dict))
    return [urlencode(one, errors="surrogatepass").encode() for one in forms]


def test_every_vendor_has_a_stand_in() -> None:
    """Whoever adds one adds the other."""
    assert IMITATED.keys() == VENDORS.keys()


@pytest.mark.parametrize(
    ("vendor", "body"),
    [("twilio", b'{"code": {"a": 1}}'), ("whatsapp", b'{"error": {"code": {"a": 1}}}')],
)
def test_a_code_that_is_no_number_breaks_nothing(vendor: str, body: bytes) -> None:
    """The message has left by then, and an answer has to be written down."""
    assert isinstance(VENDORS[vendor].outcome(Response(400, {}, body)), Refused)


@pytest.mark.parametrize(
    ("vendor", "status", "body", "cause"),
    [
        ("twilio", 400, {"code": 21610}, Why.REFUSED_BEFORE),
        ("twilio", 400, {"code": 21211}, Why.NO_SUCH_ADDRESS),
        ("twilio", 400, {"code": 21602}, None),
        ("telnyx", 403, {"errors": [{"code": "40300"}]}, Why.REFUSED_BEFORE),
        ("telnyx", 400, {"errors": [{"code": "40310"}]}, Why.NO_SUCH_ADDRESS),
        ("whatsapp", 400, {"error": {"code": 131050}}, Why.REFUSED_BEFORE),
        (
            "tencent",
            200,
            {"Response": {"Error": {"Code": "FailedOperation.PhoneNumberInBlacklist"}}},
            Why.REFUSED_BEFORE,
        ),
    ],
)
def test_a_refusal_tells_what_it_says_of_the_address(
    vendor: str, status: int, body: object, cause: Why | None
) -> None:
    """By the codes that each provider documents."""
    said = VENDORS[vendor].outcome(Response(status, {}, json.dumps(body).encode()))
    assert isinstance(said, Refused)
    assert (said.permanent, said.cause) == (True, cause)


@pytest.mark.parametrize(
    ("vendor", "body", "charge"),
    [
        (
            "twilio",
            {"sid": "SM1", "num_segments": "2", "price": "-0.0150", "price_unit": "USD"},
            Charge(2, Decimal("0.0150"), "USD"),
        ),
        ("twilio", {"sid": "SM1", "num_segments": "1", "price": None}, Charge(1)),
        (
            "telnyx",
            {"data": {"id": "1", "parts": 1, "cost": {"amount": "0.0051", "currency": "USD"}}},
            Charge(1, Decimal("0.0051"), "USD"),
        ),
        (
            "tencent",
            {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "1", "Fee": 3}]}},
            Charge(3),
        ),
    ],
)
def test_an_answer_tells_what_the_message_costs(vendor: str, body: object, charge: Charge) -> None:
    """The amount where it is known by then, and else the parts."""
    said = VENDORS[vendor].outcome(Response(200, {}, json.dumps(body).encode()))
    assert isinstance(said, Accepted)
    assert said.charge == charge


@pytest.mark.parametrize(
    ("url", "body", "charge"),
    [
        (
            "aliyun://id:key@?price=0.045CNY",
            [{"success": True, "out_id": "shop/tch_1", "sms_size": "2"}],
            Charge(2, Decimal("0.090"), "CNY"),
        ),
        (
            "aliyun://id:key@", [{"success": True, "out_id": "shop/tch_1", "sms_size": "2"}],
            Charge(2),
        ),
        (
            "telnyx://key@?price=1USD",
            {"data": {"event_type": "message.finalized", "payload": {
                "id": "1", "to": [{"status": "delivered"}], "parts": 2,
                "cost": {"amount": "0.0102", "currency": "USD"}}}},
            Charge(2, Decimal("0.0102"), "USD"),
        ),
    ],
)  # fmt: skip
def test_a_receipt_tells_what_the_message_costs(url: str, body: object, charge: Charge) -> None:
    """What the provider tells stands; else the parts by the price in the account's URL."""
    connected = read(url)
    assert connected is not None
    pushed = signed.Message(json.dumps(body).encode(), {})
    [told] = [connected.priced(one) for one in connected.vendor.read(pushed)]
    assert isinstance(told, Told)
    assert told.charge == charge


@pytest.mark.parametrize(
    ("reason", "code", "kinds"),
    [
        ("bounce", "5.1.1", [Kind.BOUNCED_HARD]),
        ("bounce", "", [Kind.BOUNCED_HARD]),
        ("bounce", "5.7.1", [Kind.FAILED]),
        ("suppress-bounce", "", [Kind.BOUNCED_HARD]),
        ("suppress-complaint", "", [Kind.FAILED, Kind.UNSUBSCRIBED]),
        ("generic", "", [Kind.FAILED]),
    ],
)
def test_mailgun_tells_an_address_that_is_none_from_a_mail_that_was_not_wanted(
    reason: str, code: str, kinds: list[Kind]
) -> None:
    """A receiver's policy blocks nobody's address."""
    event = {
        "event": "failed", "severity": "permanent", "reason": reason,
        "message": {"headers": {"message-id": "m@mg.shop.example"}},
        "delivery-status": {"enhanced-code": code},
    }  # fmt: skip
    body = json.dumps({"event-data": event}).encode()
    told = VENDORS["mailgun"].read(signed.Message(body, {}))
    assert [one.kind for one in told if isinstance(one, Told)] == kinds


@pytest.mark.parametrize(("hours", "genuine"), [(-8, True), (-10, False), (10, False)])
def test_mailgun_is_believed_for_as_long_as_it_tells_again(
    hours: int, tmp_path: Path, *, genuine: bool
) -> None:
    """What it signed before that is somebody else's to push again."""
    entry: dict[str, object] = {"id": "m", "to": "a@people.example", "echo": "{}"}
    push = IMITATED["mailgun"].push
    assert push
    message = push(Push(entry, "opened", NOW + timedelta(hours=hours)))  # type: ignore[arg-type]
    with at("mailgun", tmp_path / "log") as scene:
        assert isinstance(scene.judged(message), signed.Verified) is genuine

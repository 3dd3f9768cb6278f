"""Does what a provider pushes take effect, for the right brand, once, and only if it is genuine?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient

from optout.model import Channel
from outreach.app import Outreach, back_tokens
from outreach.channels import own
from outreach.channels.accounts import read
from outreach.channels.protocol import Accepted, Outgoing
from outreach.db.engine import BrandRef
from outreach.dispatch import send
from outreach.dispatch.means import Look
from outreach.hints import Hints
from outreach.inbound import refusals, tokens
from outreach.people.model import Person
from outreach.signed.message import TOLERATED_LATEST, Message
from outreach.standins.record import Entry
from outreach.standins.vendors.catalogue import IMITATED
from outreach.standins.vendors.imitated import Push, Written
from outreach.web import server
from tests import builders as b


@dataclass(frozen=True)
class Back:
    """A message that left, as if through Twilio, and the address to which Twilio reports."""

    app: Outreach
    brand: BrandRef
    client: TestClient
    one: Outgoing
    person: Person

    @property
    def where(self) -> str:
        token = back_tokens(self.app.link_keys, "twilio")[0]
        return f"http://127.0.0.1:8000/back/twilio/{token}"

    def entry(self) -> Entry:
        one = self.one
        echo = f"{self.where}?brand={self.brand.key}&touch={one.touch_id}"
        return Entry(
            at=1, touch=one.touch_id, to=one.to, sender=one.sender.address, said="", size=0,
            id="SM1", key="", unsubscribe="", began=0.0, taken=0.0, echo=echo,
        )  # fmt: skip

    def push(self, message: Message) -> int:
        path = message.url.removeprefix("http://127.0.0.1:8000")
        answer = self.client.post(path, content=message.body, headers=dict(message.headers))
        return answer.status_code

    def receipt(self, word: str, about: str = "") -> Message:
        return IMITATED["twilio"].push(Push(self.entry(), word, b.NOON, about=about))

    def reply(self, text: str, to: str = "LUMEN") -> Message:
        write = IMITATED["twilio"].write
        assert write
        (number,) = (one.value for one in self.person.addresses if one.kind == "phone")
        return write(Written(number, to, text, b.NOON, self.where))

    def fate(self) -> tuple[str, str | None]:
        ((_, state, reason),) = b.fates(self.app, self.brand)
        return state, reason

    def next_fate(self) -> tuple[str, str | None]:
        """What becomes of another text to the same person."""
        again = b.an_event(self.app, self.brand, self.person, parcel="P-2")
        b.accepted(self.app, self.brand, again)
        b.everything_due(self.app)
        (_, *first), (_, *second) = b.fates(self.app, self.brand)
        return next((state, reason) for state, reason in (first, second) if state == "skipped")


@pytest.fixture
def back(app: Outreach, broker: StubBroker, brand: BrandRef) -> Iterator[Back]:
    connected = read(IMITATED["twilio"].url.format(port=1))
    assert connected
    app = replace(app, providers={"twilio": connected})
    b.a_live_campaign(app, brand, steps=[b.a_step(channels=["sms"])], purpose="transactional")
    awake = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": "", "phone": "+351210001234"}
    person = b.a_person(app, brand, **awake)
    b.accepted(app, brand, b.an_event(app, brand, person))
    handed: list[Outgoing] = []

    def take(one: Outgoing) -> Accepted:
        handed.append(one)
        return Accepted("SM1")

    send.dispatch(b.through(app, Channel.SMS, take).means, Look(brand, Channel.SMS))
    with TestClient(server.create(app, Hints(broker)), follow_redirects=False) as client:
        yield Back(app, brand, client, handed[0], person)


def test_a_receipt_moves_its_touch_whatever_the_order(back: Back) -> None:
    """Delivered, then sent, then delivered once more: it stays delivered."""
    pushed = [back.push(back.receipt(word)) for word in ("delivered", "sent", "delivered")]
    assert pushed == [200, 200, 200]
    assert back.fate() == ("delivered", None)


def test_a_number_that_does_not_exist_is_blocked(back: Back) -> None:
    """It fails for that reason, and is not written to again."""
    assert back.push(back.receipt("undelivered", "30005")) == 200
    assert back.fate() == ("failed", "bounced_hard")


def test_who_refused_at_the_provider_has_refused_here(back: Back) -> None:
    """The next text is not sent."""
    back.push(back.receipt("undelivered", "21610"))
    assert back.fate() == ("failed", "failed")
    assert back.next_fate() == ("skipped", "withdrawn")


@pytest.mark.parametrize("to", ["LUMEN", "+12025550123"])
def test_a_refusal_by_reply_is_withdrawn(back: Back, to: str) -> None:
    """For the brand whose name was answered, and for all where the number is nobody's own."""
    assert back.push(back.reply("STOP", to)) == 200
    assert back.next_fate() == ("skipped", "withdrawn")


def test_what_is_forged_changes_nothing(back: Back) -> None:
    """Neither an unsigned push nor one for another touch than was signed."""
    right = back.receipt("undelivered", "30005")
    assert back.push(replace(right, headers={})) == 401
    assert back.push(replace(right, url=right.url + "0")) == 401
    assert back.fate() == ("sent", None)


def test_an_address_that_is_not_ours_is_not_there(back: Back) -> None:
    """Whether the provider or the token is wrong."""
    assert back.client.post("/back/twilio/x", content=b"").status_code == 404
    assert back.client.post("/back/telnyx/x", content=b"").status_code == 404
    assert back.client.post("/back/twilio/é", content=b"").status_code == 404


def test_a_body_that_is_too_large_is_not_read(back: Back) -> None:
    """Before its signature is looked at."""
    path = back.where.removeprefix("http://127.0.0.1:8000")
    assert back.client.post(path, content=b"x" * (1024 * 1024 + 1)).status_code == 413


def test_a_receipt_of_nobodys_touch_is_taken_and_forgotten(back: Back) -> None:
    """The provider need not tell it again."""
    entry = back.entry() | {"echo": f"{back.where}?brand=lumen&touch=tch_1"}
    pushed = IMITATED["twilio"].push(Push(entry, "delivered", b.NOON))  # type: ignore[arg-type]
    assert back.push(pushed) == 200
    assert back.fate() == ("sent", None)


def test_a_refused_push_is_counted_with_its_reason(back: Back) -> None:
    """Of the installation's account for no brand; of an address that is nobody's, nowhere."""
    right = back.receipt("undelivered", "30005")
    back.push(replace(right, headers={}))
    back.push(replace(right, headers={}))
    back.client.post("/back/twilio/x", content=b"")
    counted = refusals.of(back.app.means.database)
    assert (counted["twilio"].refused, counted["twilio"].last_at) == (2, back.app.means.clock())
    assert counted["twilio"].last_refusal.partition(":")[0]
    assert refusals.of(back.app.means.database, back.brand) == {}


def test_an_account_of_a_brands_own_tells_of_that_brand_alone(back: Back) -> None:
    """Whatever its pushes name; and what it refused is counted for that brand."""
    other = b.a_brand(back.app, "other")
    url = IMITATED["twilio"].url.format(port=1)
    for brand in (other, back.brand):
        with back.app.means.database.begin(brand) as tx:
            own.put(
                tx, brand, Channel.SMS, url, sealing=back.app.sealing, now=back.app.means.clock()
            )

    back.app.own.close()  # what was looked up before is looked up again

    def pushed(brand: BrandRef, **changes: object) -> int:
        token = back_tokens(back.app.link_keys, "twilio", brand.key)[0]
        where = f"http://127.0.0.1:8000/back/twilio/{token}"
        echo = f"{where}?brand={back.brand.key}&touch={back.one.touch_id}"
        entry = back.entry() | {"echo": echo}
        message = IMITATED["twilio"].push(Push(entry, "delivered", b.NOON))  # type: ignore[arg-type]
        return back.push(replace(message, **changes))  # type: ignore[arg-type]

    assert pushed(other) == 200
    assert back.fate() == ("sent", None)
    assert pushed(other, headers={}) == 401
    assert refusals.of(back.app.means.database, other)["twilio"].refused == 1
    assert refusals.of(back.app.means.database) == {}
    assert pushed(back.brand) == 200
    assert back.fate() == ("delivered", None)
    token = back_tokens(back.app.link_keys, "twilio", other.key)[0]
    for wrong in (token.replace("other", "lumen"), token.partition(".")[2], f"none.{token}"):
        assert back.client.post(f"/back/twilio/{wrong}", content=b"").status_code == 404


def test_what_a_token_alone_vouches_for_is_one_body(app: Outreach, broker: StubBroker) -> None:
    """Told again it is taken again; beside another event the same token is refused and counted."""
    connected = read(IMITATED["mailgun"].url.format(port=1))
    assert connected
    app = replace(app, providers={"mailgun": connected})
    path = f"/back/mailgun/{back_tokens(app.link_keys, 'mailgun')[0]}"
    entry = {"id": "M1", "to": "ana@people.example", "echo": '{"brand": "lumen", "touch": "tch_1"}'}
    push = IMITATED["mailgun"].push
    assert push
    body = push(Push(entry, "delivered", app.means.clock())).body  # type: ignore[arg-type]
    forged = body.replace(b'"delivered"', b'"complained"')
    with TestClient(server.create(app, Hints(broker))) as client:
        statuses = [client.post(path, content=one).status_code for one in (body, forged, body)]
    assert statuses == [200, 406, 200]
    counted = refusals.of(app.means.database)["mailgun"]
    assert (counted.refused, counted.last_refusal.partition(":")[0]) == (1, "used")


def test_tokens_are_kept_for_as_long_as_their_pushes_are_taken(app: Outreach) -> None:
    """An account has tokens of its own, and old ones are let go of with the next."""
    database, now = app.means.database, app.means.clock()
    ours: tuple[str, BrandRef | None] = ("mailgun", None)
    assert tokens.vouches(database, "t", b"one", of=ours, now=now)
    assert tokens.vouches(database, "t", b"two", of=("mailgun", BrandRef(1, "lumen")), now=now)
    later = now + 2 * TOLERATED_LATEST
    assert not tokens.vouches(database, "t", b"two", of=ours, now=later)
    assert tokens.vouches(database, "u", b"one", of=ours, now=later + timedelta(seconds=1))
    assert tokens.vouches(database, "t", b"two", of=ours, now=later + timedelta(seconds=1))

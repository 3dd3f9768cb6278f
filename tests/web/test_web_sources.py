"""What does a platform hear at its address, and what is kept of what it said?"""

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db import personal
from outreach.db.engine import BrandRef
from outreach.events.sources import store
from outreach.events.sources.judging import Known
from outreach.events.sources.store import Arrived
from outreach.hints import EVENTS_QUEUE, Hints
from outreach.ids import derived
from outreach.signed.message import Message
from outreach.web import body
from outreach.web.auth import Door
from outreach.web.sources import Keeping
from tests.sources.messages import BY_KIND, SAMPLES, Sample

_KEPT = text("select * from outreach.inbox")


def address(app: Outreach, brand: BrandRef, kind: str, *, test: bool = False) -> str:
    """The address of a new source of this kind."""
    secret = BY_KIND[kind].secret
    with app.means.database.begin(brand) as tx:
        told = store.add(
            tx, brand, key=kind, kind=kind, secret=secret, zone="Asia/Shanghai", test=test,
            sealing=app.sealing,
        )  # fmt: skip
    return f"/in/{told}"


def kept(app: Outreach, brand: BrandRef) -> list[tuple[str, object, bytes]]:
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(_KEPT).mappings().all()
        found = [personal.opened(tx, "inbox", row) for row in rows]
    return [(one["state"], one["headers"], one["body"]) for one in found]


def health(app: Outreach, brand: BrandRef) -> dict[str, object]:
    with app.means.database.begin(brand) as tx:
        return dict(store.health(tx)[0])


def arrived(source: Known, number: int, *, test: bool = False) -> Arrived:
    message = Message(b"said %d" % number, {"x-shopify-topic": "orders/paid"}, {"n": str(number)})
    return Arrived(derived("msg", number), source, message, test)


def source_of(app: Outreach, brand: BrandRef) -> Known:
    with app.means.database.begin(brand) as tx:
        return store.by_key(tx, brand, "shopify", sealing=app.sealing)


def push(client: TestClient, where: str, message: Message) -> object:
    return client.post(
        where, content=message.body, headers=dict(message.headers), params=dict(message.query)
    )  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.kind)
def test_a_signed_message_is_kept_as_it_came(
    app: Outreach, stranger: TestClient, brand: BrandRef, broker: StubBroker, sample: Sample
) -> None:
    """Twice sent, once kept, and a worker is woken once."""
    where, message = address(app, brand, sample.kind), sample.message()
    answers = [push(stranger, where, message) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    ((state, headers, body),) = kept(app, brand)
    assert (state, body) == ("pending", message.body)
    assert message.headers.items() <= headers.items()
    assert broker.queues[EVENTS_QUEUE].qsize() == 1


def test_messages_that_waited_together_are_each_kept_once(
    app: Outreach, brand: BrandRef, broker: StubBroker
) -> None:
    """Told of each whether it is new, with one wake-up for all of them and none for repetitions."""
    address(app, brand, "shopify")
    source, keeping = source_of(app, brand), Keeping(Door(app, Hints(broker)))
    came = [arrived(source, 2), arrived(source, 1), arrived(source, 3, test=True)]
    assert keeping.carry(brand.key, came) == [True, True, True]
    assert keeping.carry(brand.key, [*came, arrived(source, 1)]) == [False] * 4
    assert sorted((said, state) for state, _, said in kept(app, brand)) == [
        (b"said 1", "pending"), (b"said 2", "pending"), (b"said 3", "test"),
    ]  # fmt: skip
    assert broker.queues[EVENTS_QUEUE].qsize() == 1


def test_a_large_message_is_kept_by_itself(
    app: Outreach, stranger: TestClient, brand: BrandRef, broker: StubBroker
) -> None:
    sample = BY_KIND["shopify"]
    told = sample.body + b" " * body.LARGEST_UNKNOWN
    where = address(app, brand, "shopify")
    assert push(stranger, where, sample.message(body=told)).status_code == 200
    assert [said for _, _, said in kept(app, brand)] == [told]
    assert broker.queues[EVENTS_QUEUE].qsize() == 1


def test_platforms_hear_what_they_want_to(
    app: Outreach, stranger: TestClient, brand: BrandRef
) -> None:
    told = {
        kind: push(stranger, address(app, brand, kind), BY_KIND[kind].message()).text
        for kind in ("kuaidi100", "youzan", "wechat-shop")
    }
    assert told == {
        "kuaidi100": '{"result":true,"returnCode":"200","message":"成功"}',
        "youzan": '{"code":0,"msg":"success"}',
        "wechat-shop": "success",
    }


def test_a_wrong_signature_leaves_a_count_and_nothing_else(
    app: Outreach, stranger: TestClient, brand: BrandRef
) -> None:
    where = address(app, brand, "shopify")
    answer = push(stranger, where, BY_KIND["shopify"].message(secret="another"))
    assert answer.status_code == 401
    assert kept(app, brand) == []
    told = health(app, brand)
    assert (told["refused"], str(told["last_refusal"])[:15]) == (1, "wrong-signature")


@pytest.mark.parametrize("size", [body.LARGEST_PUSHED + 1, 10 * 1024 * 1024])
def test_a_body_that_is_too_large_is_refused(
    app: Outreach, stranger: TestClient, brand: BrandRef, size: int
) -> None:
    where = address(app, brand, "shopify")
    answer = stranger.post(where, content=b"x" * size)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert (kept(app, brand), health(app, brand)["refused"]) == ([], 1)


def test_an_unknown_topic_is_set_aside(
    app: Outreach, stranger: TestClient, brand: BrandRef
) -> None:
    """The platform hears that all is well, or it would end the webhook."""
    message = BY_KIND["shopify"].message()
    strange = Message(message.body, {**message.headers, "x-shopify-topic": "themes/publish"})
    assert push(stranger, address(app, brand, "shopify"), strange).status_code == 200
    assert (kept(app, brand), health(app, brand)["set_aside"]) == ([], 1)


def test_an_address_that_is_not_known_is_not_found(
    app: Outreach, stranger: TestClient, brand: BrandRef
) -> None:
    address(app, brand, "shopify")
    for where in ("/in/lumen.guess", "/in/nobody.guess", "/in/guess", "/in/lumen.%00"):
        assert push(stranger, where, BY_KIND["shopify"].message()).status_code == 404


def test_a_retired_source_takes_nothing(
    app: Outreach, stranger: TestClient, brand: BrandRef
) -> None:
    where = address(app, brand, "shopify")
    with app.means.database.begin(brand) as tx:
        store.retire(tx, key="shopify", now=app.means.clock())
    assert push(stranger, where, BY_KIND["shopify"].message()).status_code == 404


def test_a_new_secret_lives_beside_the_last(
    app: Outreach, stranger: TestClient, brand: BrandRef
) -> None:
    """And the one before the last ends."""
    where = address(app, brand, "shopify")
    with app.means.database.begin(brand) as tx:
        store.rotate(tx, key="shopify", secret="second", sealing=app.sealing)
        store.rotate(tx, key="shopify", secret="third", sealing=app.sealing)
    told = [
        push(stranger, where, BY_KIND["shopify"].message(secret=secret)).status_code
        for secret in ("second", "third", BY_KIND["shopify"].secret)
    ]
    assert told == [200, 200, 401]


def test_a_test_source_keeps_and_wakes_nobody(
    app: Outreach, stranger: TestClient, brand: BrandRef, broker: StubBroker
) -> None:
    push(stranger, address(app, brand, "shopify", test=True), BY_KIND["shopify"].message())
    assert [state for state, _, _ in kept(app, brand)] == ["test"]
    assert broker.queues[EVENTS_QUEUE].empty()


def test_a_new_woocommerce_webhook_is_greeted(
    app: Outreach, stranger: TestClient, brand: BrandRef
) -> None:
    answer = stranger.post(address(app, brand, "woocommerce"), content=b"webhook_id=7")
    assert (answer.status_code, kept(app, brand)) == (200, [])


def test_wechat_finds_its_echo_only_where_the_signature_fits(
    app: Outreach, stranger: TestClient, brand: BrandRef
) -> None:
    where = address(app, brand, "wechat-shop")
    query = dict(BY_KIND["wechat-shop"].message().query) | {"echostr": "e-1"}
    assert stranger.get(where, params=query).text == "e-1"
    assert stranger.get(where, params=query | {"nonce": "n-2"}).status_code == 401


def test_a_sender_of_cloud_events_may_ask_whether_it_may_send(
    app: Outreach, stranger: TestClient, brand: BrandRef
) -> None:
    asked = {"WebHook-Request-Origin": "erp.lumen.example"}
    answer = stranger.options(address(app, brand, "generic"), headers=asked)
    assert answer.headers["webhook-allowed-origin"] == "erp.lumen.example"


def test_a_nul_in_the_query_is_refused(
    app: Outreach, stranger: TestClient, brand: BrandRef
) -> None:
    where = address(app, brand, "shopify")
    message = BY_KIND["shopify"].message()
    answer = push(stranger, where, Message(message.body, message.headers, {"a": "\x00"}))
    assert answer.status_code == 400

"""Do other systems see the calls, and is only what they signed believed?"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from outreach import ids
from outreach.app import Outreach
from outreach.callbacks import calls, desk, endings, sweeping
from outreach.callbacks import store as tasks
from outreach.callbacks.mirrors import catalogue, hubspot, showing, store, webhook, zendesk
from outreach.callbacks.mirrors.protocol import Connected, Heard, Request, Shown
from outreach.callbacks.mirrors.store import Answered
from outreach.channels.posting import NotSent, Response
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Forbidden, Invalid, Misconfigured, NotFound
from outreach.signed.message import Message, Refused, Verified
from outreach.signed.signatures import hmac_base64
from tests import builders as b

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
CALL = Shown(
    task="tsk_1", ref="c-1", reason="detractor-callback", queue="care", state="open", script="Hi",
    attempts=0, due_at=NOW, useless_after=NOW + timedelta(days=3),
)  # fmt: skip
OURS = Connected("https://desk.example", "whsec_c2VjcmV0", {})
ZENDESK = Connected("https://z.example", "key", {"email": "a@z.example", "webhook_secret": "s"})
HUBSPOT = Connected("https://h.example", "key", {"app_secret": "s"})


def test_a_webhook_says_what_it_signed_and_reads_what_is_signed_alike() -> None:
    """The same state has the same id; another word breaks the signature, and so does age."""
    request = webhook.made(CALL, None, OURS, NOW)
    message = Message(request.body, request.headers)
    assert webhook.verify(message, OURS, NOW) == Verified()
    assert isinstance(webhook.verify(replace(message, body=b"{}"), OURS, NOW), Refused)
    assert isinstance(webhook.verify(message, OURS, NOW + timedelta(minutes=6)), Refused)
    later = webhook.made(CALL, None, OURS, NOW + timedelta(hours=1))
    assert later.headers["webhook-id"] == request.headers["webhook-id"]
    body = b'{"task": "tsk_1", "agent": "ana", "disposition": "busy"}'
    assert webhook.read(body, OURS) == (Heard("busy", "ana", task="tsk_1"),)
    assert webhook.read(b"[7, {}]", OURS) == webhook.read(b"no JSON", OURS) == ()


def test_zendesk_gets_one_ticket_that_is_updated() -> None:
    """Under our id, with a key that keeps a repeat from making two."""
    first = zendesk.made(CALL, None, ZENDESK, NOW)
    assert (first.method, first.path) == ("POST", "/api/v2/tickets.json")
    assert first.headers["idempotency-key"] == "tsk_1"
    assert json.loads(first.body)["ticket"]["external_id"] == "tsk_1"
    assert zendesk.theirs(b'{"ticket": {"id": 35436}}') == "35436"
    then = zendesk.made(replace(CALL, state="closed"), "35436", ZENDESK, NOW)
    assert (then.method, then.path) == ("PUT", "/api/v2/tickets/35436.json")
    assert json.loads(then.body)["ticket"]["status"] == "solved"


def test_hubspot_gets_one_task_and_says_when_it_is_completed() -> None:
    """Signed over method, address, body and time."""
    first = hubspot.made(CALL, None, HUBSPOT, NOW)
    properties = json.loads(first.body)["properties"]
    assert (properties["hs_timestamp"], properties["hs_task_type"]) == (
        "2026-03-10T12:00:00Z",
        "CALL",
    )
    assert hubspot.made(CALL, "9", HUBSPOT, NOW).path == "/crm/v3/objects/tasks/9"
    said = {"propertyName": "hs_task_status", "propertyValue": "COMPLETED", "objectId": 9}
    body = json.dumps([said, said | {"propertyValue": "WAITING"}]).encode()
    (heard,) = hubspot.read(body, HUBSPOT)
    echo = json.dumps([said | {"changeSource": "INTEGRATION"}]).encode()
    assert hubspot.read(echo, HUBSPOT) == ()
    assert (heard.disposition, heard.theirs) == ("done", "9")
    at = str(int(NOW.timestamp() * 1000))
    url = "https://ours.example/calls/x"
    sign = hmac_base64("s", b"POST" + url.encode() + body + at.encode())
    headers = {"x-hubspot-request-timestamp": at, "x-hubspot-signature-v3": sign}
    message = Message(body, headers, url=url)
    assert hubspot.verify(message, HUBSPOT, NOW) == Verified()
    assert isinstance(hubspot.verify(message, HUBSPOT, NOW + timedelta(minutes=6)), Refused)
    assert isinstance(hubspot.verify(replace(message, url="/"), HUBSPOT, NOW), Refused)


def test_what_a_mirror_lacks_is_told() -> None:
    with pytest.raises(Invalid, match="did you mean `zendesk`"):
        catalogue.of("zendesc", {})
    with pytest.raises(Invalid, match="--setting app_secret"):
        catalogue.of("hubspot", {})


@pytest.mark.parametrize(
    "connected",
    [
        Connected("desk.example", "s", {}), Connected("https://[", "s", {}),
        Connected("https://desk.example:x", "s", {}), Connected("https://désk.example", "s", {}),
        Connected("https://desk.example", "", {}), Connected("https://desk.example", "a\nb", {}),
    ],
)  # fmt: skip
def test_a_mirror_with_which_nothing_can_be_sent_is_not_kept(connected: Connected) -> None:
    with pytest.raises(Invalid):
        catalogue.refuse_unusable("webhook", connected)


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    """A brand that owes a call, and shows its calls to a system of its own."""
    brand = b.a_brand(app)
    call = b.a_step(kind="callback", channels=["voice"], template="delivery-check-call")
    b.a_live_campaign(app, brand, steps=[call])
    lisbon = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": ""}
    person = b.a_person(app, brand, "c-1", phone="+351210001234", **lisbon)
    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    return brand


@pytest.fixture
def token(app: Outreach, brand: BrandRef) -> str:
    with app.means.database.begin(brand) as tx:
        address = store.add(tx, brand, "ours", "webhook", OURS, sealing=app.sealing, now=NOW)
    return address.rpartition(".")[2]


def signed(body: object, now: datetime, name: str = "m") -> Message:
    """What the other system says, signed as it signs."""
    raw = json.dumps(body).encode()
    at = str(int(now.timestamp()))
    sign = webhook.signatures.standard_made(OURS.secret, f"{name}.{at}.".encode() + raw)
    headers = {"webhook-id": name, "webhook-timestamp": at, "webhook-signature": sign}
    return Message(raw, headers)


def test_a_call_is_shown_once_for_each_state_and_later_where_nobody_answers(
    app: Outreach, brand: BrandRef, token: str, clock: SteppedClock
) -> None:
    """A failure is noted, and tried again after a minute."""
    sent: list[Request] = []

    def away(_: Connected, __: Request) -> Response:
        raise NotSent("nobody answers")

    def there(_: Connected, request: Request) -> Response:
        sent.append(request)
        return Response(204, {}, b"")

    assert showing.show(app.means, brand, sealing=app.sealing, send=away) == 1
    assert showing.show(app.means, brand, sealing=app.sealing, send=there) == 0
    clock.step_to(NOW + timedelta(minutes=1))
    assert showing.show(app.means, brand, sealing=app.sealing, send=there) == 1
    assert showing.show(app.means, brand, sealing=app.sealing, send=there) == 0
    desk.take(app.means, brand, agent="ana")
    assert showing.show(app.means, brand, sealing=app.sealing, send=there) == 1
    states = [json.loads(one.body)["data"]["state"] for one in sent]
    assert states == ["open", "taken"]
    assert all(b"+351" not in one.body for one in sent)


def test_a_disposition_comes_back_signed_and_once(
    app: Outreach, brand: BrandRef, token: str, clock: SteppedClock
) -> None:
    """What is not signed is refused; what is said twice is one call."""
    with app.means.database.begin(brand) as tx:
        (task,) = tasks.owed(tx)
    told: dict[str, object] = {
        "task": ids.shown(ids.TASK, task.id), "agent": "zoe", "disposition": "reached"
    }  # fmt: skip
    message = signed(told, clock())

    def heard(message: Message, address: str = token) -> int:
        return showing.hear(app.means, brand, address, message, sealing=app.sealing)

    with pytest.raises(Forbidden):
        heard(replace(message, body=message.body + b" "))
    with pytest.raises(NotFound):
        heard(message, "another")
    assert heard(message) == heard(message) == 1
    with pytest.raises(Conflict):
        heard(signed(told | {"disposition": "busy"}, clock()))
    clock.step_to(clock() + endings.UNDO)
    sweeping.sweep(app.means, brand)
    assert b.fates(app, brand) == [("voice", "delivered", None)]


def owed(app: Outreach, brand: BrandRef, ref: str) -> None:
    """One more call."""
    lisbon = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": ""}
    person = b.a_person(app, brand, ref, phone="+351210001299", **lisbon)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=f"P-{ref}"))
    b.everything_due(app)


@pytest.mark.parametrize("error", [NotSent("away"), Misconfigured("no host"), ValueError("bad")])
def test_a_mirror_that_fails_is_left_alone_for_the_batch(
    app: Outreach, brand: BrandRef, token: str, error: Exception
) -> None:
    """Whatever the reason: it is asked once, and every call waits its minute."""
    owed(app, brand, "c-2")
    asked: list[Request] = []

    def away(_: Connected, request: Request) -> Response:
        asked.append(request)
        raise error

    assert showing.show(app.means, brand, sealing=app.sealing, send=away) == 2
    assert len(asked) == 1
    assert showing.show(app.means, brand, sealing=app.sealing, send=away) == 0


def test_what_there_was_no_time_for_comes_next(app: Outreach, brand: BrandRef, token: str) -> None:
    """Without counting as a failure."""
    sent: list[Request] = []

    def there(_: Connected, request: Request) -> Response:
        sent.append(request)
        return Response(204, {}, b"")

    assert showing.show(app.means, brand, sealing=app.sealing, send=there, within=0) == 1
    assert sent == []
    assert showing.show(app.means, brand, sealing=app.sealing, send=there) == 1
    assert len(sent) == 1


def test_who_lost_the_claim_writes_nothing_down(
    app: Outreach, brand: BrandRef, token: str, clock: SteppedClock
) -> None:
    """Another worker has shown the call meanwhile."""
    with app.means.database.begin(brand) as tx:
        (slow,) = store.claim(tx, brand, now=clock(), limit=9)
    clock.step_to(clock() + timedelta(minutes=3))
    with app.means.database.begin(brand) as tx:
        (fast,) = store.claim(tx, brand, now=clock(), limit=9)
        store.answered(tx, [Answered(fast, fast.version, theirs="7")])
        store.answered(tx, [Answered(slow, None, look_at=clock(), failure="late")])
        assert store.claim(tx, brand, now=clock(), limit=9) == []
        assert store.task_of(tx, "ours", "7") == fast.task_id


def test_a_call_that_leads_on_is_heard_once_however_often_it_is_delivered(
    app: Outreach, brand: BrandRef, token: str, clock: SteppedClock
) -> None:
    """Another word of the same content is another call."""
    with app.means.database.begin(brand) as tx:
        (task,) = tasks.owed(tx)
    told: dict[str, object] = {
        "task": ids.shown(ids.TASK, task.id), "agent": "zoe", "disposition": "no_answer"
    }  # fmt: skip

    def made(name: str) -> int:
        message = signed(told, clock(), name)
        showing.hear(app.means, brand, token, message, sealing=app.sealing)
        clock.step_to(clock() + endings.UNDO)
        sweeping.sweep(app.means, brand)
        with app.means.database.begin(brand) as tx:
            return len(calls.of(tx, [task.id])[task.id])

    assert [made("m-1"), made("m-1"), made("m-2"), made("m-1")] == [1, 1, 2, 2]


def test_a_word_that_does_not_fit_keeps_out_no_other(
    app: Outreach, brand: BrandRef, token: str, clock: SteppedClock
) -> None:
    """It is told once the others were heard; what is over here is no mistake of theirs."""
    with app.means.database.begin(brand) as tx:
        (task,) = tasks.owed(tx)
    told = {"task": ids.shown(ids.TASK, task.id), "agent": "zoe", "disposition": "reached"}
    batch = signed([told | {"task": "tsk_none"}, told], clock())
    with pytest.raises(Invalid, match="tsk_none"):
        showing.hear(app.means, brand, token, batch, sealing=app.sealing)
    clock.step_to(clock() + endings.UNDO)
    sweeping.sweep(app.means, brand)
    assert b.fates(app, brand) == [("voice", "delivered", None)]
    late = signed(told | {"disposition": "busy"}, clock(), "n")
    assert showing.hear(app.means, brand, token, late, sealing=app.sealing) == 1


@pytest.mark.parametrize(
    "odd", [{"agent": "a\0b"}, {"note": "half \ud800"}, {"disposition": "x" * 201}]
)
def test_what_no_database_keeps_is_told_to_the_mirror(odd: dict[str, str]) -> None:
    heard = Heard("busy", "ana", note="two\nlines")
    showing._refuse_odd(heard)
    with pytest.raises(Invalid, match="at most"):
        showing._refuse_odd(replace(heard, **odd))

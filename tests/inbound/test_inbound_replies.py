"""Does a reply change at once what it speaks of, for everybody who has the address?"""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from optout.model import Action, Channel, How, Purpose
from optout.reading import Intent, PendingQuestion, Scope
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Invalid
from outreach.inbound.consent import Change, change_person
from outreach.inbound.replies import Heard, Reply, hear
from outreach.people.model import Person
from tests import builders as b

_BRANDS = count(1)
AT_ONCE = [b.a_step(f"by-{channel}", channels=[channel]) for channel in ("email", "sms")]
NUMBER = "+351210001234"


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app, f"replies-{next(_BRANDS)}")
    b.a_live_campaign(app, brand, steps=AT_ONCE, purpose="transactional")
    return brand


def someone(app: Outreach, brand: BrandRef, **fields: str) -> Person:
    """Somebody awake at noon."""
    zone = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": "", "phone": NUMBER}
    return b.a_person(app, brand, **zone | fields)


def heard(app: Outreach, brand: BrandRef, said: str, **given: object) -> Heard:
    values = {"id": "m-1", "sender": NUMBER, "text": said, "channel": Channel.SMS} | given
    return hear(app.means, brand, Reply(**values))  # type: ignore[arg-type]  # a reply's fields


def outcome(app: Outreach, brand: BrandRef, person: Person) -> dict[str, str | None]:
    """What becomes of a mail and a text to this person."""
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=person.ref))
    b.everything_due(app)
    rows = text("select channel, state::text, reason from outreach.touches where person_id = :id")
    with app.means.database.begin(brand) as tx:
        return {r.channel: r.reason or r.state for r in tx.execute(rows, {"id": person.id})}


def allowed(app: Outreach, brand: BrandRef, person: Person, purpose: Purpose) -> str:
    identity = next(a.identity for a in person.addresses if a.kind == "phone")
    question = app.means.registry.question(
        brand=brand.key, identity=identity, channel=Channel.SMS, purpose=purpose
    )
    with app.means.database.begin(brand) as tx:
        return app.means.registry.ask(tx, question).reason


def test_stop_ends_everything(app: Outreach, brand: BrandRef) -> None:
    person = someone(app, brand)
    said = heard(app, brand, "STOP")
    assert (said.reading.intent, said.refs) == (Intent.WITHDRAW, (person.ref,))
    assert outcome(app, brand, person) == {"email": "withdrawn", "sms": "withdrawn"}


def test_email_only_leaves_the_mails(app: Outreach, brand: BrandRef) -> None:
    person = someone(app, brand)
    heard(app, brand, "só por email, por favor")
    assert outcome(app, brand, person) == {"email": "sent", "sms": "withdrawn"}


def test_email_only_in_a_mail_ends_the_rest(app: Outreach, brand: BrandRef) -> None:
    person = someone(app, brand)
    mail = next(a.value for a in person.addresses if a.kind == "email")
    said = heard(app, brand, "email only please", sender=mail, channel=Channel.EMAIL)
    assert said.reading.scope is Scope.OTHERS
    assert outcome(app, brand, person) == {"email": "sent", "sms": "withdrawn"}


def test_the_same_number_on_two_persons_stops_both(app: Outreach, brand: BrandRef) -> None:
    """Whoever it was, neither hears from us again, on any channel."""
    one, other = someone(app, brand), someone(app, brand)
    assert heard(app, brand, "stop").refs == tuple(sorted([one.ref, other.ref]))
    for person in (one, other):
        assert set(outcome(app, brand, person).values()) == {"withdrawn"}


def test_no_to_advertising_leaves_the_rest(app: Outreach, brand: BrandRef) -> None:
    person = someone(app, brand)
    heard(app, brand, "não quero publicidade")
    assert allowed(app, brand, person, Purpose.MARKETING) == "withdrawn"
    assert outcome(app, brand, person) == {"email": "sent", "sms": "sent"}


def test_doubt_ends_marketing_and_opens_a_case(app: Outreach, brand: BrandRef) -> None:
    """The case holds what can wait until a person has looked; told twice it is one."""
    person = someone(app, brand)
    said = heard(app, brand, "não tenho interesse")
    assert (said.reading.intent, said.cases) == (
        Intent.UNSURE,
        (f"reply m-1 of {person.ref}",),
    )
    assert allowed(app, brand, person, Purpose.MARKETING) == "withdrawn"
    heard(app, brand, "não tenho interesse")
    with app.means.database.begin(brand) as tx:
        opened = tx.execute(text("select count(*) from outreach.events where type='case.opened'"))
        assert opened.scalar_one() == 1
        assert tx.execute(text("select key from outreach.cases")).scalar_one() == said.cases[0]


def test_a_doubtful_reply_opens_a_case_for_everybody_who_has_the_address(
    app: Outreach, brand: BrandRef
) -> None:
    """Whoever of the two it was, both are spared until somebody has looked."""
    one, other = someone(app, brand), someone(app, brand)
    said = heard(app, brand, "não tenho interesse")
    assert said.cases == tuple(sorted(f"reply m-1 of {p.ref}" for p in (one, other)))
    with app.means.database.begin(brand) as tx:
        open_ = tx.execute(text("select person_id, key, state from outreach.cases")).all()
    assert {tuple(row) for row in open_} == {
        (person.id, f"reply m-1 of {person.ref}", "open") for person in (one, other)
    }


@pytest.mark.parametrize(
    ("said", "pending"), [("obrigado", None), ("START", None), ("não", PendingQuestion())]
)
def test_what_refuses_nothing_changes_nothing(
    app: Outreach, brand: BrandRef, said: str, pending: PendingQuestion | None
) -> None:
    person = someone(app, brand)
    assert heard(app, brand, said, pending=pending).changed == ()
    assert outcome(app, brand, person) == {"email": "sent", "sms": "sent"}


def test_a_stranger_who_refuses_is_remembered(app: Outreach, brand: BrandRef) -> None:
    """Should that number be brought in later, it is not written to."""
    assert heard(app, brand, "STOP").refs == ()
    person = someone(app, brand)
    assert outcome(app, brand, person) == {"email": "sent", "sms": "withdrawn"}


def test_a_sender_that_cannot_be_read_is_told(app: Outreach, brand: BrandRef) -> None:
    with pytest.raises(Invalid):
        heard(app, brand, "STOP", sender="12345")


def test_a_reply_that_is_told_again_refuses_nothing_that_was_permitted_since(
    app: Outreach, brand: BrandRef
) -> None:
    """Its provider tells it again, days later; another reply refuses anew."""
    person = someone(app, brand)
    permit = Change(Action.GRANT, How.API, "form 7", kinds=("express", "written"))
    refusal = Reply("m-1", NUMBER, "STOP", Channel.SMS)
    hear(later(app, minutes=0), brand, refusal)
    change_person(later(app, minutes=1), brand, person.id, permit)
    assert hear(later(app, minutes=2), brand, refusal).changed == ()
    assert allowed(app, brand, person, Purpose.TRANSACTIONAL) == "granted"
    assert hear(later(app, minutes=3), brand, replace(refusal, id="m-2")).changed
    assert allowed(app, brand, person, Purpose.TRANSACTIONAL) == "withdrawn"


def later(app: Outreach, *, minutes: int) -> Means:
    return replace(app.means, clock=lambda: b.NOON + timedelta(minutes=minutes))

"""Does a change of consent take effect at once, for the addresses and channels that it names?"""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from optout.model import Action, Channel, How, Purpose
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.errors import NotFound
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person, person_id
from tests import builders as b

_BRANDS = count(1)
AT_ONCE = [b.a_step(f"by-{channel}", channels=[channel]) for channel in ("email", "sms")]


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app, f"consent-{next(_BRANDS)}")
    b.a_live_campaign(app, brand, steps=AT_ONCE, purpose="transactional")
    return brand


def someone(app: Outreach, brand: BrandRef, **fields: str) -> Person:
    """Somebody awake at noon."""
    return b.a_person(
        app,
        brand,
        zone="Europe/Lisbon",
        country="PT",
        subdivision="",
        **{"phone": "+351210001234"} | fields,
    )


def changed(app: Outreach, brand: BrandRef, person: Person, action: Action, **scope: object) -> int:
    change = Change(action, How.API, "test", **scope)  # type: ignore[arg-type]  # channel, purpose
    return change_person(app.means, brand, person.id, change).entries


def outcome(app: Outreach, brand: BrandRef, person: Person) -> dict[str, str | None]:
    """What becomes of a mail and a text to this person."""
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=person.ref))
    b.everything_due(app)
    rows = text("select channel, state::text, reason from outreach.touches where person_id = :id")
    with app.means.database.begin(brand) as tx:
        return {r.channel: r.reason or r.state for r in tx.execute(rows, {"id": person.id})}


def test_a_withdrawal_without_scope_ends_everything(app: Outreach, brand: BrandRef) -> None:
    """Every address, every channel, every purpose."""
    person = someone(app, brand)
    assert changed(app, brand, person, Action.WITHDRAW) == 2
    assert outcome(app, brand, person) == {"email": "withdrawn", "sms": "withdrawn"}


def test_a_withdrawal_from_one_channel_leaves_the_others(app: Outreach, brand: BrandRef) -> None:
    """STOP to a text message does not end the mails."""
    person = someone(app, brand)
    assert changed(app, brand, person, Action.WITHDRAW, channel=Channel.SMS) == 1
    assert outcome(app, brand, person) == {"email": "sent", "sms": "withdrawn"}


def test_a_withdrawal_from_one_purpose_leaves_the_others(app: Outreach, brand: BrandRef) -> None:
    """Who wants no surveys still hears of the order."""
    person = someone(app, brand)
    changed(app, brand, person, Action.WITHDRAW, purpose=Purpose.SURVEY)
    assert outcome(app, brand, person) == {"email": "sent", "sms": "sent"}


def test_a_grant_after_a_withdrawal_opens_again_and_a_block_does_not_yield(
    app: Outreach, brand: BrandRef
) -> None:
    """The person's last word counts, but a block outranks it."""
    person, blocked = someone(app, brand), someone(app, brand, phone="+351210001235")
    changed(app, brand, person, Action.WITHDRAW, channel=Channel.EMAIL)
    a_moment_passes(app)
    changed(app, brand, person, Action.GRANT, channel=Channel.EMAIL)
    assert outcome(app, brand, person)["email"] == "sent"
    changed(app, brand, blocked, Action.BLOCK)
    a_moment_passes(app)
    changed(app, brand, blocked, Action.GRANT)
    assert set(outcome(app, brand, blocked).values()) == {"blocked"}


def a_moment_passes(app: Outreach) -> None:
    clock = app.means.clock
    assert isinstance(clock, SteppedClock)
    clock.step_to(clock() + timedelta(seconds=1))


def test_two_persons_with_one_number_have_one_say_over_it(app: Outreach, brand: BrandRef) -> None:
    """Consent is an address's; whoever shares it shares the no."""
    one, other = someone(app, brand), someone(app, brand)
    changed(app, brand, one, Action.WITHDRAW, channel=Channel.SMS)
    assert outcome(app, brand, other)["sms"] == "withdrawn"


def test_a_withdrawal_from_one_brand_is_not_one_from_another(
    app: Outreach, brand: BrandRef
) -> None:
    """Each brand has its own word with the person."""
    other = b.a_brand(app, f"consent-{next(_BRANDS)}")
    b.a_live_campaign(app, other, steps=AT_ONCE, purpose="transactional")
    changed(app, brand, someone(app, brand), Action.WITHDRAW)
    assert set(outcome(app, other, someone(app, other)).values()) == {"sent"}


def test_a_withdrawal_outlives_a_new_import(app: Outreach, brand: BrandRef) -> None:
    """An import brings persons and no consent."""
    person = someone(app, brand, ref="c-1")
    changed(app, brand, person, Action.WITHDRAW)
    someone(app, brand, ref="c-1", name="Ada Again")
    assert set(outcome(app, brand, person).values()) == {"withdrawn"}


def test_nobody_of_that_name_is_an_error(app: Outreach, brand: BrandRef) -> None:
    """Rather than a withdrawal of nobody."""
    stranger = person_id(brand, "nobody")
    with pytest.raises(NotFound):
        change_person(app.means, brand, stranger, Change(Action.WITHDRAW, How.API, "test"))

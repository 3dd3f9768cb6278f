"""Is a refusal confirmed once, where law admits it, and never otherwise?"""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from optout.model import Action, Block, Channel, How
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.inbound.consent import Change, change_person
from outreach.inbound.replies import Reply, hear
from outreach.people.model import Person
from tests import builders as b

_BRANDS = count(1)
NEW_YORK = timedelta(hours=6)  # from noon in London to two o'clock there


@pytest.fixture
def brand(app: Outreach, clock: SteppedClock) -> BrandRef:
    clock.step_to(b.NOON + NEW_YORK)
    brand = b.a_brand(app, f"confirms-{next(_BRANDS)}")
    b.a_campaign(app, brand, "withdrawal-confirmation")
    return brand


def said(app: Outreach, brand: BrandRef, person: Person, words: str = "STOP") -> None:
    number = next(a.value for a in person.addresses if a.kind == "phone")
    hear(app.means, brand, Reply(f"m-{words}", number, words, Channel.SMS))


def went(app: Outreach, brand: BrandRef) -> list[str]:
    """The texts that left, once everything was looked at."""
    b.accepted(app, brand)
    b.everything_due(app)
    return [one.content.text for one in b.reached(app, Channel.SMS) if one.brand == brand.key]


def test_a_stop_in_new_york_is_confirmed_by_one_text(app: Outreach, brand: BrandRef) -> None:
    person = b.a_person(app, brand)
    said(app, brand, person)
    (told,) = went(app, brand)
    assert told.startswith("Lumen: your opt-out is recorded")


def test_saying_it_again_is_not_answered_again(app: Outreach, brand: BrandRef, clock) -> None:
    person = b.a_person(app, brand)
    for _ in range(3):
        said(app, brand, person)
        said(app, brand, person, "stop texting me please")
        clock.step_to(clock() + timedelta(minutes=1))
    assert len(went(app, brand)) == 1


def test_two_persons_with_one_number_get_one_text(app: Outreach, brand: BrandRef) -> None:
    one, _ = (b.a_person(app, brand, phone="+12125550177") for _ in range(2))
    said(app, brand, one)
    assert len(went(app, brand)) == 1


def test_after_five_minutes_it_is_too_late(app: Outreach, brand: BrandRef, clock) -> None:
    said(app, brand, b.a_person(app, brand))
    b.accepted(app, brand)
    clock.step_to(clock() + timedelta(minutes=6))
    assert went(app, brand) == []
    assert b.fates(app, brand) == [("sms", "skipped", "withdrawn")]


@pytest.mark.parametrize(
    "place",
    [
        {"country": "FR", "subdivision": "", "phone": "+33639980107"},
        {"country": "", "subdivision": "", "phone": "+80012345678"},
    ],
    ids=["forbidden", "unknown"],
)
def test_where_law_forbids_or_nothing_is_known_nobody_is_answered(
    app: Outreach, brand: BrandRef, place: dict[str, str]
) -> None:
    said(app, brand, b.a_person(app, brand, **place))
    assert went(app, brand) == []
    assert b.fates(app, brand) == []


def test_without_the_campaign_nothing_is_confirmed(app: Outreach, clock: SteppedClock) -> None:
    clock.step_to(b.NOON + NEW_YORK)
    quiet = b.a_brand(app, f"confirms-{next(_BRANDS)}")
    said(app, quiet, b.a_person(app, quiet))
    assert went(app, quiet) == []


def test_a_block_wins_over_a_confirmation(app: Outreach, brand: BrandRef) -> None:
    person = b.a_person(app, brand)
    said(app, brand, person)
    b.accepted(app, brand)
    block = Change(Action.BLOCK, How.CONSOLE, "letter", block=Block.LITIGATION)
    change_person(app.means, brand, person.id, block)
    assert went(app, brand) == []
    assert b.fates(app, brand) == [("sms", "skipped", "blocked")]


def test_a_doubt_is_not_confirmed(app: Outreach, brand: BrandRef) -> None:
    said(app, brand, b.a_person(app, brand), "wrong number")
    assert went(app, brand) == []


def test_nothing_else_passes_with_it(app: Outreach, brand: BrandRef) -> None:
    """A message about a parcel stays away from who refused, whatever is confirmed."""
    person = b.a_person(app, brand)
    text_ = b.a_step(channels=["sms"])
    b.a_live_campaign(app, brand, steps=[text_], purpose="transactional")
    said(app, brand, person)
    b.accepted(app, brand, b.an_event(app, brand, person))
    assert len(went(app, brand)) == 1
    assert ("sms", "skipped", "withdrawn") in b.fates(app, brand)


def test_whoever_permits_anew_gets_no_receipt_of_the_refusal(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    person = b.a_person(app, brand)
    said(app, brand, person)
    b.accepted(app, brand)
    clock.step_to(clock() + timedelta(seconds=5))
    grant = Change(Action.GRANT, How.CONSOLE, "call 7", Channel.SMS, kinds=("express",))
    change_person(app.means, brand, person.id, grant)
    assert went(app, brand) == []


def test_its_verdicts_stand_in_the_ledger(app: Outreach, brand: BrandRef) -> None:
    said(app, brand, b.a_person(app, brand))
    went(app, brand)
    with app.means.database.begin(brand) as tx:
        states = tx.execute(text("select distinct verdict::text from outreach.verdicts"))
        assert {row.verdict for row in states} == {"send"}

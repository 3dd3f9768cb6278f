"""Does a passage end once its person has refused all of it, and not sooner?"""

from itertools import count
from typing import Any

import pytest

from optout.model import Action, Channel, How, Purpose
from outreach.app import Outreach
from outreach.campaigns import document
from outreach.db.engine import BrandRef
from outreach.inbound.consent import Change, change_person, change_person_by
from outreach.inbound.leaving import leaves
from outreach.inbound.replies import Reply, hear
from outreach.people.model import Person
from outreach.reports.reconcile import reconcile
from tests import builders as b

_BRANDS = count(1)
BOTH = b.a_step("one", channels=["email", "sms"], after="1 d")
EXITS = [{"event": "withdrawn"}]
NO_MAIL, NO_TEXT = (Channel.EMAIL, None), (Channel.SMS, None)


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, f"leaving-{next(_BRANDS)}")


def begun(app: Outreach, brand: BrandRef, **changes: Any) -> Person:
    b.a_live_campaign(app, brand, **({"steps": [BOTH], "exits": EXITS} | changes))
    person = b.a_person(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, person))
    return person


def withdraws(channel: Channel | None = None, purpose: Purpose | None = None) -> Change:
    return Change(Action.WITHDRAW, How.API, "test", channel, purpose)


def reasons(app: Outreach, brand: BrandRef) -> list[str | None]:
    with app.means.database.begin(brand) as tx:
        assert reconcile(tx).closes
    return [reason for *_, reason in b.fates(app, brand)]


@pytest.mark.parametrize(
    ("refused", "left"),
    [
        ([(None, None)], True),
        ([NO_MAIL, NO_TEXT], True),
        ([NO_TEXT], False),
        ([(None, Purpose.SERVICE)], True),
        ([(None, Purpose.MARKETING)], False),
        ([NO_MAIL, (Channel.SMS, Purpose.MARKETING)], False),
        ([NO_MAIL, (Channel.SMS, Purpose.SERVICE)], True),
    ],
)
def test_a_passage_is_left_when_nothing_in_it_is_wanted(refused: Any, left: bool) -> None:  # noqa: FBT001
    campaign = document.read(b.written(steps=[BOTH], exits=EXITS), name="x")
    assert leaves(campaign, refused) is left
    without = document.read(b.written(steps=[BOTH]), name="x")
    assert not leaves(without, refused)


def test_what_is_planned_is_cancelled_at_once(app: Outreach, brand: BrandRef) -> None:
    person = begun(app, brand)
    change_person(app.means, brand, person.id, withdraws(purpose=Purpose.MARKETING))
    assert reasons(app, brand) == [None]
    change_person(app.means, brand, person.id, withdraws(purpose=Purpose.SERVICE))
    assert reasons(app, brand) == ["exit:withdrawn"]


def test_several_choices_of_one_moment_count_together(app: Outreach, brand: BrandRef) -> None:
    person = begun(app, brand)
    both = [withdraws(Channel.EMAIL), withdraws(Channel.SMS)]
    change_person_by(app.means, brand, person.id, both)
    assert reasons(app, brand) == ["exit:withdrawn"]


def test_a_grant_ends_nothing(app: Outreach, brand: BrandRef) -> None:
    person = begun(app, brand)
    change_person(app.means, brand, person.id, Change(Action.GRANT, How.API, "test"))
    assert reasons(app, brand) == [None]


def test_a_reply_that_refuses_ends_it(app: Outreach, brand: BrandRef) -> None:
    person = begun(app, brand)
    phone = person.address(Channel.SMS)
    assert phone
    hear(app.means, brand, Reply("r-1", phone.value, "STOP ALL", Channel.SMS))
    change = hear(
        app.means, brand, Reply("r-2", phone.value, "never contact me again", Channel.SMS)
    )
    assert change.changed
    assert reasons(app, brand) == ["exit:withdrawn"]

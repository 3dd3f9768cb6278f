"""What would the gate say of a contact that nobody has planned?"""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.errors import Invalid, NotFound
from outreach.people.model import Person, person_id
from outreach.reports.model import Explanation
from outreach.reports.supposed import Question, suppose
from tests import builders as b

_BRANDS = count(1)
MIDNIGHT = b.NOON + timedelta(hours=16)  # noon is UTC's, and people live in New York


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app, f"supposed-{next(_BRANDS)}")
    steps = [b.a_step(channels=["sms", "email"]), b.a_step("mail", useful_for="9 d")]
    b.a_live_campaign(app, brand, steps=steps)
    return brand


@pytest.fixture
def person(app: Outreach, brand: BrandRef) -> Person:
    return b.a_person(app, brand, "c-1")


def supposed(app: Outreach, brand: BrandRef, person: Person, **asked: object) -> Explanation:
    question = Question(person.id, **{"campaign": "reminder", **asked})  # type: ignore[arg-type]  # whatever a test asks
    with app.means.database.begin(brand) as tx:
        return suppose(tx, app.means, brands.get(tx), question, language="en")


def test_at_a_lawful_hour_it_would_be_sent(app: Outreach, brand: BrandRef, person: Person) -> None:
    """By the first channel that reaches the person; and nothing is planned by asking."""
    told = supposed(app, brand, person, at=b.NOON + timedelta(hours=4))
    assert (told.sentence, told.channel, told.check) == ("It would be sent.", "sms", None)
    with app.means.database.begin(brand) as tx:
        assert tx.execute(text("select count(*) from outreach.touches")).scalar_one() == 0


def test_at_night_it_would_wait_and_says_until_when(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    """With the rules and their sources, on the person's clock."""
    told = supposed(app, brand, person, at=MIDNIGHT)
    assert (told.check, told.reason) == ("within_hours", "outside_hours")
    assert told.next_at
    assert told.repair == f"wait until {told.next_at:%Y-%m-%d %H:%M} UTC"
    assert told.citations
    assert "America/New_York" in told.local_times[0]


def test_channel_and_step_may_be_chosen(app: Outreach, brand: BrandRef, person: Person) -> None:
    """No clock binds a mail; another step has its own time of usefulness."""
    by_mail = supposed(app, brand, person, at=MIDNIGHT, channel=Channel.EMAIL)
    assert by_mail.sentence == "It would be sent."
    other = supposed(app, brand, person, at=MIDNIGHT, step="mail")
    assert (other.step, other.useless_after) == ("mail", MIDNIGHT + timedelta(days=9))


def test_what_cannot_be_asked_says_why(app: Outreach, brand: BrandRef, person: Person) -> None:
    """Instants that have passed, and names that are not there."""
    with pytest.raises(Invalid, match="400 days"):
        supposed(app, brand, person, at=b.NOON - timedelta(hours=1))
    with pytest.raises(Invalid, match="and not by voice"):
        supposed(app, brand, person, channel=Channel.VOICE)
    with pytest.raises(NotFound, match="no contact 'third'"):
        supposed(app, brand, person, step="third")
    with pytest.raises(NotFound, match="no campaign"):
        supposed(app, brand, person, campaign="nothing")
    with pytest.raises(NotFound, match="no such person"):
        supposed(app, brand, Person(person_id(brand, "nobody"), "nobody"))

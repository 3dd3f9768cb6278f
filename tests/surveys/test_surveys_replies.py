"""Does a reply answer the open question, once it was read for consent?"""

from datetime import timedelta
from itertools import count

import pytest

from optout.model import Channel
from optout.reading import Intent
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.inbound.replies import Heard, Reply, hear
from outreach.people.model import Person
from tests import builders as b
from tests.surveys import asking

NUMBER = "+447400123456"
_REPLIES = count(1)


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, steps=[asking.asks(channels=["sms"])])
    return brand


@pytest.fixture
def person(app: Outreach, brand: BrandRef) -> Person:
    """Somebody who was just asked by text message."""
    person = asking.somebody(app, brand, phone=NUMBER)
    asking.asked(app, brand, person)
    return person


def heard(app: Outreach, brand: BrandRef, said: str, **given: object) -> Heard:
    known = {"id": f"m-{next(_REPLIES)}", "sender": NUMBER, "text": said, "channel": Channel.SMS}
    return hear(app.means, brand, Reply(**known | given))  # type: ignore[arg-type]  # its fields


def test_a_number_answers(app: Outreach, brand: BrandRef, person: Person) -> None:
    answer = heard(app, brand, "９分，谢谢")
    assert (answer.survey, answer.score, answer.changed) == ("nps", 9, ())
    [said] = asking.told(app, brand, person)
    assert (said["score"], said["by"], said["comment"]) == (9, "reply", "谢谢")


def test_it_answers_once(app: Outreach, brand: BrandRef, person: Person) -> None:
    heard(app, brand, "9")
    again = heard(app, brand, "2")
    assert again.survey is None
    assert [said["score"] for said in asking.told(app, brand, person)] == [9]


@pytest.mark.parametrize("said", ["STOP", "2, stop texting me", "退订", "0 leave me alone"])
def test_a_refusal_is_no_answer(app: Outreach, brand: BrandRef, person: Person, said: str) -> None:
    answer = heard(app, brand, said)
    assert answer.reading.intent in {Intent.WITHDRAW, Intent.UNSURE}
    assert answer.changed
    assert asking.told(app, brand, person) == []


def test_yes_to_a_question_permits_nothing(app: Outreach, brand: BrandRef, person: Person) -> None:
    answer = heard(app, brand, "YES")
    assert answer.reading.intent is not Intent.WITHDRAW
    assert (answer.survey, answer.changed) == (None, ())


def test_without_a_question_a_number_is_no_answer(app: Outreach, brand: BrandRef) -> None:
    other = asking.somebody(app, brand, phone="+447400654321")
    answer = heard(app, brand, "9", sender="+447400654321")
    assert (answer.refs, answer.survey) == ((other.ref,), None)


def test_what_was_asked_on_another_channel_is_not_answered(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    mail = next(a.value for a in person.addresses if a.kind == "email")
    assert heard(app, brand, "9", sender=mail, channel=Channel.EMAIL).survey is None


def test_a_closed_question_is_not_answered(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    clock.step_to(b.NOON + timedelta(days=31))
    assert heard(app, brand, "9").survey is None


def test_of_two_who_share_a_number_the_one_who_was_asked_answers(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    other = asking.somebody(app, brand, phone=NUMBER)
    answer = heard(app, brand, "9")
    assert answer.refs == tuple(sorted([person.ref, other.ref]))
    assert len(asking.told(app, brand, person)) == 1
    assert asking.told(app, brand, other) == []


def test_a_reply_that_is_told_again_answers_nothing_else(
    app: Outreach, brand: BrandRef, person: Person
) -> None:
    """Though somebody else who has the number was asked as well."""
    other = asking.somebody(app, brand, phone=NUMBER)
    asking.asked(app, brand, other)
    answered = [heard(app, brand, "9", id="m-again").survey for _ in range(2)]
    assert answered == ["nps", None]
    assert len(asking.told(app, brand, person) + asking.told(app, brand, other)) == 1

"""Does what somebody answers in a call count as their answer to the survey?"""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.callbacks import desk, endings, sweeping
from outreach.callbacks.answering import Spoken, told
from outreach.callbacks.endings import Closing
from outreach.callbacks.model import Task
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.inbound import answers, cases
from outreach.people.model import Person
from outreach.surveys import document
from outreach.templates import store as templates
from tests import builders as b
from tests.surveys import asking

_ASK = asking.asks(kind="callback", channels=["voice"], template="nps-call")
_SCRIPT = {
    "opening": "Hello", "closing": "Thank you",
    "questions": [
        {"key": "nps", "ask": "How likely are you to recommend us?", "required": True},
        {"key": "why", "ask": "Why is that?"},
    ],
}  # fmt: skip
_TEMPLATE = {
    "key": "nps-call", "purpose": "service", "texts": {"en": {"voice": {"script": _SCRIPT}}}
}  # fmt: skip


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app)
    with app.means.database.begin(brand) as tx:
        templates.put(tx, brand, json.dumps(_TEMPLATE), name="nps-call")
    b.a_live_campaign(app, brand, steps=[_ASK])
    return brand


@pytest.fixture
def person(app: Outreach, brand: BrandRef) -> Person:
    return asking.somebody(app, brand, phone="+447400123456")


@pytest.fixture
def task(app: Outreach, brand: BrandRef, person: Person) -> Task:
    asking.asked(app, brand, person)
    task = desk.take(app.means, brand, agent="ana")
    assert task
    return desk.dial(app.means, brand, task.id, agent="ana")


def test_what_an_agent_notes_is_the_answer_and_no_other_is_taken(
    app: Outreach, brand: BrandRef, person: Person, task: Task, clock: SteppedClock
) -> None:
    """Once the call is no longer taken back; a link that comes later finds it answered."""
    for noted in ("", "soon", "11"):
        with pytest.raises(Invalid):
            endings.close(
                app.means, brand, task.id, agent="ana",
                closing=Closing("reached", answers={"nps": noted}),
            )  # fmt: skip
    said = Closing("reached", answers={"nps": "3, it broke", "why": "The lid."})
    endings.close(app.means, brand, task.id, agent="ana", closing=said)
    assert asking.told(app, brand, person) == []
    clock.step_to(clock() + endings.UNDO)
    assert sweeping.sweep(app.means, brand)
    [answer] = asking.told(app, brand, person)
    assert (answer["score"], answer["band"], answer["by"], answer["agent"]) == (
        3,
        "low",
        "call",
        "ana",
    )
    [more] = asking.told(app, brand, person, "survey.commented")
    assert more["comment"] == "The lid."
    asked = answers.of_touch(app.means, brand, task.touch_id)
    assert asked
    assert asked.state(now=clock()) == "answered"


def test_what_is_noted_after_it_closed_or_again_is_no_answer(
    app: Outreach, brand: BrandRef, task: Task
) -> None:
    """Pure, given what was asked."""
    asked = answers.of_touch(app.means, brand, task.touch_id)
    assert asked
    for after, number in ((timedelta(), 1), (timedelta(days=31), 0)):
        spoken = Spoken(
            task.touch_id, task.person_id, "c-1", "ana", asked.asked_at + after, {"nps": "9"}
        )
        assert len(list(told(asked, spoken))) == number


def test_a_form_that_tells_of_damage_becomes_a_case_of_its_order(
    app: Outreach, clock: SteppedClock
) -> None:
    """Joined with what an agent raised, and with what was written beside it."""
    brand = b.a_brand(app, "second")
    b.a_live_campaign(app, brand, steps=[asking.asks("delivery")])
    person = asking.somebody(app, brand)
    touch = asking.asked(app, brand, person, order="O-1")
    raised = cases.Raised("exchange", "ana", order="O-1")
    key, _ = cases.raise_case(app.means, brand, person.id, raised)
    asked = answers.of_touch(app.means, brand, touch)
    assert asked
    assert answers.take(app.means, brand, person, asked, 2, by="page")
    asked = answers.of_touch(app.means, brand, touch)
    assert asked
    given = {"trouble": "damaged", "why": "The lid broke."}
    assert answers.add(app.means, brand, person, asked, given)
    assert not answers.add(app.means, brand, person, asked, given)
    with app.means.database.begin(brand) as tx:
        notes = cases.notes(tx, person.id, key)
        many = tx.execute(text("select count(*) from outreach.cases where kind <> 'early_warning'"))
        assert many.scalar_one() == 1
    assert [(note.by, note.topic, note.note) for note in notes] == [
        ("ana", "exchange", ""),
        ("survey:delivery", "damage", "The lid broke."),
    ]


def test_every_case_of_the_library_is_one_that_can_be_raised() -> None:
    found = {
        choice.case
        for source in document.library().values()
        for question in document.read(source, name="s").questions
        for choice in question.choices
        if choice.case
    }
    assert found == {"damage", "logistics"}
    assert found <= set(cases.TOPICS)


def test_damage_that_is_told_in_a_call_becomes_a_case_of_its_order(
    app: Outreach, clock: SteppedClock
) -> None:
    """Once, when the call is no longer taken back; what was said stands beside it."""
    brand = b.a_brand(app)
    questions = [
        {"key": key, "ask": key, "required": True} for key in ("delivery", "trouble", "why")
    ]
    script = _SCRIPT | {"questions": questions}
    template = _TEMPLATE | {"texts": {"en": {"voice": {"script": script}}}}
    with app.means.database.begin(brand) as tx:
        templates.put(tx, brand, json.dumps(template), name="nps-call")
    b.a_live_campaign(app, brand, steps=[_ASK | {"survey": "delivery"}])
    person = asking.somebody(app, brand, phone="+447400123456")
    asking.asked(app, brand, person, order="O-1")
    task = desk.take(app.means, brand, agent="ana")
    assert task
    desk.dial(app.means, brand, task.id, agent="ana")
    said = {"delivery": "2", "trouble": "damaged", "why": "The lid broke."}
    endings.close(app.means, brand, task.id, agent="ana", closing=Closing("reached", answers=said))
    clock.step_to(clock() + endings.UNDO)
    assert sweeping.sweep(app.means, brand)
    with app.means.database.begin(brand) as tx:
        found = cases.opened(tx, person=person.id)
        [case] = [one for one in found if one.topic != "early_warning"]
        notes = cases.notes(tx, person.id, case.key)
    assert (case.topic, case.order_key) == ("damage", "O-1")
    assert [(one.by, one.note) for one in notes] == [("survey:delivery", "The lid broke.")]

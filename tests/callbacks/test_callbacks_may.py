"""What becomes of a call of which the gate says something?"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from optout.model import Channel, Purpose
from outreach.callbacks.may import LOOK_AGAIN, Later, May, Over, may
from outreach.callbacks.model import Task
from outreach.dispatch.model import Silence
from outreach.hours.model import Place
from tests.builders import NOON
from tests.dispatch import builders as b

NUMBER = "+351210001234"
TASK = Task(
    id=UUID(int=1), touch_id=UUID(int=1), campaign_id=UUID(int=2), person_id=UUID(int=3),
    kind="call", number=NUMBER, other_number=None, script="", reason="", queue="calls",
    language=None, needs=(),
    in_house=False, rank=1, state="open", holder=None, only_agent=None, disposition=None, note=None,
    attempts=0, held=None, promised_local=None, promised_zone=None, promised_at=None,
    opened_at=NOON, due_at=NOON, useless_after=NOON + timedelta(days=3), taken_at=None,
    dialled_at=None, lease_until=None,
)  # fmt: skip


def test_what_nothing_speaks_against_may_be_made() -> None:
    assert may(TASK, NUMBER, [b.facts()], ended_by=None) == May(NUMBER)


def test_a_complaint_takes_a_question_out_of_the_queue() -> None:
    """Whoever complained is not asked about something else afterwards; service goes on."""
    complained = b.facts(care=Silence(cases=("C-1",)))
    asks = replace(complained, touch=replace(complained.touch, purpose=Purpose.SURVEY))
    assert may(TASK, NUMBER, [asks], ended_by=None) == Over("care_hold")
    serves = replace(complained, touch=replace(complained.touch, purpose=Purpose.SERVICE))
    assert may(TASK, NUMBER, [serves], ended_by=None) == May(NUMBER)


def test_a_passage_that_ended_and_a_second_number_have_their_say() -> None:
    """Whatever any of the numbers concerned speaks against does not happen."""
    assert may(TASK, NUMBER, [b.facts()], ended_by="exit:x") == Over("exit:x")
    call = replace(b.facts().touch, channel=Channel.VOICE)
    nowhere = b.facts(place=Place((), (), ()), touch=call)
    later = Later(nowhere.now + LOOK_AGAIN, "place_unknown")
    assert may(TASK, NUMBER, [b.facts(), nowhere], ended_by=None) == later


def test_a_promised_call_is_made_on_a_day_that_its_step_leaves_out() -> None:
    """Any other waits for the next day that the step admits."""
    monday = NOON + timedelta(hours=12)
    off = b.facts(day_off_until=monday)
    assert may(TASK, NUMBER, [off], ended_by=None) == Later(monday, "day_left_out")
    promised = replace(TASK, promised_at=NOON)
    assert may(promised, NUMBER, [off], ended_by=None) == May(NUMBER)


def test_a_call_does_not_count_itself_and_the_next_one_counts_it() -> None:
    """One a day: the first call may be made, and the second waits until the next day."""
    itself = b.attempted(1, number=1)
    capped = b.facts(limits=(b.a_limit(),), attempts=(itself,))
    assert may(TASK, NUMBER, [capped], ended_by=None) == May(NUMBER)
    again = may(replace(TASK, attempts=1), NUMBER, [capped], ended_by=None)
    assert again == Later(NOON + timedelta(hours=23), "capped")

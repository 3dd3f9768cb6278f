"""Where may a version go, and what changed between two of them?"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from outreach.campaigns import document, lifecycle
from outreach.campaigns.difference import difference
from outreach.campaigns.lifecycle import MOVES, State
from outreach.campaigns.model import Campaign
from outreach.db.tables import CAMPAIGN_STATES
from outreach.errors import Conflict
from tests import builders as b

WORDS = (Path(__file__).parents[2] / "docs" / "words.md").read_text(encoding="utf-8")


def campaign(**changes: object) -> Campaign:
    return document.read(b.written(**changes), name="a")


def a_mail(channels: str = "[email]") -> str:
    """A step as one line tells it."""
    message = f"channels {channels}, template usage-tutorial-1, kind message"
    return f"{message}, after 0 s, useful_for 3 d, late hold"


def told(old: Campaign, new: Campaign) -> list[str]:
    return [str(change) for change in difference(old, new)]


def test_the_table_is_what_the_database_and_the_words_know() -> None:
    section = WORDS.partition("## States of a campaign's version")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| .+ \| (.+) \|$", section, flags=re.MULTILINE)
    page = {name: {one.strip() for one in ways.split(",")} - {"–"} for name, ways in rows}
    assert page == {state.value: {to.value for to in ways} for state, ways in MOVES.items()}
    assert [state.value for state in State] == list(CAMPAIGN_STATES)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("to", State)
def test_a_move_is_in_the_table_or_refused_with_what_to_do(state: State, to: State) -> None:
    if to in MOVES[state]:
        lifecycle.check("reminder", state, to)
        return
    with pytest.raises(Conflict, match=r"^campaign 'reminder' is [a-z ]+: .+"):
        lifecycle.check("reminder", state, to)


def test_the_same_meaning_is_no_difference() -> None:
    """Writing down a default, or another order of exits' keys, changes nothing."""
    old = document.read(b.written(), name="a")
    new = document.read(b.written(priority=50, steps=[b.a_step(kind="message")]), name="a")
    assert told(old, new) == []


def test_each_value_that_differs_has_its_line() -> None:
    old = campaign(steps=[b.a_step(after="2 d", at="10:00"), b.a_step("two")])
    new = campaign(
        steps=[b.a_step(after="3 d"), b.a_step("three", channels=["sms", "email"])],
        exits=[{"event": "order.refunded", "same": "order"}],
        holdout=0.1,
        priority=70,
    )
    assert told(old, new) == [
        "steps.one.after: 2 d → 3 d",
        "steps.one.at: gone, was 10:00",
        f"steps.two: gone, was {a_mail()}",
        f"steps.three: new, {a_mail('[sms, email]')}",
        "exits.order.refunded of the same order: new, ends it",
        "priority: 50 → 70",
        "holdout: 0.0 → 0.1",
    ]


def test_a_step_that_moved_is_no_new_one() -> None:
    old = campaign(steps=[b.a_step("one"), b.a_step("two")])
    assert told(old, replace(old, steps=old.steps[::-1])) == ["order of steps: one, two → two, one"]


def test_a_condition_is_shown_whole() -> None:
    def asks(value: int) -> Campaign:
        clause = {"field": "event.data.total", "operator": "at_least", "value": value}
        return campaign(trigger={"event": "parcel.delivered", "condition": clause})

    [line] = told(asks(40), asks(50))
    assert line.startswith("trigger.condition: field event.data.total, operator at_least, value 40")
    assert line.endswith("value 50")

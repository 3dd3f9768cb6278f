"""Is every reason, state and type of event that exists in code explained in docs/words.md?"""

import re
from pathlib import Path

import pytest

from optout import model as consent
from optout import reading
from outreach.callbacks.endings import DISPOSITIONS
from outreach.channels import protocol
from outreach.channels.receipts import Kind, Why
from outreach.db import tables
from outreach.dispatch.model import Reason
from outreach.enrolments import outlines, plan
from outreach.enrolments.model import MOVES, State
from outreach.events.model import KEYED_BY
from outreach.reports.reasons import REASONS

WORDS = (Path(__file__).parents[2] / "docs" / "words.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", WORDS, flags=re.MULTILINE))
REFUSALS = re.findall(r"^- `(\w+)`:", str(protocol.__doc__), flags=re.MULTILINE)


def test_the_refusals_are_read_from_where_they_are_explained() -> None:
    assert "rejected" in REFUSALS


@pytest.mark.parametrize(
    "codes",
    [
        pytest.param(list(Reason), id="gate"),
        pytest.param(list(consent.Reason), id="consent"),
        pytest.param(
            [plan.CONDITION, *plan.HOLDOUTS, plan.ENDED, outlines.NO_ADDRESS],
            id="planning",
        ),
        pytest.param(REFUSALS, id="refusals"),
        pytest.param(list(REASONS), id="said"),
        pytest.param(list(State), id="states"),
        pytest.param(list(tables.TOUCH_STATES), id="stored states"),
        pytest.param(list(KEYED_BY), id="events"),
        pytest.param(list(consent.Channel), id="channels"),
        pytest.param(list(consent.Purpose), id="purposes"),
        pytest.param(list(consent.Action), id="actions"),
        pytest.param(list(consent.How), id="how"),
        pytest.param(list(reading.Intent), id="intents"),
        pytest.param(list(DISPOSITIONS), id="dispositions"),
        pytest.param(list(Kind), id="receipts"),
        pytest.param(list(Why), id="why messages fell short"),
    ],
)
def test_every_code_has_a_line_of_meaning(codes: list[str]) -> None:
    assert [code for code in codes if not ROWS.get(code)] == []


def test_a_touch_moves_as_the_table_says() -> None:
    told = {
        state: {one.strip() for one in ROWS[state].rpartition("|")[2].split(",")} - {"–"}
        for state in State
    }
    assert told == {state: set(moves) for state, moves in MOVES.items()}


def test_events_are_named_by_what_the_table_says() -> None:
    told = {kind: tuple(ROWS[kind].partition(" |")[0].split(", ")) for kind in KEYED_BY}
    assert told == dict(KEYED_BY)

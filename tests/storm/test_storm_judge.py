"""Does the judge of the storm see what is wrong, and find nothing where nothing is?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.storm.crowd import crowd
from tests.storm.hand import START
from tests.storm.judge import OptOut, Story, judge
from tests.storm.reading import Attempt, Line, Row

SOMEBODY = crowd(1)[0]
PARCEL = SOMEBODY.parcels[0]
LINE = Line("sms", "tch_1", SOMEBODY.phone, "LUMEN", SOMEBODY.told(PARCEL), 10.0)
ROW = Row(
    "tch_1", "sent", None, "sms", START, SOMEBODY.ref, "lumen", PARCEL,
    (Attempt(1, START, "accepted"),),
)  # fmt: skip
OPT_OUT = OptOut("lumen", SOMEBODY.ref, 9.0, frozenset())


def a_story(**changes: object) -> Story:
    """One person was told of one parcel, ten seconds after the start, and all is well."""
    known = Story(
        people={SOMEBODY.ref: SOMEBODY}, told=frozenset({PARCEL}), lines=[LINE], rows=[ROW],
        opt_outs=[], at=lambda s, _=0.0: (START + timedelta(seconds=s),) * 2, keys=True,
        recovered=True, lasts=4.0,
    )  # fmt: skip
    return replace(known, **changes)  # type: ignore[arg-type]  # whatever a test is about


def test_when_all_is_well_every_assertion_holds() -> None:
    """And there is nothing to count."""
    said = judge(a_story())
    assert said.holds
    assert (said.touches, said.twice, said.lost, said.open_named) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("A1", {"lines": [LINE, replace(LINE, began=11.0)]}),
        ("A2", {"rows": []}),
        ("A2", {"told": frozenset({PARCEL, "P-2"})}),
        ("A2", {"lines": [], "rows": [replace(ROW, state="uncertain", reason="no_answer")]}),
        ("A3", {"lines": []}),
        ("A4", {"rows": [replace(ROW, attempts=())]}),
        ("A4", {"rows": [replace(ROW, attempts=(Attempt(1, START + timedelta(1), None),))]}),
        ("A5", {"opt_outs": [OPT_OUT]}),
        ("A5", {"opt_outs": [replace(OPT_OUT, in_air=frozenset({"tch_1"}), answered=1.0)]}),
        ("A6", {"at": lambda _, __=0.0: (START + timedelta(hours=8),) * 2}),
        ("A7", {"lines": [LINE, replace(LINE, touch="tch_2", began=60.0)],
                "rows": [ROW, replace(ROW, touch="tch_2", parcel="P-2")]}),
        ("A8", {"lines": [replace(LINE, sender="NORTH")]}),
        ("A8", {"lines": [replace(LINE, to="+351210999999")]}),
        ("A9", {"lines": [replace(LINE, said="Hello")]}),
        ("A10", {"broken": ("lumen",)}),
        ("A12", {"recovered": False}),
    ],
)  # fmt: skip
def test_each_assertion_sees_what_it_is_there_for(name: str, changes: dict[str, object]) -> None:
    """Each of these stories breaks at least the one it is about."""
    assert not judge(a_story(**changes)).assertions[name]


def test_what_an_opt_out_named_may_still_arrive_while_a_call_lasts() -> None:
    """The answer said so."""
    named = replace(OPT_OUT, in_air=frozenset({"tch_1"}))
    assert judge(a_story(opt_outs=[named])).assertions["A5"]


def test_without_keys_what_is_uncertain_is_open_and_not_lost() -> None:
    """It has a name, and somebody can look into it."""
    rows = [replace(ROW, state="uncertain", reason="worker_gone")]
    said = judge(a_story(lines=[], rows=rows, keys=False))
    assert (said.lost, said.open_named) == (0, 1)

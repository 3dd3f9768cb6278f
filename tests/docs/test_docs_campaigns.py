"""Is docs/campaigns.md fresh, and does each of its examples work?"""

import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from outreach import documents
from outreach.campaigns import conditions, document, starting
from outreach.campaigns.conditions import TALLIES

DOCS = Path(__file__).parents[2] / "docs"
MADE = runpy.run_path(str(DOCS / "make_campaigns.py"))
made_page = cache(MADE["page"])  # takes seconds, and not every worker needs it
EXAMPLES: dict[str, str] = dict(MADE["EXAMPLES"])
ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)

STEP = {"key": "one", "channels": ["email"], "template": "hello"}
LAST = STEP | {"key": "last"}
UNTIL = {"event": "survey.answered"}
WAIT = {"key": "w", "kind": "wait", "until": UNTIL, "at_most": "7 d"}
ARM = {"key": "a", "share": 0.5}
SPLIT = {"key": "s", "kind": "split", "arms": [ARM, {"key": "b", "share": 0.5, "steps": [STEP]}]}
TRIGGER = {"event": "parcel.delivered"}
AUDIENCE = {"audience": "all", "at": "2026-12-01T10:00"}
CAMPAIGN = {
    "key": "a", "name": {"en": "A"}, "purpose": "service", "trigger": TRIGGER, "steps": [STEP],
}  # fmt: skip
CLAUSE = {"field": "event.data.total", "operator": "at_least", "value": 1}
BRANCH = {"key": "b", "kind": "branch", "ways": [{"when": CLAUSE}]}
PILOT = {"share": 0.5, "until": "2026-09-01T00:00:00Z"}
SUCCESS = {"outcome": "review.written", "within": "14 d", "by": 0.02}
STOPS = {"outcome": "withdrawn", "within": "7 d"}


TALLY = {"operator": "at_least", "value": 1}


def _asked(part: dict[str, Any]) -> dict[str, Any]:
    """A tally asks for one thing: what the example says, or else a count."""
    return part if set(part) & set(TALLIES) else part | {"count": "events"}


def whole(shape: str, part: dict[str, Any]) -> dict[str, Any]:
    """A campaign that holds this example where it belongs."""
    within: dict[str, dict[str, Any]] = {
        "Campaign": part,
        "EventTrigger": {"trigger": TRIGGER | part},
        "DateTrigger": {"trigger": part},
        "HolidayTrigger": {"trigger": part},
        "AudienceTrigger": {"trigger": AUDIENCE | part},
        "RecurringTrigger": {"trigger": AUDIENCE | {"at": "10:00"} | part},
        "Step": {"steps": [STEP | part]},
        "Wait": {"steps": [WAIT | part, STEP]},
        "Awaited": {"steps": [WAIT | {"until": UNTIL | part}, STEP]},
        "Branch": {"steps": [BRANCH | part, LAST]},
        "Way": {"steps": [BRANCH | {"ways": [{"when": CLAUSE} | part]}, LAST]},
        "Else": {"steps": [BRANCH | {"else": part}, LAST]},
        "Split": {"steps": [SPLIT | part]},
        "Arm": {"steps": [SPLIT | {"arms": [ARM | part, ARM | {"key": "b"}]}, LAST]},
        "Exit": {"exits": [{"event": "order.refunded"} | part]},
        "CampaignCap": {"caps": [{"max": 1, "per": "1 d"} | part]},
        "Pilot": {"pilot": PILOT | part},
        "Success": {"pilot": PILOT | {"success": [SUCCESS | part]}},
        "StopRule": {"pilot": PILOT | {"stops": [STOPS | part]}},
        "Guardrails": {"guardrails": {"opt_outs": 0.01} | part},
        "Ramp": {"ramp": {"first": 1, "then": 0.5} | part},
        "Clause": {"trigger": TRIGGER | {"condition": CLAUSE | part}},
        "Tally": {"trigger": TRIGGER | {"condition": TALLY | _asked(part)}},
    }
    condition = {"trigger": TRIGGER | {"condition": part}}
    return CAMPAIGN | within.get(shape, condition)


def test_the_page_is_fresh() -> None:
    """When it is not: `.venv/bin/python docs/make_campaigns.py`."""
    assert MADE["PAGE"].read_text(encoding="utf-8") == made_page()


def test_the_librarys_schema_is_fresh() -> None:
    """When it is not: `.venv/bin/python docs/make_campaigns.py`."""
    assert MADE["SCHEMA"].read_text(encoding="utf-8") == starting.schema_file()


def test_every_key_has_an_example() -> None:
    """A new key needs one in `docs/campaigns/examples.yaml`."""
    keys = {f"{name}.{key}" for name, one in MADE["shapes"]().items() for key in one["properties"]}
    assert keys == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_can_be_read(name: str) -> None:
    shape, _, key = name.partition(".")
    part = documents.read(EXAMPLES[name], ANYTHING, name=name)
    assert key in part
    campaign = document.decode(whole(shape, part), name=name)
    assert document.plain(campaign)  # printed as it was read


@pytest.mark.parametrize("name", MADE["CONDITIONS"])
def test_each_condition_that_is_shown_can_be_read(name: str) -> None:
    condition = conditions.read(MADE["CONDITIONS"][name])
    assert conditions.read(conditions.printed(condition)) == condition
    assert f"{{example:{name}}}" not in made_page()


@pytest.mark.parametrize("file", sorted(document.library()))
def test_each_file_of_the_library_names_its_schema(file: str) -> None:
    """When one does not: `.venv/bin/python docs/make_campaigns.py`."""
    assert document.library()[file].startswith(starting.EDITOR_LINE + "\n")

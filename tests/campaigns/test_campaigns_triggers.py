"""What may start a passage, and how is it written?"""

import json
from datetime import date
from typing import Any

import pytest

from outreach.campaigns import document
from outreach.campaigns.triggers import AudienceTrigger, EventTrigger, RecurringTrigger
from outreach.errors import Invalid
from tests import builders as b

CHINA = {"field": "person.country", "operator": "is", "value": "CN"}


def read(trigger: dict[str, Any]) -> Any:
    return document.read(b.written(trigger=trigger), name="a.yaml").trigger


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ({"event": "parcel.delivered"}, EventTrigger),
        ({"event": "cart.updated", "quiet_for": "3 h", "unless": "order.paid"}, EventTrigger),
        ({"event": "case.closed", "once_per": "order", "again_after": "90 d"}, EventTrigger),
        ({"audience": "all", "at": "2026-12-01T10:00"}, AudienceTrigger),
        ({"audience": CHINA, "at": "2026-12-01T10:00:00+08:00"}, AudienceTrigger),
        ({"audience": "all", "every": "day", "at": "09:00"}, RecurringTrigger),
        ({"audience": CHINA, "every": "week", "on": "monday", "at": "09:00"}, RecurringTrigger),
        ({"audience": "all", "every": "month", "on": [1, 15], "at": "09:00"}, RecurringTrigger),
    ],
)
def test_the_first_words_say_which_trigger_it_is(written: dict[str, Any], shape: type) -> None:
    """And it is printed such that it reads the same again."""
    campaign = document.read(b.written(trigger=written), name="a.yaml")
    assert type(campaign.trigger) is shape
    assert document.read(document.printed(campaign), name="again") == campaign


@pytest.mark.parametrize(
    ("trigger", "path", "sentence"),
    [
        ({}, "trigger.event", "`event` is missing"),
        ({"audience": "all"}, "trigger.at", "`at` is missing"),
        ({"event": "cart.updated", "unless": "order.paid"}, "trigger", "`quiet_for: 3 h`"),
        ({"audience": "some", "at": "2026-12-01T10:00"}, "trigger.audience", "`some`"),
        ({"audience": "all", "at": "tomorrow"}, "trigger.at", "on each person's clock"),
        ({"audience": "all", "every": "day", "at": "25:00"}, "trigger.at", "time of day"),
        ({"audience": "all", "every": "hour", "at": "09:00"}, "trigger.every", "`hour`"),
        ({"audience": "all", "every": "week", "at": "09:00"}, "trigger", "`on: monday`"),
        ({"audience": "all", "every": "month", "on": "monday", "at": "09:00"}, "trigger", "15"),
        ({"audience": "all", "every": "day", "on": 1, "at": "09:00"}, "trigger", "remove it"),
        ({"audience": "all", "at": "2026-12-01T10:00", "evry": "day"}, "trigger.evry", "evry"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(
    trigger: dict[str, Any], path: str, sentence: str
) -> None:
    text = json.dumps(json.loads(b.written(trigger=trigger)), indent=1)
    with pytest.raises(Invalid) as caught:
        document.read(text, name="a.yaml")
    (problem,) = caught.value.problems
    assert (problem.where, problem.line > 1) == (path, True)
    assert sentence in problem.sentence


def test_a_month_without_such_a_day_has_its_last_one() -> None:
    """The 31st falls on the 28th of February, and once only."""
    last = read({"audience": "all", "every": "month", "on": 31, "at": "09:00"})
    days = [date(2026, 2, day) for day in range(1, 29)]
    assert [day for day in days if last.falls_on(day)] == [date(2026, 2, 28)]
    both = read({"audience": "all", "every": "month", "on": [28, 31], "at": "09:00"})
    assert [day for day in days if both.falls_on(day)] == [date(2026, 2, 28)]


def test_a_week_comes_round_on_its_days() -> None:
    weekly = read({"audience": "all", "every": "week", "on": ["monday", "friday"], "at": "09:00"})
    found = [day for day in range(9, 16) if weekly.falls_on(date(2026, 3, day))]
    assert found == [9, 13]

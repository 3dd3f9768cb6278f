"""Does every row of the research behind the packs stand in one, deciding the same?

The research is a table that may lie beside a checkout; without it there is nothing to compare.
"""

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from outreach.hours.model import AttemptCap, Rule
from outreach.hours.packs import NOT_CARRIED, load

RESEARCH = Path(__file__).parents[3] / "shared" / "data" / "calling_hours.yaml"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# What the research calls by the trade, we call by the class and the sector.
TRADES = {
    "marketing_life_insurance": ("marketing", "life_insurance"),
    "renewal_property_insurance": ("marketing", "property_insurance"),
}

PACKS = load()


def research() -> dict[str, Any]:
    if not RESEARCH.exists():
        pytest.skip("the research table is not beside this checkout")
    return YAML(typ="safe").load(RESEARCH)


def minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def windows_of(row: dict[str, Any]) -> object:
    if row["windows"] is None:
        return None
    return tuple(
        tuple((minutes(first), minutes(last)) for first, last in row["windows"][day])
        for day in DAYS
    )


def day_of(written: object) -> date | None:
    return date.fromisoformat(str(written)) if written else None


def span_of(written: str) -> timedelta:
    if written.startswith("PT"):
        return timedelta(hours=int(written[2:-1]))
    return timedelta(days=int(written[1:-1]))


def decided_by_research(code: str, row: dict[str, Any]) -> dict[str, object]:
    purposes = [TRADES.get(name, (name, None)) for name in row["purposes"]]
    return {
        "jurisdiction": code,
        "channels": set(row["channels"]),
        "purposes": {name for name, _ in purposes},
        "sector": purposes[0][1],
        "windows": windows_of(row),
        "holidays": bool(row["public_holidays_allowed"]),
        "from": day_of(row.get("effective_from")),
        "to": day_of(row.get("effective_to")),
        "basis": row["basis"],
        "binding": row["binding"],
        "confidence": row["confidence"],
        "evidence": row["evidence"],
        "after refusal": row.get("cooldown_after_refusal", "").replace("forever", "for_ever"),
        "consumer alone": row["audience"] in ("consumer", "natural persons")
        or row["audience"].startswith("residence"),
        "caps": {
            (c["max"], span_of(c["per"]), c["window"] == "rolling", c["scope"], c["counts"])
            for c in row["attempt_caps"]
        },
    }


def decided_here(rule: Rule) -> dict[str, object]:
    def said(cap: AttemptCap) -> tuple[object, ...]:
        return (cap.max, cap.per, cap.rolling, cap.scope, cap.counts)

    return {
        "jurisdiction": rule.jurisdiction,
        "channels": {*rule.channels, *rule.beyond},
        "purposes": set(rule.purposes),
        "sector": rule.sector,
        "windows": rule.windows,
        "holidays": rule.holidays_allowed,
        "from": rule.effective_from,
        "to": rule.effective_to,
        "basis": rule.basis,
        "binding": rule.binding,
        "confidence": rule.confidence,
        "evidence": rule.evidence,
        "after refusal": rule.after_refusal,
        "consumer alone": rule.audience == "consumer",
        "caps": {said(cap) for cap in rule.caps},
    }


def test_every_row_of_the_research_decides_the_same_here():
    rows = {
        row["id"]: decided_by_research(place["code"], row)
        for place in research()["jurisdictions"]
        for row in place["rules"]
    }
    ours = {rule.id: decided_here(rule) for rule in PACKS.rules}
    assert len(rows) >= 123
    assert {name: ours.get(name) for name in rows} == rows


def test_every_deadline_of_the_research_is_here():
    kinds = {"all": {"voice", "sms", "email", "chat"}}
    there = {
        (row["code"], frozenset(kinds.get(row["channel"], set(row["channel"].split("+")))))
        for row in research()["opt_out_deadlines"]
    }
    assert {(d.jurisdiction, frozenset(d.channels)) for d in PACKS.deadlines} == there


def test_what_is_left_out_names_a_row_and_a_reason():
    listed = files("outreach.hours").joinpath("packs", NOT_CARRIED).read_text(encoding="utf-8")
    left_out = YAML(typ="safe").load(listed)
    ids = {rule.id for rule in PACKS.rules}
    assert all(entry["row"] in ids | {"*"} for entry in left_out)
    assert all(entry["part"] and entry["reason"] for entry in left_out)

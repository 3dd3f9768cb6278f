"""What changed between two versions of a campaign, in lines that a person can check?

Steps are compared by their keys and not by their places, so a step that moved is no new one.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outreach.campaigns import document
from outreach.campaigns.model import Campaign

_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is not what it was. None: it was not there, or is not any more."""

    path: str
    was: str | None
    now: str | None

    def __str__(self) -> str:
        if self.was is None:
            return f"{self.path}: new, {self.now}"
        if self.now is None:
            return f"{self.path}: gone, was {self.was}"
        return f"{self.path}: {self.was} → {self.now}"


def difference(old: Campaign, new: Campaign) -> tuple[Change, ...]:
    """Every value that differs, in the order of the document; none when they mean the same."""
    return (*_between("", _comparable(old), _comparable(new)), *_reordered(old, new))


def _comparable(campaign: Campaign) -> dict[str, Any]:
    """Defaults are spelled out: writing one down changes nothing. Lists become names."""
    data = document.spelled_out(campaign)
    data["steps"] = _named(data["steps"])
    data["exits"] = {
        f"{way['event']} of the same {way['same']}": way["condition"] or "ends it"
        for way in data["exits"]
    }
    return data


def _named(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Steps by their keys, with what stands inside branches and splits, however deep."""
    return {entry.pop("key"): _opened(entry) for entry in entries}


def _opened(entry: dict[str, Any]) -> dict[str, Any]:
    if "ways" in entry:
        entry["ways"] = {str(at): _opened(way) for at, way in enumerate(entry["ways"], 1)}
    if "arms" in entry:
        entry["arms"] = _named(entry["arms"])
    if entry.get("else"):
        entry["else"] = _opened(entry["else"])
    if "steps" in entry:
        entry["steps"] = _named(entry["steps"])
    return entry


def _reordered(old: Campaign, new: Campaign) -> Iterator[Change]:
    """The order of the steps that both have, where it is another one."""
    shared = {step.key for step in old.steps} & {step.key for step in new.steps}
    was, now = (
        ", ".join(step.key for step in campaign.steps if step.key in shared)
        for campaign in (old, new)
    )
    if was != now:
        yield Change("order of steps", was, now)


def _between(path: str, old: object, new: object) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping) and not _condition(old, new):
        for key in dict.fromkeys((*old, *new)):
            inner = f"{path}.{key}" if path else key
            yield from _between(inner, old.get(key, _NOTHING), new.get(key, _NOTHING))
        return
    yield Change(path, _worded(old), _worded(new))


def _condition(*sides: Mapping[str, object]) -> bool:
    """A condition is shown whole: half of one says nothing."""
    return any({"all", "any", "not", "cel", "field"} & side.keys() for side in sides)


def _worded(value: object) -> str | None:
    if value is _NOTHING or value is None:
        return None
    if isinstance(value, Mapping):
        given = {key: inner for key, inner in value.items() if inner not in (None, False, [])}
        return ", ".join(f"{key} {_worded(inner)}" for key, inner in given.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(str(_worded(entry)) for entry in value) + "]"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

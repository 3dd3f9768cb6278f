"""Which fields stand beside a campaign's document, and what does a change of one mean in it?

Pure. The document is the one truth: a field shows what is written there, and a change of it changes
just this place of the text, comments and all else kept.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from outreach import documents
from outreach.campaigns.model import Campaign
from outreach.campaigns.steps import Step, placed
from outreach.errors import Invalid
from outreach.web.console.flow import span

Kind = Literal["text", "number"]
_THEN = 0.05  # the share that passes after a glance, until somebody writes another


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the form, the word for it, of what it is, and what it shows."""

    name: str
    word: str
    shown: str
    path: tuple[str | int, ...]
    of: str = ""
    kind: Kind = "text"
    read: Callable[[str], object] = str


def of(campaign: Campaign) -> list[Field]:
    """Names, its weight, who is left alone, how carefully it starts, when each step goes."""
    return [*_names(campaign), *_numbers(campaign), *_delays(campaign)]


def changed(campaign: Campaign, written: str, posted: Mapping[str, str]) -> str:
    """The document with what these fields say otherwise than it. Raises `Invalid`."""
    for field in of(campaign):
        value = posted.get(field.name, field.shown).strip()
        if value != field.shown:
            written = documents.changed(written, field.path, field.read(value))
    return written


def _names(campaign: Campaign) -> Iterator[Field]:
    for locale, name in campaign.name.items():
        yield Field(f"name.{locale}", "name", name, ("name", locale), of=locale)


def _numbers(campaign: Campaign) -> Iterator[Field]:
    yield Field("priority", "priority", str(campaign.priority), ("priority",),
                kind="number", read=_whole)  # fmt: skip
    left = f"{round(campaign.holdout * 100, 4):g}"
    yield Field("holdout", "holdout", left, ("holdout",), kind="number", read=_per_cent)
    if campaign.ramp:
        first = str(campaign.ramp.first)
        yield Field("first", "first", first, ("ramp", "first"), kind="number", read=_whole)
    else:
        yield Field("first", "first", "", ("ramp",), kind="number", read=_ramp)


def _delays(campaign: Campaign) -> Iterator[Field]:
    for place, (path, step) in enumerate(placed(campaign.steps)):
        if isinstance(step, Step):
            after = span(step.after)
            yield Field(f"after.{place}", "after", after, (*path, "after"), of=step.key)


def _whole(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) <= 9):  # noqa: PLR2004  # an int
        raise Invalid(f"{written!r} is no whole number, such as 20")
    return int(written)


def _per_cent(written: str) -> float:
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Invalid(f"{written!r} is no number of per cent, such as 12.5")
    return round(value / 100, 6)


def _ramp(written: str) -> dict[str, object]:
    return {"first": _whole(written), "then": _THEN}

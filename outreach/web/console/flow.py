"""How is a campaign's course drawn from its document?

An SVG made here: what starts it, then a box for each step in the order in which they are written,
those of a way or an arm moved in beneath it. Colours come from the style sheet by class, since no
inline style passes the policy.
"""

from collections.abc import Iterator
from datetime import timedelta

from markupsafe import Markup, escape

from outreach.campaigns.model import Campaign
from outreach.campaigns.steps import Branch, Split, Step, Wait, placed
from outreach.campaigns.triggers import DateTrigger, EventTrigger, HolidayTrigger

_WIDE, _HIGH, _GAP, _IN = 420, 44, 16, 36


def drawn(campaign: Campaign, *, title: str) -> Markup:
    """The course of this campaign; `title` is what a screen reader says of it."""
    boxes = [(0, "start", *_begins(campaign)), *_boxes(campaign)]
    deepest = max(depth for depth, *_ in boxes)
    wide, high = _WIDE + deepest * _IN + 2, len(boxes) * (_HIGH + _GAP) - _GAP + 2
    inside = Markup().join(_box(n, *box) for n, box in enumerate(boxes))
    lines = Markup().join(_line(n, boxes[n][0]) for n in range(1, len(boxes)))
    return Markup(
        '<svg class="flow" role="img" viewBox="0 0 {} {}" width="{}" height="{}">'
        "<title>{}</title>{}{}</svg>"
    ).format(wide, high, wide, high, title, lines, inside)


def span(length: timedelta) -> str:
    """A length of time as documents write it: 3 d, 90 min."""
    minutes = round(length.total_seconds() / 60)
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes and minutes % size == 0:
            return f"{minutes // size} {unit}"
    return f"{minutes} min"


def _begins(campaign: Campaign) -> tuple[str, str]:
    match campaign.trigger:
        case EventTrigger(event=event):
            return str(event), campaign.purpose
        case HolidayTrigger(holiday=holiday):
            return str(holiday), campaign.purpose
        case DateTrigger(date=date):
            return str(date), campaign.purpose
        case _:
            return "audience", campaign.purpose


def _boxes(campaign: Campaign) -> Iterator[tuple[int, str, str, str]]:
    """Depth, class, first and second line of each step."""
    for path, step in placed(campaign.steps):
        depth = sum(part == "steps" for part in path) - 1
        match step:
            case Step():
                told = " · ".join((step.kind, "/".join(step.channels), f"+{span(step.after)}"))
                yield depth, step.kind, step.key, told
            case Wait():
                told = f"wait · {step.until.event} · ≤ {span(step.at_most)}"
                yield depth, "wait", step.key, told
            case Branch():
                yield depth, "branch", step.key, f"branch · {len(step.ways)}"
            case Split():
                told = " · ".join(f"{arm.key} {arm.share:.0%}" for arm in step.arms)
                yield depth, "split", step.key, f"split · {told}"


def _box(place: int, depth: int, kind: str, first: str, second: str) -> Markup:
    x, y = 1 + depth * _IN, 1 + place * (_HIGH + _GAP)
    return Markup(
        '<g class="box {}"><rect x="{}" y="{}" width="{}" height="{}" rx="5"/>'
        '<text x="{}" y="{}" class="first">{}</text>'
        '<text x="{}" y="{}" class="second">{}</text></g>'
    ).format(kind, x, y, _WIDE, _HIGH, x + 10, y + 18, _cut(first), x + 10, y + 35, _cut(second))


def _line(place: int, depth: int) -> Markup:
    x, y = 1 + depth * _IN + 18, 1 + place * (_HIGH + _GAP)
    return Markup('<line x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(x, y - _GAP, y)


def _cut(said: str, most: int = 62) -> Markup:
    return escape(said if len(said) <= most else f"{said[: most - 1]}…")

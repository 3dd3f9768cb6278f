"""How does a review become a page that can be kept and read years later?

One file of HTML with all that belongs to it: no script, no picture from elsewhere, no link.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from outreach import timezones
from outreach.replay import speech
from outreach.replay.review import Review
from outreach.replay.totals import NOWHERE
from outreach.reports import charts
from outreach.reports.reasons import Language, said

_HTML = Path(__file__).parent / "pages"


def page(review: Review, language: Language) -> str:
    """The page; the same review in the same language makes the same bytes."""
    words = speech.in_language(language)
    names = review.name
    return _environment().get_template("review.html").render(
        language=language, t=words, review=review, sums=review.answer.totals,
        name=names.get(language) or next(iter(names.values()), review.answer.key),
        zones=list(_zones(review, words["nowhere"])), charts=list(_charts(review)),
        phrase=lambda reason: said(reason).phrase(language) if reason else "",
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HTML), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def _zones(review: Review, nowhere: str) -> Iterator[tuple[str, str, str]]:
    sums = review.answer.totals
    for zone in sorted(sums.first):
        here = nowhere if zone == NOWHERE else zone
        yield here, _wall(sums.first[zone], zone), _wall(sums.last[zone], zone)


def _wall(at: datetime, zone: str) -> str:
    there = UTC if zone == NOWHERE else timezones.load(zone)
    return f"{at.astimezone(there):%Y-%m-%d %H:%M}"


def _charts(review: Review) -> Iterator[Markup]:
    """A chart a channel: its hours, from the first in which something goes to the last."""
    hours = review.answer.totals.hours
    for channel in sorted({of for _, of in hours}):
        told = sorted((hour, many) for (hour, of), many in hours.items() if of == channel)
        points = [(f"{hour:%m-%d %H}", float(many)) for hour, many in told]
        # Made by our own code out of escaped parts.
        yield Markup(charts.bars(points, title=channel))  # noqa: S704

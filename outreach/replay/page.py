"""How does a review or a replay become a page that can be kept and read years later?

One file of HTML with all that belongs to it: no script, no picture from elsewhere, no link.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from outreach import timezones
from outreach.bilingual import Language
from outreach.replay import speech
from outreach.replay.asked import Answer
from outreach.replay.load import Break
from outreach.replay.model import Row
from outreach.replay.review import Assumed, Review
from outreach.replay.totals import NOWHERE, Totals
from outreach.reports import charts
from outreach.reports.reasons import said

MOST = 1000
"""Contacts on the page of a replay; a file of lines holds all."""

_HTML = Path(__file__).parent / "pages"


def page(review: Review, language: Language) -> str:
    """The page; the same review in the same language makes the same bytes."""
    names = review.name
    return _written(
        "review.html", review.answer.totals, language,
        review=review, breaks=review.breaks, assumed=review.assumed,
        name=names.get(language) or next(iter(names.values()), review.answer.key),
    )  # fmt: skip


def replayed(
    answer: Answer,
    rows: Sequence[Row],
    assumed: Assumed,
    broken: Sequence[Break],
    language: Language,
) -> str:
    """A replay with these of its contacts: the first `MOST`, of more than those."""
    return _written(
        "replay.html", answer.totals, language,
        answer=answer, rows=rows, breaks=broken, assumed=assumed,
    )  # fmt: skip


def _written(sheet: str, sums: Totals, language: Language, **more: object) -> str:
    words = speech.in_language(language)
    return _environment().get_template(sheet).render(
        language=language, t=words, sums=sums, zones=list(_zones(sums, words["nowhere"])),
        charts=list(_charts(sums)),
        phrase=lambda reason: said(reason).phrase(language) if reason else "", **more,
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HTML), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def _zones(sums: Totals, nowhere: str) -> Iterator[tuple[str, str, str]]:
    for zone in sorted(sums.first):
        here = nowhere if zone == NOWHERE else zone
        yield here, _wall(sums.first[zone], zone), _wall(sums.last[zone], zone)


def _wall(at: datetime, zone: str) -> str:
    there = UTC if zone == NOWHERE else timezones.load(zone)
    return f"{at.astimezone(there):%Y-%m-%d %H:%M}"


def _charts(sums: Totals) -> Iterator[Markup]:
    """A chart a channel: its hours, from the first in which something goes to the last."""
    hours = sums.hours
    for channel in sorted({of for _, of in hours}):
        told = sorted((hour, many) for (hour, of), many in hours.items() if of == channel)
        points = [(f"{hour:%m-%d %H}", float(many)) for hour, many in told]
        # Made by our own code out of escaped parts.
        yield Markup(charts.bars(points, title=channel))  # noqa: S704

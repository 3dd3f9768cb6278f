"""How does a page become text? Jinja2 with everything escaped, and no script within it.

A name that a page asks for and was not given is an error and not a hole.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import dates
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from outreach import timezones
from outreach.bilingual import Language
from outreach.errors import Problem
from outreach.reports.reasons import said
from outreach.web import translated, words

HTML = tuple(Path(__file__).parent / folder for folder in ("html", "console/html"))
# A month as a word where digits alone could be read two ways; the zone is always said.
_DAY: Mapping[Language, str] = {"en": "d MMM y", "zh-CN": "y年M月d日"}


def page(
    name: str,
    language: Language,
    /,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> HTMLResponse:
    """The page of this name, filled in."""
    speech = words.in_language(language)
    text = environment().get_template(f"{name}.html").render(
        language=language, t=speech, reason=lambda code: said(code).phrase(language), **context
    )  # fmt: skip
    return HTMLResponse(text, status, headers={"Content-Language": language, **(headers or {})})


@cache
def environment() -> Environment:
    """Where our pages come from; autoescape holds for all of them."""
    made = Environment(
        loader=FileSystemLoader(HTML),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["instant"] = _instant
    made.filters["day"] = _day
    made.filters["number"] = _number
    made.filters["told"] = _told
    return made


@pass_context
def _instant(context: Context, at: datetime | None, zone: str = "UTC") -> str:
    if at is None:
        return ""
    local = at.astimezone(timezones.load(zone))
    return f"{_day(context, local)} {local:%H:%M} {zone}"


@pass_context
def _day(context: Context, day: date) -> str:
    language: Language = context["language"]
    return dates.format_date(day, _DAY[language], locale=words.LOCALES[language])


@pass_context
def _told(context: Context, said: str | Problem) -> Markup:
    return translated.told(said, context["language"])


@pass_context
def _number(context: Context, value: float) -> str:
    return words.number(value, context["language"])

"""How does a page become text? Jinja2 with everything escaped, one layout, no script.

A name that a page asks for and was not given is an error and not a hole.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from outreach import timezones
from outreach.reports.reasons import Language, said
from outreach.web import words

_HTML = Path(__file__).parent / "pages" / "html"


def page(
    name: str,
    language: Language,
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
        loader=FileSystemLoader(_HTML),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["instant"] = _instant
    return made


def _instant(at: datetime | None, zone: str = "UTC") -> str:
    return f"{at.astimezone(timezones.load(zone)):%Y-%m-%d %H:%M} {zone}" if at else ""

"""In which language and colours does somebody want the console?  `POST /choices`

Kept in two cookies of this browser, which hold nothing else; the visitor goes back to the page.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from outreach.bilingual import Language
from outreach.web.console import shell
from outreach.web.console.shell import Asked
from outreach.web.returning import local

router = APIRouter(include_in_schema=False)

_YEAR = 365 * 24 * 3600


@router.post("/choices")
def choose(
    screen: Asked,
    back: Annotated[str, Form(max_length=2000)] = "/",
    language: Annotated[Language | None, Form()] = None,
    theme: Annotated[str | None, Form(max_length=10)] = None,
) -> Response:
    """Remember the choice and go back; a theme that is none of ours leaves it to the browser."""
    answer = screen.back_to(local(back))
    if language:
        answer.set_cookie("language", language, max_age=_YEAR, httponly=True, samesite="lax")
    if theme is not None:
        answer.set_cookie(
            "theme", shell.theme_of(theme) or "auto", max_age=_YEAR, httponly=True, samesite="lax"
        )
    return answer

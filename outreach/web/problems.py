"""What does a caller read when a request was not carried out?

One shape for everything: problem details of RFC 9457, with a stable `code` to act on and, where a
document was wrong, every problem and its place. Browsers get the same as a page.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic_core import ErrorDetails
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException

from outreach.errors import (
    CallerError,
    Conflict,
    Forbidden,
    Invalid,
    NotAllowed,
    NotFound,
    OutreachError,
    Problem,
    Trouble,
)
from outreach.web import cookies, forms, language, rendering, rights
from outreach.web.returning import local

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
API = "/api/"
_SOON = "5"  # seconds until it is worth trying again


class Unreadable(Invalid):
    """The body cannot be read at all."""

    code = "unreadable"


STATUS: Mapping[type[Exception], int] = {
    Unreadable: 400,
    Forbidden: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    CallerError: 400,
    Trouble: 503,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A refusal before it is written out; `more` are members of its own (RFC 9457 section 3.2)."""

    status: int
    code: str
    detail: str
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        """What is sent."""
        known: dict[str, object] = {
            "type": f"urn:outreach:problem:{self.code}",
            "code": self.code,
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.problems:
            known["problems"] = [asdict(problem) for problem in self.problems]
        return known | dict(self.more)


# What was wrong with what a visitor of the console sent; a stranger's page says its code alone.
_TOLD = frozenset({400, 409, 422})

UNEXPECTED = Answer(500, "unexpected", "Something of ours went wrong; it is in our log.")

_PROPERTIES = {
    "type": {"type": "string", "examples": ["urn:outreach:problem:not-found"]},
    "code": {"type": "string", "description": "Stable: act on this one."},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "detail": {"type": "string", "description": "What is wrong and what to do."},
    "problems": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "where": {"type": "string"},
                "sentence": {"type": "string"},
                "line": {"type": "integer", "description": "From 1; 0 is unknown."},
                "column": {"type": "integer", "description": "From 1; 0 is unknown."},
            },
        },
    },
}
_SCHEMA = {
    "type": "object",
    "required": ["type", "code", "title", "status", "detail"],
    "properties": _PROPERTIES,
}
_DESCRIBED = {"description": "A problem (RFC 9457)", "content": {MEDIA_TYPE: {"schema": _SCHEMA}}}
RESPONSES: dict[int | str, dict[str, Any]] = {"4XX": _DESCRIBED, "5XX": _DESCRIBED}


def install(web: FastAPI) -> None:
    """Let every error of this application be answered in the one shape."""
    for kind in (CallerError, Trouble):
        web.add_exception_handler(kind, _ours)
    web.add_exception_handler(NoConnectionFree, _busy)
    web.add_exception_handler(HTTPException, _of_http)
    web.add_exception_handler(RequestValidationError, _of_request)


def response(request: Request, answer: Answer) -> Response:
    """The answer as a problem document, or as a page where a browser asks outside of the API."""
    if _browses(request) and not request.url.path.startswith(API):
        return _page(request, answer)
    return JSONResponse(
        answer.document(), answer.status, headers=dict(answer.headers), media_type=MEDIA_TYPE
    )


def _page(request: Request, answer: Answer) -> Response:
    told = answer.status in _TOLD and rights.right_of(request) not in {None, rights.ANYONE}
    return rendering.page(
        "problem",
        language.of(request),
        status=answer.status,
        headers={**forms.FORMS_TELL, **answer.headers},
        code=answer.code,
        detail=answer.detail if told else "",
        problems=answer.problems if told else (),
        back=_back(request),
        logout=_logout(request) if answer.status == HTTPStatus.FORBIDDEN else "",
    )


def _back(request: Request) -> str:
    """The page from which a form came that was refused, where it is one of ours; else nothing.

    A path alone is taken over from `Referer`, so that it leads nowhere else.
    """
    parts = forms.of_ours(request, request.headers.get("referer", ""))
    if parts is None or not forms.changes(request):
        return ""
    return local(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _logout(request: Request) -> str:
    """What the form carries by which somebody leaves who may open nothing; nothing for a key."""
    session = request.app.state.door.jar.read(request, cookies.SESSION)
    return forms.token(session, "") if session else ""


def _ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, OutreachError):
        raise error
    if error.details.get("login") and _browses(request):
        return _to_login(request)
    return response(request, of(error))


def _browses(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _to_login(request: Request) -> Response:
    """Whoever is not logged in may do so, and then see the page that they asked for."""
    asked = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    then = asked if request.method in {"GET", "HEAD"} else "/"
    return RedirectResponse(f"/login?{urlencode({'then': then})}", status_code=303)


def of(error: OutreachError) -> Answer:
    """How one of our own errors is answered."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if isinstance(error, Trouble):
        return _trouble(error.sentence)
    if isinstance(error, Forbidden):
        scheme = error.details.get("scheme", "Bearer")
        headers = {"WWW-Authenticate": f'{scheme} realm="outreach"'}
        return Answer(status, error.code, error.sentence, headers=headers)
    problems = error.problems if isinstance(error, Invalid) else ()
    return Answer(status, error.code, error.sentence, problems)


def named_by(error: OutreachError) -> tuple[Problem, ...]:
    """Each problem that a refusal names, or else the refusal itself as the only one."""
    named = error.problems if isinstance(error, Invalid) else ()
    return named or (Problem("", error.sentence),)


def _trouble(cause: str) -> Answer:
    """What happened goes to the log: it may name servers of ours."""
    log.warning("answered 503: %s", cause)
    return Answer(503, Trouble.code, str(Trouble.__doc__), headers={"Retry-After": _SOON})


def _busy(request: Request, error: Exception) -> Response:
    return response(request, _trouble(f"no connection to the database was free: {error}"))


# Not the status's phrase: Python's words for some of them change between versions.
_CODES: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported-media-type",
    HTTPStatus.UNAUTHORIZED: "forbidden",
}


def _of_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code = _CODES.get(error.status_code, f"http-{error.status_code}")
    headers = error.headers or {}
    return response(request, Answer(error.status_code, code, str(error.detail), headers=headers))


def _of_request(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    told: Iterable[ErrorDetails] = error.errors()
    problems = tuple(Problem(".".join(str(p) for p in e["loc"]), e["msg"]) for e in told)
    if any(e["type"] == "json_invalid" for e in told):
        return response(request, of(Unreadable("the body is not JSON", problems=problems)))
    return response(request, of(Invalid("the request cannot be read", problems=problems)))

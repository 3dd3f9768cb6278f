"""Who logs in here, who leaves, and with which of their brands do they go on?

GET  /login     the form
POST /login     a new session, or the form again; too early is answered with 429
POST /logout    this session ends
POST /session   another brand
"""

import math
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from outreach.access import login, sessions
from outreach.access.login import Attempt, LoggedIn, TooEarly
from outreach.brands import store as brands
from outreach.errors import Invalid, NotFound
from outreach.web import cookies, forms, language, rendering
from outreach.web.auth import AnyDoor, Door, Visitor
from outreach.web.body import Body
from outreach.web.forms import Sent
from outreach.web.returning import local

router = APIRouter(include_in_schema=False)

OfPage = Annotated[Sent, Depends(forms.sent)]

_MOST_FIELDS = 20
_SIGNS = 300  # of a field that somebody fills in; longer ones are none of ours
_LED = "then"  # whither to go on: `returning` says how long that may be


@router.api_route("/login", methods=["GET", "HEAD"])
def show(request: Request, door: AnyDoor, then: str = "/") -> Response:
    """The form."""
    return page(request, door, then)


@router.post("/login")
def log_in(request: Request, door: AnyDoor, body: Body) -> Response:
    """Begin a session and go on to where the visitor wanted to go."""
    forms.refuse_foreign(request)
    given = _fields(body)
    app, then = door.app, given.get("then", "/")
    answer = login.log_in(
        app.means.database, app.link_keys, app.sealing, _attempt(request, door, given),
        now=app.means.clock(),
    )  # fmt: skip
    if isinstance(answer, TooEarly):
        seconds = math.ceil(answer.wait.total_seconds())
        return page(request, door, then, status=429, wait=seconds)
    if not isinstance(answer, LoggedIn):
        return page(request, door, then, status=401, wrong=True)
    return entered(request, door, answer, then)


@router.post("/logout")
def log_out(request: Request, door: AnyDoor, sent: OfPage) -> Response:
    """End the session, whatever the browser does with its cookie.

    Also of somebody who has no role at any brand, and so is no visitor of one.
    """
    forms.refuse_foreign(request)
    if session := door.jar.read(request, cookies.SESSION):
        forms.refuse_forged(forms.token(session, sent.brand or ""), sent.token)
    _leave(request, door)
    answer = RedirectResponse("/login", status_code=303)
    door.jar.take(answer, cookies.SESSION)
    return answer


@router.post("/session")
def choose(
    request: Request,
    visitor: Visitor,
    to: Annotated[str, Form(max_length=200)],
    then: Annotated[str, Form()] = "/",
) -> Response:
    """Go on with another of the visitor's brands."""
    database = visitor.means.database
    if to not in visitor.brands:
        raise NotFound("there is no such brand among yours")
    chosen = brands.directory(database)[to]
    with database.access() as tx:
        sessions.choose(tx, visitor.door.jar.read(request, cookies.SESSION), chosen.id)
    return RedirectResponse(local(then), status_code=303)


def entered(request: Request, door: Door, who: LoggedIn, then: str) -> Response:
    """Go on with a new session, and without the one that was there."""
    _leave(request, door)
    gone_on = RedirectResponse(local(then), status_code=303)
    door.jar.put(gone_on, cookies.SESSION, who.token)
    door.jar.put(gone_on, cookies.KNOWN, who.known)
    return gone_on


def _attempt(request: Request, door: Door, given: dict[str, str]) -> Attempt:
    return Attempt(
        login=given.get("login", "").strip().casefold(),
        password=given.get("password", ""),
        code=given.get("code", ""),
        address=request.client.host if request.client else "",
        browser=request.headers.get("user-agent", ""),
        known=door.jar.read(request, cookies.KNOWN),
    )


def _leave(request: Request, door: Door) -> None:
    """A session that is left, or replaced by a new login, opens nothing any more."""
    means = door.app.means
    if token := door.jar.read(request, cookies.SESSION):
        with means.database.access() as tx:
            sessions.end(tx, token, now=means.clock())


def _fields(body: bytes) -> dict[str, str]:
    """The form, each field once. Raises `Invalid` on what our page did not make."""
    try:
        form = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Invalid("this form cannot be read; open the page again") from error
    if any(len(vs) > 1 or (len(vs[0]) > _SIGNS and name != _LED) for name, vs in form.items()):
        raise Invalid("this form cannot be read; open the page again")
    return {name: values[0] for name, values in form.items()}


def page(
    request: Request,
    door: Door,
    then: str,
    *,
    status: int = 200,
    wait: int = 0,
    wrong: bool = False,
) -> Response:
    """The form, and the other system if people may log in by one."""
    headers = forms.FORMS_TELL | ({"Retry-After": str(wait)} if wait else {})
    return rendering.page(
        "login", language.of(request), status=status, headers=headers, then=local(then),
        wait=wait, wrong=wrong, elsewhere=bool(door.app.settings.oidc_issuer),
    )  # fmt: skip

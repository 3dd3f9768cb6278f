"""Who is it that another system vouches for?  (OpenID Connect)

GET  /login/elsewhere   off to the other system, with a question that this browser keeps, sealed
GET  /login/back        its answer: a session, or the form again

The other system asks for its own second factor, so ours is not asked for as well.
"""

import logging
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from outreach.access import login, oidc, oidc_talk
from outreach.access.login import LoggedIn
from outreach.access.oidc import Client
from outreach.errors import Forbidden, Misconfigured, NotFound
from outreach.web import cookies
from outreach.web.auth import AnyDoor, Door
from outreach.web.login import entered, page
from outreach.web.returning import local

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)

_KEPT_AS = "question of a login"
_Short = Annotated[str, Query(max_length=4000)]


@router.get("/login/elsewhere")
def leave(door: AnyDoor, then: str = "/") -> Response:
    """Off to the other system."""
    client, now = _client(door), door.app.means.clock()
    asked = oidc.ask(local(then), now=now)
    found = oidc_talk.discovered(client, now=now)
    away = oidc.address(str(found.get("authorization_endpoint", "")), client, asked)
    answer = RedirectResponse(away, status_code=303, headers={"Cache-Control": "no-store"})
    door.jar.put(answer, cookies.ASKED, door.app.sealing.seal(asked.written(), of=_KEPT_AS))
    return answer


@router.get("/login/back")
def come_back(request: Request, door: AnyDoor, state: _Short = "", code: _Short = "") -> Response:
    """A session for whom it vouches for; whatever is wrong is answered alike, and logged."""
    try:
        who, then = _vouched_for(request, door, state, code)
    except Forbidden as error:
        log.warning("a login by the other system came to nothing: %s", error.sentence)
        who, then = login.Wrong(), "/"
    if isinstance(who, LoggedIn):
        answer = entered(request, door, who, then)
    else:
        answer = page(request, door, then, status=401, wrong=True)
    door.jar.take(answer, cookies.ASKED)
    return answer


def _vouched_for(
    request: Request, door: Door, state: str, code: str
) -> tuple[LoggedIn | login.Wrong, str]:
    """Raises `Forbidden` for an answer that proves nothing, `Trouble` where nobody answers us."""
    client, app, now = _client(door), door.app, door.app.means.clock()
    asked = oidc.asked_of(_kept(request, door), state, now=now)
    found = oidc_talk.discovered(client, now=now)
    token = oidc_talk.token(found, client, asked, code)
    mail = oidc.mail_of(token, oidc_talk.keys(found), client, asked, now=now)
    who = login.vouched_for(
        app.means.database, app.link_keys, mail, now=now,
        address=request.client.host if request.client else "",
        browser=request.headers.get("user-agent", ""),
    )  # fmt: skip
    return who, asked.then


def _kept(request: Request, door: Door) -> str:
    """The question that this browser keeps. Raises `Forbidden` where it keeps none of ours."""
    kept = door.jar.read(request, cookies.ASKED)
    if not kept.startswith("sealed:"):
        raise Forbidden("this browser asked nothing; begin again", login=True)
    try:
        return door.app.sealing.open(kept, of=_KEPT_AS)
    except Misconfigured:
        raise Forbidden("this browser asked nothing of ours; begin again", login=True) from None


def _client(door: Door) -> Client:
    settings = door.app.settings
    if not settings.oidc_issuer:
        raise NotFound("nobody logs in here by another system")
    back = f"{settings.public_url.rstrip('/')}/login/back"
    return Client(settings.oidc_issuer, settings.oidc_client, settings.oidc_secret, back)

"""Who am I here, and may I have another password?  `/me`"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from outreach.access import own
from outreach.access.login import Attempt
from outreach.access.model import User
from outreach.brands import store as brands
from outreach.errors import Invalid, NotFound
from outreach.web import cookies
from outreach.web.console.shell import Asked, Screen

router = APIRouter(include_in_schema=False)

_SIGNS = 300
Password = Annotated[str, Form(max_length=_SIGNS)]


@router.api_route("/me", methods=["GET", "HEAD"])
def show(screen: Asked) -> Response:
    """The visitor's name, role and the form for another password."""
    _user(screen)
    return _page(screen)


@router.post("/me")
def change(
    request: Request, screen: Asked, password: Password, wanted: Password, again: Password
) -> Response:
    """Another password; the user logs in with it, here and everywhere."""
    user, app = _user(screen), screen.visitor.door.app
    if wanted != again:
        return _page(screen, problem="twice", status=422)
    try:
        refused = own.change_password(
            app.means.database, app.link_keys, user, _attempt(request, screen, user, password),
            wanted, now=app.means.clock(),
        )  # fmt: skip
    except Invalid as error:
        return _page(screen, problem=error.sentence, status=422)
    if refused is not None:
        return _page(screen, problem="wrong", status=409)
    return RedirectResponse("/login", status_code=303)


def _attempt(request: Request, screen: Screen, user: User, password: str) -> Attempt:
    return Attempt(
        login=user.login,
        password=password,
        code="",
        address=request.client.host if request.client else "",
        browser=request.headers.get("user-agent", ""),
        known=screen.visitor.door.jar.read(request, cookies.KNOWN),
    )


def _user(screen: Screen) -> User:
    """Raises `NotFound` where an API key came: it is nobody."""
    if screen.visitor.user is None:
        raise NotFound("an API key has no password: log in as a user")
    return screen.visitor.user


def _page(screen: Screen, *, problem: str = "", status: int = 200) -> Response:
    with screen.visitor.begin() as tx:
        brand = brands.get(tx)
    return screen.page("me", brand, status=status, problem=problem, role=screen.visitor.role)

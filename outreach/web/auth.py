"""For which brand does this request speak?

Machines send their API key as a bearer token (RFC 6750). A browser asks its user for it by HTTP
Basic (RFC 7617): any user name, and the API key as password.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import (
    HTTPAuthorizationCredentials,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
)
from sqlalchemy import Connection

from outreach.access import keys
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Forbidden
from outreach.hints import Hints

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="key", description="An API key, `ork.BRAND.SECRET`."
)
_BASIC = HTTPBasic(auto_error=False, realm="outreach")


@dataclass(frozen=True, slots=True)
class Door:
    """What every request finds behind the web server."""

    app: Outreach
    hints: Hints


@dataclass(frozen=True, slots=True)
class Caller:
    """One brand's request."""

    door: Door
    brand: BrandRef

    @property
    def means(self) -> Means:
        return self.door.app.means

    def begin(self) -> AbstractContextManager[Connection]:
        """A transaction that sees this brand's rows and no others."""
        return self.means.database.begin(self.brand)

    def wake(self) -> None:
        """Have the campaigns looked at; a hint that is lost is logged and costs only time."""
        self.door.hints.enrol(self.brand)


def door(request: Request) -> Door:
    """The application that this request came to."""
    found: Door = request.app.state.door
    return found


def brand(
    behind: Annotated[Door, Depends(door)],
    given: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> BrandRef:
    """The brand of the bearer token. Raises `Forbidden`, alike for every kind of wrong."""
    key = given.credentials if given else ""
    return keys.brand_of(behind.app.means.database, key)


def _caller(
    behind: Annotated[Door, Depends(door)], found: Annotated[BrandRef, Depends(brand)]
) -> Caller:
    return Caller(behind, found)


def _visitor(
    behind: Annotated[Door, Depends(door)],
    given: Annotated[HTTPBasicCredentials | None, Security(_BASIC)],
) -> Caller:
    """Raises `Forbidden` with the scheme for which browsers ask their user."""
    try:
        key = given.password if given else ""
        return Caller(behind, keys.brand_of(behind.app.means.database, key))
    except Forbidden as error:
        raise Forbidden("give an API key as password; any user name", scheme="Basic") from error


AnyDoor = Annotated[Door, Depends(door)]
Authorized = Annotated[Caller, Depends(_caller)]
Visitor = Annotated[Caller, Depends(_visitor)]

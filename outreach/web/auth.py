"""For which brand does this request speak, and in which role?

Machines send their API key as a bearer token (RFC 6750). People log in, and carry a session in a
cookie; a page also takes an API key by HTTP Basic (RFC 7617), with any user name. What the role may
do stands in `access/roles.yaml`, and what a route asks for in `routes.yaml`.
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
from starlette.concurrency import run_in_threadpool

from outreach.access import keys, roles, sessions
from outreach.access.keys import Held
from outreach.access.model import Session, User
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Forbidden, Invalid, NotAllowed, NotFound
from outreach.hints import Hints
from outreach.web import cookies, forms, recording, rights
from outreach.web.cookies import Jar
from outreach.web.forms import Sent

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="key", description="An API key, `ork.BRAND.SECRET`."
)
_BASIC = HTTPBasic(auto_error=False, realm="outreach")


@dataclass(frozen=True, slots=True)
class Door:
    """What every request finds behind the web server."""

    app: Outreach
    hints: Hints

    @property
    def jar(self) -> Jar:
        return Jar(secure=not self.app.settings.login_over_http)


@dataclass(frozen=True, slots=True)
class Caller:
    """One brand's request, of a user or of the API key of this name; `csrf` goes into each form.

    `held_by` is the login of the user for whom the key was issued.

    `elsewhere` says that an address which names no brand would lead this visitor to another one.
    """

    door: Door
    brand: BrandRef
    role: str = roles.KEY
    user: User | None = None
    csrf: str = ""
    brands: tuple[str, ...] = ()
    elsewhere: bool = False
    key: str = ""
    held_by: str | None = None

    @property
    def means(self) -> Means:
        return self.door.app.means

    @property
    def name(self) -> str:
        """Who it is, for ledgers."""
        return self.user.login if self.user else f"key:{self.key}"

    @property
    def login(self) -> str | None:
        """Who it is among those who log in, by a key of theirs too; nobody by any other key."""
        return self.user.login if self.user else self.held_by

    @property
    def answering(self) -> str:
        """Who answers for what is taken out: a user, or the key where it is nobody's."""
        return self.login or self.name

    def may(self, right: str) -> bool:
        """Whether the role has this right at this brand."""
        return roles.table().may(self.role, right)

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


async def _door(request: Request) -> Door:
    return door(request)  # a plain function would be asked in a thread, which costs more than it


AnyDoor = Annotated[Door, Depends(_door)]


def held(
    behind: AnyDoor,
    given: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> Held:
    """The key that came as bearer token. Raises `Forbidden`, alike for every kind of wrong."""
    key = given.credentials if given else ""
    return keys.held(behind.app.means.database, key)


async def recognized(request: Request) -> bool:
    """Whether a valid key or a session came along, whatever it may do; its body was not read."""
    bearer, basic = await _BEARER(request), await _BASIC(request)
    key = bearer.credentials if bearer else basic.password if basic else ""
    return await run_in_threadpool(_recognized, request, key)


def _recognized(request: Request, key: str) -> bool:
    behind = door(request)
    if not key:
        return _session(request, behind) is not None
    try:
        keys.held(behind.app.means.database, key)
    except Forbidden:
        return False
    return True


def _session(request: Request, behind: Door) -> Session | None:
    token = behind.jar.read(request, cookies.SESSION)
    if not token:
        return None
    with behind.app.means.database.access() as tx:
        return sessions.find(tx, token, now=behind.app.means.clock())


def _caller(
    request: Request,
    behind: AnyDoor,
    found: Annotated[Held, Depends(held)],
) -> Caller:
    return _admitted(request, Caller(behind, found.brand, key=found.name, held_by=found.by))


def _visitor(
    request: Request,
    behind: AnyDoor,
    given: Annotated[HTTPBasicCredentials | None, Security(_BASIC)],
    sent: Annotated[Sent, Depends(forms.sent)],
    brand: str | None = None,
) -> Caller:
    """By session, or else by key. Raises `NotAllowed` for a form that is not from a page of ours.

    A form acts for the brand that its page showed; else `?brand=` names one of the visitor's.
    """
    wanted = sent.brand or brand
    caller = _by_key(behind, given, wanted) if given else _by_session(request, behind, wanted)
    if forms.changes(request):
        forms.refuse_foreign(request)
        if caller.user:
            forms.refuse_forged(caller.csrf, sent.token)
    return _admitted(request, caller)


def _admitted(request: Request, caller: Caller) -> Caller:
    """What is asked for is written down here, once nothing of it can be refused for who asks."""
    _refuse_nul(request)
    if not rights.admits(request, caller.role):
        raise NotAllowed(f"the role {caller.role} does not reach so far at {caller.brand.key}")
    recording.record(request, caller.door.app, caller.brand, by=caller.name, role=caller.role)
    return caller


def _refuse_nul(request: Request) -> None:
    """PostgreSQL reads no text with a NUL. Raises `NotFound` for a name that holds one, `Invalid`
    for a query.
    """
    if any("\0" in str(value) for value in request.path_params.values()):
        raise NotFound("nothing is called so")
    if any("\0" in name + value for name, value in request.query_params.multi_items()):
        raise Invalid("take the NUL (%00) out of the address: no text of ours holds one")


def _by_key(behind: Door, given: HTTPBasicCredentials, wanted: str | None) -> Caller:
    """Raises `Forbidden` with the scheme for which browsers ask their user."""
    try:
        found = keys.held(behind.app.means.database, given.password)
    except Forbidden as error:
        raise Forbidden("give an API key as password; any user name", scheme="Basic") from error
    ref = found.brand
    if wanted not in {None, ref.key}:
        raise NotFound("this key is not for that brand")
    return Caller(behind, ref, brands=(ref.key,), key=found.name, held_by=found.by)


def _by_session(request: Request, behind: Door, wanted: str | None) -> Caller:
    """Raises `Forbidden` where nobody is logged in, `NotFound` for a brand that is not theirs."""
    database, found = behind.app.means.database, _session(request, behind)
    if found is None:
        raise Forbidden("log in, or give an API key as password", scheme="Basic", login=True)
    known = {ref.id: ref for ref in brands.directory(database).values() if ref.id in found.seats}
    ref, token = _chosen(found, known, wanted), behind.jar.read(request, cookies.SESSION)
    return Caller(
        behind, ref, found.seats[ref.id], found.user,
        csrf=forms.token(token, ref.key), brands=tuple(one.key for one in known.values()),
        elsewhere=ref != _chosen(found, known, None),
    )  # fmt: skip


def _chosen(session: Session, known: dict[int, BrandRef], wanted: str | None) -> BrandRef:
    """The brand that was asked for; else the one chosen last; else the first by name."""
    if wanted is not None:
        if (asked := next((r for r in known.values() if r.key == wanted), None)) is None:
            raise NotFound("there is no such brand among yours")
        return asked
    if not known:
        raise NotAllowed("you have no role at any brand yet: ask whoever runs this installation")
    return known.get(session.brand_id or 0) or next(iter(known.values()))


Authorized = Annotated[Caller, Depends(_caller)]
Visitor = Annotated[Caller, Depends(_visitor)]

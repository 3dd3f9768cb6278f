"""Which right does a route ask for?  `routes.yaml`

A route that the page does not name is closed to everybody; a test names it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import Request
from pydantic import TypeAdapter

from outreach import documents
from outreach.access import roles
from outreach.errors import Invalid

# Of routes that are open to anyone (they have walls of their own), and to anyone who is known.
ANYONE, KNOWN = "anyone", "known"
API = "/api/v1"
_PAGE = Path(__file__).with_name("routes.yaml")
_SHAPE: TypeAdapter[dict[str, list[str]]] = TypeAdapter(dict[str, list[str]])


@cache
def table() -> Mapping[str, str]:
    """The right by `METHOD path`. Raises `Invalid` for an unknown right or a route named twice."""
    read = documents.read(_PAGE.read_text("utf-8"), _SHAPE, name=_PAGE.name)
    known = {ANYONE, KNOWN, *roles.table().rights}
    found: dict[str, str] = {}
    for right, routes in read.items():
        if right not in known:
            raise Invalid(f"{_PAGE.name}: {right!r} is no right of roles.yaml")
        for route in routes:
            if route in found:
                raise Invalid(f"{_PAGE.name}: {route} stands under {found[route]} and {right}")
            found[route] = right
    return found


def of(method: str, path: str) -> str | None:
    """The right that this route asks for; a HEAD is as good as a GET."""
    return table().get(f"{'GET' if method == 'HEAD' else method} {path}")


def path_of(request: Request) -> str:
    """The route that the request came to, as `routes.yaml` writes it."""
    path = str(getattr(request.scope.get("route"), "path", ""))
    # A route knows its path without the prefix under which its router was included.
    under = API if request.url.path.startswith(f"{API}/") and not path.startswith(API) else ""
    return f"{under}{path}"


def right_of(request: Request) -> str | None:
    """The right that this request asks for; none where the page does not name its route."""
    return of(request.method, path_of(request))


def admits(request: Request, role: str) -> bool:
    """Whether this role may have the route that the request came to."""
    right = right_of(request)
    return right in {ANYONE, KNOWN} or (right is not None and roles.table().may(role, right))

"""Has every route its right, and does each role get in where the table says and nowhere else?"""

from collections.abc import Iterator
from typing import Any

from fastapi.routing import iter_route_contexts

from outreach.web import auth, rights, server


def served() -> Iterator[tuple[str, set[object]]]:
    """Each route as `METHOD path`, with all that it depends on."""
    for route in iter_route_contexts(server._routes()):
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield f"{method} {route.path}", set(_calls(route.dependant))


def _calls(dependant: Any) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


def test_every_route_has_its_line_and_no_line_is_stray() -> None:
    """Whoever adds a route says in `routes.yaml` who may have it."""
    assert sorted(route for route, _ in served()) == sorted(rights.table())


def test_a_route_is_open_to_anyone_or_asks_who_it_is() -> None:
    """A line alone holds nobody back: the route has to depend on the caller, or on nobody."""
    for route, calls in served():
        asks = bool(calls & {auth._caller, auth._visitor})
        assert asks != (rights.table()[route] == rights.ANYONE), route


def test_a_route_without_a_line_is_closed() -> None:
    assert rights.of("POST", "/nowhere") is None
    assert rights.of("HEAD", "/") == rights.of("GET", "/")

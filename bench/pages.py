"""Does a page of the console take longer where a million touches are than where a thousand are?

`python -m bench.pages [MANY] [FEW] [--json]`, by default 1,000,000 and 1,000. Touches of ninety
days and of fourteen to come, ten a person, in every state, with their events, passages, verdicts
and attempts. Each page is asked for some times of each brand, and the fastest counts. Ends with 1
when one takes more than three times as long at many as at few.
"""

import hashlib
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import TypeAlias
from uuid import UUID

from dramatiq.brokers.stub import StubBroker
from httpx import Client

from bench import figures, filled, stage
from outreach import ids
from outreach.access import passwords, sessions, users
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.hints import EVENTS_QUEUE, Hints
from outreach.people.model import person_id
from outreach.web import cookies, server
from outreach.web.console import navigation

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # httpx serves; starlette would rather have its successor
    from fastapi.testclient import TestClient

AT_MOST = 3.0
FEWEST, ROUNDS, PATIENCE = 3, 50, 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of a page: the first look at it, at which reports may be counted, and the fastest."""

    first: float
    fastest: float


Job: TypeAlias = Callable[[], object]
Jobs: TypeAlias = Mapping[str, Job]
Asked: TypeAlias = Callable[[Outreach, BrandRef, Client], Jobs]
"""What is asked for, each by its name, in somebody's session at the console."""


def paths(ref: BrandRef) -> list[str]:
    """Every place of the navigation, and what lies within."""
    touch = UUID(hashlib.md5(b"t12", usedforsecurity=False).hexdigest())
    person, shown = "c-7", ids.shown(ids.PERSON, person_id(ref, "c-7"))
    within = [
        "/?view=wall", "/campaigns/news-1", "/campaigns/news-1/reviews", "/templates/news",
        "/unsent?which=held&reason=outside_hours", "/unsent?reason=withdrawn&campaign=news-2",
        f"/why?q={ids.shown(ids.TOUCH, touch)}", f"/why?q={person}", f"/people?q={person}",
        f"/people/{shown}",
        "/settings/access",
    ]  # fmt: skip
    return [*(place.path for place in navigation.PLACES), *within]


def seconds(
    many: int, few: int, asked: Asked, *, tables: Sequence[str] = filled.ALL
) -> Mapping[str, tuple[Took, Took]]:
    """How long each of these took at many and at few, one after the other in each round."""
    with ExitStack() as stack:
        at_few, at_many = (
            stack.enter_context(_standing(number, asked, tables)) for number in (few, many)
        )
        return {name: _took(job, at_few[name]) for name, job in at_many.items()}


@contextmanager
def _standing(number: int, asked: Asked, tables: Sequence[str]) -> Iterator[Jobs]:
    """What is asked for, on servers of its own with so many touches."""
    with stage.servers() as running, closing(stage.built(running)) as app:
        ref = stage.brand(app)
        now = app.means.clock()
        filled.go_live(app, ref, now=now)
        wanted = filled.Wanted(ref, number, now, tables)
        took = stage.timed(lambda: filled.fill(stage.as_superuser(running), wanted))
        print(f"{number:,} touches were there after {took:.0f} s", file=sys.stderr)
        with _console(app, _admin(app, ref)) as client:
            yield asked(app, ref, client)


def every(_: Outreach, ref: BrandRef, client: Client) -> Jobs:
    """Each page by its path."""
    return gets(client, paths(ref))


def gets(client: Client, wanted: Iterable[str]) -> dict[str, Job]:
    """A look at each of these pages."""
    return {path: partial(_answered, client, path) for path in wanted}


def _admin(app: Outreach, ref: BrandRef) -> str:
    """A session of somebody who may see everything."""
    now = app.means.clock()
    with app.means.database.access() as tx:
        user = users.add(tx, "bench", name="Bench", password=passwords.made(), now=now)
        users.seat(tx, user, ref, role="admin", now=now)
        return sessions.begin(tx, user, address="127.0.0.1", browser="", now=now)


@contextmanager
def _console(app: Outreach, session: str) -> Iterator[Client]:
    stub = StubBroker(middleware=[])
    stub.declare_queue(EVENTS_QUEUE)
    app = replace(app, settings=replace(app.settings, login_over_http=True))
    with TestClient(server.create(app, Hints(stub)), headers={"Accept": "text/html"}) as client:
        client.cookies.set(cookies.SESSION, session)
        yield client


def _took(many: Job, few: Job) -> tuple[Took, Took]:
    first, first_few = stage.timed(many), stage.timed(few)
    took: list[tuple[float, float]] = []
    while len(took) < FEWEST or (len(took) < ROUNDS and sum(map(sum, took)) < PATIENCE):
        took.append((stage.timed(many), stage.timed(few)))
    again, again_few = zip(*took, strict=True)
    return Took(first, min(again)), Took(first_few, min(again_few))


def _answered(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != HTTPStatus.OK or "/login" in str(answer.url):
        sys.exit(f"{path} answers with {answer.status_code}")


def main() -> None:
    """Measure both, and hold each page of the one against the other."""
    many, few = figures.sizes(__doc__, 1_000_000, 1_000)
    report(seconds(many, few, every), many, few, must=AT_MOST)


def report(took: Mapping[str, tuple[Took, Took]], many: int, few: int, *, must: float) -> None:
    """Hold each at many against itself at few."""
    figures.report([
        figures.Figure(
            name=f"{name} at {many:,} touches", unit="s", ours=(ours.fastest,),
            floor=(floor.fastest,), beside=f"the same at {few:,}", must=must,
        )
        for name, (ours, floor) in took.items()
    ])  # fmt: skip


if __name__ == "__main__":
    main()

"""How fast does what is reported become a mail?

`python -m bench.arrivals [EVENTS] [ROUNDS] [--json]`, by default 4,000 and 5. One web process, two
worker processes and a ticker as they are in earnest, on servers whose commits are durable. In each
round the parcels of as many people are reported over HTTP, first in lines, a thousand a request,
then one a request by 32 clients at once; the clock runs from the first request until nothing is
pending, waiting or under way. Beside it the pipeline written by hand takes as many in as lines of
JSON, without HTTP, and sends while it plans (`floors.ceiling.end_to_end`). A round counts only when
it is right, as in `bench.campaign`; the first, with few of them, warms up.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from itertools import islice
from threading import Event

import psycopg
from sqlalchemy import text

from bench import campaign, crowd, figures, served, stage
from bench.campaign import Way
from bench.floors import ceiling
from outreach import clock
from outreach.access import keys
from outreach.embedded import desk

EVENTS, ROUNDS, FIRST, CLIENTS = 4_000, 5, 200, 32
INLINES, ONE_BY_ONE = "events in lines to mail", "events one by one to mail"
LINES, _ONE = "application/x-ndjson", "application/cloudevents+json"
_TAKEN = 202
_LOOK = 0.02  # seconds between two looks whether all is done
_OPEN = text("""
    select exists (select from outreach.events where state = 'pending')
        or exists (select from outreach.touches where state in ('planned', 'claimed', 'calling'))
""")


@dataclass(frozen=True, slots=True)
class Door:
    """Where facts are reported, and with which key."""

    port: int
    key: str

    def report(self, bodies: Sequence[bytes], kind: str) -> None:
        """One request after the other over one connection; ends the bench if one is refused."""
        head = {"authorization": f"Bearer {self.key}", "content-type": kind}
        with closing(HTTPConnection("127.0.0.1", self.port)) as connection:
            for body in bodies:
                connection.request("POST", "/api/v1/events", body, head)
                answer = connection.getresponse()
                said = answer.read()
                if answer.status != _TAKEN:
                    sys.exit(f"a report was refused with {answer.status}: {said[:300]!r}")


def main() -> None:
    events, rounds = figures.sizes(__doc__, EVENTS, ROUNDS)
    with ExitStack() as stack:
        servers = stack.enter_context(stage.servers(durable=True))
        everybody = range(2 * (FIRST + events * rounds))
        key = customers(servers, everybody)
        ours, hand = (stack.enter_context(campaign.opened(servers)) for _ in range(2))
        campaign.contacts_by_hand(hand, everybody)
        campaign.tidied(ours)
        send = stack.enter_context(ceiling.senders(hand.url, hand.port))
        stack.enter_context(campaign.processes(servers, ours.port))
        web = stack.enter_context(served.served(lambda: served.ours(servers)))
        door, numbers, told = Door(web.port, key), iter(everybody), []
        for many in (FIRST, *[events] * rounds):
            some = [list(islice(numbers, many)) for _ in range(2)]
            told.append({
                INLINES: many / _took(ours, partial(in_lines, door), some[0]),
                ONE_BY_ONE: many / _took(ours, partial(one_by_one, door), some[1]),
                "by hand": _by_hand(hand, some[0], send),
            })  # fmt: skip
            campaign.check(ours, some[1][-1] + 1)
            campaign.checked_by_hand(hand)
    figures.report(_figures(told[1:]))


def _figures(told: Sequence[Mapping[str, float]]) -> Iterator[figures.Figure]:
    yield figures.of_rounds(told, INLINES, "by hand", must=0.5, beyond=0.8, unit="1/s")
    yield figures.of_rounds(told, ONE_BY_ONE, "by hand", must=0.3, beyond=0.5, unit="1/s")


def customers(servers: desk.Servers, numbers: range) -> str:
    """A brand with these people, who get a mail as soon as a parcel arrives; answers its key."""
    with closing(stage.built(servers)) as app:
        now = clock.system()
        ref = crowd.brand(app, crowd.AT_ONCE, now=now)
        crowd.people(app, ref, numbers, now=now)
        with app.means.database.begin(ref) as tx:
            return keys.issue(tx, ref, name="bench")


def in_lines(door: Door, numbers: Sequence[int]) -> None:
    """A thousand a request."""
    lines = crowd.lines(numbers, at=clock.system())
    sets = range(0, len(lines), crowd.SET)
    door.report([b"\n".join(lines[at : at + crowd.SET]) for at in sets], LINES)


def one_by_one(door: Door, numbers: Sequence[int]) -> None:
    """One a request, by 32 clients at once."""
    lines = crowd.lines(numbers, at=clock.system())
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda at: door.report(lines[at::CLIENTS], _ONE), range(CLIENTS)))


def _took(way: Way, report: partial[None], numbers: Sequence[int]) -> float:
    def whole() -> None:
        report(numbers)
        while _open(way):
            Event().wait(_LOOK)

    return stage.timed(whole)


def _open(way: Way) -> bool:
    with way.superuser.begin() as tx:
        said: bool = tx.execute(_OPEN).scalar_one()
    return said


def _by_hand(way: Way, numbers: Sequence[int], send: ceiling.Send) -> float:
    """Mails a second."""
    now = clock.system()
    lines = crowd.lines(numbers, at=now)
    with psycopg.connect(way.url) as hand:
        sent: list[int] = []
        seconds = stage.timed(lambda: sent.append(ceiling.end_to_end(hand, lines, send, now=now)))
    if sent != [sum(not crowd.refuses(number) for number in numbers)]:
        sys.exit(f"by hand {sent} of {len(numbers)} were sent")
    return len(numbers) / seconds


if __name__ == "__main__":
    main()

"""How many mails of a campaign leave a second, beside what others would have written or installed?

`python -m bench.peers [MAILS] [ROUNDS] [--json]`, by default 2,000 and 5. In each round so many
mails of ours come due, as in `bench.campaign` and held against the ledger as there; then as many of
the same for a stack with one task a mail (`floors.one_task`), by Dramatiq and, where the extra
`bench` is installed, by Celery; and for django-post_office (`floors.post_office`), which is there
with the same extra. Whatever is not installed is left out, and that is said on standard error.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec

from bench import campaign, figures, meter, stage
from bench.campaign import FIRST, Way
from bench.floors import one_task
from outreach.embedded import desk

MAILS, ROUNDS = 2000, 5
_OURS, _WARM = "campaign", 64
# The package of each peer, and how many times as many mails as it ours must send.
PEERS = {
    "dramatiq": ("dramatiq", 15.0),
    "celery": ("celery", 15.0),
    "post_office": ("post_office", 5.0),
}
_NAMES = {
    "dramatiq": "one task a mail, Dramatiq", "celery": "one task a mail, Celery",
    "post_office": "django-post_office",
}  # fmt: skip

Send = Callable[[], int]


def main() -> None:
    mails, rounds = figures.sizes(__doc__, MAILS, ROUNDS)
    there = list(installed())
    with ExitStack() as stack:
        servers = stack.enter_context(stage.servers(durable=True))
        campaign.people(servers, range(FIRST + mails * rounds))
        ours, others = (stack.enter_context(campaign.opened(servers)) for _ in range(2))
        campaign.by_hand(others, range(len(there) * (_WARM + mails * rounds) * 2))
        campaign.tidied(ours)
        peers = {one: stack.enter_context(_workers(one, others, servers)) for one in there}
        stack.enter_context(campaign.processes(servers, ours.port))
        campaign.sent(ours, FIRST)
        for send in peers.values():
            campaign.sent_by_hand(others, _WARM, send)
        told = [
            _round(ours, others, peers, mails, of=FIRST + mails * (number + 1))
            for number in range(rounds)
        ]
    figures.report(_figures(told, there))


def installed() -> Iterator[str]:
    """The peers that can be measured here."""
    for name, (package, _) in PEERS.items():
        if find_spec(package):
            yield name
        else:
            print(f"{_NAMES[name]} is left out: install the extra `bench`", file=sys.stderr)


def _workers(name: str, others: Way, servers: desk.Servers) -> one_task.Workers:
    if name == "post_office":
        from bench.floors import post_office  # noqa: PLC0415  # it may not be installed

        return post_office.workers(url=others.url, port=others.port)
    return one_task.workers(name, url=others.url, port=others.port, redis=servers.redis_url)


def _round(
    ours: Way, others: Way, peers: Mapping[str, Send], mails: int, *, of: int
) -> dict[str, float]:
    """Mails a second of each, one after the other; each has sent the right ones."""
    with meter.Taken(()) as took:
        campaign.sent(ours, mails)
    campaign.check(ours, of)
    told = {_OURS: mails / took.seconds}
    for name, send in peers.items():
        with meter.Taken(()) as took:
            went = campaign.sent_by_hand(others, mails, send)
        campaign.checked_by_hand(others)
        told[_NAMES[name]] = went / took.seconds
    return told


def _figures(told: Sequence[Mapping[str, float]], there: Sequence[str]) -> Iterator[figures.Figure]:
    for name in there:
        yield figures.of_rounds(told, _OURS, _NAMES[name], must=PEERS[name][1], unit="1/s")


if __name__ == "__main__":
    main()

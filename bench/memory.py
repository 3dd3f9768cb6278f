"""How much memory does a worker take, and does it take more the more it has sent?

`python -m bench.memory [TOUCHES] [--json]`, by default 50,000. Two worker processes and a ticker as
they are in earnest send so many mails of one campaign, a tenth first, for the caches. Told are the
most that one of them held in the end, and that beside the most at half of the way: what is kept for
each touch shows there, since caches are full by then.
"""

from collections.abc import Iterator
from contextlib import ExitStack

from bench import campaign, figures, meter, stage

TOUCHES = 50_000
_MOST, _BEYOND = 150e6, 80e6  # bytes
_FLAT = 1.05  # what the allocator does by itself


def main() -> None:
    (touches,) = figures.sizes(__doc__, TOUCHES)
    with ExitStack() as stack:
        servers = stack.enter_context(stage.servers())
        campaign.people(servers, range(touches))
        way = stack.enter_context(campaign.opened(servers))
        campaign.tidied(way)
        worker, _ = stack.enter_context(campaign.processes(servers, way.port))
        campaign.sent(way, first := touches // 10)
        campaign.sent(way, touches // 2 - first)
        half = _largest(worker)
        campaign.sent(way, touches - touches // 2)
        whole = _largest(worker)
        campaign.check(way, touches)
    figures.report(_figures(half, whole))


def _figures(half: float, whole: float) -> Iterator[figures.Figure]:
    yield figures.Figure(
        "a worker's memory", "bytes", (whole,), (_MOST,), "150 MB", must=1.0, beyond=_BEYOND / _MOST
    )
    yield figures.Figure(
        "a worker's memory in the end", "bytes", (whole,), (half,), "at half of the way", must=_FLAT
    )


def _largest(command: int) -> float:
    """Bytes in memory, shared ones too, of the largest process that this one has begun."""
    return float(max(map(meter.resident, meter.descendants(command))))


if __name__ == "__main__":
    main()

"""Where does the time of one mail go?

`python -m bench.anatomy [MAILS]`, by default 2,000: so many mails of one campaign sent by one
thread of this process to a relay of the bench, first plain, for the processor time of this process
and of its server processes, then once more under a profile. Printed are milliseconds a mail: what
this process and the database each took, statements by their whole time, functions by their own.
A clock on the wall says little on a busy machine; the two processor times do.
"""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

from sqlalchemy import event

from bench import campaign, figures, meter, stage
from optout.model import Channel
from outreach import tidying
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from outreach.dispatch.send import dispatch

MAILS = 2000
_SHOWN = 50
_EVERY = 0.001  # processor seconds between two looks


def main() -> None:
    (mails,) = figures.sizes(__doc__, MAILS)
    with ExitStack() as stack:
        servers = stack.enter_context(stage.servers(durable=True))
        everybody = range(2 * mails + 200)
        campaign.people(servers, everybody)
        way = stack.enter_context(campaign.opened(servers))
        campaign.tidied(way)
        app = stack.enter_context(
            closing(stage.built(servers, email=f"smtp://127.0.0.1:{way.port}?tls=none"))
        )
        brand = BrandRef(1, "bench")
        _come_due(way, 200)
        _sent(app, brand)
        tidying.spare_what_stays()
        _come_due(way, mails)
        server = meter.roots(servers)[1:2]
        before, began = meter.spent(server), time.process_time()
        told = stage.timed(lambda: _sent(app, brand))
        ours, theirs = time.process_time() - began, meter.spent(server) - before
        print(
            f"{mails / told:.0f}/s; a mail: {1e3 * ours / mails:.3f} ms here,"
            f" {1e3 * theirs / mails:.3f} ms in the database"
        )
        _come_due(way, mails)
        _profiled(app, brand, mails)
        campaign.check(way, len(everybody))


def _come_due(way: campaign.Way, mails: int) -> None:
    with way.superuser.begin() as tx:
        tx.execute(campaign.DUE, {"mails": mails})


def _sent(app: Outreach, brand: BrandRef) -> None:
    while dispatch(app.means, Look(brand, Channel.EMAIL)):
        pass


def _profiled(app: Outreach, brand: BrandRef, mails: int) -> None:
    """Look a thousand times a processor second where it is, and how long each statement takes."""
    spent: Counter[str] = Counter()
    times: Counter[str] = Counter()

    @event.listens_for(app.means.database.engine, "before_cursor_execute")
    def begun(connection: Any, *_: object) -> None:
        connection.info["begun"] = time.perf_counter()

    @event.listens_for(app.means.database.engine, "after_cursor_execute")
    def done(connection: Any, _cursor: object, statement: str, *_: object) -> None:
        spent[statement] += time.perf_counter() - connection.info["begun"]
        times[statement] += 1

    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()

    def looked(_number: int, frame: Any) -> None:
        own[_named(frame)] += 1
        whole.update({_named(one) for one in _stack(frame)})

    signal.signal(signal.SIGPROF, looked)
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
    _sent(app, brand)
    signal.setitimer(signal.ITIMER_PROF, 0)
    share = 1e3 * (time.process_time() - began) / mails / max(1, own.total())
    print(f"\nstatements: {times.total() / mails:.2f} a mail, {1e3 * spent.total() / mails:.3f} ms")
    for statement, seconds in spent.most_common(24):
        line = " ".join(statement.split())
        print(f"{1e3 * seconds / mails:8.3f} ms {times[statement]:6}  {line[:150]}")
    for title, told in (("by their own time", own), ("with what they call", whole)):
        print(f"\nfunctions {title}")
        for name, seen in told.most_common(_SHOWN if told is own else 2 * _SHOWN):
            print(f"{seen * share:8.3f} ms  {name}")


def _stack(frame: Any) -> Iterator[Any]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _named(frame: Any) -> str:
    code = frame.f_code
    return f"{'/'.join(code.co_filename.split('/')[-2:])}:{code.co_name}"


if __name__ == "__main__":
    main()

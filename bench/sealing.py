"""What do sealing, row-level security and the audit cost of the rate of sending, all together?

`python -m bench.sealing [MAILS] [ROUNDS] [--json]`, by default 1,000 mails a round and 5. Two
installations with the same people, each on a server of its own: one as it is; in the other nothing
is sealed, the application's role passes row-level security by, and the chain of the audit is not
written. Nothing of ours can be set so: this bench puts other functions in the place of those that
seal, and gives its own role that right. In each round both send as many mails, one after the
other, and processor time of this process and of the server is held against each other.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import create_engine, text

from bench import crowd, figures, meter, stage, stored
from bench.stored import Bench
from outreach import clock
from outreach.audit import store as audit
from outreach.db import sealed
from outreach.db.security import APP_ROLE
from outreach.tidying import spare_what_stays

MAILS, ROUNDS, LEAST, BEYOND = 1000, 5, 0.8, 0.9
ON, OFF = "sent with everything on", "sent unsealed, unguarded and unaudited"
_PASS_BY = text(f"alter role {APP_ROLE} bypassrls")


def main() -> None:
    mails, rounds = figures.sizes(__doc__, MAILS, ROUNDS)
    with ExitStack() as stack:
        on = stack.enter_context(installed(mails * (rounds + 1)))
        with nothing_sealed():
            off = stack.enter_context(installed(mails * (rounds + 1)))
        with off.superuser.begin() as tx:
            tx.execute(_PASS_BY)
        spare_what_stays()
        told = [one_round(on, off, mails) for _ in range(rounds + 1)]
    figures.report([
        figures.of_rounds(told[1:], ON, OFF, must=LEAST, beyond=BEYOND, unit="1/s")
    ])  # fmt: skip


def one_round(on: Bench, off: Bench, mails: int) -> dict[str, float]:
    """Mails for each second of processor time, of both."""
    with_all = stored.sent(on, mails)
    with nothing_sealed():
        without = stored.sent(off, mails)
    return {ON: 1 / with_all, OFF: 1 / without}


@contextmanager
def installed(people: int) -> Iterator[Bench]:
    """A brand with so many people, each of whom has a mail planned for later."""
    with stage.servers() as servers, closing(stage.built(servers)) as app:
        brand = crowd.brand(app, crowd.LATER, now=clock.system())
        superuser = create_engine(stage.as_superuser(servers))
        bench = Bench(app, brand, superuser, meter.roots(servers))
        stored.people(bench, range(people))
        stored.tidied(bench)
        yield bench
        superuser.dispose()


@contextmanager
def nothing_sealed() -> Iterator[None]:
    """What is kept is kept as it came, and nothing is added to the chain."""
    with (
        patch.object(sealed, "seal", _as_it_came),
        patch.object(sealed, "seal_bytes", _as_it_came),
        patch.object(sealed, "seal_parts", _as_it_came),
        patch.object(audit, "append", _not_written),
    ):
        yield


def _as_it_came(_tx: object, _of: object, told: Any, *_row: object) -> Any:
    return told


def _not_written(*_: object, **_named: object) -> None:
    """In the place of what adds to the chain."""


if __name__ == "__main__":
    main()

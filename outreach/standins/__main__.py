"""How is a stand-in started as a process of its own?

    python -m outreach.standins KIND --port-file PATH --log FILE [--port N]
                                     [--answer RULE]… [--seed TEXT] [--forgets-keys]

The kinds are `smtp`, `smtp-plain` (without PIPELINING), `sms`, `sms-unaskable` (no look-up), and
the providers of `outreach.standins.vendors` by their names. It writes its port to the port file
once it listens, and stops on SIGTERM or when the process that started it goes away. The
rules are those of `outreach.standins.script`.
"""

import argparse
import asyncio
import os
import signal
from pathlib import Path

from outreach.standins import serving

_LOOK_EVERY = 0.3  # seconds between looks for the parent


def main(arguments: list[str] | None = None) -> None:
    """Run one stand-in until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m outreach.standins", description=__doc__)
    parser.add_argument("kind", choices=sorted(serving.KINDS))
    parser.add_argument("--port-file", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0, help="a free one if not given")
    parser.add_argument("--answer", action="append", default=[], metavar="RULE")
    parser.add_argument("--seed", default="", help="for the rules that draw")
    parser.add_argument("--forgets-keys", action="store_true")
    given = parser.parse_args(arguments)
    asyncio.run(_live(given, parent=os.getppid()))


async def _live(given: argparse.Namespace, *, parent: int) -> None:
    end, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    watch = asyncio.create_task(_watch(parent, end))
    try:
        await serving.serve(
            given.kind,
            given.log,
            manner=serving.Manner(given.answer, given.seed, knows_keys=not given.forgets_keys),
            port=given.port,
            ready=lambda server: _tell(given.port_file, server.port),
            until=end,
        )
    finally:
        watch.cancel()


async def _watch(parent: int, end: asyncio.Event) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110  # nothing tells a process of its parent's end
        await asyncio.sleep(_LOOK_EVERY)
    end.set()


def _tell(path: Path, port: int) -> None:
    """Write the port whole: whoever waits for the file never reads half of it."""
    fresh = path.with_suffix(".next")
    fresh.write_text(f"{port}\n", encoding="ascii")
    fresh.replace(path)


if __name__ == "__main__":
    main()

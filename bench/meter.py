"""How much processor time did it take, of every process that had a part in it?

What a clock on the wall says depends on what else a machine does; this much less so.
"""

import os
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from outreach.embedded import desk
from outreach.embedded.valkey import Valkey

_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _SPENT = 1, slice(11, 15)  # behind the name: man 5 proc, fields 4 and 14 to 17


@dataclass
class Taken:
    """The seconds, and the processor seconds of these processes, that a `with` block took."""

    within: Collection[int]
    seconds: float = 0.0
    processor: float = 0.0

    def __enter__(self) -> Self:
        self.processor, self.seconds = spent(self.within), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self.seconds
        self.processor = spent(self.within) - self.processor


def roots(servers: desk.Servers) -> tuple[int, ...]:
    """This process and both servers: with what descends from them, all that a bench runs."""
    return os.getpid(), *databases(servers)


def databases(servers: desk.Servers) -> tuple[int, int]:
    """PostgreSQL and Valkey of this run."""
    postmaster = (servers.home / "postgres" / "postmaster.pid").read_text(encoding="ascii")
    return int(postmaster.splitlines()[0]), Valkey(servers.home).pid()


def server_of(backend: int) -> int:
    """The PostgreSQL to which this process belongs, by its `pg_backend_pid()`."""
    return int(_told(backend)[1][_PARENT])


def spent(within: Collection[int]) -> float:
    """Processor seconds so far of these processes and their descendants, ended ones included."""
    told = {pid: fields for pid, fields in map(_told, _running()) if fields}
    ticks = sum(
        int(one)
        for pid, fields in told.items()
        if _descends(pid, within, told)
        for one in fields[_SPENT]
    )
    return ticks / _TICKS


def descendants(of: int) -> list[int]:
    """The processes that this one began, and those that they did."""
    told = {pid: fields for pid, fields in map(_told, _running()) if fields}
    return [pid for pid in told if pid != of and _descends(pid, (of,), told)]


def resident(pid: int) -> int:
    """Bytes of this process that are in memory; none of one that ended."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _running() -> list[int]:
    return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]


def _told(pid: int) -> tuple[int, list[str]]:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # it ended between two lines
        return pid, []
    return pid, stat.rpartition(")")[2].split()


def _descends(pid: int, within: Collection[int], told: Mapping[int, list[str]]) -> bool:
    while pid in told:
        if pid in within:
            return True
        pid = int(told[pid][_PARENT])
    return False

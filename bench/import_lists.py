"""How fast does a do-not-contact list of millions come in, and does memory stay where it is?

    outreach embedded -- python bench/import_lists.py 1000000 5000000 10000000

For each size: as many made-up numbers, in no order, are written to a file; PostgreSQL copies that
file into a table as it is; then `optout.lists` takes it in as a list. The transaction is rolled
back. One line a size comes out: seconds and lines a second of both, and the most memory held.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, make_url

from optout import lists, sql
from optout.identity import Hasher
from optout.keys import Key
from optout.list_lines import Layout
from optout.lists import Incoming
from optout.scrubs import Edition

_A_MILLION = 1_000_000
_SPREAD = 6_700_417  # prime to the number of lines, so that each number comes once
_PAGE = os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Measure every size that was asked for."""
    url = make_url(os.environ["OUTREACH_DATABASE_URL"]).set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    print("lines copy_s copy_lines_s import_s import_lines_s rss_mb")
    for size in map(int, sys.argv[1:] or [str(_A_MILLION)]):
        with tempfile.TemporaryDirectory() as folder, engine.connect() as tx:
            file = Path(folder) / "list.txt"
            with file.open("w", encoding="ascii") as out:
                out.writelines(numbers(size))
            copied = plain_copy(tx, file)
            taken, memory = taken_in(tx, file)
            tx.rollback()
        told = [size, f"{copied:.1f}", f"{size / copied:.0f}", f"{taken:.1f}"]
        print(*told, f"{size / taken:.0f}", f"{memory / 2**20:.0f}", flush=True)
    engine.dispose()


def numbers(size: int) -> Iterator[str]:
    """As many numbers as E.164 lines, each once and in no order."""
    for place in range(size):
        at = place * _SPREAD % 80_000_000
        yield f"+1{212 + at // 8_000_000 * 10}{2_000_000 + at % 8_000_000:07}\n"


def plain_copy(tx: Connection, file: Path) -> float:
    """Seconds for which PostgreSQL copies the lines into a table without index."""
    tx.exec_driver_sql("create temporary table plain (line text) on commit drop")
    began = time.perf_counter()
    driver: Any = tx.connection.dbapi_connection  # psycopg's, which SQLAlchemy does not type
    with (
        file.open("rb") as lines,
        closing(driver.cursor()) as cursor,
        cursor.copy("copy plain from stdin") as copy,
    ):
        while part := lines.read(1 << 18):
            copy.write(part)
    return time.perf_counter() - began


def taken_in(tx: Connection, file: Path) -> tuple[float, int]:
    """Seconds in which the list comes in, and the most bytes held meanwhile."""
    held = [resident()]

    def progress(lines: int) -> None:
        held.append(resident())
        if lines % _A_MILLION == 0:
            sys.stderr.write(f"{lines // _A_MILLION} million lines\n")

    sql.speak_for(tx, brand="bench")
    edition = Edition(0, "bench", "bench", "whole", date(2026, 11, 1), binding=True)
    began = time.perf_counter()
    with file.open(encoding="utf-8") as lines:
        _, counts = lists.take_in(
            tx,
            Hasher([Key(1, b"b" * 32)]),
            Incoming(edition, Layout.LINES, file.name),
            lines,
            progress=progress,
        )
    if counts.refused:
        raise SystemExit(f"{counts.refused} lines were refused: {counts.first_refusals[:1]}")
    held.append(resident())
    return time.perf_counter() - began, max(held)


def resident() -> int:
    """Bytes of this process that lie in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE


if __name__ == "__main__":
    main()

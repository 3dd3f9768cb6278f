"""What is in the first sheet of this workbook?

Read by a process of its own with little memory and little time: two cells in opposite corners make
a sheet of 17 thousand million, and whoever reads that is ended by the system. Started as
`python -m outreach.events.sources.sheet`, it reads a workbook and writes a line for each row that
holds something: its number and its cells, as JSON.
"""

import io
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime

from outreach import bounds
from outreach.errors import Invalid

_MEMORY = 2 * 1024**3  # bytes; a sheet of a million rows with twenty columns takes one
_SECONDS = 120  # of the processor
_UNREADABLE = 2
_COMMAND = [sys.executable, "-I", "-m", "outreach.events.sources.sheet"]


def rows(workbook: bytes) -> Iterator[tuple[int, list[str]]]:
    """Number, from 1, and cells of each row that holds something. Raises `Invalid`."""
    with subprocess.Popen(  # noqa: S603  # our own words
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as reader:
        try:
            _hand_over(reader, workbook)
            if reader.stdout is not None:
                yield from (_row(line) for line in reader.stdout if line.endswith(b"\n"))
            _refuse_broken(reader)
        finally:
            reader.kill()


def _hand_over(reader: subprocess.Popen[bytes], workbook: bytes) -> None:
    """All of it is read before anything is written, so that neither waits for the other."""
    if reader.stdin is None:
        return
    try:
        reader.stdin.write(workbook)
        reader.stdin.close()
    except BrokenPipeError as error:
        raise Invalid("the sheet cannot be read: it takes too much memory; split it") from error


def _row(line: bytes) -> tuple[int, list[str]]:
    number, cells = json.loads(line)
    return number, cells


def _refuse_broken(reader: subprocess.Popen[bytes]) -> None:
    said = reader.stderr.read().decode("utf-8", "replace") if reader.stderr is not None else ""
    ended = reader.wait()
    if ended == _UNREADABLE:
        raise Invalid(f"the sheet cannot be read: {said.strip()}")
    if ended:
        raise Invalid("the sheet takes too much memory or time to read: split it into several")


def main() -> None:
    """Read the workbook on standard input, within the limits of this process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    bounds.limit_memory(_MEMORY)
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  # within limits

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheet = book.get_sheet_by_index(0)
    except CalamineError as error:
        sys.stderr.write(str(error))
        sys.exit(_UNREADABLE)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_text(cell) for cell in row]
        if any(cells):
            sys.stdout.write(f"{json.dumps([number, cells])}\n")


def _text(value: object) -> str:
    """A whole number comes without the fraction that Excel gives it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value).strip()


if __name__ == "__main__":
    main()

"""What can be asked of optout without an address? Regimes, duties, lists in and out, bulk.

`describe` adds the commands to the parser of `python -m optout`, and `ALONE` holds what they do.
"""

import json
import sys
import time
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import TextIO

from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.pool import NullPool

from optout import bulk, keys, lists, regimes, shown, sql
from optout.errors import OptOutError
from optout.identity import Hasher
from optout.list_lines import Layout
from optout.lists import Counts, Incoming
from optout.model import Channel, Purpose
from optout.registry import Registry
from optout.scrubs import Edition

Answer = tuple[int, str]
Environ = Mapping[str, str]
_A_MILLION = 1_000_000


def describe(commands: "_SubParsersAction[ArgumentParser]", environ: Environ) -> None:
    """Add the commands."""
    law = commands.add_parser("regimes", help="check every row, or show a place's")
    law.add_argument("what", choices=["check", "show"])
    law.add_argument("place", nargs="?", default="default", help="US-FL, DE …")
    law.add_argument("--on", type=date.fromisoformat, default=_today())
    duties = commands.add_parser("duties", help="labels, deadlines and whatever else comes along")
    duties.add_argument("place", help="US-FL, DE …")
    duties.add_argument("channel", type=Channel)
    duties.add_argument("purpose", type=Purpose)
    duties.add_argument("--on", type=date.fromisoformat, default=_today())
    duties.add_argument("--json", action="store_true")
    _describe_lists(commands, environ)


def _describe_lists(commands: "_SubParsersAction[ArgumentParser]", environ: Environ) -> None:
    taking = commands.add_parser("import", help="take a do-not-contact list in")
    taking.add_argument("file", type=Path)
    taking.add_argument("--list", required=True, dest="name", help="its name, as regimes call it")
    taking.add_argument("--as-of", type=date.fromisoformat, required=True)
    taking.add_argument("--expires", type=date.fromisoformat)
    taking.add_argument("--layout", type=Layout, default=Layout.LINES)
    taking.add_argument("--channel", type=Channel, action="append", default=[])
    taking.add_argument("--region", help="country of numbers without +, such as GB")
    taking.add_argument("--verdicts", type=Path, help="write what became of each line there")
    giving = commands.add_parser("export", help="all entries, as a JSON object a line")
    for one in (taking, giving):
        one.add_argument("--brand", help="the whole agency if left out")
        one.add_argument("--database", default=environ.get("OPTOUT_DATABASE_URL"))


def _today() -> date:
    return datetime.fromtimestamp(time.time(), UTC).date()


def _regimes(given: Namespace, _environ: Environ) -> Answer:
    law = regimes.packaged()
    if given.what == "show":
        return 0, "\n".join(shown.table(law, given.place, on=given.on))
    if wrong := list(law.check()):
        return 1, "\n".join(wrong)
    cells = len(law.codes()) * len(Channel) * len(Purpose)
    rows = sum(len(rules) for rules in law.rules.values())
    return 0, (
        f"{len(law.codes())} jurisdictions x {len(Channel)} channels x {len(Purpose)} purposes: "
        f"each of {cells} has exactly one answer on each of {2 * len(law.dates())} days, "
        f"out of {rows} rows. {shown.NO_ADVICE}"
    )


def _duties(given: Namespace, _environ: Environ) -> Answer:
    law = regimes.packaged()
    ruling = law.ruling((given.place,), given.channel, given.purpose, on=given.on)
    if given.json:
        return 0, json.dumps(shown.plain(ruling), ensure_ascii=False)
    return 0, "\n".join(shown.lines(ruling, law))


def _import(given: Namespace, environ: Environ) -> Answer:
    edition = Edition(
        id=0,
        brand=given.brand,
        name=given.name,
        kind="whole",
        as_of=given.as_of,
        expires_on=given.expires,
        channels=tuple(given.channel),
        binding=given.name not in regimes.packaged().registers(),
    )
    incoming = Incoming(edition, given.layout, given.file.name, given.region)
    hasher = Hasher(keys.read(environ.get("OPTOUT_KEYS", "")))
    with ExitStack() as open_:
        heard = open_.enter_context(lists.verdicts(given.verdicts))
        source = open_.enter_context(_opened(given.file))
        tx = open_.enter_context(transaction(given))
        _, counts = lists.take_in(tx, hasher, incoming, source, heard=heard, progress=_progress)
    return 0, _counted(counts, edition)


def _opened(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise OptOutError(f"{path} cannot be read: {error.strerror}") from error


def _counted(counts: Counts, edition: Edition) -> str:
    kind = "blocks whoever is on it" if edition.binding else "counts where a law names it"
    first = [f"line {line.number}: {line.problem}" for line in counts.first_refusals]
    told = (
        f"{edition.name} of {edition.as_of} {kind}: {counts.lines} lines, "
        f"{counts.listed} listed, {counts.clear} clear, {counts.refused} refused"
    )
    return "\n".join([told, *first])


def _progress(lines: int) -> None:
    if lines % _A_MILLION == 0:
        sys.stderr.write(f"{lines // _A_MILLION} million lines\n")


def _export(given: Namespace, _environ: Environ) -> Answer:
    with transaction(given) as tx:
        for entry in sql.everything(tx):
            sys.stdout.write(json.dumps(shown.entry(entry), ensure_ascii=False) + "\n")
    return 0, ""


def ask_lines(given: Namespace, environ: Environ) -> Answer:
    """Answer the questions on standard input, each line by a line."""
    registry = Registry(sql, Hasher(keys.read(environ.get("OPTOUT_KEYS", ""))))
    with transaction(given) as tx:
        for handful in _together(bulk.answers(registry, tx, sys.stdin.buffer)):
            sys.stdout.write(handful)
    return 0, ""


def _together(lines: Iterator[str]) -> Iterator[str]:
    for first in lines:
        rest = [line for _, line in zip(range(bulk.HANDFUL - 1), lines, strict=False)]
        yield "\n".join(chain([first], rest)) + "\n"


@contextmanager
def transaction(given: Namespace) -> Iterator[Connection]:
    """A transaction that speaks for the brand given, or else for the agency."""
    if not given.database:
        raise OptOutError("no database: give --database or set OPTOUT_DATABASE_URL")
    url = make_url(given.database).set(drivername="postgresql+psycopg")
    with create_engine(url, poolclass=NullPool).begin() as tx:
        sql.speak_for(tx, brand=given.brand, agency=given.brand is None)
        yield tx


ALONE: Mapping[str, Callable[[Namespace, Environ], Answer]] = {
    "regimes": _regimes,
    "duties": _duties,
    "import": _import,
    "export": _export,
}

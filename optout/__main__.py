"""What does the registry say about an address? `python -m optout ask jo@example.com …`

Exit codes: 0 done, or allowed; 1 not allowed; 2 the command or the address cannot be read.
"""

import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, create_engine, func, make_url, select
from sqlalchemy.pool import NullPool

from optout import identity, keys, reading_lines, sql
from optout.errors import OptOutError
from optout.identity import Hasher
from optout.model import Action, Channel, Entry, How, Identity, Purpose
from optout.registry import Registry

Answer = tuple[int, str]


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> Answer:
    """Carry out one command line; the exit code and what to show come back."""
    given = _parser(environ).parse_args(arguments)
    if given.command == "read":
        return reading_lines.command(given)
    try:
        who = _identity(given.address, given.region)
        registry = Registry(sql, Hasher(keys.read(environ.get("OPTOUT_KEYS", ""))))
        with _transaction(given) as tx:
            return _COMMANDS[given.command](registry, tx, given, who)
    except OptOutError as error:
        return 2, str(error)


def _ask(registry: Registry[Connection], tx: Connection, given: Namespace, who: Identity) -> Answer:
    if given.brand is None:
        raise OptOutError("say for which --brand you ask")
    question = registry.question(
        brand=given.brand, identity=who, channel=given.channel, purpose=given.purpose
    )
    answer = registry.ask(tx, question)
    shown = {"allowed": answer.allowed, "reason": answer.reason, "sentence": answer.sentence}
    entry = None if answer.entry is None else _shown(answer.entry)
    return int(not answer.allowed), _text(given, shown | {"entry": entry}, answer.sentence)


def _change(
    registry: Registry[Connection], tx: Connection, given: Namespace, who: Identity
) -> Answer:
    verbs = {
        Action.GRANT: registry.grant,
        Action.WITHDRAW: registry.withdraw,
        Action.BLOCK: registry.block,
        Action.LIFT: registry.lift,
    }
    # The database's clock, so that two desks with clocks apart still agree on what came later.
    effective_at = given.at or tx.execute(select(func.now())).scalar_one()
    entry = verbs[Action(given.command)](
        tx,
        brand=given.brand,
        identity=who,
        channel=given.channel,
        purpose=given.purpose,
        how=given.how,
        evidence=given.evidence,
        effective_at=effective_at,
    )
    return 0, _text(given, _shown(entry), _line(entry))


def _history(
    registry: Registry[Connection], tx: Connection, given: Namespace, who: Identity
) -> Answer:
    said = registry.history(tx, given.brand, who)
    lines = "\n".join(_line(entry) for entry in said) or "Nobody said anything."
    return 0, _text(given, [_shown(entry) for entry in said], lines)


_COMMANDS = {"ask": _ask, "history": _history} | dict.fromkeys(Action, _change)


@contextmanager
def _transaction(given: Namespace) -> Iterator[Connection]:
    if not given.database:
        raise OptOutError("no database: give --database or set OPTOUT_DATABASE_URL")
    url = make_url(given.database).set(drivername="postgresql+psycopg")
    with create_engine(url, poolclass=NullPool).begin() as tx:
        sql.speak_for(tx, brand=given.brand, agency=given.brand is None)
        yield tx


def _parser(environ: Mapping[str, str]) -> ArgumentParser:
    parser = ArgumentParser("optout", description="May we contact this address? Keys: OPTOUT_KEYS.")
    commands = parser.add_subparsers(dest="command", required=True)
    ask = _command(commands.add_parser("ask", help="may we?"), environ)
    ask.add_argument("--channel", type=Channel, required=True)
    ask.add_argument("--purpose", type=Purpose, required=True)
    _command(commands.add_parser("history", help="all that was said"), environ)
    reading_lines.describe(commands.add_parser("read", help="what did this reply mean?"))
    for action in Action:
        change = _command(commands.add_parser(action, help=f"enter: {action}"), environ)
        change.add_argument("--channel", type=Channel, help="all of them if left out")
        change.add_argument("--purpose", type=Purpose, help="all of them if left out")
        change.add_argument("--how", type=How, default=How.CONSOLE)
        change.add_argument("--evidence", required=True, help="where the proof lies")
        change.add_argument("--at", type=_instant, help="ISO 8601 with zone; now if left out")
    return parser


def _command(parser: ArgumentParser, environ: Mapping[str, str]) -> ArgumentParser:
    parser.add_argument("address", help="a mail address, a telephone number, or handle:NAME")
    parser.add_argument("--region", help="country of a number without +, such as GB")
    parser.add_argument("--brand", help="the whole agency if left out")
    parser.add_argument("--database", default=environ.get("OPTOUT_DATABASE_URL"))
    parser.add_argument("--json", action="store_true")
    return parser


def _identity(text: str, region: str | None) -> Identity:
    kind, colon, name = text.partition(":")
    if colon and kind == "handle":
        return identity.handle(name)
    return identity.email(text) if "@" in text else identity.phone(text, region=region)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ArgumentTypeError(f"{text} lacks its zone, such as +00:00")
    return instant


def _text(given: Namespace, plain: object, sentence: str) -> str:
    return json.dumps(plain, ensure_ascii=False) if given.json else sentence


def _shown(entry: Entry) -> dict[str, object]:
    instants = {
        "effective_at": entry.effective_at.isoformat(),
        "recorded_at": entry.recorded_at.isoformat() if entry.recorded_at else None,
    }
    return asdict(entry) | {"identity_hash": entry.identity_hash.hex()} | instants


def _line(entry: Entry) -> str:
    brand, channel = entry.brand or "the agency", entry.channel or "every channel"
    what = f"{entry.action} {entry.purpose or 'every purpose'} on {channel} for {brand}"
    return f"{entry.effective_at.isoformat()} {what} (by {entry.how}, {entry.evidence})"


if __name__ == "__main__":
    code, text = main(sys.argv[1:], os.environ)
    (sys.stdout if code < 2 else sys.stderr).write(text + "\n" if text else "")  # noqa: PLR2004  # 2 is an error
    sys.exit(code)

"""What does the registry say about an address? `python -m optout ask jo@example.com …`

Exit codes: 0 done, or allowed; 1 not allowed; 2 the command or the address cannot be read.
"""

import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from optout import commands, identity, keys, reading_lines, regimes, shown, sql
from optout.errors import OptOutError
from optout.identity import Hasher
from optout.model import Action, Block, Channel, How, Identity, Purpose
from optout.registry import Registry

Answer = tuple[int, str]


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> Answer:
    """Carry out one command line; the exit code and what to show come back."""
    given = _parser(environ).parse_args(arguments)
    if given.command == "read":
        return reading_lines.command(given)
    try:
        if given.command in commands.ALONE:
            return commands.ALONE[given.command](given, environ)
        if given.command == "ask" and given.jsonl:
            return commands.ask_lines(given, environ)
        who = _identity(given.address or "", given.region)
        registry = Registry(sql, Hasher(keys.read(environ.get("OPTOUT_KEYS", ""))))
        with commands.transaction(given) as tx:
            return _COMMANDS[given.command](registry, tx, given, who)
    except OptOutError as error:
        return 2, str(error)


def _ask(registry: Registry[Connection], tx: Connection, given: Namespace, who: Identity) -> Answer:
    if given.brand is None or given.channel is None or given.purpose is None:
        raise OptOutError("say for which --brand, on which --channel and for which --purpose")
    question = registry.question(
        brand=given.brand,
        identity=who,
        channel=given.channel,
        purpose=given.purpose,
        product=given.product,
        jurisdictions=tuple(given.place) if given.place else None,
        on=given.on or _now(tx).date(),
        sector=given.sector,
    )
    answer = registry.ask(tx, question)
    told = {"allowed": answer.allowed, "reason": answer.reason, "sentence": answer.sentence}
    entry = None if answer.entry is None else shown.entry(answer.entry)
    return int(not answer.allowed), _text(given, told | {"entry": entry}, answer.sentence)


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
    effective_at = given.at or _now(tx)
    entry = verbs[Action(given.command)](
        tx,
        brand=given.brand,
        identity=who,
        channel=given.channel,
        purpose=given.purpose,
        product=given.product,
        block=getattr(given, "cause", None),
        kinds=_kinds(given),
        wording=getattr(given, "wording", None),
        how=given.how,
        evidence=given.evidence,
        effective_at=effective_at,
    )
    return 0, _text(given, shown.entry(entry), shown.entry_line(entry))


def _kinds(given: Namespace) -> tuple[str, ...] | None:
    """What a grant was like. Raises `OptOutError` for a word that no law of ours knows."""
    kinds: list[str] | None = getattr(given, "kind", None)
    known = regimes.packaged().kinds
    if strange := sorted(set(kinds or ()) - set(known)):
        raise OptOutError(f"--kind {strange[0]} is none of {', '.join(sorted(known))}")
    return tuple(kinds) if kinds else None


def _now(tx: Connection) -> datetime:
    now: datetime = tx.execute(select(func.now())).scalar_one()
    return now


def _history(
    registry: Registry[Connection], tx: Connection, given: Namespace, who: Identity
) -> Answer:
    said = registry.history(tx, given.brand, who)
    lines = "\n".join(shown.entry_line(entry) for entry in said) or "Nobody said anything."
    return 0, _text(given, [shown.entry(entry) for entry in said], lines)


_COMMANDS = {"ask": _ask, "history": _history} | dict.fromkeys(Action, _change)


def _parser(environ: Mapping[str, str]) -> ArgumentParser:
    parser = ArgumentParser("optout", description="May we contact this address? Keys: OPTOUT_KEYS.")
    known = parser.add_subparsers(dest="command", required=True)
    _describe_ask(_command(known.add_parser("ask", help="may we?"), environ, optional="?"))
    _command(known.add_parser("history", help="all that was said"), environ)
    reading_lines.describe(known.add_parser("read", help="what did this reply mean?"))
    commands.describe(known, environ)
    for action in Action:
        change = _command(known.add_parser(action, help=f"enter: {action}"), environ)
        change.add_argument("--channel", type=Channel, help="all of them if left out")
        change.add_argument("--purpose", type=Purpose, help="all of them if left out")
        change.add_argument("--product", help="all of them if left out")
        if action in (Action.BLOCK, Action.LIFT):
            change.add_argument("--cause", type=Block, help=", ".join(Block))
        if action is Action.GRANT:
            change.add_argument("--kind", action="append", help="express, written …; repeatable")
            change.add_argument("--wording", help="which text was agreed to")
        change.add_argument("--how", type=How, default=How.CONSOLE)
        change.add_argument("--evidence", required=True, help="where the proof lies")
        change.add_argument("--at", type=_instant, help="ISO 8601 with zone; now if left out")
    return parser


def _describe_ask(ask: ArgumentParser) -> None:
    ask.add_argument("--channel", type=Channel)
    ask.add_argument("--purpose", type=Purpose)
    ask.add_argument("--product")
    ask.add_argument("--place", action="append", help="under the law of US-FL, DE …; repeatable")
    ask.add_argument("--on", type=date.fromisoformat, help="a local date; today's if left out")
    ask.add_argument("--sector", help="the brand's trade, where a law has rules for it")
    ask.add_argument("--jsonl", action="store_true", help="questions come by standard input")


def _command(
    parser: ArgumentParser, environ: Mapping[str, str], *, optional: str | None = None
) -> ArgumentParser:
    told = "a mail address, a telephone number, or handle:NAME"
    parser.add_argument("address", nargs=optional, help=told)
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


if __name__ == "__main__":
    code, text = main(sys.argv[1:], os.environ)
    (sys.stdout if code < 2 else sys.stderr).write(text + "\n" if text else "")  # noqa: PLR2004  # 2 is an error
    sys.exit(code)

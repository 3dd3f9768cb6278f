"""Commands about hours: when may this person be contacted, when do these windows open?

They read the packs that come with the product, and need neither settings nor servers.
"""

import json as jsons
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Annotated

import typer

from optout.model import Channel, Purpose
from outreach import clock
from outreach.cli import packs as pack_commands
from outreach.cli.session import JsonOption, answer, one_of, plain, shown
from outreach.errors import Invalid
from outreach.hours import asking, bare, packs
from outreach.hours.asking import Answer
from outreach.hours.packs import Packs

cli = typer.Typer(no_args_is_help=True)
cli.add_typer(pack_commands.cli, name="packs", help="The rules of places, dated and sourced.")

AtOption = Annotated[str | None, typer.Option(help="An instant with its offset; else now.")]
LinesOption = Annotated[bool, typer.Option("--jsonl", help="Answer lines of JSON from the input.")]

_CHUNK = 1 << 16  # bytes


@cli.command()
def when(  # noqa: PLR0917  # options, which nobody passes by position
    phone: Annotated[str | None, typer.Option(help="E.164, or as dialled in the country.")] = None,
    zone: Annotated[str | None, typer.Option(help="That the person declared.")] = None,
    address: Annotated[str | None, typer.Option(help="In short: US-FL 32501.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166-1, such as US.")] = None,
    region: Annotated[str | None, typer.Option(help="Code or name, such as FL.")] = None,
    postcode: Annotated[str | None, typer.Option(help="Of the address.")] = None,
    coordinates: Annotated[str | None, typer.Option(help="Degrees north,east.")] = None,
    channel: Annotated[str, typer.Option(help="voice, sms, email or chat.")] = Channel.SMS,
    purpose: Annotated[str, typer.Option(help="What it is about.")] = Purpose.MARKETING,
    at: AtOption = None,
    jsonl: LinesOption = False,
    json: JsonOption = False,
) -> None:
    """Say whether a person may be contacted, when next, and by which rules."""
    law, now = packs.load(), clock.system()
    if jsonl:
        _answer_lines(partial(_line, law, now))
        return
    one_of(channel, Channel, what="channel")
    one_of(purpose, Purpose, what="purpose")
    given = {"phone": phone, "zone": zone, "country": country, "region": region}
    given |= {"postcode": postcode, "coordinates": coordinates}
    given |= asking.address(address) if address else {}
    given |= {"channel": channel, "purpose": purpose, "at": at}
    found = asking.ask(law, asking.read(given), now=now)
    answer(found, as_json=json, text="\n".join(_sentences(found)))


@cli.command()
def window(
    zone: Annotated[list[str] | None, typer.Option(help="A zone; again for more.")] = None,
    hours: Annotated[list[str] | None, typer.Option(help="08:00-21:00; again for more.")] = None,
    at: AtOption = None,
    jsonl: LinesOption = False,
) -> None:
    """Say when bare windows open on the clocks of bare zones, without any law."""
    if jsonl:
        _answer_lines(bare.answer)
        return
    windows = [text.partition("-")[::2] for text in hours or []]
    asked = {"zones": zone, "windows": windows, "at": at or clock.system().isoformat()}
    answered = jsons.loads(bare.answer(jsons.dumps(asked)))
    if "error" in answered:
        raise Invalid(answered["error"])
    answer(answered, as_json=True)


def _line(law: Packs, now: datetime, line: str) -> str:
    try:
        found = asking.ask(law, asking.read(_object(line)), now=now)
    except bare.UNREADABLE as error:
        return jsons.dumps({"error": str(error)}, ensure_ascii=False)
    return jsons.dumps(plain(found), ensure_ascii=False)


def _object(line: str) -> dict[str, object]:
    asked = jsons.loads(line)
    if not isinstance(asked, dict):
        raise Invalid("a line is an object")
    return asked


def _answer_lines(answered: Callable[[str], str]) -> None:
    """A line for each that is not empty; a bad one is told and the rest go on, to exit code 1."""
    failed = False
    for lines in _arriving():
        said = [answered(line) for line in lines if line.strip()]
        failed = failed or any(bare.wrong(one) for one in said)
        sys.stdout.write("".join(f"{one}\n" for one in said))
        sys.stdout.flush()
    raise typer.Exit(int(failed))


def _arriving() -> Iterator[list[str]]:
    """The lines of standard input as they come, so that who asks line by line is answered so."""
    rest = b""
    while chunk := os.read(sys.stdin.fileno(), _CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        yield [line.decode(errors="replace") for line in whole]
    yield [rest.decode(errors="replace")]


def _sentences(found: Answer) -> Iterator[str]:
    if found.allowed:
        yield "allowed now" if found.closes is None else f"allowed, until {shown(found.closes)}"
    else:
        yield f"not now; next: {shown(found.next)}" if found.next else "never, as far as we know"
    yield f"  zones: {', '.join(found.candidates.zones) or 'none'}"
    yield f"  law of: {', '.join(found.candidates.jurisdictions)}"
    yield f"  because: {'; '.join(found.evidence)}"
    for one in found.rules:
        binding = "" if one.binding else ", not binding"
        yield f"  rule {one.rule}: {one.source} ({one.basis}{binding})"
    yield f"  pack {found.pack}, an engineering reference and not legal advice"

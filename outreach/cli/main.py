"""Which command was meant, and how does it end?

Exit codes: 0 done, 1 something could not be done or does not add up, 2 the request was wrong,
3 the installation is misconfigured, 4 a server is away.
"""

import sys
from importlib.metadata import version
from typing import Annotated

import typer
from sqlalchemy.exc import ProgrammingError

from outreach.cli import (
    audit,
    brands,
    campaigns,
    cases,
    channels,
    checks,
    consent,
    desk,
    events,
    experiments,
    hours,
    ledger,
    mirrors,
    notices,
    people,
    quality,
    queues,
    receipts,
    recording,
    records,
    replay,
    reports,
    secrets,
    servers,
    sources,
    surveys,
    tasks,
    templates,
    touches,
    users,
)
from outreach.cli.session import aside, say
from outreach.errors import CallerError, Invalid, Misconfigured, OutreachError, Trouble

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.add_typer(audit.cli, name="audit", help="Who asked for which change.")
cli.add_typer(brands.cli, name="brands", help="The businesses that this installation speaks for.")
cli.add_typer(campaigns.cli, name="campaigns", help="What should happen, as documents.")
cli.add_typer(cases.cli, name="cases", help="What is wrong, and whose work it is.")
cli.add_typer(channels.cli, name="channels", help="Ways out, and what they can do.")
cli.add_typer(consent.cli, name="consent", help="What a person agreed to, or took back.")
cli.add_typer(events.cli, name="events", help="Facts that happened.")
cli.add_typer(experiments.cli, name="experiments", help="Whether campaigns do what they are for.")
cli.add_typer(hours.cli, name="hours", help="When people may be contacted, and by which rules.")
cli.add_typer(ledger.cli, name="ledger", help="The account of every candidate.")
cli.add_typer(mirrors.cli, name="mirrors", help="Other systems that show the calls.")
cli.add_typer(notices.cli, name="notices", help="What staff are told in group chats.")
cli.add_typer(people.cli, name="people", help="Persons who may be contacted.")
cli.add_typer(receipts.cli, name="receipts", help="What is heard of messages afterwards.")
cli.add_typer(quality.cli, name="quality", help="How good calls are.")
cli.add_typer(queues.cli, name="queues", help="Agents who share calls.")
cli.add_typer(records.cli, name="records", help="Orders, parcels, contracts, cases.")
cli.add_typer(secrets.cli, name="secrets", help="What is kept sealed for others.")
cli.add_typer(reports.cli, name="reports", help="What came of a month.")
cli.add_typer(sources.cli, name="sources", help="Platforms that push what happens.")
cli.add_typer(surveys.cli, name="surveys", help="What is asked, and what the answers come to.")
cli.add_typer(tasks.cli, name="tasks", help="Calls that agents owe.")
cli.add_typer(templates.cli, name="templates", help="What we say: wording, reading, length.")
cli.add_typer(touches.cli, name="touches", help="Planned contacts.")
cli.add_typer(users.cli, name="users", help="Who may log in, and in which role.")
cli.command("explain")(touches.explain)
cli.command("why")(touches.why)
cli.command("check")(checks.check)
cli.command("replay")(replay.replay)
cli.command("review")(replay.review)
cli.command("approved")(replay.approved)
for command in (servers.demo, servers.migrate, servers.web, servers.worker, servers.ticker):
    cli.command(command.__name__)(command)
cli.command("embedded", context_settings=desk.PASS_ON)(desk.embedded)
recording.follow(cli)

_EXIT = {CallerError: 2, Misconfigured: 3, Trouble: 4}


def main() -> None:
    """Run the command line; an error of ours is one sentence and an exit code."""
    try:
        cli()
    except OutreachError as error:
        _tell(error)
        sys.exit(next((code for kind, code in _EXIT.items() if isinstance(error, kind)), 1))
    except ProgrammingError as error:
        # Every statement is tested, so it is the database that lacks a table or a right.
        said = str(error.orig).partition("\n")[0]
        _tell(Misconfigured(f"the database is not made for this ({said}): see `outreach check`"))
        sys.exit(_EXIT[Misconfigured])


def _say_version(asked: bool) -> None:
    if asked:
        say(version("outreach"))
        raise typer.Exit


@cli.callback()
def about(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which this is."),
    ] = False,
) -> None:
    """The right words to the right person at a lawful hour, once, and always able to say why."""


def _tell(error: OutreachError) -> None:
    aside(f"error: {' '.join(error.sentence.split())}", style="red")
    for problem in error.problems if isinstance(error, Invalid) else ():
        aside(f"  {problem}")

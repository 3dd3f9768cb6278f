"""Commands about the quality of calls, and of what is done with replies."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from outreach.callbacks import quality, reply_quality
from outreach.callbacks.quality import Rule
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    answer,
    answer_rows,
    file_text,
    instant,
    opened,
)
from outreach.errors import Invalid

cli = typer.Typer(no_args_is_help=True)

CardArgument = Annotated[str, typer.Argument(help="Key of the scorecard.")]
Since = Annotated[str | None, typer.Option(help="From this instant on; else 28 days back.")]
_MONTH = timedelta(days=28)


@cli.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A document of a scorecard.")],
    brand: BrandOption,
    json: JsonOption = False,
) -> None:
    """Keep a scorecard for the brand, in the place of one of the same key."""
    source = file_text(file)
    with opened() as app, app.means.database.begin(ref := app.brand(brand)) as tx:
        card = quality.put(tx, ref, source, name=file.name, now=app.means.clock())
    answer({"scorecard": card.key, "best": card.best}, as_json=json, text=f"{brand}: {card.key}")


@cli.command("sample")
def sample(
    card: CardArgument,
    brand: BrandOption,
    *,
    name: Annotated[str, typer.Option(help="Of the sample: the same name draws the same.")],
    many: Annotated[int, typer.Option(min=1, max=1000, help="How many calls.")] = 10,
    agent: str | None = None,
    campaign: str | None = None,
    disposition: str | None = None,
    since: Since = None,
    json: JsonOption = False,
) -> None:
    """Draw calls to look at, by chance, of all or of those that fit."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        rule = Rule(_from(since, app.means.clock()), agent, campaign, disposition)
        drawn = quality.sample(tx, card, rule, name=name, many=many)
    rows = [
        {
            "call": one.call, "agent": one.agent, "campaign": one.campaign,
            "disposition": one.disposition, "ended_at": one.ended_at, "note": one.note,
        }
        for one in drawn
    ]  # fmt: skip
    columns = ("call", "agent", "campaign", "disposition", "ended_at")
    answer_rows(rows, columns=columns, as_json=json, none="no call fits")


@cli.command("replies")
def replies(
    card: CardArgument,
    brand: BrandOption,
    *,
    name: Annotated[str, typer.Option(help="Of the sample: the same name draws the same.")],
    many: Annotated[int, typer.Option(min=1, max=1000, help="How many replies.")] = 10,
    intent: Annotated[str | None, typer.Option(help="As which they were read: `unsure`.")] = None,
    channel: str | None = None,
    campaign: str | None = None,
    since: Since = None,
    json: JsonOption = False,
) -> None:
    """Draw replies to look at, by chance, of all or of those that fit."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        rule = reply_quality.Rule(_from(since, app.means.clock()), intent, channel, campaign)
        drawn = quality.sample_replies(tx, card, rule, name=name, many=many)
    rows = [
        {
            "reply": one.reply, "channel": one.channel, "at": one.at, "intent": one.intent,
            "rule": one.rule, "campaign": one.campaign, "text": one.text,
        }
        for one in drawn
    ]  # fmt: skip
    columns = ("reply", "channel", "at", "intent", "rule", "campaign", "text")
    answer_rows(rows, columns=columns, as_json=json, none="no reply fits")


@cli.command("score")
def score(
    card: CardArgument,
    call: Annotated[str, typer.Argument(help="The call, tsk_…-1, or the reply, rpl_….")],
    points: Annotated[list[str], typer.Argument(help="QUESTION=POINTS, each question once.")],
    lead: Annotated[str, typer.Option(help="Who looked at it.")],
    brand: BrandOption,
    *,
    note: str = "",
    json: JsonOption = False,
) -> None:
    """Write down how good a call was, or what was done with a reply."""
    given = dict(_points(one) for one in points)
    with opened() as app, app.means.database.begin(ref := app.brand(brand)) as tx:
        now = app.means.clock()
        share = quality.score(tx, ref, card, call, given, lead=lead, note=note, now=now)
    answer({"call": call, "share": share}, as_json=json, text=f"{call}: {share:.0%}")


@cli.command("results")
def results(
    card: CardArgument, brand: BrandOption, since: Since = None, json: JsonOption = False
) -> None:
    """Show how good calls were, by agent and campaign."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        found = quality.results(tx, card, since=_from(since, app.means.clock()))
    rows = [
        {
            "agent": one.agent, "campaign": one.campaign, "calls": one.calls,
            "share": round(one.share, 3), "worst": round(one.worst, 3),
        }
        for one in found
    ]  # fmt: skip
    columns = ("agent", "campaign", "calls", "share", "worst")
    answer_rows(rows, columns=columns, as_json=json, none="no call was scored")


@cli.command("reply-results")
def reply_results(
    card: CardArgument, brand: BrandOption, since: Since = None, json: JsonOption = False
) -> None:
    """Show how good replies were dealt with, by what they were read as and campaign."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        found = quality.reply_results(tx, card, since=_from(since, app.means.clock()))
    rows = [
        {
            "intent": one.intent, "campaign": one.campaign, "replies": one.replies,
            "share": round(one.share, 3), "worst": round(one.worst, 3),
        }
        for one in found
    ]  # fmt: skip
    columns = ("intent", "campaign", "replies", "share", "worst")
    answer_rows(rows, columns=columns, as_json=json, none="no reply was scored")


def _from(given: str | None, now: datetime) -> datetime:
    return instant(given) or now - _MONTH


def _points(written: str) -> tuple[str, int]:
    question, _, points = written.partition("=")
    if not points.strip().isdecimal():
        raise Invalid(f"{written!r} gives no points: write QUESTION=POINTS")
    return question.strip(), int(points)

"""Commands about whether a campaign does what it is for."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from outreach.cli.session import (
    BrandOption,
    JsonOption,
    LanguageOption,
    answer,
    answer_rows,
    instant,
    one_of,
    opened,
    say,
)
from outreach.events.model import KEYED_BY
from outreach.experiments import compared, guards, outcomes, pilots, size, told
from outreach.experiments.compared import LEFT_ALONE, TAKEN_IN, Comparison, Sort
from outreach.experiments.pilot import COLUMNS as TRIED

cli = typer.Typer(no_args_is_help=True)

_COLUMNS = ("arm", "people", "did", "share", "low", "high", "lift", "lift_low", "lift_high", "p")
_EVER = datetime(2000, 1, 1, tzinfo=UTC)

KeyArgument = Annotated[str, typer.Argument(help="A campaign's key.")]
Outcome = Annotated[str, typer.Option(help="A type of event, `withdrawn` or `complained`.")]
Within = Annotated[int, typer.Option(min=1, max=365, help="Days in which it counts.")]
SplitOption = Annotated[str | None, typer.Option(help="A split, instead of the holdout.")]
Since = Annotated[str | None, typer.Option("--from", help="Of whom was taken in since then.")]


@cli.command("show")
def show(
    key: KeyArgument,
    brand: BrandOption,
    outcome: Outcome,
    *,
    within: Within = 14,
    split: SplitOption = None,
    since: Since = None,
    json: JsonOption = False,
) -> None:
    """Compare those whom a campaign took in with the holdout, or the arms of a split."""
    known = {*KEYED_BY, outcomes.REFUSED, outcomes.COMPLAINED}
    one_of(outcome, known, what="outcome")
    with opened() as app, app.means.database.reading(ref := app.brand(brand)) as tx:
        campaign = app.means.book.latest(tx, key).campaign
        arms: list[str] = [LEFT_ALONE, TAKEN_IN]
        sort: Sort = compared.by_holdout
        if split is not None:
            arms, sort = compared.by_split(campaign, split, brand=ref.key)
        everybody = outcomes.observed(
            tx, key, outcome, within=timedelta(days=within), since=instant(since) or _EVER,
            now=app.means.clock(),
        )  # fmt: skip
        found = compared.compared(everybody, arms, sort)
    _answer(found, as_json=json)


def _answer(found: Comparison, *, as_json: bool) -> None:
    answer_rows(_rows(found), columns=_COLUMNS, as_json=as_json, none="")
    for line in () if as_json else _sentences(found):
        say(line)


@cli.command("brand")
def brand_(
    brand: BrandOption,
    outcome: Outcome,
    *,
    within: Within = 14,
    since: Since = None,
    json: JsonOption = False,
) -> None:
    """Compare those whom campaigns ask something with those whom the brand leaves alone."""
    one_of(outcome, {*KEYED_BY, outcomes.REFUSED, outcomes.COMPLAINED}, what="outcome")
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        everybody = outcomes.observed_of_brand(
            tx, app.means.book.every(tx), outcome, within=timedelta(days=within),
            since=instant(since) or _EVER, now=app.means.clock(),
        )  # fmt: skip
        found = compared.compared(everybody, [LEFT_ALONE, TAKEN_IN], compared.by_holdout)
    _answer(found, as_json=json)


@cli.command("stops")
def stops(
    brand: BrandOption,
    campaign: Annotated[str | None, typer.Option(help="Key of one campaign.")] = None,
    json: JsonOption = False,
) -> None:
    """Show which campaigns paused themselves by a guardrail or stop rule, and what was seen."""
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        found = guards.stops(tx, campaign)
    columns = ("at", "campaign", "guardrail", "people", "did", "limit", "p")
    rows = [asdict(one) for one in found]
    answer_rows(rows, columns=columns, as_json=json, none="no campaign has paused itself")


@cli.command("pilot")
def pilot_(
    key: KeyArgument,
    brand: BrandOption,
    language: LanguageOption = "en",
    *,
    json: JsonOption = False,
) -> None:
    """Show how the pilot of a campaign stands, measure by measure, against whom it left out."""
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        version = app.means.book.latest(tx, key)
        found = pilots.of(tx, version, now=app.means.clock())
    rows = found.rows() if found else []
    said = told.sentence(key, found, language)
    answer_rows(rows, columns=TRIED, as_json=json, none=said)
    if found and not json:
        say("\n".join([*map(" | ".join, told.lines([(key, found)], language)), said]))


@cli.command("size")
def size_(
    usual: Annotated[float, typer.Option(help="The share that does it anyway, such as 0.05.")],
    hoped: Annotated[float, typer.Option(help="The share that is hoped for.")],
    *,
    power: Annotated[float, typer.Option(help="The chance to see it where it is so.")] = 0.8,
    holdout: Annotated[float, typer.Option(help="The part that is left alone.")] = 0.5,
    json: JsonOption = False,
) -> None:
    """Say how many people a comparison needs before it begins."""
    least = size.smaller_arm(usual, hoped, part=holdout, power=power)
    whole = round(least / min(holdout, 1 - holdout))
    said = f"{least} people in the smaller arm, {whole} in all"
    answer({"smaller_arm": least, "in_all": whole}, as_json=json, text=said)


def _rows(found: Comparison) -> list[dict[str, object]]:
    first = {
        "arm": found.first, "people": found.count.people, "did": found.count.did,
        "share": round(found.share.value, 6), "low": round(found.share.low, 6),
        "high": round(found.share.high, 6), "lift": None, "lift_low": None, "lift_high": None,
        "p": None,
    }  # fmt: skip
    return [first] + [
        {
            "arm": one.arm, "people": one.count.people, "did": one.count.did,
            "share": round(one.share.value, 6), "low": round(one.share.low, 6),
            "high": round(one.share.high, 6), "lift": round(one.lift.value, 6),
            "lift_low": round(one.lift.low, 6), "lift_high": round(one.lift.high, 6),
            "p": round(one.evidence.p, 6),
        }
        for one in found.others
    ]  # fmt: skip


def _sentences(found: Comparison) -> list[str]:
    return [
        f"{one.arm} differs from {found.first}: whoever stops now is wrong once in twenty at most"
        if one.evidence.decided()
        else f"{one.arm} and {found.first} cannot be told apart yet; look again when you like"
        for one in found.others
    ]

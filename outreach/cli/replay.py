"""Commands that let days pass again, or for the first time."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from outreach.app import Outreach
from outreach.campaigns import approvals, document
from outreach.campaigns.store import Version
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    LanguageOption,
    Prices,
    answer,
    answer_rows,
    file_text,
    instant,
    opened,
    plain,
    price_of,
    progress,
    readable,
    say,
)
from outreach.db.engine import BrandRef
from outreach.errors import Invalid, NotFound
from outreach.replay import asked, ground, load, page, shown
from outreach.replay import review as reviewing
from outreach.replay.asked import Answer, Heard, Question
from outreach.replay.carried import carried
from outreach.replay.model import Row
from outreach.replay.moments import Days
from outreach.replay.review import Assumed, Review
from outreach.replay.run import Draft

What = Annotated[str, typer.Argument(help="A campaign's key, or a file.", metavar="FILE|KEY")]
Since = Annotated[str | None, typer.Option("--from", help="From this instant on.")]
Until = Annotated[str | None, typer.Option("--to", help="Up to this one.")]
Events = Annotated[Path | None, typer.Option(help="Events that are supposed, one a line.")]
Against = Annotated[int | None, typer.Option(help="A version to compare with.")]
Scale = Annotated[int, typer.Option(min=1, help="So many times the volume.")]
Can = Annotated[list[str] | None, typer.Option("--capacity", help="Such as sms=3600, an hour.")]
Every = Annotated[int, typer.Option(min=0, help="Minutes between two looks; 0 is exact.")]
RowsTo = Annotated[Path | None, typer.Option("--rows", help="A file for every contact's line.")]
Html = Annotated[Path | None, typer.Option("--html", help="A file for the answer as a page.")]
KeyArgument = Annotated[str, typer.Argument(help="A campaign's key.")]
Handling = Annotated[int, typer.Option(min=1, help="Minutes that a call takes.")]
Page = Annotated[Path | None, typer.Option("--out", "-o", help="Where to write the page.")]
By = Annotated[str | None, typer.Option(help="Approve it in this name, and keep the page.")]
Check = Annotated[bool, typer.Option("--check", help="Hold it against what really happened.")]


def replay(
    what: What,
    brand: BrandOption,
    *,
    since: Since = None,
    until: Until = None,
    events: Events = None,
    against: Against = None,
    scale: Scale = 1,
    capacity: Can = None,
    price: Prices = None,
    handling: Handling = 5,
    every: Every = 0,
    rows: RowsTo = None,
    html: Html = None,
    language: LanguageOption = "en",
    check: Check = False,
    json: JsonOption = False,
) -> None:
    """Say who would get what, when, and who would not and why; nothing is sent or written."""
    known, prices = load.read(capacity or ()), dict(map(price_of, price or ()))
    with ExitStack() as stack:
        app = stack.enter_context(opened())
        lines = stack.enter_context(_lines(events)) if events else None
        asked_ = Question(
            *_campaign(what), days=_days(since, until), events=lines, against=against,
            every=timedelta(minutes=every), check=check,
        )  # fmt: skip
        keep, first = stack.enter_context(_kept(rows)), _First()
        heard = Heard(row=_both(keep, first), progress=_told(stack))
        place = stack.enter_context(ground.embedded())
        said = asked.answer(app, app.brand(brand), place, asked_, heard)
        calls = timedelta(minutes=handling)
        held_against = carried(app, app.brand(brand), known, handling=calls)
    broken = load.breaks(said.totals.hours, held_against, scale=scale)
    if html is not None:
        assumed = Assumed(prices, held_against, calls, scale)
        made = page.replayed(said, first.rows, assumed, broken, language)
        html.write_text(made, encoding="utf-8")
    if json:
        answer(shown.document(said, prices=prices, broken=broken, scale=scale), as_json=True)
    else:
        columns = ("outcome", "reason", "count")
        answer_rows(shown.outcomes(said), columns=columns, as_json=False, none="nobody")
        for line in shown.sentences(said, prices=prices, broken=broken, scale=scale):
            say(line)
    _end(said)


def review(
    key: KeyArgument,
    brand: BrandOption,
    *,
    since: Since = None,
    until: Until = None,
    events: Events = None,
    scale: Scale = 1,
    capacity: Can = None,
    price: Prices = None,
    handling: Handling = 5,
    every: Every = 0,
    out: Page = None,
    by: By = None,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Make the page to be read before the newest version of a campaign goes live."""
    prices = dict(map(price_of, price or ()))
    known, calls = load.read(capacity or ()), timedelta(minutes=handling)
    days, between = _days(since, until), timedelta(minutes=every)
    with ExitStack() as stack:
        app = stack.enter_context(opened())
        ref = app.brand(brand)
        with app.means.database.reading(ref) as tx:
            newest = app.means.book.latest(tx, key)
            covers = approvals.covers(tx, newest)
        lines = stack.enter_context(_lines(events)) if events else None
        draft = Draft(key, version=newest.version)
        question = Question(key, draft, days=days, events=lines, every=between)
        place = stack.enter_context(ground.embedded())
        heard = Heard(progress=_told(stack))
        assumed = Assumed(prices, carried(app, ref, known, handling=calls), calls, scale)
        made = reviewing.made(app, ref, place, question, assumed, heard=heard)
        text = page.page(made, language)
        digest = _approved(app, ref, newest, by=by, text=text, covers=covers) if by else None
    if out:
        out.write_text(text, encoding="utf-8")
    told = _reviewed(made) | {"approved_by": by, "digest": digest}
    kept = f"; approved by {by}, page {digest}" if by else ""
    where = f"; {out} written" if out else ""
    answer(told, as_json=json, text=_summed(key, made) + where + kept)


def _approved(
    app: Outreach, brand: BrandRef, seen: Version, *, by: str, text: str, covers: str
) -> str:
    """Keep the page for the version that it is about, whatever is there by now."""
    now = app.means.clock()
    with app.means.database.begin(brand) as tx:
        return approvals.put(tx, brand, seen.id, by=by, page=text, now=now, covers=covers)


def _reviewed(made: Review) -> dict[str, object]:
    assumed = made.assumed
    said = shown.document(
        made.answer, prices=assumed.prices, broken=made.breaks, scale=assumed.scale
    )
    return said | {
        "version": made.version, "agents": made.agents, "gaps": made.gaps,
        "findings": made.findings,
    }  # fmt: skip


def _summed(key: str, made: Review) -> str:
    sums = made.answer.totals
    return f"{key} version {made.version}: {sums.people} people, {sums.reached} reached"


def approved(
    key: KeyArgument, brand: BrandOption, out: Page = None, json: JsonOption = False
) -> None:
    """Show who approved which version, and write the page that was seen last."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        found, text = approvals.of(tx, key), approvals.page(tx, key)
    if out and text is None:
        raise NotFound(f"nobody has approved {key!r}: `outreach review {key} --by NAME` does")
    if out and text is not None:
        out.write_text(text, encoding="utf-8")
    rows = [asdict(one) for one in found]
    columns = ("key", "version", "at", "by", "digest")
    answer_rows(rows, columns=columns, as_json=json, none="nobody has approved it")


def _end(said: Answer) -> None:
    if said.held is not None and said.held.differences:
        raise typer.Exit(1)


def _campaign(what: str) -> tuple[str, Draft | None]:
    """The key, and the draft of a file with the texts that lie beside it."""
    file = Path(what)
    if file.suffix not in {".yaml", ".yml"}:
        return what, None
    source = file_text(file)
    campaign = document.read(source, name=what)
    beside = {s.template: file.with_name(f"{s.template}.yaml") for s in campaign.contacts}
    texts = {name: file_text(one) for name, one in beside.items() if one.exists()}
    return campaign.key, Draft(campaign.key, source, texts)


def _days(since: str | None, until: str | None) -> Days | None:
    begins, ends = instant(since), instant(until)
    if (begins is None) != (ends is None):
        raise Invalid("--from and --to go together: name both")
    return None if begins is None or ends is None else Days(begins, ends)


def _both(one: Callable[[Row], None], other: Callable[[Row], None]) -> Callable[[Row], None]:
    def told(row: Row) -> None:
        one(row)
        other(row)

    return told


class _First:
    """The first contacts, as many as a page shows."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def __call__(self, row: Row) -> None:
        if len(self.rows) < page.MOST:
            self.rows.append(row)


@contextmanager
def _lines(file: Path) -> Iterator[Iterable[bytes]]:
    with readable(file):
        opened_ = file.open("rb")
    with opened_ as lines:
        yield lines


@contextmanager
def _kept(file: Path | None) -> Iterator[Callable[[Row], None]]:
    """Where each contact's line goes: a file with one JSON document a line, or nowhere."""
    import json  # noqa: PLC0415  # the option of that name hides it above

    if file is None:
        yield lambda _: None
        return
    with file.open("w", encoding="utf-8") as out:
        yield lambda row: print(json.dumps(plain(row.document()), ensure_ascii=False), file=out)


def _told(stack: ExitStack) -> Callable[[datetime], None]:
    tell = stack.enter_context(progress())
    return lambda at: tell(f"{at:%Y-%m-%d %H:%M} UTC")

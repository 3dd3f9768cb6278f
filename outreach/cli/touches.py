"""Commands about touches, and `explain`."""

from collections.abc import Iterator, Mapping
from typing import Annotated
from uuid import UUID

import typer

from optout.model import Channel
from outreach import ids
from outreach.app import Outreach
from outreach.bilingual import Language
from outreach.brands import store as brands
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
    shown,
)
from outreach.db.engine import BrandRef
from outreach.db.tables import TOUCH_STATES
from outreach.dispatch import doubt
from outreach.errors import NotFound
from outreach.people import store as people
from outreach.people.model import person_id
from outreach.reports import doubtful, newest
from outreach.reports import explain as explaining
from outreach.reports.model import Explanation, PersonExplained
from outreach.reports.reasons import REASONS
from outreach.reports.supposed import Question, suppose

cli = typer.Typer(no_args_is_help=True)

_IN_DOUBT = (
    "touch", "person", "campaign", "channel", "purpose", "reason", "started_at", "looked_into",
    "detail",
)  # fmt: skip
_COLUMNS = ("touch", "campaign", "channel", "state", "reason", "due_at", "person")


@cli.command("list")
def list_(
    brand: BrandOption,
    state: str | None = None,
    reason: str | None = None,
    campaign: str | None = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    json: JsonOption = False,
) -> None:
    """Show the newest touches, of this state, reason and campaign where given."""
    one_of(state, TOUCH_STATES, what="state of a touch")
    one_of(reason, REASONS, what="reason")
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        if campaign is not None:
            app.means.book.latest(tx, campaign)
        found = newest.touches(tx, state=state, reason=reason, campaign=campaign, limit=limit)
    answer_rows([_row(row) for row in found], columns=_COLUMNS, as_json=json, none="no touch")


@cli.command("doubt")
def doubt_(
    brand: BrandOption,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    json: JsonOption = False,
) -> None:
    """Show what may have been sent and may not, the oldest first: for somebody to look up."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        found = doubtful.doubtful(tx, limit=limit)
    rows = [{name: getattr(one, name) for name in _IN_DOUBT} for one in found]
    answer_rows(rows, columns=_IN_DOUBT, as_json=json, none="nothing is in doubt")


@cli.command("settle")
def settle(
    touch: Annotated[str, typer.Argument(help="The touch in doubt (tch_…).")],
    decision: Annotated[str, typer.Argument(help="What you found: sent, not_sent, or again.")],
    by: Annotated[str, typer.Option(help="Who decides; kept with the decision.")],
    brand: BrandOption,
    json: JsonOption = False,
) -> None:
    """Settle a touch in doubt: sent, not_sent, or again (a notice that may come twice)."""
    with opened() as app:
        doubt.decide(app.means, app.brand(brand), ids.read(ids.TOUCH, touch), decision, by=by)
    said = {"touch": touch, "decision": decision, "by": by}
    answer(said, as_json=json, text=f"{touch} is settled: {decision}, says {by}")


def explain(
    what: Annotated[str, typer.Argument(help="A touch (tch_…) or your own name of a person.")],
    brand: BrandOption,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Say why something was sent or not, and when it will be."""
    with opened() as app:
        found = _explained(app, app.brand(brand), what, language)
    if json:
        answer(found, as_json=True)
    elif isinstance(found, PersonExplained):
        say("\n".join(_of_person(found)))
    else:
        say(_of_touch(found))


def why(
    person: Annotated[str, typer.Argument(help="Your own name of a person.")],
    campaign: Annotated[str, typer.Option(help="Key of the campaign that would contact them.")],
    brand: BrandOption,
    at: Annotated[str | None, typer.Option(help="An instant with its offset; else now.")] = None,
    channel: Annotated[str | None, typer.Option(help="voice, sms, email or chat.")] = None,
    step: Annotated[str | None, typer.Option(help="Key of the contact; else the first.")] = None,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Say what the gate would say of a contact that nobody planned, and what would change it."""
    one_of(channel, Channel, what="channel")
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        question = Question(
            person_id(app.brand(brand), person),
            campaign,
            at=instant(at),
            channel=None if channel is None else Channel(channel),
            step=step,
        )
        found = suppose(tx, app.means, brands.get(tx), question, language=language)
    answer(found, as_json=json, text=_of_touch(found))


def _explained(
    app: Outreach, ref: BrandRef, what: str, language: Language
) -> Explanation | PersonExplained:
    with app.means.database.begin(ref) as tx:
        brand = brands.get(tx)
        if what.startswith(f"{ids.TOUCH}_"):
            touch = ids.read(ids.TOUCH, what)
            return explaining.touch(tx, app.means, brand, touch, language=language)
        person = person_id(ref, what)
        if not people.by_id(tx, [person]):
            raise NotFound(
                f"there is no person {what!r}; `outreach people import FILE` adds people"
            )
        return explaining.person(tx, app.means, brand, person, language=language)


def _row(row: Mapping[str, object]) -> dict[str, object]:
    """The row with the touch's id as people see it, and the person by the brand's own name."""
    kept = {name: value for name, value in row.items() if name not in {"id", "ref"}}
    return {"touch": ids.shown(ids.TOUCH, UUID(str(row["id"]))), "person": row["ref"], **kept}


def _of_person(found: PersonExplained) -> Iterator[str]:
    yield from map(_of_touch, found.touches)
    for row in found.declined:
        detail = f" ({row['detail']})" if row["detail"] else ""
        yield f"{row['campaign']}: {row['sentence']}{detail}"
    if not (found.touches or found.declined):
        yield "nothing was ever planned for this person"
    yield from (one.sentence for one in found.records)


def _of_touch(one: Explanation) -> str:
    head = "  ".join(filter(None, (one.touch, f"{one.campaign}/{one.step}", one.channel)))
    lines = [one.sentence, f"  {head}"]
    lines += [f"  check: {one.check}"] if one.check else []
    lines += [f"  cap: {one.cap}"] if one.cap else []
    lines += [f"  what would change it: {one.repair}"] if one.repair else []
    lines += [f"  next: {shown(one.next_at)}"] if one.next_at else []
    lines += [f"  there it is {local}" for local in one.local_times]
    lines += [f"  place: {'; '.join(one.evidence) or 'nothing known'}", f"  consent: {one.consent}"]
    lines += [f"  rule {c.rule}: {c.source} ({c.basis})" for c in one.citations]
    lines.append("  rules are an engineering reference, not legal advice")
    return "\n".join(lines)

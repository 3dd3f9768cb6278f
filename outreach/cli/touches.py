"""Commands about touches, and `explain`."""

from typing import Annotated
from uuid import UUID

import typer

from outreach import ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, opened, out
from outreach.db.engine import BrandRef
from outreach.people.model import person_id
from outreach.reports import explain as explaining
from outreach.reports import today
from outreach.reports.model import Explanation, PersonExplained
from outreach.reports.reasons import Language

cli = typer.Typer(no_args_is_help=True)

_COLUMNS = ("touch", "campaign", "channel", "state", "reason", "due_at", "ref")


@cli.command("list")
def list_(
    brand: BrandOption,
    state: str | None = None,
    reason: str | None = None,
    campaign: str | None = None,
    limit: int = 50,
    json: JsonOption = False,
) -> None:
    """Show the newest touches, of this state, reason and campaign where given."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        found = today.latest(tx, state=state, reason=reason, campaign=campaign, limit=limit)
    rows = [row | {"touch": ids.shown(ids.TOUCH, UUID(str(row["id"])))} for row in found]
    answer_rows(rows, columns=_COLUMNS, as_json=json, none="no touch")


def explain(
    what: Annotated[str, typer.Argument(help="A touch (tch_…) or your own name of a person.")],
    brand: BrandOption,
    language: Annotated[str, typer.Option(help="en or zh-CN")] = "en",
    json: JsonOption = False,
) -> None:
    """Say why something was sent or not, and when it will be."""
    spoken: Language = "zh-CN" if language.lower().startswith("zh") else "en"
    with opened() as app:
        found = _explained(app, app.brand(brand), what, spoken)
    if json:
        answer(found, as_json=True)
    elif isinstance(found, PersonExplained):
        for one in found.touches:
            _print(one)
        for row in found.declined:
            out.print(f"{row['campaign']}: {row['sentence']} ({row['detail']})", markup=False)
        if not (found.touches or found.declined):
            out.print("nothing was ever planned for this person")
    else:
        _print(found)


def _explained(
    app: Outreach, ref: BrandRef, what: str, language: Language
) -> Explanation | PersonExplained:
    with app.means.database.begin(ref) as tx:
        brand = brands.get(tx)
        if what.startswith(f"{ids.TOUCH}_"):
            touch = ids.read(ids.TOUCH, what)
            return explaining.touch(tx, app.means, brand, touch, language=language)
        person = person_id(ref, what)
        return explaining.person(tx, app.means, brand, person, language=language)


def _print(one: Explanation) -> None:
    lines = [f"{one.touch}  {one.campaign}  {one.channel}", f"  {one.sentence}"]
    lines += [f"  to mend it: {one.repair}"] if one.repair else []
    lines += [f"  next: {one.next_at:%Y-%m-%d %H:%M %Z}"] if one.next_at else []
    lines += [f"  there it is {local}" for local in one.local_times]
    lines += [f"  place: {'; '.join(one.evidence) or 'nothing known'}", f"  consent: {one.consent}"]
    lines += [f"  rule {c.rule}: {c.source} ({c.basis})" for c in one.citations]
    lines.append("  rules are an engineering reference, not legal advice")
    out.print("\n".join(lines), markup=False, highlight=False)

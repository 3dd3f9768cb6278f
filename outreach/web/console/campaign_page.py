"""What does the page of one campaign tell, and how is it told when something was refused?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Response
from sqlalchemy import Connection

from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.campaigns import approvals, audience, store
from outreach.campaigns.difference import Change, difference
from outreach.campaigns.four_eyes import Missing
from outreach.campaigns.lifecycle import State
from outreach.campaigns.store import Version
from outreach.campaigns.triggers import EventTrigger
from outreach.enrolments import matched
from outreach.enrolments.matched import Matched
from outreach.errors import Conflict, Invalid
from outreach.experiments import pilots
from outreach.experiments.pilot import Progress
from outreach.proofs import store as proofs
from outreach.proofs.store import Own
from outreach.reports import campaigns as reports
from outreach.web import problems, words
from outreach.web.console import deeds, editing, fields, flow
from outreach.web.console.shell import Screen


@dataclass(frozen=True, slots=True)
class Told:
    """What the page of one campaign tells."""

    versions: list[Version]
    source: str
    changes: tuple[Change, ...]
    steps: reports.Steps
    approvals: list[approvals.Approval]
    people: int | None
    matched: Matched | None
    missing: Missing | None
    covers: str
    own: list[Own]
    pilot: Progress | None


def tried(
    screen: Screen, key: str, deed: Callable[[Connection], Response], *, written: str | None = None
) -> Response:
    """Its answer; what is refused is undone whole, and said beside what was written."""
    try:
        with screen.visitor.begin() as tx:
            return deed(tx)
    except (Conflict, Invalid) as error:
        refused = error
    with screen.visitor.begin() as tx:
        brand, told = brands.get(tx), told_of(tx, screen, key)
    return page(screen, brand, told, told.source if written is None else written, error=refused)


def told_of(tx: Connection, screen: Screen, key: str, *, count: bool = False) -> Told:
    """Everything that the page tells of this campaign. Raises `NotFound`."""
    versions = screen.visitor.means.book.of(tx, key)
    newest = versions[-1]
    changes = difference(versions[-2].campaign, newest.campaign) if versions[1:] else ()
    now = screen.visitor.means.clock()
    people = _people(tx, newest, now) if count else None
    return Told(
        versions,
        store.source(tx, newest),
        changes,
        reports.steps(tx, versions),
        approvals.of(tx, key),
        people,
        _matched(tx, newest, now) if count else None,
        approvals.missing(tx, newest, by=screen.visitor.login),
        approvals.covers(tx, newest),
        proofs.every(tx),
        pilots.of(tx, newest, now=now) if count else None,
    )


def _people(tx: Connection, version: Version, now: datetime) -> int | None:
    """How many the audience means now; none for a campaign that has no audience."""
    try:
        asked = audience.asked_of(version.campaign)
    except Invalid:
        return None
    return audience.count(tx, asked, now=now)


def _matched(tx: Connection, version: Version, now: datetime) -> Matched | None:
    """How much of what happened lately it means; none for a campaign that waits for no event."""
    trigger = version.campaign.trigger
    return matched.matched(tx, trigger, now=now) if isinstance(trigger, EventTrigger) else None


def page(
    screen: Screen,
    brand: Brand,
    told: Told,
    written: str,
    *,
    error: Conflict | Invalid | None = None,
) -> Response:
    """The page, with what was refused above what is written."""
    newest, may = told.versions[-1], screen.visitor.may
    context: dict[str, Any] = {
        "told": told,
        "newest": newest,
        "name": screen.called(newest.campaign.name),
        "written": written,
        "edited": editing.seen(told.source),
        "flow": flow.drawn(newest.campaign, title=newest.key),
        "fields": fields.of(newest.campaign),
        "deeds": [one for one in deeds.open_deeds(told.versions) if may(deeds.right_of(one))],
        "may_approve": may_approve(screen, newest),
        "at_step": reports.at_step,
        "asks_people": not hasattr(newest.campaign.trigger, "event"),
        "problems": problems.named_by(error) if error else (),
        "own": told.own,
        "locales": [brand.locale, *(one for one in words.LOCALES if one != brand.locale)],
    }
    status = problems.of(error).status if error else 200
    return screen.page("campaign", brand, status=status, **context)


def may_approve(screen: Screen, newest: Version) -> bool:
    """Whether this user's word for it would count."""
    open_ = newest.state in {State.DRAFT, State.IN_REVIEW}
    own = newest.author == screen.visitor.login
    return open_ and not own and screen.visitor.may("campaigns.approve")

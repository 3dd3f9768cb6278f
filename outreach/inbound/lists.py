"""How does a do-not-contact list come in for a brand or for all, and which ones hold?

The list is the ledger's (`optout.lists`): it adds, and lifts nothing that anybody said.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from optout import list_sql, lists, regimes, sql
from optout.errors import UnreadableList
from optout.lists import Counts, Heard, Incoming, Progress
from optout.model import Channel
from optout.scrubs import Edition
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Invalid

_AS_LONG_AS_IT_TAKES = text("set local statement_timeout = 0")


@dataclass(frozen=True, slots=True)
class Held:
    """A list that holds: `of` a brand, or of the agency; `counts` says when it is asked."""

    list: str
    of: str
    as_of: date
    age_days: int
    expires_on: date | None
    channels: str
    kind: str
    counts: str


def _nothing(tx: Connection, counts: Counts) -> None:
    """Nothing comes then."""


def edition(
    name: str,
    *,
    brand: str | None,
    as_of: date,
    expires_on: date | None,
    channels: Sequence[Channel],
) -> Edition:
    """A whole list of that day; one whose name no law uses blocks whoever is on it."""
    binding = name not in regimes.packaged().registers()
    return Edition(0, brand, name, "whole", as_of, expires_on, tuple(channels), binding=binding)


def take_in(
    means: Means,
    brand: BrandRef,
    coming: Incoming,
    lines: Iterable[str],
    *,
    heard: Heard = bool,
    progress: Progress = bool,
    then: Callable[[Connection, Counts], object] = _nothing,
) -> Counts:
    """Take a list in, whole or not at all, and do in the same transaction what comes `then`.

    Raises `Invalid` where it cannot be.
    """
    try:
        with means.database.begin(brand) as tx:
            tx.execute(_AS_LONG_AS_IT_TAKES)
            if coming.edition.brand is None:
                sql.speak_for(tx, brand=None, agency=True)
            _, counts = lists.take_in(
                tx, means.hasher, coming, lines, heard=heard, progress=progress
            )
            then(tx, counts)
    except UnreadableList as error:
        raise Invalid(str(error)) from error
    return counts


def held(means: Means, brand: BrandRef) -> list[Held]:
    """Which lists hold for this brand, its own and the agency's, and how old they are."""
    today = means.clock().date()
    with means.database.begin(brand) as tx:
        return [_held(one, today) for one in list_sql.held(tx)]


def _held(one: Edition, today: date) -> Held:
    return Held(
        list=one.name,
        of=one.brand or "the agency",
        as_of=one.as_of,
        age_days=(today - one.as_of).days,
        expires_on=one.expires_on,
        channels=", ".join(one.channels) or "all",
        kind=one.kind,
        counts="always" if one.binding else "where a law names it",
    )

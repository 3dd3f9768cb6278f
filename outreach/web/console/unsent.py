"""Which contacts were not made, or wait, and for which reason?  `/unsent`"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Response

from outreach import ids
from outreach.brands import store as brands
from outreach.errors import Invalid
from outreach.reports import unsent
from outreach.reports.unsent import Mark, Unsent
from outreach.web.console.shell import Asked

router = APIRouter(include_in_schema=False)

Which: TypeAlias = Literal["not_sent", "held"]
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the list, and where it is explained."""

    one: Unsent

    @property
    def why(self) -> str:
        """The address of the explanation."""
        return f"/why?{urlencode({'q': ids.shown(ids.TOUCH, self.one.id)})}"


@router.api_route("/unsent", methods=["GET", "HEAD"])
def show_unsent(
    screen: Asked,
    which: Which = "not_sent",
    reason: Annotated[str, Query(max_length=100)] = "",
    campaign: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """What was not sent, newest first, or what is held; of one reason and campaign, or of all."""
    mark, read = _mark(after), unsent.held if which == "held" else unsent.not_sent
    with screen.visitor.begin() as tx:
        brand, reasons = brands.get(tx), unsent.reasons(tx)
        wanted = [reason] if reason else reasons
        found = read(tx, wanted, campaign=campaign.strip() or None, after=mark, limit=_PAGE)
    asked = {"which": which, "reason": reason, "campaign": campaign.strip()}
    return screen.page(
        "unsent",
        brand,
        which=which,
        wanted=reason,
        campaign=campaign.strip(),
        reasons=reasons,
        lines=[Shown(one) for one in found],
        further=_further(found, asked),
    )


def _further(found: Sequence[Unsent], asked: dict[str, str]) -> str:
    """Where the next page is, if there may be one."""
    if len(found) < _PAGE:
        return ""
    mark = found[-1].mark
    return f"/unsent?{urlencode(asked | {'after': f'{mark.id}~{mark.at.isoformat()}'})}"


def _mark(written: str) -> Mark:
    """Raises `Invalid` for a place in the list that no page of ours named."""
    if not written:
        return Mark()
    key, _, at = written.partition("~")
    try:
        mark = Mark(UUID(key), datetime.fromisoformat(at))
    except ValueError as error:
        raise Invalid("this list has no such place; begin with its first page") from error
    if mark.at.tzinfo is None:
        raise Invalid("this list has no such place; begin with its first page")
    return mark

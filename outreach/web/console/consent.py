"""Who said no, and which do-not-contact lists hold, how old are they?  `/consent`

A list that is taken in here adds to what is known and lifts nothing; each of its lines gets a word.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from io import TextIOWrapper
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Response, UploadFile

from optout.list_lines import Layout, Line
from optout.lists import Counts, Incoming
from optout.model import Channel
from outreach.brands import store as brands
from outreach.errors import Invalid
from outreach.inbound import lists
from outreach.reports import consents
from outreach.reports.consents import Said
from outreach.web.console.shell import Asked, Screen
from outreach.web.masking import masked
from outreach.web.shapes import Text

router = APIRouter(include_in_schema=False)

_PAGE = 50
_LINES = 200  # lines of an imported list whose verdicts a page shows


@router.api_route("/consent", methods=["GET", "HEAD"])
def show_consent(screen: Asked, before: Annotated[int, Query(ge=1, lt=2**63)] = 0) -> Response:
    """The lists that hold, and what was said last; `before` names the entry above a page."""
    return _page(screen, before=before)


def _page(
    screen: Screen, *, before: int = 0, counts: Counts | None = None, lines: Sequence[Line] = ()
) -> Response:
    visitor = screen.visitor
    with visitor.begin() as tx:
        brand = brands.get(tx)
        said = consents.newest(tx, limit=_PAGE, **({"before": before} if before else {}))
    return screen.page(
        "consent",
        brand,
        lists=lists.held(visitor.means, visitor.brand),
        said=[_told(one) for one in said],
        older=f"/consent?before={said[-1].entry.id}" if len(said) == _PAGE else "",
        layouts=list(Layout),
        channels=list(Channel),
        counts=counts,
        lines=lines,
    )


def _told(one: Said) -> tuple[Said, str]:
    address = one.address
    return one, masked(address.kind, address.value) if address else ""


@router.post("/consent")
def take_in(
    screen: Asked,
    name: Annotated[Text, Form()],
    as_of: Annotated[date, Form()],
    file: Annotated[UploadFile, File()],
    *,
    layout: Annotated[Layout, Form()] = Layout.LINES,
    channel: Annotated[list[Channel] | None, Form()] = None,
    expires: Annotated[str, Form(max_length=10)] = "",
    region: Annotated[str, Form(max_length=2)] = "",
) -> Response:
    """Take a list in, whole or not at all, and show what became of its first lines."""
    visitor = screen.visitor
    edition = lists.edition(
        name,
        brand=visitor.brand.key,
        as_of=as_of,
        expires_on=_date(expires),
        channels=channel or (),
    )
    coming = Incoming(edition, layout, (file.filename or "a file")[:200], region or None)
    seen: list[Line] = []
    counts = lists.take_in(
        visitor.means, visitor.brand, coming, _text(file), heard=lambda line: _keep(seen, line)
    )
    return _page(screen, counts=counts, lines=seen)


def _keep(seen: list[Line], line: Line) -> None:
    if len(seen) < _LINES:
        seen.append(line)


def _text(file: UploadFile) -> Iterator[str]:
    """Raises `Invalid` for a file that is no text in UTF-8."""
    opened: Any = file.file  # a spooled file, which has all that is asked of it
    with TextIOWrapper(opened, encoding="utf-8-sig", newline="") as lines:
        try:
            yield from lines
        except UnicodeDecodeError as error:
            raise Invalid("this file is no text in UTF-8; save it as such and try again") from error


def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise Invalid(f"{written!r} is no date, such as 2026-12-31") from error

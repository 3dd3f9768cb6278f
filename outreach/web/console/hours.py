"""May I call this number now, and by which rules?  `/hours`

An engineering reference and no legal advice, as the page itself says.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from optout.model import Channel, Purpose
from outreach.brands import store as brands
from outreach.errors import Invalid, NotFound
from outreach.hours import asking, counsel
from outreach.hours.asking import Answer
from outreach.hours.counsel import Sheet
from outreach.hours.packs import Packs
from outreach.web.console.shell import Asked, Screen

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Question:
    """What somebody typed; what is empty was not said."""

    phone: str
    zone: str
    place: str
    channel: str
    purpose: str

    @property
    def asked(self) -> bool:
        """Whether anything is said of where somebody is."""
        return bool(self.phone or self.zone or self.place)


@router.api_route("/hours", methods=["GET", "HEAD"])
def show_hours(
    screen: Asked,
    *,
    phone: Annotated[str, Query(max_length=40)] = "",
    zone: Annotated[str, Query(max_length=60)] = "",
    place: Annotated[str, Query(max_length=40)] = "",
    channel: Channel = Channel.VOICE,
    purpose: Purpose = Purpose.SERVICE,
    pack: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The answer for one number or place, and all that the packs hold of a country."""
    question = _Question(phone.strip(), zone.strip(), place.strip(), channel, purpose)
    with screen.visitor.begin() as tx:
        brand = brands.get(tx)
    packs = screen.visitor.means.packs.under(brand.profile.policy)
    answer, wrong = _answer(screen, packs, question)
    sheet, unknown = _sheet(screen, packs, pack.strip().upper())
    return screen.page(
        "hours",
        brand,
        status=422 if wrong else 404 if unknown else 200,
        asked=question,
        channels=list(Channel),
        purposes=list(Purpose),
        answer=answer,
        wrong=wrong,
        pack=pack.strip().upper(),
        sheet=sheet,
        unknown=unknown,
        version=packs.version,
        countries=sorted({rule.jurisdiction.partition("-")[0] for rule in packs.rules} - {"*"}),
    )


def _answer(screen: Screen, packs: Packs, question: _Question) -> tuple[Answer | None, str]:
    """The answer, or what is wrong with the question."""
    if not question.asked:
        return None, ""
    given = {"channel": question.channel, "purpose": question.purpose}
    given |= {name: told for name in ("phone", "zone") if (told := getattr(question, name))}
    try:
        given |= asking.address(question.place) if question.place else {}
        return asking.ask(packs, asking.read(given), now=screen.visitor.means.clock()), ""
    except Invalid as error:
        return None, error.sentence


def _sheet(screen: Screen, packs: Packs, pack: str) -> tuple[Sheet | None, str]:
    """All that is held of a place, or why there is nothing."""
    if not pack:
        return None, ""
    try:
        return counsel.sheet(packs, pack, on=screen.visitor.means.clock().date()), ""
    except NotFound as error:
        return None, error.sentence

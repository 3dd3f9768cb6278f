"""How many people does a condition mean, and who might they be?"""

from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi import APIRouter
from pydantic import ConfigDict

from outreach.campaigns import audience, conditions
from outreach.campaigns.audience import Audience
from outreach.people.model import Person
from outreach.shapes import STRICT
from outreach.web.auth import Authorized
from outreach.web.masking import masked
from outreach.web.shapes import Text

router = APIRouter(tags=["campaigns"])


@dataclass(frozen=True, slots=True)
class Asking:
    """A condition as it stands in a campaign."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    condition: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """One of the audience; addresses are masked."""

    ref: str
    country: str | None
    addresses: list[str]


@dataclass(frozen=True, slots=True)
class AudienceShown:
    """How many people there are now, and a few of them."""

    count: int
    examples: list[Example]


@router.get("/campaigns/{key}/audience")
def show_audience(caller: Authorized, key: Text) -> AudienceShown:
    """The audience of the newest version, as it is now."""
    now = caller.means.clock()
    with caller.begin() as tx:
        asked = audience.asked_of(caller.means.book.latest(tx, key).campaign)
        return _shown(audience.show(tx, asked, now=now))


@router.post("/audiences")
def count_audience(caller: Authorized, asking: Asking) -> AudienceShown:
    """The audience of a condition that is in no campaign yet."""
    condition, now = conditions.decode(asking.condition), caller.means.clock()
    with caller.begin() as tx:
        return _shown(audience.show(tx, condition, now=now))


def _shown(found: Audience) -> AudienceShown:
    return AudienceShown(found.count, [_example(one) for one in found.examples])


def _example(person: Person) -> Example:
    addresses = [masked(one.kind, one.value) for one in person.addresses]
    return Example(person.ref, person.country, addresses)

"""How is the brand set up: who signs, by which ways, from which sources, under which hours?

`/settings` shows it and `/settings/sender` asks the DNS, when somebody wants to know. No secret is
among it: of ways the provider's name, of sources how many secrets they have.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Response

from optout.model import Channel
from outreach import checks
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.channels.opening import connections, named
from outreach.channels.sender_domain import Weakness
from outreach.dispatch.means import Means
from outreach.errors import Trouble
from outreach.events.sources import store as sources
from outreach.hours.standing import standing
from outreach.inbound import refusals
from outreach.inbound.refusals import Refusals
from outreach.proofs import store as proofs
from outreach.reports import ways_used
from outreach.retention import store as retention
from outreach.timezones import load
from outreach.web.console.shell import Asked, Screen

router = APIRouter(include_in_schema=False)


@router.api_route("/settings", methods=["GET", "HEAD"])
def show_settings(screen: Asked) -> Response:
    """Everything but what has to be asked elsewhere."""
    means, now = screen.visitor.means, screen.visitor.means.clock()
    with screen.visitor.begin() as tx:
        brand = brands.get(tx)
        fed, used = sources.health(tx), ways_used.used(tx, now=now)
        own, tested = proofs.every(tx), proofs.newest(tx)
        swept = retention.newest(tx)
    ways = list(_ways(means, brand))
    packs = means.packs.under(brand.profile.policy)
    return screen.page(
        "settings", brand, kept=brand, fed=fed, ways=ways, used=used,
        own=own, proofs=tested, swept=swept, keeps=_keeps(screen, brand), counted=sources.COUNTED,
        hours=standing(packs, on=now.astimezone(load(brand.zone)).date()), version=packs.version,
    )  # fmt: skip


@router.api_route("/settings/sender", methods=["GET", "HEAD"])
def show_sender(screen: Asked) -> Response:
    """What the DNS says of the domain from which the brand's mail comes, asked now."""
    with screen.visitor.begin() as tx:
        brand = brands.get(tx)
    return screen.page(
        "sender", brand, domain=_domain(brand), weak=_weak(screen, brand),
        chinese=screen.language == "zh-CN",
    )  # fmt: skip


def _keeps(screen: Screen, brand: Brand) -> dict[str, int]:
    """How many days each kind of data is kept."""
    standing = screen.visitor.door.app.settings.retention.days
    terms = brand.profile.terms.model_dump()
    return {name: standing if days is None else days for name, days in terms.items()}


def _weak(screen: Screen, brand: Brand) -> tuple[Weakness, ...] | None:
    """None where the DNS could not be asked. No transaction is open: it may take seconds."""
    try:
        return checks.sender_weak(_domain(brand), screen.visitor.door.app.settings)
    except Trouble:
        return None


def _domain(brand: Brand) -> str:
    return brand.profile.sender_email.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Way:
    """How a channel leaves, by an account of the brand's own or not, and what was refused of it."""

    channel: Channel
    name: str
    receipts: str
    own: bool
    refused: tuple[Refusals, ...]


def _ways(means: Means, brand: Brand) -> Iterator[Way]:
    """The brand's own ways, and the installation's on other channels."""
    own = means.own(brand.ref).ways
    of_brand, shared = refusals.of(means.database, brand.ref), refusals.of(means.database)
    for channel, way in sorted({**means.ways, **own}.items()):
        counted = of_brand if channel in own else shared
        refused = tuple(counted[name] for name in connections([way]) if name in counted)
        yield Way(channel, named(way), way.capabilities.receipts, channel in own, refused)

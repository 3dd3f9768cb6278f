"""What should somebody have seen before this campaign goes live?

Whom it reaches and whom it leaves out and why, when the first and the last hear of it in each zone,
who would be spoken to in another language, what the texts lack, what it costs, how much goes in an
hour, and how many agents that takes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from math import ceil
from uuid import UUID

from sqlalchemy import Connection, text

from optout.model import Channel
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.campaigns.store import Version
from outreach.db.engine import BrandRef
from outreach.errors import Conflict
from outreach.replay import load
from outreach.replay.asked import NOW, Answer, Heard, Question, answered
from outreach.replay.ground import Ground
from outreach.replay.load import Break, Carries
from outreach.replay.run import Stand, stand
from outreach.replay.taking import KEPT
from outreach.templates import lint, locales
from outreach.templates.model import Template

_SPOKEN = text(f"""
    select f.campaign_id, f.step, f.channel, p.locale, count(distinct f.person_id) as people
    from {KEPT}.{NOW} f
    join outreach.persons p on p.id = f.person_id
    join outreach.campaigns c on c.id = f.campaign_id
    where c.key = :key and f.step >= 0 and f.outcome in ('send', 'hold')
    group by 1, 2, 3, 4 order by 2, 3, 4
""")


@dataclass(frozen=True, slots=True)
class Gap:
    """So many people would read this step in another language than theirs, or not at all (none)."""

    step: str
    channel: str
    locale: str
    read: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Assumed:
    """What the installation does not know: prices per unit, capacities, minutes of a call."""

    prices: Mapping[str, Decimal] = field(default_factory=dict)
    capacities: Sequence[Carries] = ()
    handling: timedelta = timedelta(minutes=5)
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Review:
    """A replay, and what was found in the texts; `findings` are lint's, by template.

    `version` is that of the campaign's document as it stands, the draft's where there is one.
    """

    name: Mapping[str, str]
    version: int
    answer: Answer
    gaps: tuple[Gap, ...]
    findings: Mapping[str, tuple[str, ...]]
    cost: Decimal | None
    breaks: tuple[Break, ...]
    agents: int
    assumed: Assumed


def made(  # whatever a review rests on
    app: Outreach,
    brand: BrandRef,
    ground: Ground,
    question: Question,
    assumed: Assumed,
    *,
    heard: Heard | None = None,
) -> Review:
    """Let the days pass, then look at what came of them. Raises what `asked.answer` raises.

    Raises `Conflict` where the version asked about is the newest no more: what is said of its texts
    would be another's.
    """
    with stand(app, brand, ground) as on:
        said = answered(on, question, heard or Heard())
        with on.means.database.begin(brand) as tx:
            newest = on.means.book.latest(tx, question.key)
        still_newest(question, newest)
        return Review(
            name=newest.campaign.name,
            version=newest.version,
            answer=said,
            gaps=tuple(gaps(on, said)),
            findings=findings(on, said),
            cost=said.totals.cost(assumed.prices) if assumed.prices else None,
            breaks=tuple(load.breaks(said.totals.hours, assumed.capacities, scale=assumed.scale)),
            agents=agents(said, handling=assumed.handling),
            assumed=assumed,
        )


def still_newest(question: Question, newest: Version) -> None:
    """Raises `Conflict` where another version than this is asked about."""
    asked = question.draft.version if question.draft else None
    if asked is not None and asked != newest.version:
        raise Conflict(
            f"{question.key!r} has a version {newest.version} by now, and version {asked} "
            "was asked about: review again"
        )


def gaps(on: Stand, answer: Answer) -> Iterator[Gap]:
    """Where somebody would be spoken to in a language that is not theirs."""
    with on.filler.begin() as ground:
        found = ground.execute(_SPOKEN, {"key": answer.key}).all()
    with on.means.database.begin(on.brand) as tx:
        versions = on.means.book.versions(tx, {row.campaign_id for row in found})
        texts = _texts(on, tx, versions)
        brand = brands.get(tx)
    for row in found:
        step = versions[row.campaign_id].campaign.contacts[row.step]
        template = texts[row.campaign_id, step.template]
        wanted = row.locale or brand.locale
        read = _read_in(template, Channel(row.channel), wanted, brand)
        if read is None or read.partition("-")[0].lower() != wanted.partition("-")[0].lower():
            yield Gap(step.key, row.channel, wanted, read, row.people)


def _read_in(template: Template, channel: Channel, wanted: str, brand: Brand) -> str | None:
    picked = locales.pick(
        template, channel=channel, locale=wanted, default=brand.locale,
        fallbacks=brand.profile.fallbacks,
    )  # fmt: skip
    return picked[0] if picked else None


def _texts(
    on: Stand, tx: Connection, versions: Mapping[UUID, Version]
) -> dict[tuple[UUID, str], Template]:
    pins = {pin for version in versions.values() for pin in version.pins.values()}
    shelf = on.means.shelf.get(tx, pins)
    return {
        (id_, key): shelf[pin]
        for id_, version in versions.items()
        for key, pin in version.pins.items()
        if pin in shelf
    }


def findings(on: Stand, answer: Answer) -> dict[str, tuple[str, ...]]:
    """What lint has to say of the templates of this campaign's newest version."""
    with on.means.database.begin(on.brand) as tx:
        version = on.means.book.latest(tx, answer.key)
        texts = _texts(on, tx, {version.id: version})
    found = {key: tuple(map(str, lint.of(template))) for (_, key), template in texts.items()}
    return {key: said for key, said in sorted(found.items()) if said}


def agents(answer: Answer, *, handling: timedelta) -> int:
    """How many agents the fullest hour of calls takes at least, each busy without a pause."""
    calls: Sequence[int] = [
        many for (_, channel), many in answer.totals.hours.items() if channel == Channel.VOICE
    ]
    return ceil(max(calls, default=0) * handling / timedelta(hours=1))

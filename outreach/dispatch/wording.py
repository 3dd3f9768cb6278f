"""What will this person read or hear? The words of each touch, made from its pinned template."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from optout.model import Channel
from outreach import ids
from outreach.brands.model import Brand, BrandDocument
from outreach.content import Content
from outreach.dispatch.facts import Gathered
from outreach.dispatch.means import Means
from outreach.dispatch.model import Touch
from outreach.errors import Invalid
from outreach.events import store as events
from outreach.events.model import Event
from outreach.people.model import Person
from outreach.templates import locales, owing, script
from outreach.templates.lines import Frame, Lines, lines
from outreach.templates.model import Template
from outreach.templates.render import render, said
from outreach.templates.script import Script


@dataclass(frozen=True, slots=True)
class Words:
    """A touch with everything that its text is made from."""

    touch: Touch
    brand: Brand
    person: Person
    event: Event
    template: Template
    unsubscribe: str
    preferences: str
    survey: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A touch and its text."""

    touch: Touch
    content: Content
    unsubscribe: str

    @property
    def content_hash(self) -> bytes:
        """Sixteen bytes by which a preview is held against what was sent."""
        return hashlib.sha256(repr(self.content).encode()).digest()[:16]


@dataclass(frozen=True, slots=True)
class Wordless:
    """A touch whose text could not be made, and why."""

    touch: Touch
    detail: str


def collect(
    tx: Connection, means: Means, brand: Brand, touches: Sequence[Touch], gathered: Gathered
) -> list[Words]:
    """Read what the texts of these touches are made from: two statements, whatever the number."""
    of_enrolment = events.of_enrolments(tx, [touch.enrolment_id for touch in touches])
    versions = gathered.versions
    wanted = {
        touch.id: versions[touch.campaign_id].pins[_template_key(touch, gathered)]
        for touch in touches
    }
    shelf = means.shelf.get(tx, wanted.values())
    return [
        Words(
            touch=touch,
            brand=brand,
            person=gathered.persons[touch.person_id],
            event=of_enrolment[touch.enrolment_id],
            template=shelf[wanted[touch.id]],
            unsubscribe=means.unsubscribe_link(*_spoken_of(brand, touch)),
            preferences=means.preferences_link(*_spoken_of(brand, touch)),
            survey=_survey_link(means, brand, touch, gathered),
        )
        for touch in touches
    ]


def _survey_link(means: Means, brand: Brand, touch: Touch, gathered: Gathered) -> str:
    """Where the survey of this step is answered; in another step, the brand's own address."""
    asks = gathered.versions[touch.campaign_id].asks(touch.step)
    return means.survey_link(*_spoken_of(brand, touch)) if asks else brand.profile.survey_url


def _template_key(touch: Touch, gathered: Gathered) -> str:
    return gathered.versions[touch.campaign_id].campaign.contacts[touch.step].template


def fill(words: Words) -> Ready | Wordless:
    """The text, or why there is none; one person's missing value stops nobody else."""
    around = _frame(words)
    try:
        content = render(
            words.template,
            channel=words.touch.channel,
            locale=words.person.locale or words.brand.locale,
            default=words.brand.locale,
            fallbacks=words.brand.profile.fallbacks,
            context=context(words, around.lines),
            frame=around,
        )
    except Invalid as error:
        return Wordless(words.touch, error.sentence)
    return Ready(words.touch, content, words.unsubscribe)


def spoken(words: Words) -> Script | None:
    """The script of a call with its holes filled; None where the text is no script.

    Raises `Invalid` where a value is missing.
    """
    picked = locales.pick(
        words.template,
        channel=words.touch.channel,
        locale=words.person.locale or words.brand.locale,
        default=words.brand.locale,
        fallbacks=words.brand.profile.fallbacks,
    )
    if picked is None or picked[1].script is None:
        return None
    known = context(words, _frame(words).lines)
    return script.filled(
        picked[1].script, lambda text: said(text, channel=words.touch.channel, context=known)
    )


def context(words: Words, own: Lines) -> dict[str, object]:
    """Plain texts and numbers: nothing that a template could act upon."""
    profile = words.brand.profile
    return {
        "person": {
            "name": words.person.name,
            "first_name": words.person.name.split(" ")[0],
            "locale": words.person.locale or words.brand.locale,
        },
        "brand": {"support": profile.support} | own.named(),
        "event": {"type": words.event.type, "data": words.event.data},
        "links": {
            "unsubscribe": words.unsubscribe,
            "preferences": words.preferences,
            "review": profile.review_url,
            "survey": words.survey,
        },
    }


def _frame(words: Words) -> Frame:
    """What the brand puts around the text, in the language in which it is spoken.

    It is read where the person lives; of whom that is not known, where the language says.
    """
    touch, brand, country = words.touch, words.brand, words.person.country
    wanted = words.person.locale or brand.locale
    picked = locales.pick(
        words.template,
        channel=touch.channel,
        locale=wanted,
        default=brand.locale,
        fallbacks=brand.profile.fallbacks,
    )
    spoken = picked[0] if picked else wanted
    countries = (country,) if country else owing.read_in(spoken)
    own = lines_of(brand, spoken, touch.channel)
    return Frame(own, countries, {words.template.purpose, touch.purpose})


def lines_of(brand: Brand | BrandDocument, locale: str, channel: Channel) -> Lines:
    """What this brand says around its texts on a channel, in the language of this locale."""
    spoken, default = locales.chain(locale), locales.chain(brand.locale)
    return lines(brand.name, brand.profile.blocks_in(*spoken, channel=channel, default=default))


def _spoken_of(brand: Brand, touch: Touch) -> tuple[str, str, Channel]:
    return brand.ref.key, ids.shown(ids.TOUCH, touch.id), touch.channel

"""What will this person read or hear? The words of each touch, made from its pinned template."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from optout.model import Channel
from outreach import ids
from outreach.brands.model import Brand
from outreach.content import Content
from outreach.dispatch.facts import Gathered
from outreach.dispatch.means import Means
from outreach.dispatch.model import Touch
from outreach.errors import Invalid
from outreach.events import store as events
from outreach.events.model import Event
from outreach.people.model import Person
from outreach.templates.model import Template
from outreach.templates.render import render


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
        )
        for touch in touches
    ]


def _template_key(touch: Touch, gathered: Gathered) -> str:
    return gathered.versions[touch.campaign_id].campaign.contacts[touch.step].template


def fill(words: Words) -> Ready | Wordless:
    """The text, or why there is none; one person's missing value stops nobody else."""
    try:
        content = render(
            words.template,
            channel=words.touch.channel,
            locale=words.person.locale or words.brand.locale,
            default=words.brand.locale,
            context=context(words),
        )
    except Invalid as error:
        return Wordless(words.touch, error.sentence)
    return Ready(words.touch, content, words.unsubscribe)


def context(words: Words) -> dict[str, object]:
    """Plain texts and numbers: nothing that a template could act upon."""
    profile = words.brand.profile
    blocks = profile.blocks_in(words.person.locale or "", words.brand.locale)
    return {
        "person": {
            "name": words.person.name,
            "first_name": words.person.name.split(" ")[0],
            "locale": words.person.locale or words.brand.locale,
        },
        "brand": {
            "name": words.brand.name,
            "signature": profile.signature,
            "support": profile.support,
            "header": blocks.header,
            "footer": blocks.footer,
            "legal": blocks.legal,
        },
        "event": {"type": words.event.type, "data": words.event.data},
        "links": {
            "unsubscribe": words.unsubscribe,
            "preferences": words.preferences,
            "review": profile.review_url,
            "survey": profile.survey_url,
        },
    }


def _spoken_of(brand: Brand, touch: Touch) -> tuple[str, str, Channel]:
    return brand.ref.key, ids.shown(ids.TOUCH, touch.id), touch.channel

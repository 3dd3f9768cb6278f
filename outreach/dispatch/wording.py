"""What will this person read or hear? The words of each touch, made from its pinned template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from optout.model import Channel
from outreach import ids
from outreach.brands.model import Brand
from outreach.content import Content
from outreach.dispatch.around import Around, Arounds
from outreach.dispatch.facts import Gathered
from outreach.dispatch.means import Means
from outreach.dispatch.model import Touch
from outreach.errors import Invalid
from outreach.events import store as events
from outreach.events.model import Event
from outreach.people.model import Person
from outreach.templates import script
from outreach.templates.model import Template
from outreach.templates.render import said, worded
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
    pins = [_pin(touch, gathered) for touch in touches]
    shelf = means.shelf.get(tx, pins)
    # Each link is signed, so those are spared that no wording names.
    named = {pin: _names(shelf[pin], "links.preferences") for pin in set(pins)}
    return [
        Words(
            touch=touch,
            brand=brand,
            person=gathered.persons[touch.person_id],
            event=of_enrolment[touch.enrolment_id],
            template=shelf[pin],
            unsubscribe=means.unsubscribe_link(*_spoken_of(brand, touch)),
            preferences=means.preferences_link(*_spoken_of(brand, touch)) if named[pin] else "",
            survey=_survey_link(means, brand, touch, gathered),
        )
        for touch, pin in zip(touches, pins, strict=True)
    ]


def _names(template: Template, name: str) -> bool:
    return any(name in text.names() for _, _, text in template.wordings())


def _survey_link(means: Means, brand: Brand, touch: Touch, gathered: Gathered) -> str:
    """Where the survey of this step is answered; in another step, the brand's own address."""
    asks = gathered.versions[touch.campaign_id].asks(touch.step)
    return means.survey_link(*_spoken_of(brand, touch)) if asks else brand.profile.survey_url


def _pin(touch: Touch, gathered: Gathered) -> UUID:
    """The version of the template that its step speaks."""
    version = gathered.versions[touch.campaign_id]
    return version.pins[version.contacts[touch.step].template]


def fill(words: Words) -> Ready | Wordless:
    """The text, or why there is none."""
    return fill_all([words])[0]


def fill_all(many: Sequence[Words]) -> list[Ready | Wordless]:
    """Each one's text, or why there is none; one person's missing value stops nobody else."""
    arounds = Arounds()
    return [_filled(one, _around(arounds, one)) for one in many]


def _around(arounds: Arounds, words: Words) -> Around:
    return arounds.of(words.brand, words.template, words.touch, words.person)


def _filled(words: Words, around: Around) -> Ready | Wordless:
    try:
        content = worded(
            words.template,
            around.picked,
            channel=words.touch.channel,
            locale=words.person.locale or words.brand.locale,
            context=context(words, around.brand),
            frame=around.frame,
        )
    except Invalid as error:
        return Wordless(words.touch, error.sentence)
    return Ready(words.touch, content, words.unsubscribe)


def spoken(words: Words) -> Script | None:
    """The script of a call with its holes filled; None where the text is no script.

    Raises `Invalid` where a value is missing.
    """
    around = _around(Arounds(), words)
    if around.picked is None or around.picked[1].script is None:
        return None
    told = context(words, around.brand)
    return script.filled(
        around.picked[1].script, lambda text: said(text, channel=words.touch.channel, context=told)
    )


def context(words: Words, own: Mapping[str, object]) -> dict[str, object]:
    """Plain texts and numbers, `own` of the brand: nothing that a template could act upon."""
    profile = words.brand.profile
    return {
        "person": {
            "name": words.person.name,
            "first_name": words.person.name.split(" ")[0],
            "locale": words.person.locale or words.brand.locale,
        },
        "brand": own,
        "event": {"type": words.event.type, "data": words.event.data},
        "links": {
            "unsubscribe": words.unsubscribe,
            "preferences": words.preferences,
            "review": profile.review_url,
            "survey": words.survey,
        },
    }


def _spoken_of(brand: Brand, touch: Touch) -> tuple[str, str, Channel]:
    return brand.ref.key, ids.shown(ids.TOUCH, touch.id), touch.channel

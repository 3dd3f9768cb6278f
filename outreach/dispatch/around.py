"""What is alike for all who read one text in one language and one country?

Of a claim of four hundred most do. Which wording they get, what the brand puts around it and what
it calls itself there is worked out once for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from optout.model import Channel, Purpose
from outreach.brands.model import Brand, BrandDocument
from outreach.dispatch.model import Touch
from outreach.people.model import Person
from outreach.templates import locales, owing
from outreach.templates.lines import Frame, Lines, lines
from outreach.templates.model import Template, Text
from outreach.templates.render import known

_Key: TypeAlias = tuple[int, int, Channel, Purpose, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Around:
    """The locale and the wording, where there is one; the frame; the brand as texts name it."""

    picked: tuple[str, Text] | None
    frame: Frame
    brand: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Arounds:
    """What was worked out for one set of words, which has to live as long as this."""

    _found: dict[_Key, Around] = field(default_factory=dict)

    def of(self, brand: Brand, template: Template, touch: Touch, person: Person) -> Around:
        """What stands around the text of this touch."""
        channel, purpose = touch.channel, touch.purpose
        key = (id(brand), id(template), channel, purpose, person.locale, person.country)
        if (found := self._found.get(key)) is None:
            found = self._found[key] = _around(brand, template, person, channel, purpose)
        return found


def lines_of(brand: Brand | BrandDocument, locale: str, channel: Channel) -> Lines:
    """What this brand says around its texts on a channel, in the language of this locale."""
    spoken, default = locales.chain(locale), locales.chain(brand.locale)
    return lines(brand.name, brand.profile.blocks_in(*spoken, channel=channel, default=default))


def _around(
    brand: Brand, template: Template, person: Person, channel: Channel, purpose: Purpose
) -> Around:
    """It is read where the person lives; of whom that is not known, where the language says."""
    wanted = person.locale or brand.locale
    picked = locales.pick(
        template,
        channel=channel,
        locale=wanted,
        default=brand.locale,
        fallbacks=brand.profile.fallbacks,
    )
    spoken = picked[0] if picked else wanted
    countries = (person.country,) if person.country else owing.read_in(spoken)
    own = lines_of(brand, spoken, channel)
    named = known("brand", {"support": brand.profile.support} | own.named())
    return Around(picked, Frame(own, countries, {template.purpose, purpose}), named)

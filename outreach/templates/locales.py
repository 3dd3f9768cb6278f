"""In which of its languages does a template speak to this person?

The person's own, then a wider form of it, then those that the brand has chosen for it or else its
neighbour, then the brand's. Only the template at hand is asked, so nobody ever reads another
brand's words.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from optout.model import Channel
from outreach.templates.model import Template, Text

# What is understood where the region's own text is missing; each entry is somebody's decision.
NEIGHBOURS = {"zh": ("zh-CN",)}

Fallbacks: TypeAlias = Mapping[str, Sequence[str]]
"""What a brand speaks to people of a locale or a language where it has no text in their own."""

NONE_CHOSEN: Fallbacks = MappingProxyType({})


def chain(
    locale: str, *, default: str | None = None, fallbacks: Fallbacks = NONE_CHOSEN
) -> tuple[str, ...]:
    """The locales to try, in order: `zh-TW` gives zh-TW, zh, zh-CN, then those of the default.

    What the brand has chosen for a locale, or for its language, stands in place of the neighbour.
    """
    own = _wider(locale)
    chosen = _chosen(own, fallbacks)
    instead = NEIGHBOURS.get(own[-1].lower(), ()) if chosen is None else chosen
    last = chain(default) if default else ()
    return tuple(dict.fromkeys([*own, *(one for name in instead for one in _wider(name)), *last]))


def pick(
    template: Template,
    *,
    channel: Channel,
    locale: str,
    default: str | None = None,
    fallbacks: Fallbacks = NONE_CHOSEN,
) -> tuple[str, Text] | None:
    """The locale and the text for this channel that the person is best served with, or None."""
    there = {name.lower(): name for name, by in template.texts.items() if channel in by}
    tried = chain(locale, default=default, fallbacks=fallbacks)
    found = next((there[name.lower()] for name in tried if name.lower() in there), None)
    return None if found is None else (found, template.texts[found][channel])


def _chosen(own: Sequence[str], fallbacks: Fallbacks) -> Sequence[str] | None:
    """Those of the narrowest of these names for which the brand has chosen any."""
    known = {name.lower(): chosen for name, chosen in fallbacks.items()}
    return next((known[name.lower()] for name in own if name.lower() in known), None)


def _wider(locale: str) -> list[str]:
    parts = locale.replace("_", "-").split("-")
    return ["-".join(parts[:end]) for end in range(len(parts), 0, -1)]

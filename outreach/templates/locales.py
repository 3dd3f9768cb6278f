"""In which of its languages does a template speak to this person?

The person's own, then a wider or neighbouring form of it, then the brand's. Only the template at
hand is asked, so nobody ever reads another brand's words.
"""

from optout.model import Channel
from outreach.templates.model import Template, Text

# What is understood where the region's own text is missing; each entry is somebody's decision.
NEIGHBOURS = {"zh": ("zh-CN",)}


def chain(locale: str, *, default: str | None = None) -> tuple[str, ...]:
    """The locales to try, in order: `zh-TW` gives zh-TW, zh, zh-CN, then those of the default."""
    wanted = [*_wider(locale), *(_wider(default) if default else ())]
    return tuple(dict.fromkeys(wanted))


def pick(
    template: Template, *, channel: Channel, locale: str, default: str | None = None
) -> tuple[str, Text] | None:
    """The locale and the text for this channel that the person is best served with, or None."""
    there = {name.lower(): name for name, by in template.texts.items() if channel in by}
    found = next(
        (there[n.lower()] for n in chain(locale, default=default) if n.lower() in there), None
    )
    return None if found is None else (found, template.texts[found][channel])


def _wider(locale: str) -> list[str]:
    parts = locale.replace("_", "-").split("-")
    own = ["-".join(parts[:end]) for end in range(len(parts), 0, -1)]
    return [*own, *NEIGHBOURS.get(parts[0].lower(), ())]

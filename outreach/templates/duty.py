"""Does a text carry what the country wants where it is read, and come from a fit name?"""

import re
from collections.abc import Iterable, Iterator

from outreach.sentences import Path, shown
from outreach.templates import lint_rules, mail, owing
from outreach.templates.brief import Brief
from outreach.templates.findings import Finding
from outreach.templates.lines import Own
from outreach.templates.lint_rules import Duty
from outreach.templates.model import Template
from outreach.templates.parts import Part

_WORDING = 3  # texts, locale, channel


def findings(template: Template, part: Part, brief: Brief) -> Iterator[Finding]:
    """What is missing in this part; only a part that is there can miss something."""
    for duty in _binding(template, part, brief):
        if not duty.sender and not _kept(duty, part, brief.own):
            yield _missed(duty, part.path)


def of_senders(
    template: Template, parts: Iterable[Part], brief: Brief
) -> Iterator[tuple[Finding, Path]]:
    """Wordings whose sender does not look as the country wants, or is not known; each once."""
    first = {part.path[:_WORDING]: part for part in reversed(list(parts)) if part.name == "text"}
    for path, part in sorted(first.items(), key=lambda one: shown(one[0])):
        sender = brief.senders.get(part.channel, "")
        for duty in _binding(template, part, brief):
            if duty.sender and not re.search(duty.sender, sender):
                yield _missed(duty, path), path


def _binding(template: Template, part: Part, brief: Brief) -> Iterator[Duty]:
    countries = {owing.ANYWHERE, *owing.read_in(part.locale), *brief.countries}
    for duty in lint_rules.duties().duties:
        if countries & set(duty.countries) and _covers(duty, template, part):
            yield duty


def _missed(duty: Duty, path: Path) -> Finding:
    return Finding(duty.id, duty.severity, shown(path), duty.sentence, source=duty.source)


def _covers(duty: Duty, template: Template, part: Part) -> bool:
    purposes = set(duty.purposes) & {"any", template.purpose}
    return part.name in duty.parts and part.channel in duty.channels and bool(purposes)


def _kept(duty: Duty, part: Part, own: Own | None) -> bool:
    """By what is written; where the brand is known, by what it puts there too."""
    lines = own(part.locale, part.channel).named() if own else {}
    named = part.names & set(duty.names.split())
    if named and not (own and duty.adds):
        return True
    filled = mail.plain(part.filled) if part.name == "html" else part.filled
    return owing.said(duty, filled or part.said, lines)

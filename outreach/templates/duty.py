"""Does a text carry what the country wants in which it is read?"""

from collections.abc import Iterator

from outreach.sentences import shown
from outreach.templates import lint_rules, mail, owing
from outreach.templates.brief import Brief
from outreach.templates.findings import Finding
from outreach.templates.lines import Own
from outreach.templates.lint_rules import Duty
from outreach.templates.model import Template
from outreach.templates.parts import Part


def findings(template: Template, part: Part, brief: Brief) -> Iterator[Finding]:
    """What is missing in this part; only a part that is there can miss something."""
    countries = {owing.ANYWHERE, *owing.read_in(part.locale), *brief.countries}
    for duty in lint_rules.duties().duties:
        bound = countries & set(duty.countries) and _covers(duty, template, part)
        if bound and not _kept(duty, part, brief.own):
            where = shown(part.path)
            yield Finding(duty.id, duty.severity, where, duty.sentence, source=duty.source)


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

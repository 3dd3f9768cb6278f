"""Does a text carry what the country wants in which it is read?"""

import re
from collections.abc import Iterator

from outreach.sentences import shown
from outreach.templates import lint_rules
from outreach.templates.brief import Brief
from outreach.templates.findings import Finding
from outreach.templates.lint_rules import Duty
from outreach.templates.model import Template
from outreach.templates.parts import Part
from outreach.templates.segments import Network

ANYWHERE = "*"

_REGION = re.compile(r"-([A-Z]{2})\Z")


def findings(template: Template, part: Part, brief: Brief) -> Iterator[Finding]:
    """What is missing in this part; only a part that is there can miss something."""
    countries = {ANYWHERE, *read_in(part.locale), *brief.countries}
    for duty in lint_rules.duties().duties:
        bound = countries & set(duty.countries) and _covers(duty, template, part)
        if bound and not _kept(duty, part):
            where = shown(part.path)
            yield Finding(duty.id, duty.severity, where, duty.sentence, source=duty.source)


def read_in(locale: str) -> tuple[str, ...]:
    """Where a text of this locale is read: its region, or the countries of its language."""
    if region := _REGION.search(locale):
        return (region[1],)
    return lint_rules.duties().read_in.get(locale.partition("-")[0], ())


def network(locale: str) -> Network:
    """Whose way of counting applies to an SMS of this locale."""
    return Network.CHINA if "CN" in read_in(locale) else Network.STANDARD


def _covers(duty: Duty, template: Template, part: Part) -> bool:
    purposes = set(duty.purposes) & {"any", template.purpose}
    return part.name in duty.parts and part.channel in duty.channels and bool(purposes)


def _kept(duty: Duty, part: Part) -> bool:
    named = part.names & set(duty.names.split())
    says = duty.says and re.search(duty.says, part.filled or part.said, re.IGNORECASE)
    return bool(named or says)

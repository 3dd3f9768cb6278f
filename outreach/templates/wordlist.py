"""Does a text offer where it should serve, or reward, choose, press or trace where it asks?"""

import re
from collections.abc import Iterator

from outreach.sentences import shown
from outreach.templates import lint_rules
from outreach.templates.brief import Brief
from outreach.templates.findings import Finding, Severity, offset
from outreach.templates.lint_rules import Group
from outreach.templates.model import Template
from outreach.templates.parts import Part

REVIEW = "links.review"

Found = tuple[Finding, tuple[int, int]]
"""A finding, with line and column inside its text."""


def findings(template: Template, part: Part, brief: Brief) -> Iterator[Found]:
    """The phrases that may not stand here, each at its place."""
    for group in lint_rules.words().groups:
        if template.purpose in group.purposes or part.names & set(group.links):
            yield from _phrases(group, part)
    yield from _choosing(part)
    if not brief.traced:
        yield from _tracing(part)


def _phrases(group: Group, part: Part) -> Iterator[Found]:
    unless = lint_rules.matcher(lint_rules.every_language(group.unless))
    said = unless.sub(lambda allowed: " " * len(allowed[0]), part.said)
    for hit in lint_rules.matcher(lint_rules.every_language(group.phrases)).finditer(said):
        yield _found(part, hit, group.id, group.severity, group.sentence, group.source)


def _choosing(part: Part) -> Iterator[Found]:
    """A review link behind a condition on a score asks only those who are content."""
    gating = next(g for g in lint_rules.words().groups if g.id == "review-gating")
    scores = lint_rules.words().scores
    if REVIEW not in part.names:
        return
    for hit in re.finditer(rf"\{{%-?\s*(el)?if\b[^%]*?{scores}[^%]*%\}}", part.source):
        sentence = "chooses by a score whom it asks for a review; ask everybody alike"
        yield _found(part, hit, gating.id, Severity.ERROR, sentence, gating.source)


def _tracing(part: Part) -> Iterator[Found]:
    tracking = lint_rules.words().tracking
    for hit in re.finditer("|".join(tracking.signs), part.source, re.IGNORECASE):
        sentence = "traces whoever reads this; take it out, or ask for consent to tracing first"
        yield _found(part, hit, "tracking-link", Severity.ERROR, sentence, tracking.source)


def _found(
    part: Part, hit: re.Match[str], code: str, severity: Severity, sentence: str, source: str
) -> Found:
    phrase = " ".join(hit[0].split())
    finding = Finding(code, severity, shown(part.path), sentence, phrase=phrase, source=source)
    return finding, offset(part.source, hit.start())

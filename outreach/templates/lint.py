"""May this template go out as it is worded, and if not, which phrase, on which line, says who?

Pure: law, custom and phrases are data of the product (`rules/`), what the brand wants is the brief.
It looks at wording alone. Consent, hours and caps are judged by the gate, for each person.
"""

from collections.abc import Iterator
from dataclasses import replace

from outreach import plain_yaml
from outreach.plain_yaml import Page
from outreach.sentences import Path, shown
from outreach.templates import document, duty, form, manner, wordlist
from outreach.templates.brief import NOTHING, Brief
from outreach.templates.findings import Finding, Severity, placed
from outreach.templates.model import Template
from outreach.templates.parts import Part, parts


def of_text(text: str, *, name: str, brief: Brief = NOTHING) -> tuple[Finding, ...]:
    """What is found in the template of this YAML text; `name` is that of its file.

    In the order of the lines. Raises `Invalid` when the text cannot be read.
    """
    template = document.read(text, name=name)
    page = Page(text.splitlines())
    plain_yaml.tree(text, page)
    found = [replace(finding, file=name) for finding in _findings(template, page, brief)]
    return tuple(sorted(found, key=lambda f: (f.line, f.column, f.code)))


def of(template: Template, *, brief: Brief = NOTHING) -> tuple[Finding, ...]:
    """What is found in a template that was not read from a file."""
    return tuple(_findings(template, Page([]), brief))


def errors(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that must be mended."""
    return tuple(finding for finding in found if finding.severity is Severity.ERROR)


def _findings(template: Template, page: Page, brief: Brief) -> Iterator[Finding]:
    of_template = tuple(parts(template, brief.own))
    for finding, path in form.findings(template, of_template, brief):
        yield _at(finding, page, path)
    for finding, path in duty.of_senders(template, of_template, brief):
        yield _at(finding, page, path)
    for part in of_template:
        yield from _of_part(template, part, page, brief)


def _of_part(template: Template, part: Part, page: Page, brief: Brief) -> Iterator[Finding]:
    for finding in duty.findings(template, part, brief):
        yield _at(finding, page, part.path)
    for finding, offset in wordlist.findings(template, part, brief):
        yield placed(finding, page, part.path, offset=offset)
    if brief.voice is not None:
        for finding, offset in manner.findings(part, brief.voice):
            yield placed(finding, page, part.path, offset=offset)


def _at(finding: Finding, page: Page, path: Path) -> Finding:
    """At the key that the finding is about."""
    place = page.at(path, key=True)
    return replace(finding, where=shown(path), line=place.line, column=place.column)

"""Which of these files holds a campaign, a template or a survey, and what is wrong with each?

What a file holds is told by its keys and not by its name or folder.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from ruamel.yaml.error import YAMLError

from outreach import documents, plain_yaml
from outreach.campaigns import document as campaigns
from outreach.cli.session import file_text
from outreach.errors import CallerError, Invalid, Problem
from outreach.plain_yaml import Page
from outreach.sentences import TextError
from outreach.surveys import document as surveys
from outreach.templates.trial import Trial, outcomes

Kind = Literal["template", "survey", "campaign", "unknown"]

_KINDS: tuple[Kind, ...] = get_args(Kind)
_ENDINGS = {".yaml", ".yml"}
_CAMPAIGN_KEYS = {"trigger", "steps"}
_READ = {"campaign": campaigns.read, "survey": surveys.read}


@dataclass(frozen=True, slots=True)
class Paper:
    """One file with what it holds and what is wrong with it."""

    file: Path
    kind: Kind
    text: str
    problems: tuple[Problem, ...]


def papers(files: Iterable[Path]) -> list[Paper]:
    """These files and those of these folders, each read; campaigns last: they name the others."""
    read = _tried([_paper(file) for given in files for file in _opened(given)])
    return sorted(read, key=lambda paper: _KINDS.index(paper.kind))


def kind(text: str) -> Kind:
    """What a document is, by its top-level keys.

    One that is no YAML is taken for a campaign: whoever reads it then says what is wrong.
    """
    if len(text) > documents.MOST_BYTES:
        return "campaign"
    try:
        data = plain_yaml.tree(text, Page(text.splitlines()))
    except (TextError, YAMLError):
        return "campaign"
    keys = set(data) if isinstance(data, Mapping) else set()
    if "texts" in keys:
        return "template"
    if "questions" in keys:
        return "survey"
    return "campaign" if keys & _CAMPAIGN_KEYS else "unknown"


def _opened(given: Path) -> Iterator[Path]:
    if not given.is_dir():
        yield given
        return
    yield from sorted(file for file in given.iterdir() if file.suffix in _ENDINGS)


def _paper(file: Path) -> Paper:
    try:
        text = file_text(file)
    except CallerError as error:
        return Paper(file, "unknown", "", (Problem("", error.sentence),))
    held = kind(text)
    return Paper(file, held, text, tuple(_problems(held, text, str(file))))


def _tried(read: Sequence[Paper]) -> list[Paper]:
    """The same, templates read in a process of their own: nobody has seen them before."""
    unseen = [Trial(str(paper.file), paper.text) for paper in read if paper.kind == "template"]
    told = iter(outcomes(unseen))
    return [
        replace(paper, problems=next(told).problems) if paper.kind == "template" else paper
        for paper in read
    ]


def _problems(held: Kind, text: str, name: str) -> Iterable[Problem]:
    if held == "unknown":
        keys = "`texts`, as a template does, nor `trigger` and `steps`, as a campaign does"
        return [Problem("", f"holds neither {keys}, nor `questions`, as a survey does")]
    if held == "template":
        return []  # `_tried` says
    try:
        _READ[held](text, name=name)
    except Invalid as error:
        return error.problems
    return []

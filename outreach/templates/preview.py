"""How does a template read, and which value will be missing on the day it is sent?

Each wording is filled twice: with everything that the event may bring, which is what one looks at,
and with only what always comes, which is where a hole without a `default` is found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from optout.model import Channel
from outreach.content import Content
from outreach.errors import Invalid
from outreach.sentences import nearest
from outreach.templates import document, fields, frame
from outreach.templates.lines import Lines, Own, sample
from outreach.templates.trial import Fill, Outcome, Trial, outcomes


@dataclass(frozen=True, slots=True)
class Preview:
    """One wording as it reads; `gaps` tells what is missing, with everything or with little."""

    locale: str
    channel: Channel
    content: Content | None
    gaps: tuple[str, ...]


def of_text(
    text: str,
    *,
    name: str,
    event: str | None = None,
    data: dict[str, Any] | None = None,
    person: Mapping[str, str] | None = None,
    own: Own = sample,
) -> list[Preview]:
    """Every wording of the template, filled with a sample in its language.

    It stands in what the brand puts around it: the lines of `own`, or made-up ones.

    `event` names the type of event that the text follows; `data` are the data of one that came and
    stand in for the sample's, as `person` (name, first_name, locale) does for its person. Raises
    `Invalid` when the text cannot be read or the type is unknown.
    """
    known = fields.reference().events
    if event is not None and event not in known:
        raise Invalid(f"{event!r} is no type of event{nearest(event, known)}")
    [first] = outcomes([Trial(name, text)])
    if first.problems:
        raise Invalid(f"{name} cannot be used", problems=first.problems)
    template = document.read(text, name=name)
    wordings = [(locale, channel) for locale, channel, _ in template.wordings()]
    around = {one: frame.of_review(template, *one, own) for one in wordings}
    trials = [
        Trial(name, text, Fill(channel, locale, context, around[locale, channel]))
        for locale, channel in wordings
        for context in _contexts(locale, event, data, person, around[locale, channel].lines)
    ]
    told = outcomes(trials)
    return [
        Preview(locale, channel, full.content, _gaps(full, bare))
        for (locale, channel), full, bare in zip(wordings, told[::2], told[1::2], strict=True)
    ]


def _contexts(
    locale: str,
    event: str | None,
    data: dict[str, Any] | None,
    person: Mapping[str, str] | None,
    lines: Lines,
) -> Iterator[dict[str, Any]]:
    """With everything that there may be, and with what there always is."""
    for bare in (False, True):
        context = fields.sample(locale, event=event, bare=bare)
        context["brand"] |= lines.named()
        if data is not None:
            context["event"]["data"] = data
        if person is not None:
            context["person"] |= person
        yield context


def _gaps(full: Outcome, bare: Outcome) -> tuple[str, ...]:
    always = [f"never filled: {_said(p.sentence)}" for p in full.problems]
    at_times = [f"not filled at times: {_said(p.sentence)}" for p in bare.problems]
    return tuple(always or at_times)


def _said(sentence: str) -> str:
    """The end of a sentence of `render`: which template and wording it is stands beside it."""
    return sentence.rpartition(": ")[2]

"""Which texts does a template hold, as they are written and as a sample fills them?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from optout.model import Channel
from outreach.errors import Invalid
from outreach.sentences import Path
from outreach.templates import fields, frame, render, sandbox, script
from outreach.templates.lines import NOTHING, Own
from outreach.templates.lint_rules import PartName
from outreach.templates.model import Template, Text

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_MARK = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Part:
    """One text of a wording: subject, plain text or page; `filled` is empty if it cannot be."""

    path: Path
    locale: str
    channel: Channel
    name: PartName
    source: str
    filled: str

    @cached_property
    def said(self) -> str:
        """The source with blanks for whatever is not said, sign for sign in its place.

        Names, tags and marks are blank; a text in quotes inside a tag may be said and stays.
        """
        said = _TAG.sub(lambda tag: _only_quoted(tag[0]), self.source)
        return _MARK.sub(_blank, said) if self.name == "html" else said

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in its holes."""
        return sandbox.names(self.source)


def parts(template: Template, own: Own | None = None) -> Iterator[Part]:
    """Every part of every wording, each filled with a sample in its own language.

    With the lines of a brand they are filled by these, and stand in what is put around them.
    """
    for locale, channel, text in template.wordings():
        filled = _filled(template, locale, channel, own)
        for name, key, source in _sources(text):
            path = ("texts", locale, channel.value, *map(_step, key.split(".")))
            yield Part(path, locale, channel, name, source, filled.get(name, ""))


def _sources(text: Text) -> Iterator[tuple[PartName, str, str]]:
    if text.subject:
        yield "subject", "subject", text.subject
    if text.text:
        yield "text", "text", text.text
    if text.script:
        yield from (("text", f"script.{at}", said) for at, said in script.pieces(text.script))
    if page := text.mjml or text.html:
        yield "html", "mjml" if text.mjml else "html", page


def _step(key: str) -> str | int:
    return int(key) if key.isdigit() else key


def _filled(template: Template, locale: str, channel: Channel, own: Own | None) -> dict[str, str]:
    context, around = fields.sample(locale), NOTHING
    if own is not None:
        around = frame.of_review(template, locale, channel, own)
        context["brand"] |= around.lines.named()
    try:
        content = render.render(
            template, channel=channel, locale=locale, context=context, frame=around
        )
    except Invalid:
        return {}  # `form.unfilled` names what is missing
    return {"text": content.text, "subject": content.subject or "", "html": content.html or ""}


def _only_quoted(tag: str) -> str:
    kept = [" "] * len(tag)
    for quoted in _QUOTED.finditer(tag):
        kept[quoted.start() + 1 : quoted.end() - 1] = quoted[0][1:-1]
    return "".join("\n" if sign == "\n" else kept[at] for at, sign in enumerate(tag))


def _blank(mark: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", mark[0])

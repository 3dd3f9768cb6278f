"""What is a template? One thing to say, worded for each locale and each channel."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field

from optout.model import Channel, Purpose
from outreach.shapes import STRICT, Key, Locale
from outreach.templates import mail, sandbox
from outreach.templates.script import Script, pieces
from outreach.templates.script import source as script_source

_PARAM = re.compile(r"[A-Za-z0-9_]{1,40}")


def _one_line(written: str) -> str:
    if "\n" in written.strip():
        raise ValueError("write this in one line")
    return written


def _param_name(written: str) -> str:
    if not _PARAM.fullmatch(written):
        raise ValueError("write a name in letters, digits and underscores")
    return written


def _mjml(written: str) -> str:
    sandbox.check(mail.from_mjml(written))
    return written


Words: TypeAlias = Annotated[str, Field(min_length=1), AfterValidator(sandbox.check)]
"""A text with holes; the names in its holes are checked when it is read."""

Line: TypeAlias = Annotated[Words, AfterValidator(_one_line)]
"""A text with holes that stays in one line."""

ParamName: TypeAlias = Annotated[str, AfterValidator(_param_name)]
"""The name of a hole in a provider's template."""


@dataclass(frozen=True, slots=True)
class Text:
    """One wording, for one locale and one channel."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    text: Words | None = None
    """What the person reads; for a call, what the agent may say. A mail's is made from its HTML."""
    subject: Line | None = None
    """The subject of an e-mail."""
    html: Words | None = None
    """The same text as HTML; what is filled in is escaped, styles are inlined."""
    mjml: Annotated[str, Field(min_length=1), AfterValidator(_mjml)] | None = None
    """The same text as MJML, from which the HTML is made."""
    preheader: Line | None = None
    """The line that a mailbox shows beside the subject."""
    script: Script | None = None
    """The course of a call: questions, answers, and what then."""
    code: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    """The code under which a provider approved this text."""
    params: Mapping[ParamName, Line] = field(default_factory=dict)
    """What fills the provider's own holes, by their names there."""

    def __post_init__(self) -> None:
        if self.params and not self.code:
            raise ValueError("params belong to a provider's template: add its `code`")
        if self.html and self.mjml:
            raise ValueError("keep one of `html` and `mjml`: the one is made from the other")
        if self.script and self.text:
            raise ValueError("keep one of `script` and `text`: the one is made from the other")
        if self.preheader and not self.page:
            raise ValueError("a preheader stands in a page: add `html` or `mjml`")
        if not (self.text or self.page or self.script):
            raise ValueError("`text` is missing: add it")

    @property
    def page(self) -> str | None:
        """The HTML with its holes, written as such or made from MJML."""
        return mail.from_mjml(self.mjml) if self.mjml else self.html

    def words(self, locale: str) -> str | None:
        """The plain text with its holes, written as such or made from the script."""
        return script_source(self.script, locale=locale) if self.script else self.text

    def names(self) -> frozenset[str]:
        """The names in its holes, as dotted paths."""
        spoken = (said for _, said in pieces(self.script)) if self.script else ()
        given = (self.text, self.subject, self.page, self.preheader, *self.params.values(), *spoken)
        return frozenset().union(*(sandbox.names(source) for source in given if source))


@dataclass(frozen=True, slots=True)
class Template:
    """One thing to say."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The name by which steps refer to it."""
    purpose: Purpose
    """Why it is said: it must fit the purpose of the step that says it."""
    texts: Annotated[
        Mapping[Locale, Annotated[Mapping[Channel, Text], Field(min_length=1)]], Field(min_length=1)
    ]
    """The wordings, by locale and channel."""

    def __post_init__(self) -> None:
        mails = [(loc, by[Channel.EMAIL]) for loc, by in self.texts.items() if Channel.EMAIL in by]
        if without := [locale for locale, mail in mails if not mail.subject]:
            raise ValueError(f"an e-mail needs a subject: add one for {', '.join(without)}")
        for locale, channel, text in self.wordings():
            if text.script and channel is not Channel.VOICE:
                raise ValueError(f"a script is for a call: move that of {locale} to `voice`")
            if text.page and channel is not Channel.EMAIL:
                raise ValueError(f"a page is for a mail: {locale}, {channel} takes `text`")

    def wordings(self) -> Iterator[tuple[str, Channel, Text]]:
        """Every wording with its locale and channel."""
        for locale, by_channel in self.texts.items():
            for channel, text in by_channel.items():
                yield locale, channel, text

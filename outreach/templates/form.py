"""Is a template whole: every language there and written, every hole fillable, no SMS too long?"""

from collections.abc import Iterator

from optout.model import Channel
from outreach.errors import Invalid
from outreach.sentences import Path
from outreach.templates import fields, owing, render, segments
from outreach.templates.brief import Brief
from outreach.templates.findings import Finding, Severity
from outreach.templates.model import Template
from outreach.templates.parts import Part
from outreach.templates.segments import Alphabet, Network

At = tuple[Finding, Path]
"""A finding and the path of what it is about."""

_HAN = ("\u4e00", "\u9fff")
_SCRIPTS = {
    "zh": (_HAN,),
    "ja": (("\u3040", "\u30ff"), _HAN),
    "ko": (("\uac00", "\ud7a3"),),
}
_CN_SMS = "3GPP TS 23.038 and 23.040; what gateways charge"


def findings(template: Template, parts: tuple[Part, ...], brief: Brief) -> Iterator[At]:
    """What is missing or too long in the template as a whole."""
    yield from _missing(template, brief)
    yield from _unfilled(template)
    for part in parts:
        if untranslated(part, parts):
            sentence = f"is not written in {part.locale}: translate it"
            yield _at("untranslated", Severity.ERROR, part.path, sentence)
        if part.channel is Channel.SMS and part.name == "text" and part.filled:
            yield from _long(part, brief)


def untranslated(part: Part, others: tuple[Part, ...]) -> bool:
    """Whether a text is in another script than its language's, or is another language's text."""
    said = "".join(part.said.split())
    if not said:
        return False
    language = part.locale.partition("-")[0]
    ranges = _SCRIPTS.get(language)
    if ranges:
        return not any(low <= sign <= high for sign in said for low, high in ranges)
    foreign = sum(low <= sign <= high for sign in said for low, high in _SCRIPTS["zh"])
    return foreign * 2 > len(said) or any(_copied(part, other) for other in others)


def _copied(part: Part, other: Part) -> bool:
    same_place = (part.channel, part.name) == (other.channel, other.name)
    one_language = part.locale.partition("-")[0] == other.locale.partition("-")[0]
    return same_place and not one_language and part.said.strip() == other.said.strip()


def _missing(template: Template, brief: Brief) -> Iterator[At]:
    for locale in sorted({*brief.locales} - {*template.texts}):
        sentence = f"says nothing in {locale}: add it"
        yield _at("locale-missing", Severity.ERROR, ("texts",), sentence)
    every = {channel for by_channel in template.texts.values() for channel in by_channel}
    for locale, by_channel in template.texts.items():
        for channel in sorted(every - {*by_channel}):
            sentence = f"says nothing by {channel}, as other languages do: add it"
            yield _at("channel-missing", Severity.WARNING, ("texts", locale), sentence)


def _unfilled(template: Template) -> Iterator[At]:
    for locale, channel, _ in template.wordings():
        context = fields.sample(locale)
        try:
            render.render(template, channel=channel, locale=locale, context=context)
        except Invalid as error:
            path = ("texts", locale, channel.value)
            yield _at("missing-value", Severity.ERROR, path, error.sentence.partition(": ")[2])


def _long(part: Part, brief: Brief) -> Iterator[At]:
    network = owing.network(part.locale)
    cut = segments.split(part.filled, network=network)
    if cut.count > brief.parts:
        sentence = f"leaves as {cut.count} messages: shorten it to at most {brief.parts}"
        yield _at("long-sms", Severity.WARNING, part.path, sentence, source=_CN_SMS)
    wide = segments.outside(part.said)
    latin = network is Network.STANDARD and cut.alphabet is Alphabet.UCS2
    if latin and 0 < len(wide) <= _FEW:
        sentence = "makes every part hold 70 signs and not 160: write it plainly"
        phrase = " ".join(wide)
        yield _at("wide-sms", Severity.WARNING, part.path, sentence, phrase=phrase, source=_CN_SMS)


_FEW = 5  # more signs than these are another script and no slip


def _at(
    code: str, severity: Severity, path: Path, sentence: str, *, phrase: str = "", source: str = ""
) -> At:
    return Finding(code, severity, "", sentence, phrase=phrase, source=source), path

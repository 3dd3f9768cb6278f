"""Does a text sound like its brand? Words, address, sign-off, exclamation marks, emoji."""

import re
from collections.abc import Iterator

from optout.model import Channel
from outreach.sentences import shown
from outreach.templates import lint_rules
from outreach.templates.brief import Voice
from outreach.templates.findings import Finding, Severity, offset
from outreach.templates.parts import Part
from outreach.templates.wordlist import Found

_EXCLAMATION = re.compile(r"[!！]+")
# Pictographs of the planes that hold them, and the signs that a selector turns into pictures.
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]\ufe0f?")


def findings(part: Part, voice: Voice) -> Iterator[Found]:
    """What does not sound like the brand, each at its place; the brand's word is a warning."""
    yield from _avoided(part, voice)
    yield from _address(part, voice)
    yield from _exclaimed(part, voice)
    if not voice.emoji:
        for hit in _EMOJI.finditer(part.said):
            yield _found(part, hit.start(), "voice-emoji", hit[0], "say it in words: no emoji")
    yield from _unsigned(part, voice)


def _avoided(part: Part, voice: Voice) -> Iterator[Found]:
    for avoided in voice.avoid:
        instead = f"say `{avoided.rather}`" if avoided.rather else "say it otherwise"
        for hit in lint_rules.matcher((avoided.phrase,)).finditer(part.said):
            sentence = f"is not this brand's word: {instead}"
            yield _found(part, hit.start(), "voice-word", hit[0], sentence)


def _address(part: Part, voice: Voice) -> Iterator[Found]:
    spoken = lint_rules.words().address.get(part.locale.partition("-")[0])
    if spoken is None or voice.address is None:
        return
    other = spoken.familiar if voice.address == "formal" else spoken.formal
    for hit in re.finditer("|".join(other), part.said):
        sentence = f"does not address people as this brand does: {voice.address}ly"
        yield _found(part, hit.start(), "voice-address", hit[0], sentence)


def _exclaimed(part: Part, voice: Voice) -> Iterator[Found]:
    hits = list(_EXCLAMATION.finditer(part.said))
    most = voice.exclamation_marks
    if most is not None and sum(len(hit[0]) for hit in hits) > most:
        sentence = f"raises the voice: at most {most} exclamation marks in one text"
        yield _found(part, hits[most].start(), "voice-exclamation", hits[most][0], sentence)


def _unsigned(part: Part, voice: Voice) -> Iterator[Found]:
    language = part.locale.partition("-")[0]
    wanted = voice.sign_off.get(part.locale) or voice.sign_off.get(language)
    mail = part.channel is Channel.EMAIL and part.name != "subject"
    if wanted and mail and wanted not in part.filled:
        yield _found(part, 0, "voice-sign-off", "", f"close with `{wanted}`")


def _found(part: Part, at: int, code: str, phrase: str, sentence: str) -> Found:
    finding = Finding(code, Severity.WARNING, shown(part.path), sentence, phrase=phrase)
    return finding, offset(part.source, at)

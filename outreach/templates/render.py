"""What does this person read, now that the holes are filled?

The context is plain data: mappings, lists, texts and numbers, copied before the template sees it.
A hole without a value is an error and never an empty greeting; a value that is null is no value.
Of a value only the first 20,000 signs are known to a template, and of a list the first 100 entries.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from jinja2 import UndefinedError

from optout.model import Channel
from outreach.content import Content
from outreach.errors import Invalid
from outreach.templates import frame as framing
from outreach.templates import locales, mail, sandbox
from outreach.templates.lines import NOTHING, Frame
from outreach.templates.locales import NONE_CHOSEN, Fallbacks
from outreach.templates.model import Template, Text
from outreach.templates.sandbox import Known

LIMITS: Mapping[Channel, int] = {
    Channel.SMS: 1_600,
    Channel.CHAT: 4_096,
    Channel.VOICE: 16_384,
    Channel.EMAIL: 262_144,
}
"""The most signs that one text may have; what gateways and mailboxes take without cutting."""

LONGEST_VALUE = 20_000
LONGEST_LIST = 100
DEEPEST = 8


def render(
    template: Template,
    *,
    channel: Channel,
    locale: str,
    context: Mapping[str, object],
    default: str | None = None,
    fallbacks: Fallbacks = NONE_CHOSEN,
    frame: Frame = NOTHING,
) -> Content:
    """The content for one person; `default` is the brand's locale, tried last.

    `fallbacks` are the locales that the brand has chosen for those in which it has no text.

    `frame` is what the brand puts around it: nothing that stands there already, and nothing around
    a text that a provider approved under a code.

    Raises `Invalid`, naming template, locale, channel and name, when there is no text for the
    channel, a value is missing or has no words, or the result is too long for the channel. Raises
    `TypeError` when the context holds anything but plain data.
    """
    picked = locales.pick(
        template, channel=channel, locale=locale, default=default, fallbacks=fallbacks
    )
    return worded(template, picked, channel=channel, locale=locale, context=context, frame=frame)


def worded(
    template: Template,
    picked: tuple[str, Text] | None,
    *,
    channel: Channel,
    locale: str,
    context: Mapping[str, object],
    frame: Frame = NOTHING,
) -> Content:
    """The same for whom it has been picked what they read (`locales.pick`). Raises as `render`."""
    if picked is None:
        has = sorted(name for name, by in template.texts.items() if channel in by)
        sentence = f"has no text: it speaks {', '.join(has) or 'no language'} there"
        raise _refused(template, channel, locale, sentence)
    spoken, text = picked
    told = known("", context)
    try:
        return _framed(_content(text, told, channel, spoken, frame), channel, spoken, frame)
    except UndefinedError as error:
        name = str(error.message)
        raise _refused(template, channel, spoken, f"`{name}` has no value", name=name) from error
    except (TypeError, LookupError, OverflowError) as error:
        raise _refused(template, channel, spoken, str(error)) from error


def said(source: str, *, channel: Channel, context: Mapping[str, object]) -> str:
    """A piece of a text, such as one question of a script, with its holes filled.

    Raises `Invalid`, naming what has no value, and `TypeError` as `render` does.
    """
    try:
        return _filled(source, known("", context), LIMITS[channel]).strip()
    except UndefinedError as error:
        raise Invalid(f"`{error.message}` has no value") from error
    except (LookupError, OverflowError) as error:
        raise Invalid(str(error)) from error


def known(path: str, told: Mapping[str, object]) -> Known:
    """Plain data as texts know them under this name, copied; what is such a copy is kept as it is.

    Raises `TypeError` where they hold anything but plain data.
    """
    under, depth = (f"{path}.", 2) if path else ("", 1)
    return Known(path, {name: _plain(value, under + name, depth) for name, value in told.items()})


def _content(text: Text, known: Known, channel: Channel, locale: str, frame: Frame) -> Content:
    limit = LIMITS[channel]
    page = _page(text, known, limit, frame)
    words = text.words(locale)
    said = _filled(words, known, limit).strip() if words else mail.plain(page or "")
    if words and channel is Channel.EMAIL:
        said = framing.of_mail(said, frame, sandbox.names(words))
    return Content(
        text=said,
        subject=_line(text.subject, known, limit) if text.subject else None,
        html=page,
        code=text.code,
        params={name: _line(value, known, limit) for name, value in text.params.items()},
    )


def _page(text: Text, known: Known, limit: int, frame: Frame) -> str | None:
    if text.page is None:
        return None
    filled = _filled(text.page, known, limit, html=True)
    page = mail.inlined(framing.of_page(filled, frame, sandbox.names(text.page)))
    return mail.opened(page, _line(text.preheader, known, limit)) if text.preheader else page


def _framed(content: Content, channel: Channel, locale: str, frame: Frame) -> Content:
    if channel is not Channel.SMS or content.code:
        return content
    text = framing.of_message(content.text, frame, locale)
    if len(text) > (most := LIMITS[channel]):
        raise OverflowError(f"is longer than {most:,} signs")
    return replace(content, text=text)


def _filled(source: str, known: Known, limit: int, *, html: bool = False) -> str:
    """The text, given up as soon as it is longer than the limit."""
    pieces, length = [], 0
    compiled = sandbox.compiled(source, html=html)
    for piece in compiled.root_render_func(compiled.new_context(known)):
        pieces.append(piece)
        length += len(piece)
        if length > limit:
            raise OverflowError(f"is longer than {limit:,} signs")
    return "".join(pieces)


def _line(source: str, known: Known, limit: int) -> str:
    """One line: a line break in a name must not begin a header of its own (RFC 5322, 2.2)."""
    filled = _filled(source, known, limit)
    if not filled.isprintable():
        filled = "".join(c if c.isprintable() else " " for c in filled)
    return " ".join(filled.split())


def _refused(
    template: Template, channel: Channel, locale: str, sentence: str, *, name: str | None = None
) -> Invalid:
    where = f"template {template.key!r}, {locale}, {channel}: {sentence}"
    return Invalid(where, template=template.key, locale=locale, channel=channel.value, name=name)


def _plain(value: object, path: str, depth: int) -> object:
    """A copy of plain data in which every mapping knows its name."""
    if depth > DEEPEST:
        raise TypeError(f"{path} is nested too deeply")
    if type(value) is str and len(value) <= LONGEST_VALUE:
        return value  # what most of it is
    if type(value) is Known:
        return value  # copied before; nothing in a template can change it
    if isinstance(value, dict | Mapping):
        there = {str(k): v for k, v in value.items() if v is not None}
        return Known(path, {k: _plain(v, f"{path}.{k}", depth + 1) for k, v in there.items()})
    if isinstance(value, list | tuple):
        return [_plain(entry, path, depth + 1) for entry in value[:LONGEST_LIST]]
    return _scalar(value, path)


def _scalar(value: object, path: str) -> object:
    if isinstance(value, str):
        # A plain str: a subclass could claim to be safe HTML.
        return str.__str__(value)[:LONGEST_VALUE]
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{path} is a {type(value).__name__}: pass plain data")

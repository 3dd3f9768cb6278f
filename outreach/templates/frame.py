"""What does a brand say around its texts by itself, and is it there already?

A mail gets header, footer and legal line; a text message gets who writes and how to refuse, where
the country wants that. What a text says by itself is not said again. A text that a provider
approved under a code stays as it was approved.
"""

from collections.abc import Collection

from optout.model import Channel
from outreach.templates import mail, owing
from outreach.templates.lines import Frame, Lines, Own
from outreach.templates.lint_rules import Duty
from outreach.templates.model import Template


def of_review(template: Template, locale: str, channel: Channel, own: Own) -> Frame:
    """What is put around this wording where its locale says that it is read."""
    return Frame(own(locale, channel), owing.read_in(locale), (template.purpose,))


def of_page(html: str, frame: Frame, names: Collection[str] = ()) -> str:
    """A mail's page with the brand's lines; `names` are those in the holes it was made from."""
    own = frame.lines
    if not (own.header.strip() or own.footer.strip() or own.legal.strip()):
        return html  # and nobody has to read the page
    above, below = _missing(mail.plain(html), own, names)
    return mail.around(html, above, below) if above or below else html


def of_mail(text: str, frame: Frame, names: Collection[str] = ()) -> str:
    """A mail's plain text with the brand's lines."""
    above, below = _missing(text, frame.lines, names)
    return "\n\n".join([*above, text, *below])


def of_message(text: str, frame: Frame, locale: str) -> str:
    """A text message with who writes before it, and behind it how to refuse."""
    for owed in owing.owed(Channel.SMS, frame.countries, frame.purposes):
        if owed.adds and not owing.said(owed, text, frame.lines.named()):
            text = _joined(owed, text, frame.lines, locale)
    return text


def _joined(owed: Duty, text: str, own: Lines, locale: str) -> str:
    if owed.adds == "opt_out":
        line = own.opt_out or _worded(owed, locale)
        return text if not line or text.endswith(line) else text + _gap(text, line) + line
    name, signature = own.name or own.signature, (own.signature or own.name).strip("【】 ")
    front = _worded(owed, locale).format(name=name, signature=signature)
    return text if not signature or text.startswith(front) else front + text


def _worded(owed: Duty, locale: str) -> str:
    """In this language, or in the first that the rule has: the carrier's own."""
    return owed.words.get(locale.partition("-")[0], next(iter(owed.words.values()), ""))


def _gap(text: str, line: str) -> str:
    """A blank where a word or an address would run into the next."""
    return " " if text[-1:].isascii() or line[:1].isascii() else ""


def _missing(text: str, own: Lines, names: Collection[str]) -> tuple[list[str], list[str]]:
    """Which lines are to be put above and below."""
    unsaid = {
        name: line.strip()
        for name, line in (("header", own.header), ("footer", own.footer), ("legal", own.legal))
        if line.strip() and not _said(name, line, text, names)
    }
    above = [line for name, line in unsaid.items() if name == "header"]
    return above, [line for name, line in unsaid.items() if name != "header"]


def _said(name: str, line: str, text: str, names: Collection[str]) -> bool:
    """Whether the text says it: by its name, or in lines of its own.

    A header may be no more than the brand's name, which a sentence may hold as well; a legal line
    counts wherever it stands.
    """
    wanted, lines = _collapsed(line), _collapsed(text)
    if name == "legal" or f"brand.{name}" in names:
        return " ".join(wanted) in " ".join(lines)
    return "\n".join(["", *wanted, ""]) in "\n".join(["", *lines, ""])


def _collapsed(text: str) -> list[str]:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line]

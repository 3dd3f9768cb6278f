"""What becomes of a mail's wording on its way out: MJML, styles, preheader, and the plain text?

Whatever is named in a text stays unread: no style sheet, picture or included file is ever fetched.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from importlib import import_module
from typing import Any

from outreach.sentences import Flaw, TextError, clipped

_STYLED = re.compile(r"<style[\s>]", re.IGNORECASE)
_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)
_ENDS = re.compile(r"</body\s*>|</html\s*>", re.IGNORECASE)
_HIDDEN = (
    "display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden"
)
# Blanks that mail programs do not skip, so that no words of the mail follow in the preview.
_FILLING = "&#847;&zwnj;&nbsp;" * 60

# Edges of blocks, of which any number in a row is one; separators that no text can hold here.
_EDGE, _SPACE = "\x1e", "\x1d"
_APART_RUN = re.compile("[ \x1e]*\x1d[ \x1d\x1e]*")
_EDGE_RUN = re.compile(" *\x1e[ \x1e]*")

_SILENT = frozenset({"head", "style", "script", "title"})
_BLOCKS = frozenset({
    "address", "article", "blockquote", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
_APART = frozenset({"h1", "h2", "h3", "h4", "ol", "p", "table", "ul"})


@lru_cache(maxsize=256)
def from_mjml(source: str) -> str:
    """The HTML of an MJML text, its holes left as they stand. Raises `TextError`."""
    mrml = import_module("mrml")  # loaded where a text is MJML
    options = mrml.ParserOptions(include_loader=mrml.noop_loader())
    try:
        made = mrml.to_html(source, options, mrml.RenderOptions(disable_comments=False, fonts={}))
    except (OSError, ValueError) as error:
        raise TextError(Flaw(f"this MJML cannot be read: {clipped(error)}")) from error
    page: str = made.content
    return page


def inlined(html: str) -> str:
    """The same page with its styles written on each element, as mailbox programs need them.

    Style tags are kept beside it, since `@media` has no other place.
    """
    if not _STYLED.search(html):
        return html
    page: str = _inliner().inline(html)
    return page


def opened(html: str, preheader: str) -> str:
    """The page with a line that mailboxes show beside the subject and nobody sees in the mail."""
    line = f'<div style="{_HIDDEN}">{escape(preheader)}{_FILLING}</div>'
    start = body.end() if (body := _BODY.search(html)) else 0
    return html[:start] + line + html[start:]


def around(html: str, above: Sequence[str], below: Sequence[str]) -> str:
    """The page with these lines as paragraphs before and behind everything that it says."""
    start = body.end() if (body := _BODY.search(html)) else 0
    ends = [found.start() for found in _ENDS.finditer(html) if found.start() >= start]
    end = ends[0] if ends else len(html)
    return "".join([
        html[:start], *map(_paragraph, above), html[start:end], *map(_paragraph, below), html[end:]
    ])  # fmt: skip


def plain(html: str) -> str:
    """What the page says without its marks: a line for each block, addresses behind their links."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    said = _APART_RUN.sub("\n\n", "".join(reader.said))
    lines = (" ".join(line.split()) for line in _EDGE_RUN.sub("\n", said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _paragraph(line: str) -> str:
    return f"<p>{'<br>'.join(escape(one.strip()) for one in line.splitlines())}</p>"


@lru_cache(maxsize=1)
def _inliner() -> Any:  # its package is loaded where a page has styles
    return import_module("css_inline").CSSInliner(
        keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False
    )


def _hidden(attrs: list[tuple[str, str | None]]) -> bool:
    return "display:none" in (dict(attrs).get("style") or "").replace(" ", "").lower()


class _Reader(HTMLParser):
    """Collects what is said."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._numbers: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent or (tag in _SILENT or _hidden(attrs)):
            # Only its own kind can end it, however deep; what has no end cannot hide anything.
            if tag not in _VOID and (not self._silent or tag == self._silent[-1]):
                self._silent.append(tag)
            return
        self._break(tag)
        if tag == "br":
            self.said.append("\n")
        if tag in {"ol", "ul"}:
            self._numbers.append(0 if tag == "ol" else None)
        elif tag == "li":
            self.said.append(self._bullet())
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.said)))
        elif tag in {"td", "th"}:
            self.said.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
            return
        if tag == "a" and self._links:
            self._close_link()
        if tag in {"ol", "ul"} and self._numbers:
            self._numbers.pop()
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.said.append(_SPACE if tag in _APART else _EDGE)

    def _bullet(self) -> str:
        if not self._numbers or self._numbers[-1] is None:
            return "- "
        self._numbers[-1] += 1
        return f"{self._numbers[-1]}. "

    def _close_link(self) -> None:
        href, start = self._links.pop()
        words = "".join(self.said[start:]).strip()
        if href.startswith(("http:", "https:")) and href != words:
            self.said.append(f": {href}" if words else href)

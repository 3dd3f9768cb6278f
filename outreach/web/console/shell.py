"""What surrounds every screen: who looks, in which language and colours, and where they may go?

A screen takes `Asked` and answers with `page` or, after a change, with `back_to`: the browser gets
the page by a GET of its own, so that loading it again changes nothing once more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from outreach.bilingual import Language
from outreach.brands.model import Brand
from outreach.web import forms, language, rendering, words
from outreach.web.auth import Caller, Visitor
from outreach.web.console import navigation

_DIGITS = 15  # of a number in an address
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")

# Our own scripts and styles alone, no inline ones; Bootstrap draws its marks as data: images.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# What is drawn in a frame of its own: in it nothing runs and nothing is loaded.
_IN_A_FRAME = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True, slots=True)
class Screen:
    """One look at the console."""

    visitor: Caller
    language: Language
    theme: Theme | None
    path: str
    query: Mapping[str, str]

    def page(
        self, name: str, brand: Brand, /, *, status: int = 200, refresh: int = 0, **context: object
    ) -> HTMLResponse:
        """The page of this name within the layout; with `refresh` it comes again after seconds."""
        return rendering.page(
            name,
            self.language,
            status=status,
            headers={"Content-Security-Policy": POLICY, **forms.FORMS_TELL},
            brand=brand.name,
            zone=brand.zone,
            theme=self.theme,
            places=[one for one in navigation.PLACES if self.visitor.may(one.right)],
            user=self.visitor.user,
            brand_key=self.visitor.brand.key,
            brands=self.visitor.brands,
            here=navigation.here(self.path),
            address=self._address,
            may=self.visitor.may,
            csrf=self.csrf,
            done=self._done(),
            refresh=refresh,
            **context,
        )

    def called(self, names: Mapping[str, str]) -> str:
        """A name of a document in the visitor's language, or else in any."""
        return names.get(self.language) or names.get("en") or next(iter(names.values()))

    def csrf(self) -> Markup:
        """A hidden field of every form that posts, so that no other site can send it."""
        field = Markup('<input type="hidden" name="{}" value="{}">')
        return field.format(forms.FIELD, self.visitor.csrf)

    def back_to(self, path: str, *, done: str = "", **numbers: int) -> RedirectResponse:
        """See another page (303), which then says `done.NAME` with these numbers.

        It shows the brand for which the form acted, whichever was chosen in another window since.
        """
        parts = urlsplit(path)
        query: dict[str, str | int] = dict(parse_qsl(parts.query, keep_blank_values=True))
        if self.visitor.elsewhere:
            query["brand"] = self.visitor.brand.key
        if done:
            query |= {"done": done, **numbers}
        told = f"?{urlencode(query)}" if query else ""
        return RedirectResponse(f"{parts.path}{told}", status_code=303)

    @property
    def _address(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def _done(self) -> str:
        """What was just done; an address made by somebody else can name our own sentences alone."""
        name = f"done.{self.query.get('done', '')}"
        if name not in words.words(self.language).forms:
            return ""
        counts = {n: v for n, v in self.query.items() if v.isascii() and v.isdecimal()}
        given = {n: int(v) for n, v in counts.items() if len(v) <= _DIGITS}
        try:
            return words.in_language(self.language)(name, **given)
        except KeyError:
            return ""


def screen(request: Request, visitor: Visitor) -> Screen:
    """One look of this visitor's."""
    return Screen(
        visitor,
        language.of(request),
        theme_of(request.cookies.get("theme", "")),
        request.url.path,
        dict(request.query_params),
    )


def framed(page: str) -> HTMLResponse:
    """A page that is whole in itself (a mail, a review), for a frame of ours."""
    return HTMLResponse(page, headers={"Content-Security-Policy": _IN_A_FRAME})


def theme_of(written: str) -> Theme | None:
    """The colours of this name; none leaves them to the browser."""
    return next((theme for theme in THEMES if theme == written), None)


Asked = Annotated[Screen, Depends(screen)]

"""In which of our two languages does this page or answer speak?"""

from typing import Annotated

from fastapi import Depends, Query, Request

from outreach.bilingual import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh-CN")
_MOST = 20  # entries of an Accept-Language header that are looked at


def of(request: Request) -> Language:
    """What `?language=` asks for, or else the console's cookie, or what the browser prefers.

    The last is RFC 9110, section 12.5.4.
    """
    return (
        _ours(request.query_params.get("language", ""))
        or _ours(request.cookies.get("language", ""))
        or preferred(request.headers.get("accept-language", ""))
    )


def preferred(header: str) -> Language:
    """The best of an Accept-Language header that we speak; English where none is."""
    ranges = [_weighed(part) for part in header.split(",")[:_MOST]]
    ranked = sorted((r for r in ranges if r[1] > 0), key=lambda r: -r[1])
    return next((spoken for tag, _ in ranked if (spoken := _ours(tag))), "en")


def of_locale(locale: str | None) -> Language:
    """The one that is nearer to a person's locale."""
    return _ours(locale or "") or "en"


def _ours(tag: str) -> Language | None:
    primary = tag.strip().lower().partition("-")[0]
    return "zh-CN" if primary == "zh" else "en" if primary == "en" else None


def _weighed(part: str) -> tuple[str, float]:
    tag, _, quality = part.partition(";")
    try:
        return tag, float(quality.strip().removeprefix("q=") or 1)
    except ValueError:
        return tag, 0.0


def _asked(
    request: Request,
    language: Annotated[  # named here for the API's description; `of` reads it
        Language | None, Query(description="Otherwise Accept-Language decides.")
    ] = None,
) -> Language:
    return language or of(request)


Asked = Annotated[Language, Depends(_asked)]

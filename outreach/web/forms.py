"""Was this form sent from a page of ours?

A browser sends its cookies, and a password of HTTP Basic, along with a form of any site. So a form
of ours carries a token that only a page of ours could have learnt: made of the session and of the
brand that the page showed. The token names that brand, and the form acts for it, whichever was
chosen in another window since. Beside it the browser has to say
that the form stood here (Fetch Metadata; else `Origin`).
"""

import hmac
from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import SplitResult, urlsplit

from fastapi import Request

from outreach.errors import Invalid, NotAllowed

FIELD = "csrf"
# With no referrer at all, forms come with `Origin: null` from browsers without Fetch Metadata
# (Fetch Standard, "append a request `Origin` header"); to other sites still nothing is told.
FORMS_TELL = {"Referrer-Policy": "same-origin"}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def changes(request: Request) -> bool:
    """Whether this method may change something."""
    return request.method not in _SAFE


def token(session: str, brand: str) -> str:
    """What the forms of this session carry on a page that shows this brand."""
    made = hmac.digest(session.encode(errors="surrogatepass"), f"form for {brand}".encode(), sha256)
    return f"{brand}:{urlsafe_b64encode(made).decode()}"


@dataclass(frozen=True, slots=True)
class Sent:
    """The token that came with a form, or nothing, and the brand that it says it is for."""

    token: str = ""

    @property
    def brand(self) -> str | None:
        return self.token.partition(":")[0] or None


async def sent(request: Request) -> Sent:
    """What came with the form; what a route reads of the body it can still read.

    Raises `Invalid` for a text with a NUL, which PostgreSQL does not read.
    """
    if not changes(request):
        return Sent()
    # A route that names its fields has had the form read already, and then the body is gone.
    with suppress(RuntimeError):
        await request.body()
    form = await request.form(max_files=20, max_fields=1000)
    if any(isinstance(told, str) and "\0" in name + told for name, told in form.multi_items()):
        raise Invalid("take the NUL out of the form: no text of ours holds one")
    found = form.get(FIELD)
    return Sent(found) if isinstance(found, str) else Sent()


def refuse_foreign(request: Request) -> None:
    """Raises `NotAllowed` where the browser does not say that the form stood on this site."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = site == "same-origin" if site is not None else bool(of_ours(request, origin or ""))
    if not ours:
        raise NotAllowed("this form was not sent from a page of ours; open the page and try again")


def refuse_forged(expected: str, found: str) -> None:
    """Raises `NotAllowed` for another token than this."""
    if not hmac.compare_digest(expected.encode(), found.encode(errors="surrogatepass")):
        raise NotAllowed("this form is of a session that has ended; open the page and try again")


def of_ours(request: Request, address: str) -> SplitResult | None:
    """The parts of an address on this host; none for another, or for what is no address."""
    if not (address.isascii() and address.startswith(("https://", "http://"))):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts if parts.netloc and parts.netloc == request.headers.get("host") else None

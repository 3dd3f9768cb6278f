"""Does this signature fit one of the secrets that are live?

All comparisons take the same time wherever two texts differ, and no secret at all fits nothing.
Two secrets may be live while one takes the other's place.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from outreach.signed.message import TOLERANCE, Message, Refused, Verified

NO_SECRET = Refused(
    "no-secret",
    "there is no secret to compare with: `outreach sources add` sets a source's, and its URL a"
    " provider's",
)
WRONG = Refused("wrong-signature", "the signature does not fit the body and the secret")
STALE = Refused("stale", "the signed instant is too far from now: check both clocks")

Made = Callable[[str], str]
"""What the signature should be, given a secret."""


def fits(given: Iterable[str], secrets: tuple[str, ...], made: Made) -> Verified | Refused:
    """Whether one of the given signatures is what one of the secrets makes."""
    if not secrets:
        return NO_SECRET
    expected = [made(secret).encode() for secret in secrets]
    found = [
        hmac.compare_digest(one.encode(errors="surrogatepass"), right)
        for one in given
        for right in expected
    ]
    return Verified() if any(found) else WRONG


def fresh(seconds: str, now: datetime, within: timedelta = TOLERANCE) -> bool:
    """Whether this instant, in seconds since 1970, is within the tolerance of now."""
    if not (seconds.isascii() and seconds.isdigit()) or len(seconds) > len("99999999999"):
        return False
    return abs(now - datetime.fromtimestamp(int(seconds), UTC)) <= within


def hmac_base64(secret: str, signed: bytes) -> str:
    """base64(HMAC-SHA256)."""
    return base64.b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode()


def hmac_hex(secret: str, signed: bytes) -> str:
    """hex(HMAC-SHA256)."""
    return hmac.digest(secret.encode(), signed, "sha256").hex()


def md5_hex(signed: bytes) -> str:
    """hex(MD5), which some platforms still sign with; the secret address has to help."""
    return hashlib.md5(signed, usedforsecurity=False).hexdigest()


def standard(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """Standard Webhooks 1.0: `v1,` + base64(HMAC-SHA256(id.timestamp.body)).

    Several signatures may stand side by side, with spaces between. A secret is base64 after
    `whsec_`. Source: github.com/standard-webhooks/standard-webhooks, spec, "Verifying signatures".
    """
    name = message.headers.get("webhook-id", "")
    at = message.headers.get("webhook-timestamp", "")
    given = message.headers.get("webhook-signature", "").split(" ")
    signed = f"{name}.{at}.".encode(errors="surrogatepass") + message.body

    found = fits(given, secrets, lambda secret: standard_made(secret, signed))
    if isinstance(found, Verified) and not fresh(at, now):
        return STALE
    return found


def standard_made(secret: str, signed: bytes) -> str:
    """The signature of Standard Webhooks over `id.timestamp.body`."""
    digest = hmac.digest(_key(secret), signed, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


def _key(secret: str) -> bytes:
    """The bytes behind `whsec_…`; another secret is taken by its letters."""
    coded = secret.removeprefix("whsec_")
    if coded == secret:
        return secret.encode()
    try:
        return base64.b64decode(coded, validate=True)
    except binascii.Error:
        return secret.encode()


def stamped(header: str) -> Callable[[Message, tuple[str, ...], datetime], Verified | Refused]:
    """What checks `t=…,v1=…` in this header, as Stripe signs: hex(HMAC-SHA256(`t.` + body)).

    Of several `v1` one has to fit; other names, such as `v0`, count nothing.
    """

    def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
        parts = message.headers.get(header, "").split(",")
        pairs = [part.strip().partition("=") for part in parts]
        at = next((value for name, _, value in pairs if name == "t"), "")
        given = [value for name, _, value in pairs if name == "v1"]
        signed = f"{at}.".encode(errors="surrogatepass") + message.body
        found = fits(given, secrets, lambda secret: hmac_hex(secret, signed))
        return STALE if isinstance(found, Verified) and not fresh(at, now) else found

    return verify


def by_header(name: str) -> Callable[[Message, tuple[str, ...], datetime], Verified | Refused]:
    """For platforms without signatures: a header of one's own that holds the secret itself."""

    def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
        del now  # nothing here says when it was sent
        given = message.headers.get(name, "").removeprefix("Bearer ")
        return fits([given], secrets, lambda secret: secret)

    return verify

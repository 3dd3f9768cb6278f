"""What is another system asked when somebody logs in by it, and what does its answer prove?

OpenID Connect Core 1.0 with the authorization code alone, PKCE (RFC 7636, S256), state and nonce.
An ID token counts when it is signed by a key that its issuer publishes, with an algorithm of two
keys, for us, in answer to this question, and within its time; and its mail address counts when the
issuer says that it is verified. The packages are those of the extra `oidc`.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib import import_module
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from outreach.errors import Forbidden, Misconfigured

# Never one of a shared secret: the published key would be taken for it.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
_WITHIN = timedelta(minutes=10)
_SKEW = 60  # seconds by which clocks may differ


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks, of whom, and where the answer is to come: an issuer, and what it knows us by."""

    issuer: str
    name: str
    secret: str
    back: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question carries, kept by the browser until its answer: chance, and its last moment.

    `until` is in whole seconds since 1970.
    """

    state: str
    nonce: str
    verifier: str
    then: str
    until: int

    def written(self) -> str:
        """As text, to be sealed."""
        return json.dumps(asdict(self))


def ask(then: str, *, now: datetime) -> Asked:
    """A new question, good for ten minutes; afterwards the visitor goes on to `then`."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Asked(state, nonce, verifier, then, int((now + _WITHIN).timestamp()))


def asked_of(written: str, state: str, *, now: datetime) -> Asked:
    """The question that this answer is to. Raises `Forbidden` for another's, or one too late."""
    asked = Asked(**json.loads(written))
    if not hmac.compare_digest(asked.state.encode(), state.encode(errors="surrogatepass")):
        raise Forbidden("this answer is to another question; begin again", login=True)
    if now.timestamp() > asked.until:
        raise Forbidden("this took longer than ten minutes; begin again", login=True)
    return asked


def address(endpoint: str, client: Client, asked: Asked) -> str:
    """Where the visitor is sent to be asked who they are."""
    challenge = _package("authlib.oauth2.rfc7636").create_s256_code_challenge(asked.verifier)
    fields = {
        "response_type": "code", "scope": "openid email", "client_id": client.name,
        "redirect_uri": client.back, "state": asked.state, "nonce": asked.nonce,
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(fields)}"


def mail_of(
    token: str, keys: Mapping[str, Any], client: Client, asked: Asked, *, now: datetime
) -> str:
    """The verified mail address that an ID token proves, in lower case. Raises `Forbidden`."""
    jose, oidc = _package("joserfc.jwt"), _package("authlib.oidc.core")
    refusals: tuple[type[Exception], ...] = (
        _package("joserfc.errors").JoseError, _package("authlib.common.errors").AuthlibBaseError,
        ValueError, KeyError, TypeError,
    )  # fmt: skip
    try:
        ring = _package("joserfc.jwk").KeySet.import_key_set(keys)
        read = jose.decode(token, ring, algorithms=list(ALGORITHMS))
        expected = {"iss": {"values": [client.issuer]}, "aud": {"values": [client.name]}}
        params = {"nonce": asked.nonce, "client_id": client.name}
        claims = oidc.CodeIDToken(read.claims, read.header, expected, params)
        claims.validate(now=int(now.timestamp()), leeway=_SKEW)
    except refusals as error:
        raise Forbidden(f"the answer proves nothing ({type(error).__name__})", login=True) from None
    mail = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(mail, str):
        raise Forbidden("the answer names no verified mail address", login=True)
    return mail.strip().casefold()


def _package(name: str) -> ModuleType:
    """Raises `Misconfigured` where the extra is missing."""
    try:
        return import_module(name)
    except ImportError as error:
        raise Misconfigured(
            "logging in by another system needs more: pip install 'outreach[oidc]'"
        ) from error

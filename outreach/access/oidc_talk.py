"""What does the other system say: where is it asked, by which keys it signs, what is a code worth?

Its documents are read over TLS alone, but on this host; no redirect is followed, and an answer has
64 KiB and ten seconds. Where it is asked (OpenID Connect Discovery 1.0) is looked up once an hour.
"""

import json
import time
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from outreach.access.oidc import Asked, Client
from outreach.channels.posting import Line, NoAnswer, NotSent, Response, endpoint
from outreach.errors import Forbidden, Misconfigured, Trouble

_WITHIN = 10.0  # seconds
_HOUR = 3600
_OK = 200
_WRONG = frozenset({400, 401})  # a code that is worth nothing (RFC 6749 5.2)
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


def discovered(client: Client, *, now: datetime) -> Mapping[str, Any]:
    """The issuer's own page about itself. Raises `Trouble`, or `Misconfigured` where it is none."""
    return _discovered(client.issuer, int(now.timestamp()) // _HOUR)


def keys(page: Mapping[str, Any]) -> Mapping[str, Any]:
    """The keys under which it signs now."""
    return _json(_ask("GET", str(page.get("jwks_uri", ""))))


def token(page: Mapping[str, Any], client: Client, asked: Asked, code: str) -> str:
    """The ID token that a code is worth, once. Raises `Forbidden` for one that is worth nothing."""
    body = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": client.back,
        "code_verifier": asked.verifier,
    }  # fmt: skip
    known = f"{quote(client.name, safe='')}:{quote(client.secret, safe='')}"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": f"Basic {b64encode(known.encode()).decode()}",
    }
    answer = _ask("POST", str(page.get("token_endpoint", "")), urlencode(body).encode(), headers)
    if answer.status in _WRONG:
        raise Forbidden("the code of this answer is worth nothing", login=True)
    return str(_json(answer).get("id_token", ""))


@lru_cache(maxsize=4)
def _discovered(issuer: str, hour: int) -> Mapping[str, Any]:  # noqa: ARG001 - forgets by the hour
    page = _json(_ask("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
    if page.get("issuer") != issuer:
        raise Misconfigured(
            f"OUTREACH_OIDC_ISSUER is {issuer!r}, and that calls itself {page.get('issuer')!r}: "
            "write it as it does"
        )
    return page


def _ask(
    method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _HERE:
        raise Misconfigured(f"the other system has to be asked by https, and not at {url!r}")
    to = endpoint(url)
    line = Line(to)
    asking = {"Accept": "application/json"} | dict(headers or {})
    try:
        return line.ask(method, to.target, body, asking, until=time.monotonic() + _WITHIN)
    except (NotSent, NoAnswer) as error:
        raise Trouble(f"the system by which you log in does not answer: {error}") from error
    finally:
        line.close()


def _json(answer: Response) -> Mapping[str, Any]:
    try:
        found = json.loads(answer.body) if answer.status == _OK else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Trouble(f"the system by which you log in answered {answer.status}, and no document")
    return found

"""What does the status of a response say about the message, whoever the provider is?

Pure. A conflict (409) says that the provider knows this key already, so an earlier call may have
been taken; a server error other than 503 says nothing at all.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime

from outreach.channels.charges import Charge
from outreach.channels.posting import Response
from outreach.channels.protocol import Accepted, Answer, Refused, Uncertain
from outreach.channels.receipts import Why

_SECONDS = re.compile(r"[0-9]{1,9}")
_LONGEST_WAIT = timedelta(days=1)
_SHOWN = 200  # bytes of an answer are told in a detail


def by_status(
    response: Response,
    given: Callable[[Mapping[str, object]], object],
    *,
    login: frozenset[int] = frozenset({401, 403}),
) -> Answer:
    """The answer that this response is; `given` finds the provider's id in its JSON.

    `login` are the statuses by which the provider does not take our credentials.
    """
    status, said = response.status, shown(response)
    if 200 <= status <= 299:  # noqa: PLR2004
        return taken(given(document(response.body)), said)
    if status in {429, 503}:
        after = retry_after(response.headers)
        return Refused("busy", said, permanent=False, retry_after=after)
    if status in login:
        return Refused("login", said, permanent=False)
    if 300 <= status <= 399 or status == 408:  # noqa: PLR2004
        return Refused("unreachable", said, permanent=False)
    if 400 <= status <= 499 and status != 409:  # noqa: PLR2004
        return Refused("rejected", said, permanent=True)
    return Uncertain(said)


def taken(given: object, said: str) -> Answer:
    """Accepted under this id; without a readable one nobody can tell."""
    if isinstance(given, str | int) and not isinstance(given, bool) and str(given):
        return Accepted(str(given))
    return Uncertain(f"taken, it seems, but the answer holds no id: {said}")


def charged(answer: Answer, charge: Charge | None) -> Answer:
    """The same answer; what was taken is taken for so much."""
    return replace(answer, charge=charge) if isinstance(answer, Accepted) else answer


def because(answer: Answer, cause: Why | None) -> Answer:
    """The same answer; what was refused for good was refused for this."""
    final = isinstance(answer, Refused) and answer.permanent
    return replace(answer, cause=cause) if isinstance(answer, Refused) and final else answer


def document(body: bytes) -> Mapping[str, object]:
    """The JSON object in this body; an empty one where there is none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long to wait, from `Retry-After` (RFC 9110 10.2.3); None where that cannot be read.

    A day at most, since nobody would be asked any more who once named a year. A date is measured
    against the same answer's `Date`, so neither clock needs to be right.
    """
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return min(timedelta(seconds=int(value)), _LONGEST_WAIT)
    try:
        then, now = (parsedate_to_datetime(v) for v in (value, headers.get("date", "")))
        return min(max(then - now, timedelta(0)), _LONGEST_WAIT)
    except (ValueError, TypeError, OverflowError):
        return None


def shown(response: Response) -> str:
    """Status and beginning of the body, in one printable line."""
    text = response.body[:_SHOWN].decode("utf-8", "replace")
    return f"{response.status} {''.join(c if c.isprintable() else '?' for c in text)}".rstrip()

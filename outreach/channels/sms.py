"""How does a text message leave through a gateway that speaks HTTP?

One POST of JSON for each message, over connections that are kept:

    {"reference": "tch_…", "to": "+…", "sender": "…", "text": "…", "valid_until": "…Z"}

with `template` and `params` in the place of `text` when the content has a registered code. The
touch's key goes along as `Idempotency-Key`, and the reference comes back in receipts. A gateway
that can be asked answers a GET with `reference=tch_…` in the query: 200 and the `id` of what it has
taken, or 404, and echoes the reference either way, since any web server says 404 to an address that
it does not know. A gateway that wants another form needs a small module like this one. Redirects
are not followed, proxies of the environment are not used, and 64 KiB of an answer are read at most.
"""

import json
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta

from outreach.channels import outcomes, posting
from outreach.channels.kept import Kept
from outreach.channels.posting import NoAnswer, NotSent, Response
from outreach.channels.protocol import (
    TOO_LATE,
    Absent,
    Accepted,
    Answer,
    Capabilities,
    Found,
    Outgoing,
    Refused,
    Uncertain,
)
from outreach.errors import Misconfigured

_WITHIN = 20.0  # seconds for one call
_HEADER_VALUE = re.compile(r"[!-~]{1,255}")


class SmsGateway:
    """Text messages over a JSON gateway.

    `idempotent` is for gateways that honour our key, for as long as `memory`; `looks_up` for those
    that say what they have taken.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        idempotent: bool = False,
        looks_up: bool = False,
        memory: timedelta = timedelta(hours=24),
        context: ssl.SSLContext | None = None,
    ) -> None:
        if token and not re.fullmatch(r"[!-~]+", token):
            raise Misconfigured("the gateway's token may hold printable ASCII only")
        to = posting.endpoint(url, context)
        self.capabilities = Capabilities(
            16, idempotent=idempotent, receipts="push", looks_up=looks_up, memory=memory
        )
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._lines = Kept(lambda: posting.Line(to))

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """One call after the other; see `WayOut`."""
        with self._lines.lent() as line:
            for one in outgoing:
                yield one.touch_id, self._call(line, one)

    def look_up(self, touches: Sequence[str], *, brand: str) -> Iterator[tuple[str, Found]]:  # noqa: ARG002
        """One GET after the other; see `LooksUp`."""
        with self._lines.lent() as line:
            for touch in touches:
                yield touch, self._asked(line, touch)

    def _asked(self, line: posting.Line, touch: str) -> Found:
        until = time.monotonic() + _WITHIN
        try:
            return known(line.get({"reference": touch}, self._headers, until=until), touch)
        except (NotSent, NoAnswer) as error:
            return Uncertain(f"no word of it: {error}")

    def close(self) -> None:
        """Close the connections at rest; see `WayOut`."""
        self._lines.close()

    def _call(self, line: posting.Line, one: Outgoing) -> Answer:
        if time.monotonic() >= one.deadline:
            return TOO_LATE
        if not _HEADER_VALUE.fullmatch(one.key):
            return Refused("malformed", "the key cannot stand in a header", permanent=True)
        until = min(one.deadline, time.monotonic() + _WITHIN)
        try:
            return read(
                line.post(form(one), self._headers | {"Idempotency-Key": one.key}, until=until)
            )
        except NotSent as error:
            return Refused("unreachable", str(error), permanent=False)
        except NoAnswer as error:
            return Uncertain(f"the message left whole, then: {error}")


def form(one: Outgoing) -> bytes:
    """The JSON that the gateway gets; the same touch always gives the same bytes."""
    content = one.content
    said = (
        {"template": content.code, "params": dict(content.params)}
        if content.code
        else {"text": content.text}
    )
    until = one.valid_until and one.valid_until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    limit = {"valid_until": until} if until else {}
    who = {"reference": one.touch_id, "to": one.to, "sender": one.sender.address}
    return json.dumps(who | said | limit).encode("ascii")


def read(response: Response) -> Answer:
    """What a gateway's response says about the message; a 403 is about the message here."""
    return outcomes.by_status(response, lambda told: told.get("id"), login=frozenset({401}))


def known(response: Response, touch: str) -> Found:
    """What a gateway's response says of a message that it was asked about."""
    shown, answer = outcomes.shown(response), outcomes.document(response.body)
    if answer.get("reference") != touch:
        return Uncertain(f"the answer is not about it: {shown}")
    if response.status == 200 and answer.get("id"):  # noqa: PLR2004
        return Accepted(str(answer["id"]))
    return Absent(shown) if response.status == 404 else Uncertain(shown)  # noqa: PLR2004

"""How does a text leave through a provider that is spoken to over HTTP?

One request for each text, over connections that are kept, within the deadline of the call and never
repeated here. What is sent and what an answer means is the vendor's to say (`vendor`).
"""

import logging
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from outreach.channels import posting
from outreach.channels.guard import Guard
from outreach.channels.kept import Kept
from outreach.channels.posting import NoAnswer, NotSent, Response
from outreach.channels.protocol import TOO_LATE, Accepted, Answer, Outgoing, Refused, Uncertain
from outreach.channels.receipts import Told
from outreach.channels.vendor import Account, AtHand, Connected, Entrusting, Request
from outreach.errors import Invalid, Misconfigured, Trouble

log = logging.getLogger(__name__)

_WITHIN = 20.0  # seconds for one call


class HttpWay:
    """Texts through an account at a provider."""

    def __init__(
        self,
        connected: Connected,
        *,
        clock: Callable[[], datetime],
        context: ssl.SSLContext | None = None,
        guard: Guard | None = None,
    ) -> None:
        self.connected = connected
        self.capabilities = connected.vendor.capabilities
        self._clock = clock
        guard = guard if connected.vendor.guarded else None
        to = posting.endpoint(connected.account.base, context, guard=guard)
        if not posting.is_host(to.host):
            raise Misconfigured(f"the host of {connected.vendor.name}:// is none")
        self._lines = Kept(lambda: posting.Line(to))

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """One call after the other; see `WayOut`."""
        with self._lines.lent() as line:
            for one in outgoing:
                yield one.touch_id, self._call(line, one)

    def close(self) -> None:
        """Close the connections at rest; see `WayOut`."""
        self._lines.close()

    def _call(self, line: posting.Line, one: Outgoing) -> Answer:
        if time.monotonic() >= one.deadline:
            return TOO_LATE
        return replace(self._answered(line, one), by=self.connected.vendor.name)

    def _answered(self, line: posting.Line, one: Outgoing) -> Answer:
        vendor, account = self.connected.vendor, self.connected.account
        try:
            asked = vendor.request(account, one, self._clock())
        except Invalid as error:
            return Refused("malformed", error.sentence, permanent=True)
        except Trouble as error:
            return Refused("unreachable", error.sentence, permanent=False)
        until = min(one.deadline, time.monotonic() + _WITHIN)
        try:
            answer = line.ask(asked.method, asked.target, asked.body, asked.headers, until=until)
        except NotSent as error:
            return Refused("unreachable", str(error), permanent=False)
        except NoAnswer as error:
            return Uncertain(f"the message left whole, then: {error}")
        if vendor.stale(answer):
            account.forget()
        return self._completed(vendor.outcome(answer))

    def _completed(self, answer: Answer) -> Answer:
        if not isinstance(answer, Accepted):
            return answer
        to = self.connected.vendor.name if self.connected.vendor.entrusting else ""
        return replace(answer, charge=self.connected.charge(answer.charge), entrusted_to=to)

    def ask_after(self, given: str) -> Told | AtHand | None:
        """How the message fared that a person at the provider was to send; None if nobody says."""
        entrusting = self._entrusting()
        said = self._said(entrusting.ask, given)
        return entrusting.fared(said) if said else None

    def call_off(self, given: str) -> bool:
        """Take this message out of that person's hands; answers whether the provider did so."""
        entrusting = self._entrusting()
        said = self._said(entrusting.call_off, given)
        return said is not None and entrusting.ended(said)

    def _entrusting(self) -> Entrusting:
        if self.connected.vendor.entrusting is None:
            raise Misconfigured(f"{self.connected.vendor.name}:// sends by itself")
        return self.connected.vendor.entrusting

    def _said(self, request: Callable[[Account, str], Request], given: str) -> Response | None:
        """A question that may be asked again: whatever went wrong, nothing was said."""
        vendor, account = self.connected.vendor, self.connected.account
        try:
            asked, until = request(account, given), time.monotonic() + _WITHIN
            with self._lines.lent() as line:
                said = line.ask(asked.method, asked.target, asked.body, asked.headers, until=until)
        except (Trouble, NotSent, NoAnswer) as error:
            log.warning("%s does not say how a message fared: %s", vendor.name, error)
            return None
        if vendor.stale(said):
            account.forget()
        return said

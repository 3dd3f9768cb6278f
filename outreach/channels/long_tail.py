"""How does a text leave to one of the many services that have no module here?

    apprise:tgram://BOT-TOKEN/{to}            `{to}` is where the person's address goes
    apprise:mailto://user:key@host?to={to}

Through apprise (2.2, github.com/caronc/apprise; the extra `outreach[chat]`), one address a call.
It tells no provider's id, no receipt and nothing of why a call failed: it may have broken before
the service had the message, or after. So whatever did not go well is uncertain, and is never
repeated. It reads an address with a comma as several, so none with such a sign is called. Mail may
not leave so: nothing would carry its headers for unsubscribing.
"""

import logging
import re
import time
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from outreach.channels.protocol import (
    TOO_LATE,
    Accepted,
    Answer,
    Capabilities,
    Outgoing,
    Refused,
    Uncertain,
)
from outreach.errors import Misconfigured

if TYPE_CHECKING:
    from apprise import NotifyBase

TO = "{to}"
_REPEATS = re.compile(r"[?&]retry=", re.IGNORECASE)
_SEVERAL = re.compile(r"[\[\];,\s]")  # where apprise parts a list of addresses
_WITHIN = 20.0  # seconds for one call
_NO_ADDRESS = Refused("malformed", "apprise makes no service of this address", permanent=True)


def loaded(url: str) -> ModuleType:
    """Apprise, which knows the service of this URL of its own. Raises `Misconfigured`."""
    if _REPEATS.search(url):
        raise Misconfigured("an apprise: URL may not hold retry=: it would send twice")
    try:
        import apprise  # noqa: PLC0415  # an extra
        from apprise.manager_plugins import NotificationManager  # noqa: PLC0415
    except ImportError as error:
        raise Misconfigured("apprise: needs what `pip install 'outreach[chat]'` brings") from error
    if url.partition(":")[0].lower() not in NotificationManager():
        raise Misconfigured("apprise knows no service of the scheme behind apprise:")
    # Its log names whom a message is for.
    logging.getLogger("apprise").propagate = False
    return cast("ModuleType", apprise)


def took(url: str, text: str, *, within: float) -> bool:
    """Tell this where a URL of apprise's own leads; whether apprise says that it was taken.

    `within` is in seconds. No is all that is known then: it may have arrived. Raises
    `Misconfigured`.
    """
    apprise = loaded(url)
    service = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False))
    return service.add(url) and bool(service.notify(text, body_format="text", timeout=within))


class Apprise:
    """Texts through a service that apprise knows; `url` is apprise's own, with `{to}` in it once.

    Raises `Misconfigured` where apprise is not installed or knows no such service.
    """

    capabilities = Capabilities(8, idempotent=False, receipts="none")

    def __init__(self, url: str) -> None:
        if url.count(TO) != 1:
            raise Misconfigured("an apprise: URL holds {to} once, where the person's address goes")
        self._apprise, self._url = loaded(url), url
        self._asset = self._apprise.AppriseAsset(async_mode=False)

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """One call after the other; see `WayOut`."""
        for one in outgoing:
            yield one.touch_id, self._told(one)

    def close(self) -> None:
        """Nothing is held."""

    def _told(self, one: Outgoing) -> Answer:
        seconds = min(one.deadline - time.monotonic(), _WITHIN)
        if seconds <= 0:
            return TOO_LATE
        service = None if _SEVERAL.search(one.to) else self._service(one.to)
        if service is None:
            return _NO_ADDRESS
        caller = self._apprise.Apprise(service, asset=self._asset)
        said = caller.notify(
            one.content.text, title=one.content.subject or "", body_format="text", timeout=seconds
        )
        if said:
            return Accepted()
        return Uncertain(f"apprise says {said.status.name.lower()}, and not whether it was sent")

    def _service(self, to: str) -> "NotifyBase | None":
        url = self._url.replace(TO, quote(to, safe=""))
        return self._apprise.Apprise.instantiate(url, asset=self._asset)

"""How is a document fetched on which a provider's word depends, such as its certificate?

Only what a vendor's module judged to be the provider's own address is asked for. What was found is
kept for a while, so that receipts by the thousand ask once.
"""

import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from math import inf

from outreach.channels import posting
from outreach.channels.guard import Guard
from outreach.channels.posting import NoAnswer, NotSent
from outreach.errors import Trouble

_WITHIN = 5.0  # seconds
_MOST = 100  # documents


class Fetcher:
    """Documents by their addresses, kept for `keep` seconds, or fewer where `lasts` says so of one.

    May be used by several threads.

    What stands under `own` is where the installation itself has the provider, and needs no guard.
    """

    def __init__(
        self,
        guard: Guard | None = None,
        steady: Callable[[], float] = time.monotonic,
        *,
        own: str = "",
        keep: float = 86_400.0,
        lasts: Callable[[bytes], float] = lambda _: inf,
    ) -> None:
        self._guard, self._steady = guard or Guard(), steady
        self._own, self._keep, self._lasts = own, keep, lasts
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._lock = threading.Lock()

    def __call__(self, url: str) -> bytes:
        """The document at this address. Raises `Trouble` where it cannot be had."""
        with self._lock:
            until, found = self._kept.get(url, (0.0, b""))
        asked = self._steady()
        if found and asked < until:
            return found
        found = self._fetched(url)
        with self._lock:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[url] = (asked + min(self._keep, self._lasts(found)), found)
        return found

    def forget(self) -> None:
        """Keep nothing of what was fetched: the provider takes it no more."""
        with self._lock:
            self._kept.clear()

    def _fetched(self, url: str) -> bytes:
        own = bool(self._own) and url.startswith(f"{self._own}/")
        line = posting.Line(posting.endpoint(url, guard=None if own else self._guard))
        try:
            answer = line.get({}, {}, until=time.monotonic() + _WITHIN)
        except (NotSent, NoAnswer) as error:
            raise Trouble(f"a provider's document cannot be fetched: {error}") from error
        finally:
            line.close()
        if answer.status != HTTPStatus.OK or not answer.body:
            raise Trouble(f"a provider's document cannot be fetched: status {answer.status}")
        return answer.body

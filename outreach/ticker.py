"""When is something due? The clock process looks, and wakes whoever deals with it.

Any number of tickers may run: a hint given twice costs an empty look.
"""

import logging
import os
import signal
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread

from outreach import hints, logs, tracing, work
from outreach.access import guesses
from outreach.app import Outreach, build
from outreach.audit import anchors
from outreach.audit import store as audit
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.dispatch import due, entrusted
from outreach.dispatch.means import Look
from outreach.experiments import guards
from outreach.hints import Hints
from outreach.inbound import at_hand, erasure, mailbox, returned
from outreach.inbound.mailbox import Mailbox
from outreach.notices import mornings, robots
from outreach.notices.herald import Herald
from outreach.people import legal_holds
from outreach.replay import job
from outreach.reports import kept, sums, watch
from outreach.retention import store as retention
from outreach.retention import sweep
from outreach.retention.sweep import Asked
from outreach.settings import Settings

log = logging.getLogger(__name__)

_WATCH_EVERY = 60.0  # seconds
_MAIL_EVERY = 60.0
_ANCHOR_EVERY = 3600.0
_WARN_EVERY, _MISSED = timedelta(hours=1), timedelta(days=3)
_GUARD_EVERY = 600.0
_FORGET_EVERY = 60.0
_REVIEWS_EVERY = 2.0
_ASK_EVERY = 30.0
_MORNINGS_EVERY = 60.0
_COUNTS_EVERY = 30.0
_AT_FIRST = 4  # looks in a row that wake for what they find due
_GLANCES = 10  # looks a tick for what has come due to be sent, and for nothing else


def main() -> None:
    """Tick until told to stop."""
    settings = Settings.read(os.environ)
    logs.begin(settings.log)
    tracing.begin(settings.traces, service="ticker")
    app = build(settings)
    ticker = Ticker(app, Hints(hints.open_broker(settings.redis_url)))
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if settings.returns_mailbox:
        where = mailbox.read(settings.returns_mailbox)
        Thread(target=_empty, args=(where, app, stop), name="returns", daemon=True).start()
    Thread(target=_guard, args=(ticker, stop), name="guards", daemon=True).start()
    Thread(target=_review, args=(app, stop), name="reviews", daemon=True).start()
    Thread(target=_ask, args=(ticker, stop), name="at hand", daemon=True).start()
    Thread(target=_greet, args=(ticker, stop), name="mornings", daemon=True).start()
    Thread(target=_count, args=(app, stop), name="counts", daemon=True).start()
    Thread(target=_glance, args=(ticker, stop, settings), name="glances", daemon=True).start()
    while not stop.wait(settings.tick.total_seconds()):
        work.carried_out(ticker.tick, "the tick")
        work.carried_out(ticker.watch, "the watch")
        work.carried_out(ticker.sweep, "the sweep")
        work.carried_out(ticker.forget, "erasures that waited")
        work.carried_out(ticker.anchor, "anchoring the record of changes")
        work.carried_out(ticker.warn, "the look for slow refunds")
        work.carried_out(ticker.fold, "folding the sums")
    app.close()


def _empty(where: Mailbox, app: Outreach, stop: Event) -> None:
    """Once a minute, beside the ticks: a mail server that hangs must not keep anything waiting."""
    act = partial(returned.understood, app.means, app.returns)
    look = partial(mailbox.empty, where, act, largest=returned.LARGEST)
    while not stop.wait(_MAIL_EVERY):
        work.carried_out(look, "reading the mailbox for returns")


def _guard(ticker: "Ticker", stop: Event) -> None:
    """Beside the ticks: what counts many contacts must not keep anything waiting."""
    while not stop.wait(_GUARD_EVERY):
        work.carried_out(ticker.guard, "watching the guardrails")


def _review(app: Outreach, stop: Event) -> None:
    """Beside the ticks: days that pass again take seconds, or minutes."""
    while not stop.wait(_REVIEWS_EVERY):
        work.carried_out(partial(job.look, app), "making a review")


def _ask(ticker: "Ticker", stop: Event) -> None:
    """Beside the ticks: providers that are asked how messages fared may be slow."""
    while not stop.wait(_ASK_EVERY):
        work.carried_out(ticker.ask, "asking after messages at hand")


def _count(app: Outreach, stop: Event) -> None:
    """Beside the ticks: reports are kept because they take long to count."""
    while not stop.wait(_COUNTS_EVERY):
        work.carried_out(partial(kept.renew, app.means), "counting reports again")


def _greet(ticker: "Ticker", stop: Event) -> None:
    """Beside the ticks: letters to our own people keep nobody's contact waiting."""
    while not stop.wait(_MORNINGS_EVERY):
        work.carried_out(ticker.greet, "telling staff of the morning")


def _glance(ticker: "Ticker", stop: Event, settings: Settings) -> None:
    """Beside the ticks: what is due at nine is not to wait for sums to be folded."""
    while not stop.wait(settings.tick.total_seconds() / _GLANCES):
        work.carried_out(ticker.glance, "the glance")


class Ticker:
    """Hands out what is due; what stays due is hinted at every other tick."""

    def __init__(self, app: Outreach, sender: Hints) -> None:
        self._app, self._hints = app, sender
        self._patience = 2 * app.settings.tick.total_seconds()
        self._watched = -_WATCH_EVERY
        self._anchored = -_ANCHOR_EVERY
        settings = app.settings
        self._herald = Herald(robots.read(settings.notices), settings.notices_language)
        self._swept: date | None = None
        self._forgot = -_FORGET_EVERY
        self._warned: dict[BrandRef, datetime] = {}
        self._hinted: dict[Look | BrandRef, float] = {}
        self._seen: dict[Look, int] = {}  # looks in a row that found it due

    def tick(self) -> None:
        """Look once across all brands."""
        with self._app.means.database.watch() as tx:
            wanted = due.wanted(tx, now=self._app.means.clock())
        for brand in wanted.expired:
            work.carried_out(partial(self._take_back, brand), f"taking back for {brand.key}")
        for brand in wanted.pending:
            if self._is_time(brand):
                self._hints.enrol(brand)
        self._wake(wanted.looks)

    def glance(self) -> None:
        """Look only whether something has come due to be sent: one statement, many times a tick."""
        with self._app.means.database.watch() as tx:
            looks = due.looks(tx, now=self._app.means.clock())
        self._wake(looks)

    def _wake(self, looks: Sequence[Look]) -> None:
        """What has just come due is told a few times over: one process may take all at a time.

        Ticks and glances come here from threads of their own, each with what it found itself.
        """
        self._seen = seen = {look: self._seen.get(look, 0) + 1 for look in looks}
        for look in looks:
            if self._is_time(look) or seen[look] <= _AT_FIRST:
                for _ in range(self._app.settings.worker_processes):  # each begins at once
                    self._hints.look(look)

    def watch(self) -> None:
        """Log every alarm, once a minute as long as it stands, and tell staff of what is new."""
        means = self._app.means
        if time.monotonic() - self._watched < _WATCH_EVERY:
            return
        self._watched = time.monotonic()
        now, limits = means.clock(), watch.limits_of(self._app.settings)
        raised = watch.alarms(means.database, limits, now=now)
        for one in raised:
            log.warning("alarm %s for %s: %s", one.alarm, one.brand, one.sentence("en"))
        self._herald.hear(raised, now=now)

    def sweep(self) -> None:
        """Let go of what is too old to be kept: from midnight UTC on, a set of each brand's.

        So it is with guesses at passwords, which are of no brand.
        """
        database, settings = self._app.means.database, self._app.settings
        asked = Asked(self._app.means.clock(), settings.retention)
        if asked.day == self._swept:
            return
        with database.watch() as tx:
            left = retention.due(tx, day=asked.day)
        for brand in left:
            work.carried_out(partial(self._let_go, brand, asked), f"letting go for {brand.key}")
        with database.access() as tx:
            forgotten = guesses.forget(tx, now=self._app.means.clock())
        if not left and not forgotten:
            self._swept = asked.day

    def warn(self) -> None:
        """Look once an hour for refunds that have become slow; at first, for those of three days.

        Any number of tickers may look: a warning that is open is given once.
        """
        now = self._app.means.clock()
        for brand in brands.directory(self._app.means.database).values():
            after = self._warned.get(brand, now - _MISSED)
            if now - after >= _WARN_EVERY:
                look = partial(self._warn, brand, after, now)
                work.carried_out(look, f"looking for slow refunds of {brand.key}")

    def _warn(self, brand: BrandRef, after: datetime, now: datetime) -> None:
        work.warn(self._app, brand, after=after, now=now)
        self._warned[brand] = now

    def fold(self) -> None:
        """Fold what was added to each brand's sums since the last look."""
        with self._app.means.database.watch() as tx:
            waiting = sums.waiting(tx)
        for brand in waiting:
            work.carried_out(partial(self._fold, brand), f"folding the sums of {brand.key}")

    def _fold(self, brand: BrandRef) -> None:
        with self._app.means.database.begin(brand) as tx:
            sums.fold(tx)

    def guard(self) -> None:
        """Pause campaigns to which more people object than may."""
        for brand in brands.directory(self._app.means.database).values():
            work.carried_out(partial(self._guard, brand), f"the guardrails of {brand.key}")

    def _guard(self, brand: BrandRef) -> None:
        means = self._app.means
        stopped = guards.watch(means.database, means.book, brand, now=means.clock())
        for one in stopped:
            log.warning("%s: %s", brand.key, one.sentence)

    def ask(self) -> None:
        """Ask providers what became of messages that a person there was to send."""
        means = self._app.means
        with means.database.watch() as tx:
            waiting = entrusted.wanted(tx)
        for brand in waiting:
            look = partial(at_hand.look, means, brand)
            work.carried_out(look, f"asking after messages at hand of {brand.key}")

    def greet(self) -> None:
        """Tell staff how each brand does, where it is the hour of its letter and nobody has."""
        settings, means = self._app.settings, self._app.means
        chats, url = robots.read(settings.notices), settings.public_url.rstrip("/")
        for brand in brands.directory(means.database).values():
            tell = partial(mornings.tell, means, brand, chats, url=f"{url}/?brand={brand.key}")
            work.carried_out(tell, f"the morning's letter of {brand.key}")

    def anchor(self) -> None:
        """Note each hour, outside the database, where each brand's record of changes ends."""
        path, database = self._app.settings.audit_anchors, self._app.means.database
        if not path or time.monotonic() - self._anchored < _ANCHOR_EVERY:
            return
        # Where it cannot be noted, a minute later again.
        self._anchored = time.monotonic() - _ANCHOR_EVERY + _WATCH_EVERY
        heads = []
        for brand in brands.directory(database).values():
            with database.begin(brand) as tx:
                heads.append(audit.head(tx, brand))
        anchors.note(Path(path), [one for one in heads if one], now=self._app.means.clock())
        self._anchored = time.monotonic()

    def _let_go(self, brand: BrandRef, asked: Asked) -> None:
        with self._app.means.database.begin(brand) as tx:
            gone, _ = sweep.step(tx, brand, asked)
        if told := ", ".join(f"{kind} {many}" for kind, many in gone.items() if many):
            log.info("%s: let go of what was too old on %s: %s", brand.key, asked.day, told)

    def forget(self) -> None:
        """Forget, once a minute, those whose erasure waited for a legal hold that is over."""
        if time.monotonic() - self._forgot < _FORGET_EVERY:
            return
        self._forgot, means = time.monotonic(), self._app.means
        with means.database.watch() as tx:
            waiting = legal_holds.waiting(tx)
        for brand in brands.directory(means.database).values() if waiting else ():
            if brand.id in waiting:
                forget = partial(erasure.catch_up, means, brand)
                work.carried_out(forget, f"erasures of {brand.key} that waited")

    def _take_back(self, brand: BrandRef) -> None:
        freed, uncertain = work.reap(self._app, brand)
        log.warning("%s: %d claims freed, %d uncertain", brand.key, freed, uncertain)

    def _is_time(self, wanted: Look | BrandRef) -> bool:
        now = time.monotonic()
        if now - self._hinted.get(wanted, -self._patience) < self._patience:
            return False
        self._hinted[wanted] = now
        return True

"""How do the demo's days pass? Real processes, and a clock that steps to the next due instant.

Whenever nothing is due, pending or in a worker's hand, the clock steps on. What comes of it does
not depend on how fast the machine is. Leases live on the database's own, real clock.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Event

from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.demo import document, setting_up, table, world
from outreach.demo.moments import START, Moment
from outreach.demo.processes import until
from outreach.demo.stage import Options, Stage, say, stage
from outreach.demo.story import Story, Tally
from outreach.demo.timeline import timeline
from outreach.demo.world import Inhabitant
from outreach.dispatch import due
from outreach.embedded import desk

_PATIENCE = 60  # seconds that one instant's work may take


def run(options: Options) -> int:
    """Run the demo; the exit code is 0 when every sum closes and the receivers bear it out."""
    people = world.inhabitants()
    with lived(options, people) as (on, result):
        _show(on.app, result, people, options)
        if options.keep:
            _keep(on)
    return 0 if result.closes else 1


@contextmanager
def lived(
    options: Options, people: Sequence[Inhabitant]
) -> Iterator[tuple[Stage, document.Result]]:
    """The stage after the days have passed, and what came of them."""
    began = time.monotonic()
    with stage(options) as on:
        say("making two brands, their campaigns and 300 people known")
        shops = setting_up.set_up(on.app, on.environment["OUTREACH_PUBLIC_URL"], people)
        story = Story(on.app, shops, on.home / "smtp.jsonl", on.home / "sms.jsonl", Tally())
        _drive(on, story, timeline(people), options)
        say("the days are over; drawing up the account")
        elapsed = time.monotonic() - began
        yield on, document.result(on.app, on.home, story.tally, elapsed=elapsed)


def _show(
    app: Outreach, result: document.Result, people: Sequence[Inhabitant], options: Options
) -> None:
    if options.as_json:
        sys.stdout.write(json.dumps(result.document, ensure_ascii=False) + "\n")
    else:
        table.show(app, result, people)


def _drive(on: Stage, story: Story, moments: list[Moment], options: Options) -> None:
    """Step from instant to instant until the days are over."""
    half = START + (options.until - START) / 2
    coming = iter([*moments, None])
    moment = next(coming)
    wiped = not options.wipe
    while True:
        next_due = _quiet(on)
        told = [instant for instant in (next_due, moment and moment.at) if instant]
        now = min((instant for instant in told if instant < options.until), default=None)
        if now is None:
            return
        if not wiped and now >= half:
            say("killing Valkey and wiping its data")
            desk.wipe_redis(on.servers)
            wiped = True
        _step(on.clock, now)
        while moment and moment.at <= now:
            if moment.calls:
                _quiet(on)  # workers look at open calls at this instant too: they come first
            story.tell(moment)
            moment = next(coming)


def _step(clock: SteppedClock, now: datetime) -> None:
    if now > clock():
        if now.date() != clock().date():
            say(f"{now:%A %d %B %Y}")
        clock.step_to(now)


def _quiet(on: Stage) -> datetime | None:
    """Wait until nothing is under way; answers when the next touch is due."""
    found: list[due.Pulse] = []

    def is_quiet() -> bool:
        with on.app.means.database.watch() as tx:
            found.append(due.pulse(tx, now=on.app.means.clock()))
        return found[-1].quiet

    until(is_quiet, on.watched, seconds=_PATIENCE)
    return found[-1].next_due_at


def _keep(on: Stage) -> None:
    """Leave everything running until Ctrl-C."""
    say(f"everything keeps running: {on.environment['OUTREACH_PUBLIC_URL']} (Ctrl-C ends it)")
    for login, password in setting_up.staff(on.app).items():
        say(f"  log in as {login}, password {password}")
    try:
        Event().wait()
    except KeyboardInterrupt:
        say("stopping")

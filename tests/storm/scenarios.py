"""Which storms are there, and how large?

Numbers are those of the table of faults in docs/storm.md; `scale` shrinks or enlarges them.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Event

from sqlalchemy.exc import OperationalError

from tests.storm import crowd, faults, reading
from tests.storm import stage as stages
from tests.storm.deeds import Deeds, some_of
from tests.storm.judge import Judgement, Story, judge
from tests.storm.stage import CALL, LEASE, Plan, Stage, stage

_GRACE = 8.0  # seconds: a provider that was busy is asked again five minutes of the storm later
_PATIENCE = 90.0
# A doubt is looked into once a lease is over, and where half of all answers go wrong, so does every
# second round: thirty are enough for each of twenty touches in all but one of many million storms.
_SETTLES = 30 * (LEASE.total_seconds() + 2)

# About one in twenty calls goes wrong in one of the ways in which calls go wrong.
GATEWAY = (
    "0.5%=http:429:60", "0.5%=http:429:+120", "1%=http:503", "1.5%=http:drop", "0.5%=http:silence",
    "0.4%=http:500", "0.3%=http:broken", "0.2%=http:reset", "0.1%=http:slow",
)  # fmt: skip
# Each of them alone, of every second answer.
ALONE = {
    "busy": "429:1", "away": "503", "error": "500", "drop": "drop", "reset": "reset",
    "silence": "silence", "broken": "broken",
}  # fmt: skip
RELAY = ("1%=rcpt:451", "1%=dot:452", "1%=dot:drop", "0.3%=dot:silence", "0.3%=body:drop")


@dataclass(frozen=True, slots=True)
class Size:
    """By how much a storm is shrunk or enlarged, and whether its files are kept."""

    scale: float = 1.0
    keep: bool = False

    def some(self, number: float) -> int:
        return max(1, round(number * self.scale))


@dataclass(frozen=True, slots=True)
class Result:
    """What a storm came to."""

    judgement: Judgement
    faults: Mapping[str, int]
    elapsed: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """A storm by its name, with a sentence about it, and whether every change is held to it."""

    name: str
    about: str
    run: Callable[[Size], Result]
    nightly: bool = False


def f1(size: Size) -> Result:
    """Everything at once, with a gateway that knows keys and can be asked."""
    plan = Plan(people=size.some(9680), trouble={"sms": GATEWAY}, keys=True)
    return _everything_at_once(plan, size)


def f1_bare(size: Size) -> Result:
    """The same, half by mail, with providers that know no keys and cannot be asked."""
    plan = Plan(
        people=size.some(9680),
        by_mail=0.5,
        keys=False,
        trouble={"sms": GATEWAY, "email": RELAY},
    )
    return _everything_at_once(plan, size)


def _everything_at_once(plan: Plan, size: Size) -> Result:
    began = time.monotonic()
    with stage(plan, keep=size.keep) as on:
        stages.open_doors(on)
        stages.workers_start(on)
        deeds = Deeds(on)
        deeds.report()
        work = _work(on)
        deeds.opt_out(some_of(on.people, len(on.people) // 50), work=work)
        faults.blow(
            on,
            faults.spread({
                "workers killed": (size.some(40), faults.kill_a_worker),
                "Redis wiped": (size.some(5), faults.wipe_redis),
                "database stopped": (size.some(3), faults.stop_database),
                "provider killed": (size.some(6), faults.kill_a_provider),
            }),
            work=work,
        )  # fmt: skip
        return _judged(on, deeds, began=began)


def f4(size: Size) -> Result:
    """Redis wiped, stopped, frozen and full, while a shop goes on reporting."""
    began = time.monotonic()
    with stage(Plan(people=size.some(2000), workers=2), keep=size.keep) as on:
        stages.open_doors(on)
        stages.workers_start(on)
        deeds = Deeds(on)
        deeds.report(pause=0.6)
        kinds = {
            "Redis wiped": (3, faults.wipe_redis),
            "Redis stopped": (2, faults.stop_redis),
            "Redis frozen": (1, faults.freeze_redis),
            "Redis full": (1, faults.fill_redis),
        }
        faults.blow(on, faults.spread(kinds), work=_work(on))
        return _judged(on, deeds, began=began)


def f6(size: Size) -> Result:
    """Workers stopped until their leases have run out, who then go on as if nothing had been."""
    began = time.monotonic()
    rounds, workers = 4, 6
    plan = Plan(people=size.some(3000), workers=workers, threads=2, trouble={"sms": GATEWAY})
    with stage(plan, keep=size.keep) as on:
        stages.open_doors(on)
        stages.workers_start(on)
        deeds = Deeds(on)
        deeds.report(pause=0.4)
        deeds.opt_out(some_of(on.people, len(on.people) // 20), work=_work(on))
        for turn in range(rounds):
            paused = [(turn + n) % workers for n in range(workers - 1)]
            asleep = [faults.beside(lambda n=n: faults.outlast_the_lease(on, n)) for n in paused]
            for one in asleep:
                one.finish()
                on.count("workers stopped past their lease")
        return _judged(on, deeds, began=began)


def f12(size: Size) -> Result:
    """A large batch in flight, opt-outs at any moment, and processes that pause."""
    began = time.monotonic()
    with stage(Plan(people=size.some(19360), workers=3), keep=size.keep) as on:
        facts = crowd.facts(on.people, at=on.hand.now())
        crowd.plan(on.app, on.brands, facts)
        stages.open_doors(on)
        stages.workers_start(on)
        deeds = Deeds(on, told={str(fact["id"]) for _, fact in facts})
        work = _work(on)
        opting_out = some_of(on.people, size.some(1250))
        deeds.opt_out(opting_out, work=work - len(opting_out), at_once=4)
        kinds = {"workers paused": (size.some(75), faults.pause_a_worker)}
        faults.blow(on, faults.spread(kinds), work=work)
        return _judged(on, deeds, began=began)


def f10(size: Size) -> Result:
    """A deployment under load: one process after the other ends when asked, and starts again."""
    plan = Plan(people=size.some(4000), trouble={"sms": GATEWAY})
    return _contacted(plan, size, {"processes rolled": (size.some(10), faults.roll)})


def f3(size: Size) -> Result:
    """A gateway that dies with what it was about to answer, again and again."""
    plan = Plan(people=size.some(2000), workers=2, trouble={"sms": GATEWAY})
    return _contacted(plan, size, {"provider killed": (size.some(20), faults.kill_a_provider)})


def f7(size: Size) -> Result:
    """The clock of all processes is set forward and back while they work."""
    plan = Plan(people=size.some(2000), workers=2)
    return _contacted(plan, size, {"clock set": (4, faults.set_clock)})


def alone(trouble: str) -> Callable[[Size], Result]:
    """Half of all answers of the gateway are wrong in this one way."""
    plan = Plan(people=0, workers=2, trouble={"sms": (f"50%=http:{trouble}",)})
    return lambda size: _contacted(
        replace(plan, people=size.some(40)), size, {}, slowed=size.some(20) * CALL.total_seconds()
    )


def _contacted(
    plan: Plan, size: Size, kinds: dict[str, tuple[int, faults.Fault]], *, slowed: float = 0.0
) -> Result:
    """A shop reports as fast as it is answered, and this befalls.

    `slowed` are seconds that the provider's own way of failing costs, call after call.
    """
    began = time.monotonic()
    with stage(plan, keep=size.keep) as on:
        stages.open_doors(on)
        stages.workers_start(on)
        deeds = Deeds(on)
        deeds.report(pause=0.2)
        faults.blow(on, faults.spread(kinds), work=_work(on))
        return _judged(on, deeds, began=began, slowed=slowed)


def _work(on: Stage) -> int:
    """How many messages may be expected at all: first ones, to where the hours may begin."""
    return sum(somebody.country != "NZ" or somebody.channel == "email" for somebody in on.people)


def _judged(on: Stage, deeds: Deeds, *, began: float, slowed: float = 0.0) -> Result:
    """Let it come to rest, stop everything, hold the providers' logs against the ledger."""
    deeds.finish()
    since = time.monotonic()
    rested = _rested(on, until=since + _PATIENCE)
    if on.plan.keys:
        _rested(on, until=rested + _SETTLES, settles=True)
    on.fleet.end()
    story = Story(
        people={somebody.ref: somebody for somebody in on.people},
        told=frozenset(deeds.told),
        lines=reading.lines(on),
        rows=reading.rows(on.superuser),
        opt_outs=deeds.opt_outs,
        at=on.hand.at,
        keys=on.plan.keys,
        recovered=rested - since <= 2 * LEASE.total_seconds() + _GRACE + slowed,
        lasts=stages.CALL.total_seconds() + 1,
        broken=reading.broken(on),
    )
    return Result(judge(story), on.faults, time.monotonic() - began)


def _rested(on: Stage, *, until: float, settles: bool = False) -> float:
    """Wait until nothing is due and nothing in anybody's hand; answers when that was so."""
    pause = Event()
    while time.monotonic() < until:
        on.fleet.check()
        try:
            if not reading.under_way(on.superuser, now=on.hand.now(), settles=settles):
                return time.monotonic()
        except OperationalError:  # it is still recovering
            pass
        pause.wait(0.1)
    return time.monotonic()


SCENARIOS = (
    Scenario("F1", "workers, Redis, database and gateway killed; the gateway knows keys", f1),
    Scenario("F1-bare", "the same with a relay and a gateway that know no keys", f1_bare),
    Scenario("F4", "Redis wiped, stopped, frozen, full", f4),
    Scenario("F6", "workers stopped past their lease, then let go on", f6),
    Scenario("F12", "opt-outs into a batch in flight, with pauses", f12),
    Scenario("F3", "the gateway killed and started again on its log", f3, nightly=True),
    Scenario("F7", "the clock set forward and back", f7, nightly=True),
    Scenario("F10", "rolling restarts under load", f10, nightly=True),
    *(
        Scenario(f"F2-{name}", f"half of all answers: {name}", alone(rule), nightly=True)
        for name, rule in ALONE.items()
    ),
)

"""What is left when a worker is killed, at each point of sending? Never a second message.

Real worker processes, killed with SIGKILL. They are held at the point by what holds them in earnest
too: a lock in the database, or a gateway that does not answer. Afterwards a new worker takes over.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from optout.model import Channel
from outreach import work
from outreach.app import Outreach
from outreach.channels.opening import open_way
from outreach.db.engine import BrandRef
from outreach.dispatch.begun import FEW
from outreach.embedded.desk import Servers
from outreach.hints import Hints, open_broker
from outreach.reports.reconcile import reconcile
from tests import builders as b
from tests.crash.gateway import Gateway, a_gateway
from tests.processes import a_worker, environment, kill
from tests.waiting import wait_until

PEOPLE = 5


@dataclass
class Scene:
    """An installation with five texts due, a gateway, and somebody who may hold locks."""

    app: Outreach
    brand: BrandRef
    gateway: Gateway
    superuser: Engine
    locks: ExitStack

    def lock(self, statement: str) -> None:
        """Hold what this statement locks until the worker is dead."""
        connection = self.locks.enter_context(self.superuser.connect())
        connection.execute(text(statement))

    def states(self) -> Counter[str]:
        return Counter(state for _, state, _ in b.fates(self.app, self.brand))

    def ask(self, question: str) -> int:
        with self.superuser.connect() as connection:
            return int(connection.execute(text(question)).scalar_one())

    def somebody_waits(self) -> bool:
        return bool(
            self.ask("""
                select count(*) from pg_stat_activity
                where wait_event_type = 'Lock' and datname = current_database()
            """)
        )


@pytest.fixture
def scene(app: Outreach, servers: Servers) -> Iterator[Scene]:
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, steps=[b.a_step(channels=["sms"])])
    people = [
        b.a_person(
            app, brand, zone="Europe/Lisbon", country="PT", subdivision="", phone=f"+35121000{n:04}"
        )
        for n in range(PEOPLE)
    ]
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=p.ref) for p in people))
    name = app.means.database.engine.url.database
    superuser = create_engine(servers.superuser_url.replace("/postgres?", f"/{name}?"))
    with a_gateway() as gateway, ExitStack() as locks:
        yield Scene(app, brand, gateway, superuser, locks)
    superuser.dispose()


# Each way of holding a worker, and how to tell that it is held there.


def in_the_claim(scene: Scene) -> Callable[[], bool]:
    """It has claimed and not committed: gathering waits for the consent of its persons."""
    scene.lock("lock table optout.entries in access exclusive mode")
    return scene.somebody_waits


def before_the_mark(scene: Scene) -> Callable[[], bool]:
    """The claims are committed, and the mark waits for the campaigns."""
    scene.lock("select id from outreach.campaigns for update")
    return lambda: scene.somebody_waits() and scene.states() == {"claimed": PEOPLE}


def within_the_mark(scene: Scene) -> Callable[[], bool]:
    """Attempts are about to be written, and are not committed."""
    scene.lock("lock table outreach.attempts in exclusive mode")
    return lambda: scene.somebody_waits() and scene.states() == {"claimed": PEOPLE}


def in_the_call(scene: Scene) -> Callable[[], bool]:
    """The gateway has heard and never takes it."""
    scene.gateway.before_taking = scene.gateway.blocked
    return scene.gateway.asked.is_set


def before_the_answer(scene: Scene) -> Callable[[], bool]:
    """The gateway has taken it, and the worker never hears so."""
    scene.gateway.before_answering = scene.gateway.blocked
    return lambda: bool(scene.gateway.accepted)


def before_recording(scene: Scene) -> Callable[[], bool]:
    """All that had begun are taken and answered, and the worker cannot write it down."""

    def hold() -> None:
        if len(scene.gateway.accepted) == 1:
            scene.lock("select touch_id from outreach.attempts for update")

    scene.gateway.before_answering = hold
    return lambda: len(scene.gateway.accepted) == FEW and scene.somebody_waits()


def after_recording(scene: Scene) -> Callable[[], bool]:
    """Everything is written down."""
    return lambda: scene.states() == {"sent": PEOPLE}


@pytest.mark.parametrize(
    ("hold", "left", "taken", "fates"),
    [
        pytest.param(in_the_claim, {"planned": 5}, 0, {"sent": 5}, marks=pytest.mark.long),
        pytest.param(before_the_mark, {"claimed": 5}, 0, {"sent": 5}, marks=pytest.mark.long),
        pytest.param(within_the_mark, {"claimed": 5}, 0, {"sent": 5}, marks=pytest.mark.long),
        pytest.param(
            in_the_call, {"calling": 5}, 0, {"uncertain": FEW, "sent": 1}, marks=pytest.mark.long
        ),
        pytest.param(
            before_the_answer,
            {"calling": 5},
            1,
            {"uncertain": FEW, "sent": 1},
            marks=pytest.mark.long,
        ),
        pytest.param(
            before_recording,
            {"calling": 5},
            FEW,
            {"uncertain": FEW, "sent": 1},
            marks=pytest.mark.long,
        ),
        pytest.param(after_recording, {"sent": 5}, 5, {"sent": 5}, marks=pytest.mark.long),
    ],
    ids=["claim", "mark", "attempt", "call", "answer", "record", "recorded"],
)
def test_a_worker_killed_at_this_point_leaves_nothing_twice_and_nothing_lost(
    scene: Scene,
    servers: Servers,
    tmp_path: Path,
    hold: Callable[[Scene], Callable[[], bool]],
    left: dict[str, int],
    taken: int,
    fates: dict[str, int],
) -> None:
    """What the rows say after the kill, and what they say when another worker has taken over."""
    held = hold(scene)
    variables = environment(
        servers, scene.app, sms=scene.gateway.url, redis_url=f"unix://{tmp_path}/gone.sock"
    )
    with a_worker(variables) as worker:
        wait_until(held)
        kill(worker)
    let_go(scene)
    assert scene.states() == left
    assert len(scene.gateway.accepted) == taken
    another_takes_over(scene)
    assert scene.states() == fates
    assert max(Counter(scene.gateway.accepted).values()) == 1 if scene.gateway.accepted else True
    assert len(scene.gateway.accepted) == (
        taken + fates["sent"] if "uncertain" in fates else PEOPLE
    )
    with scene.app.means.database.begin(scene.brand) as tx:
        ledger = reconcile(tx)
        assert ledger.closes
        assert every_end_has_a_reason(tx)


@pytest.mark.long
@pytest.mark.parametrize("hold", [before_the_answer, before_recording], ids=["answer", "record"])
def test_a_worker_that_is_asked_to_end_first_writes_down_what_was_taken(
    scene: Scene, servers: Servers, tmp_path: Path, hold: Callable[[Scene], Callable[[], bool]]
) -> None:
    """SIGTERM comes between acceptance and record: the handful is brought to its end first."""
    held = hold(scene)
    variables = environment(
        servers, scene.app, sms=scene.gateway.url, redis_url=f"unix://{tmp_path}/gone.sock"
    )
    with a_worker(variables) as worker:
        wait_until(held)
        worker.terminate()
        scene.gateway.before_answering = lambda: None
        scene.gateway.released.set()
        scene.locks.close()
        assert worker.wait(30) == 0
    assert scene.states() == {"sent": PEOPLE}
    assert set(Counter(scene.gateway.accepted).values()) == {1}


def let_go(scene: Scene) -> None:
    """The server notices that the worker is gone; then nothing is held any more."""
    scene.gateway.released.set()
    scene.locks.close()
    gone = """
        select count(*) from pg_stat_activity where datname = current_database()
        and usename = 'outreach_app' and state = 'active' and wait_event_type = 'Lock'
    """
    wait_until(lambda: scene.ask(gone) == 0)
    idle_in_transaction = """
        select count(*) from pg_stat_activity where datname = current_database()
        and usename = 'outreach_app' and state <> 'idle'
    """
    wait_until(lambda: scene.ask(idle_in_transaction) == 0)


def another_takes_over(scene: Scene) -> None:
    """The dead worker's leases run out, and another one looks, as often as there is something."""
    with scene.superuser.begin() as connection:
        connection.execute(
            text("""
                update outreach.touches set lease_until = now() - interval '1 s'
                where lease_until is not null
            """)
        )
    scene.gateway.before_taking, scene.gateway.before_answering = lambda: True, lambda: None
    ways = {
        **scene.app.means.ways,
        Channel.SMS: open_way(scene.gateway.url, clock=scene.app.means.clock),
    }
    another = replace(scene.app, means=replace(scene.app.means, ways=ways))
    for _ in range(3):
        work.look_everywhere(another, Hints(open_broker("unix:///nowhere.sock")))
    ways[Channel.SMS].close()


def every_end_has_a_reason(tx: Connection) -> bool:
    silent = text("""
        select count(*) from outreach.touches
        where reason is null and state not in ('sent', 'delivered')
    """)
    return bool(tx.execute(silent).scalar_one() == 0)

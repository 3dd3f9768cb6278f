"""Is a replay of what happened what happened, and is nothing changed by it?"""

import os
from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from outreach import app as application
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.db.tables import metadata
from outreach.enrolments import enrol
from outreach.people import rehashing
from outreach.replay import history
from outreach.replay.asked import Heard, Question, answer
from outreach.replay.ground import Ground
from outreach.replay.history import Held
from outreach.replay.model import Row
from outreach.replay.moments import Days
from outreach.replay.run import live_through, stand
from outreach.replay.totals import Totals
from outreach.settings import Secret, Settings
from tests import builders
from tests.replay import days as lives

EVENTS = int(os.environ.get("EVENTS", "30"))
_SUM = "select coalesce(sum(hashtextextended(cast(to_jsonb(t) as text), 0)), 0) from {} t"


def _written(app: Outreach) -> dict[str, int]:
    """By table, a sum of its rows that other rows would not have."""
    with app.means.database.engine.begin() as tx:
        tx.execute(text("select set_config('outreach.brand', '1', true)"))
        return {name: tx.execute(text(_SUM.format(name))).scalar_one() for name in metadata.tables}


@pytest.mark.long
def test_a_replay_of_a_week_says_what_was_said_then(
    app: Outreach, clock: SteppedClock, ground: Ground
) -> None:
    """Every verdict, every instant, from the log alone; and not a row of the installation moves."""
    brand = builders.a_brand(app)
    days = lives.lived(app, clock, brand)
    before = _written(app)

    held = _held(app, brand, ground, days)

    assert held.compared > 30
    _is_alike(held)
    assert _written(app) == before


@pytest.mark.long
def test_a_replay_of_a_month_says_what_was_said_then(
    app: Outreach, clock: SteppedClock, ground: Ground
) -> None:
    """While clocks, opinions and a campaign change, over Qingming and Easter."""
    brand, people = builders.a_brand(app), max(20, int(EVENTS / lives.TOLD_OF_EACH) + 1)
    days = lives.lived(app, clock, brand, people=people, looks=lives.MONTH)

    held = _held(app, brand, ground, days)

    with app.means.database.begin(brand) as tx:
        assert tx.execute(text("select count(*) from outreach.events")).scalar_one() >= EVENTS
    assert held.compared > people
    _is_alike(held)


def _held(app: Outreach, brand: BrandRef, ground: Ground, days: Days) -> Held:
    """What really was, beside what the replay of these days says."""
    with stand(app, brand, ground) as on:
        live_through(on, days, every=lives.EVERY)
        with on.filler.begin() as tx:
            return history.against(tx, days)


def _is_alike(held: Held) -> None:
    assert held.differences == ()
    assert held.same_instant == held.sent_in_both > 5
    assert held.same_facts == held.verdicts > 30


@pytest.mark.long
def test_all_that_comes_in_at_an_instant_takes_effect_before_anything_is_sent(
    app: Outreach, clock: SteppedClock, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few events are taken to their end at once."""
    monkeypatch.setattr(enrol, "BATCH", 1)
    brand = builders.a_brand(app)
    days = lives.lived(app, clock, brand, people=20)
    assert _held(app, brand, ground, days).differences == ()


@pytest.mark.long
def test_a_replay_says_the_same_after_a_secret_was_replaced(
    app: Outreach, clock: SteppedClock, ground: Ground, settings: Settings
) -> None:
    """Who refused under the former secret ends their passages again, known by either hash."""
    brand = builders.a_brand(app)
    days = lives.lived(app, clock, brand, people=6)
    told = {"secret_key": Secret("n" * 32), "former_secret_keys": settings.secret_key}
    with closing(application.build(replace(settings, **told))) as after:  # type: ignore[arg-type]  # both are secrets
        begin = partial(after.means.database.begin, brand)
        assert sum(rehashing.rehash(begin, after.means.hasher)) >= 6
        held = _held(after, brand, ground, days)
    assert held.compared > 8
    assert held.differences == ()


@pytest.mark.long
def test_what_is_asked_twice_is_answered_alike(
    app: Outreach, clock: SteppedClock, ground: Ground
) -> None:
    """The same days in the same rows, to the letter."""
    brand = builders.a_brand(app)
    days = lives.lived(app, clock, brand, people=8)
    asked = Question("usage-tutorial", days=days, every=lives.EVERY)

    def told() -> tuple[list[Row], Totals]:
        rows: list[Row] = []
        said = answer(app, brand, ground, asked, Heard(row=rows.append))
        return rows, said.totals

    first, again = told(), told()

    assert first == again
    assert first[1].rows == len(first[0]) > 8
    assert {row.pack for row in first[0] if row.outcome == "send"} == {app.means.packs.version}


def test_the_installation_is_read_by_a_transaction_that_cannot_write(app: Outreach) -> None:
    """It is PostgreSQL that says no."""
    brand = builders.a_brand(app)
    refused = pytest.raises(InternalError, match="read-only transaction")
    with refused, app.means.database.reading(brand) as tx:
        tx.execute(text("update outreach.brands set name = 'other'"))

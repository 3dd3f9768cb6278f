"""Would a brand that was brought in elsewhere have had the same said of the same days?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from outreach import app as application
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.embedded import desk
from outreach.replay.asked import Heard, Question, answer
from outreach.replay.ground import Ground
from outreach.replay.model import Row
from outreach.replay.moments import Days
from outreach.settings import Settings
from outreach.takeout import arriving, leaving
from tests import builders as b
from tests.clones import cloned
from tests.replay import days as lives

CAMPAIGN = "usage-tutorial"
PEOPLE, LOOKS = 6, 8


@contextmanager
def a_ground(migrated: desk.Servers) -> Iterator[Ground]:
    """An empty database in which days may pass again."""
    with cloned(migrated) as clone:
        yield Ground(clone.superuser_url, clone.url)


def replayed(app: Outreach, brand: BrandRef, migrated: desk.Servers, days: Days) -> list[Row]:
    """What a replay of these days says, row by row."""
    rows: list[Row] = []
    with a_ground(migrated) as ground:
        answer(app, brand, ground, Question(CAMPAIGN, days=days), Heard(row=rows.append))
    return rows


def of_each(rows: list[Row]) -> dict[object, tuple[object, ...]]:
    """By contact its verdict, its instant, its reason, and what the gate looked at."""
    return {
        (row.id, row.person, row.step): (row.outcome, row.at, row.reason, row.facts, row.text)
        for row in rows
    }


@pytest.mark.long
def test_a_replay_of_the_same_days_says_the_same_of_each_contact(
    app: Outreach, clock: SteppedClock, settings: Settings, migrated: desk.Servers, tmp_path: Path
) -> None:
    """Days with refusals, holds, an answer and somebody forgotten, here and where it came in."""
    b.a_brand(app, "other")
    brand = b.a_brand(app)
    days = lives.lived(app, clock, brand, people=PEOPLE, looks=LOOKS)
    now, database = clock(), app.means.database
    leaving.write(database, app.link_keys, brand, tmp_path / "all", now=now)
    with cloned(migrated) as clone:
        there = application.build(replace(settings, database_url=clone.url))
        came = arriving.bring_in(
            there.means, there.link_keys, tmp_path / "all", by="host:ops", now=now
        ).brand
        elsewhere = of_each(replayed(there, came, migrated, days))
        there.close()

    here = of_each(replayed(app, brand, migrated, days))

    assert elsewhere == here
    assert {verdict for verdict, *_ in here.values()} >= {"send", "hold"}
    assert {reason for _, _, reason, *_ in here.values()} > {None}

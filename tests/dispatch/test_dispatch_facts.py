"""Is everything gathered at once, and does a fingerprint of it mean the same tomorrow?"""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event, text

from optout.model import Channel
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.dispatch import claims
from outreach.dispatch.facts import gather
from outreach.dispatch.model import Facts
from tests import builders as b

_BRANDS = count(1)


def gathered(app: Outreach, brand: BrandRef) -> tuple[list[Facts], int]:
    """The facts of all touches of a brand, and how many statements they took."""
    with app.means.database.begin(brand) as tx:
        touches = list(
            claims.get(
                tx, list(tx.execute(text("select id from outreach.touches")).scalars())
            ).values()
        )
        known, asked = brands.get(tx), []
        listen = lambda *_: asked.append(1)  # noqa: E731  # to be taken off again
        event.listen(tx, "before_cursor_execute", listen)
        facts = gather(tx, app.means, known, touches, now=b.NOON).facts
        event.remove(tx, "before_cursor_execute", listen)
    return list(facts.values()), len(asked)


def with_people(app: Outreach, number: int) -> BrandRef:
    brand = b.a_brand(app, f"facts-{next(_BRANDS)}")
    b.a_live_campaign(app, brand)
    people = [b.a_person(app, brand) for _ in range(number)]
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=p.ref) for p in people))
    return brand


def test_a_hundred_touches_take_as_many_statements_as_one(shared_app: Outreach) -> None:
    """Everything goes in sets."""
    one, many = with_people(shared_app, 1), with_people(shared_app, 100)
    facts, statements = gathered(shared_app, one)
    others, statements_for_many = gathered(shared_app, many)
    assert (len(facts), len(others)) == (1, 100)
    assert statements == statements_for_many <= 9


def test_facts_say_what_is_known(shared_app: Outreach) -> None:
    """Place, consent, hours, limits and rank of a person in New York."""
    ((facts,), _) = gathered(shared_app, with_people(shared_app, 1))
    assert facts.place.zones == ("America/New_York",)
    assert facts.decision is not None
    assert facts.decision.allowed
    assert facts.admission.allowed
    assert {limit.name for limit in facts.limits} == {"3 in 1 day, 0:00:00"}
    assert facts.touch.channel is Channel.EMAIL


PRINTED = """
from datetime import timedelta
from tests.dispatch import builders as d
from outreach.brands.pace import DEFAULT_CAPS
from outreach.dispatch.digests import Digests
from outreach.dispatch.limits import _of_cap
limits = tuple(limit for cap in DEFAULT_CAPS for limit in _of_cap(cap))
print(Digests().of(d.facts(limits=limits, attempts=(d.attempted(3),), rivals=(d.a_rival(),))).hex())
"""


@pytest.mark.long
def test_the_fingerprint_of_facts_is_the_same_in_every_process() -> None:
    """Or replay could not be held against history: Python hashes texts differently each time."""
    hashes = {
        subprocess.run(
            [sys.executable, "-c", PRINTED], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": seed}, cwd=Path(__file__).parents[2],
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(hashes) == 1


@pytest.mark.parametrize("promised", [None, "2026-03-04T10:00"])
def test_a_call_whose_event_promised_a_time_has_no_days_left_out(
    shared_app: Outreach, promised: str | None
) -> None:
    """Its step leaves out all days but one, which today is not."""
    brand = b.a_brand(shared_app, f"facts-{next(_BRANDS)}")
    days = [f"{day:%A}".lower() for day in (b.NOON + timedelta(days=n) for n in range(6))]
    steps = [
        b.a_step(kind="callback", channels=["voice"], template="delivery-check-call", not_on=days)
    ]
    b.a_live_campaign(shared_app, brand, steps=steps)
    person = b.a_person(shared_app, brand)
    data = {"promised": promised} if promised else {}
    b.accepted(shared_app, brand, b.an_event(shared_app, brand, person, **data))
    ((known,), _) = gathered(shared_app, brand)
    assert known.touch.channel is Channel.VOICE
    with shared_app.means.database.begin(brand) as tx:
        due = replace(known.touch, state="claimed", due_at=b.NOON)
        found = gather(tx, shared_app.means, brands.get(tx), [due], now=b.NOON)
    assert (found.facts[due.id].day_off_until is None) is (promised is not None)

"""How much of a backlog is in doubt after a promotion, when it is older than what is missing?"""

from datetime import timedelta

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.dispatch import lineage, send
from outreach.dispatch.means import Look
from tests import builders as b

WINDOW = timedelta(minutes=10)
_OLDER = text("""
    update outreach.touches t set due_at = t.due_at - interval '1 hour' * p.place
    from (select id, row_number() over (order by id) as place from outreach.touches) p
    where p.id = t.id and t.state = 'planned'
""")
_ELSEWHERE = text("update outreach.brands set lineage = 'elsewhere'")
_DOUBTED = text("select count(*) from outreach.touches where state = 'uncertain'")
_OLDEST = text("""
    select bool_and(state = 'uncertain') from (
        select state from outreach.touches where state in ('planned', 'uncertain')
        order by due_at limit :many) first
""")


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, "lumen")


def due(app: Outreach, brand: BrandRef, people: int, prefix: str) -> None:
    known = [b.a_person(app, brand, ref=f"{prefix}-{n}") for n in range(people)]
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=f"P-{p.ref}") for p in known))


@pytest.mark.parametrize(("least", "doubted"), [(10_000, 7), (5, 5), (1, 4)])
def test_its_head_is_in_doubt_as_far_as_calls_can_have_come(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch, least: int, doubted: int
) -> None:
    """Two were sent in a stretch, so four may have been since; some more where days are slow."""
    monkeypatch.setattr(lineage, "_LEAST", least)
    b.a_live_campaign(app, brand)
    due(app, brand, 2, "sent")
    assert send.dispatch(app.means, Look(brand, Channel.EMAIL)) == 2
    due(app, brand, 7, "waits")
    with app.means.database.begin(brand) as tx:
        tx.execute(_OLDER)
        tx.execute(_ELSEWHERE)
        assert lineage.take_stock(tx, brands.get(tx), now=b.NOON, window=WINDOW) == doubted
        assert tx.execute(_DOUBTED).scalar_one() == doubted
        assert tx.execute(_OLDEST, {"many": doubted}).scalar_one()


def test_a_copy_that_lacks_nothing_leaves_it_alone(app: Outreach, brand: BrandRef) -> None:
    """As a replay does, which passes its days on a copy of its own."""
    b.a_live_campaign(app, brand)
    due(app, brand, 1, "waits")
    with app.means.database.begin(brand) as tx:
        tx.execute(_OLDER)
        tx.execute(_ELSEWHERE)
        assert lineage.take_stock(tx, brands.get(tx), now=b.NOON, window=timedelta()) == 0

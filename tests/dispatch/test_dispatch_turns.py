"""Is a person taken whole, and does no brand wait behind another one's million?"""

import time
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from optout.model import Channel, Purpose
from outreach import work
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch import claims, due, send
from outreach.dispatch.means import Look
from outreach.hints import Hints, open_broker
from outreach.people.model import Person
from tests import builders as b

LEASE = timedelta(seconds=60)
# As many due touches again for a person of each number, copied from one that was planned.
MANY = text("""
    with someone as (select * from outreach.persons limit 1), people as (
        insert into outreach.persons (brand_id, id, ref, zone, country)
        select brand_id, new.id, 'many-' || new.id, zone, country
        from someone, (select gen_random_uuid() as id from generate_series(1, :many)) as new
        returning brand_id, id
    ), addressed as (
        insert into outreach.addresses (brand_id, person_id, kind, value, hash)
        select brand_id, id, 'email', id || '@customers.example', sha256(id::text::bytea)
        from people
    )
    insert into outreach.touches
        (brand_id, id, enrolment_id, campaign_id, person_id, step, channel, purpose, priority,
         planned_for, due_at, useless_after)
    select t.brand_id, gen_random_uuid(), t.enrolment_id, t.campaign_id, p.id, t.step, t.channel,
           t.purpose, t.priority, t.planned_for, t.due_at - interval '1 hour', t.useless_after
    from people p, (select * from outreach.touches limit 1) as t
""")
SENT = text("select count(*) from outreach.touches where state = 'sent'")


def a_parcel(app: Outreach, brand: BrandRef, ref: str = "") -> Person:
    person = b.a_person(app, brand, ref)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=f"P-{person.ref}"))
    return person


def claim(tx: Connection, channel: Channel = Channel.EMAIL, limit: int = 10) -> list[str]:
    found = claims.claim_due(tx, channel=channel, now=b.NOON, limit=limit, lease=LEASE)
    return sorted(touch.channel for touch in found)


def test_who_is_taken_is_taken_with_all_that_is_due_and_by_one_worker(app: Outreach) -> None:
    """On every channel; the worker of the other channel passes that person over meanwhile."""
    brand = b.a_brand(app)
    steps = [b.a_step(), b.a_step("text", channels=["sms"])]
    b.a_live_campaign(app, brand, purpose="transactional", steps=steps)
    a_parcel(app, brand)
    with app.means.database.begin(brand) as tx:
        assert claim(tx) == ["email", "sms"]
        with app.means.database.begin(brand) as other:
            assert claim(other, Channel.SMS) == []


def test_what_may_go_on_another_channel_goes_there(app: Outreach) -> None:
    """It is judged with the rest of its person, and let go at once."""
    brand = b.a_brand(app)
    steps = [b.a_step(), b.a_step("text", channels=["sms"])]
    b.a_live_campaign(app, brand, purpose="transactional", steps=steps)
    a_parcel(app, brand)
    b.everything_due(app)
    assert sorted(b.fates(app, brand)) == [("email", "sent", None), ("sms", "sent", None)]


def test_a_claim_among_many_visits_few(app: Outreach) -> None:
    """With twenty thousand due, as many rows are read as are taken, and a little more."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    a_parcel(app, brand)
    with app.means.database.begin(brand) as tx:
        tx.execute(MANY, {"many": 20_000})
    values = {"channel": "email", "now": b.NOON, "limit": 100, "lease": LEASE}
    explain = text(f"explain (analyze, buffers, format json) {claims._CLAIM.text}")
    with app.means.database.begin(brand) as tx:
        (plan,) = tx.execute(explain, values).scalar_one()
    assert rows_read(plan["Plan"]) < 2_000


def rows_read(node: dict[str, object]) -> float:
    """Rows that the scans of a plan gave back or threw away."""
    below = node.get("Plans", [])
    assert isinstance(below, list)
    own = 0.0
    if "Scan" in str(node["Node Type"]) and "Relation Name" in node:
        loops = float(str(node["Actual Loops"]))
        thrown = float(str(node.get("Rows Removed by Filter", 0)))
        own = loops * (float(str(node["Actual Rows"])) + thrown)
    return own + sum(rows_read(one) for one in below)


def test_ten_of_one_brand_do_not_wait_behind_another_ones_thousands(app: Outreach) -> None:
    """Hints of the large brand alone are served; the small one's ten are out within a round.

    A round is a batch of each brand, whatever lies behind it: so what holds for three thousand
    holds for a million.
    """
    large, small = b.a_brand(app, "large"), b.a_brand(app, "small")
    for brand in (large, small):
        b.a_live_campaign(app, brand)
        a_parcel(app, brand)
    with app.means.database.begin(large) as tx:
        tx.execute(MANY, {"many": 3_000})
    with app.means.database.begin(small) as tx:
        tx.execute(MANY, {"many": 9})
    begun = time.monotonic()
    assert work.a_round(app, Look(large, Channel.EMAIL))
    assert time.monotonic() - begun < 5
    assert sent(app, small) == 10
    assert sent(app, large) < 3_000


def test_a_weight_is_a_number_of_batches_a_round(
    app: Outreach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A brand of weight three has three batches where another has one."""
    monkeypatch.setattr(send, "TIMES", 1)
    heavy, light = b.a_brand(app, "heavy", weight=3), b.a_brand(app, "light")
    for brand in (heavy, light):
        b.a_live_campaign(app, brand)
        a_parcel(app, brand)
        with app.means.database.begin(brand) as tx:
            tx.execute(MANY, {"many": 500})
    work.a_round(app, Look(light, Channel.EMAIL))
    assert (sent(app, heavy), sent(app, light)) == (300, 100)


def test_where_nothing_is_due_nothing_is_done(app: Outreach) -> None:
    """An empty look costs two statements."""
    brand = b.a_brand(app)
    work.send_due(app, Hints(open_broker("unix:///nowhere.sock")), Look(brand, Channel.EMAIL))
    with app.means.database.watch() as tx:
        assert due.looks(tx, now=b.NOON) == ()


def sent(app: Outreach, brand: BrandRef) -> int:
    with app.means.database.begin(brand) as tx:
        return int(tx.execute(SENT).scalar_one())


def test_news_of_an_order_passes_a_campaign_that_was_due_before(app: Outreach) -> None:
    """It is claimed with the oldest of the campaign, and comes first among them."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    a_parcel(app, brand)
    with app.means.database.begin(brand) as tx:
        tx.execute(MANY, {"many": 30})
        tx.execute(
            text("""
            update outreach.touches set purpose = 'transactional', due_at = due_at + interval '1 s'
            where due_at = (select max(due_at) from outreach.touches)
        """)
        )
        found = claims.claim_due(
            tx, channel=Channel.EMAIL, now=b.NOON + timedelta(hours=1), limit=10, lease=LEASE
        )
    assert [touch.purpose for touch in found] == [Purpose.TRANSACTIONAL] + 10 * [Purpose.SERVICE]

"""Is it said which provider's contacts arrive?"""

from datetime import timedelta

from sqlalchemy import text

from outreach.app import Outreach
from outreach.channels.protocol import Accepted, Refused, Uncertain
from outreach.dispatch import claims, settle
from outreach.reports import providers
from outreach.reports.providers import Provider
from tests import builders as b


def test_contacts_are_counted_by_the_provider_that_took_them_over(app: Outreach) -> None:
    """Of two in turn either may have; what left by a way without a name is told as such."""
    brand, other = b.a_brand(app), b.a_brand(app, "other")
    b.a_live_campaign(app, brand)
    for ref in ("ada", "bo", "cy"):
        person = b.a_person(app, brand, ref)
        b.accepted(app, brand, b.an_event(app, brand, person, parcel=ref, order=ref))
    b.everything_due(app)
    with app.means.database.begin(brand) as tx:
        ids = tx.execute(text("select id from outreach.touches order by id")).scalars().all()
        touches = claims.get(tx, ids[:2])
        named = [
            (touches[id_], Accepted(by=by))
            for id_, by in zip(ids, ("twilio", "telnyx"), strict=False)
        ]
        settle.settle(tx, named, now=b.NOON)
        failed = "update outreach.touches set state = 'failed' where id = :id"
        tx.execute(text(failed), {"id": ids[1]})
        span = {"since": b.NOON, "until": b.NOON + timedelta(hours=1)}
        found = {one.provider: one for one in providers.of(tx, **span)}
    with app.means.database.reading(other) as tx:
        assert providers.of(tx, **span) == []
    assert found["twilio"] == Provider("email", "twilio", 1, 0, 0, 0)
    assert found["telnyx"].row()["failure_rate"] == 1.0
    assert found["telnyx"].row()["refusal_rate"] == 0.0
    assert found[""].sent == 1


def test_what_a_provider_refused_or_left_in_doubt_is_counted_as_its_own(app: Outreach) -> None:
    """Attempt by attempt, though nothing left."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    for ref in ("ada", "bo"):
        person = b.a_person(app, brand, ref)
        b.accepted(app, brand, b.an_event(app, brand, person, parcel=ref, order=ref))
    b.everything_due(app)
    with app.means.database.begin(brand) as tx:
        ids = tx.execute(text("select id from outreach.touches order by id")).scalars().all()
        touches = claims.get(tx, ids)
        said = (Refused("busy", "later", permanent=False, by="twilio"), Uncertain("", by="twilio"))
        settle.settle(tx, list(zip(touches.values(), said, strict=True)), now=b.NOON)
        found = providers.of(tx, since=b.NOON, until=b.NOON + timedelta(hours=1))
    assert found == [Provider("email", "twilio", 0, 0, 0, 0, refused=1, in_doubt=1)]
    assert found[0].row()["refusal_rate"] == 0.5

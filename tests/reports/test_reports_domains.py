"""Is it said where mails come back and annoy?"""

from datetime import timedelta

from sqlalchemy import text

from outreach.app import Outreach
from outreach.reports import domains
from tests import builders as b


def test_mails_are_counted_by_the_domain_to_which_they_went(app: Outreach) -> None:
    """One of two at a domain complains, the mail to another comes back; a brand sees its own."""
    brand, other = b.a_brand(app), b.a_brand(app, "other")
    b.a_live_campaign(app, brand)
    for ref, at in (("ada", "one.example"), ("bo", "one.example"), ("cy", "two.example")):
        person = b.a_person(app, brand, ref, email=f"{ref}@{at}")
        b.accepted(app, brand, b.an_event(app, brand, person, parcel=ref, order=ref))
    b.everything_due(app)
    with app.means.database.begin(brand) as tx:
        tx.execute(
            text("""
            insert into outreach.receipts (brand_id, touch_id, kind, at)
            select t.brand_id, t.id, 'complained', now() from outreach.touches t
            join outreach.persons p on p.id = t.person_id where p.ref = 'ada'
        """)
        )
        tx.execute(
            text("""
            update outreach.touches t set state = 'failed' from outreach.persons p
            where p.id = t.person_id and p.ref = 'cy'
        """)
        )
        span = {"since": b.NOON, "until": b.NOON + timedelta(hours=1)}
        one, two = domains.of(tx, **span)
    with app.means.database.reading(other) as tx:
        assert domains.of(tx, **span) == []
    assert (one.domain, one.sent, one.complained, one.annoyed) == ("one.example", 2, 1, True)
    assert (two.domain, two.sent, two.failed, two.annoyed) == ("two.example", 1, 1, False)
    assert two.row()["failure_rate"] == 1.0

"""Is it told of how much of what happened lately a campaign would have begun with?"""

from datetime import timedelta

import pytest

from outreach.app import Outreach
from outreach.campaigns.conditions import Clause
from outreach.campaigns.triggers import EventTrigger
from outreach.enrolments import matched
from outreach.enrolments.matched import SPAN, Matched
from tests import builders as b

OF_ADA = Clause("person.country", "is", "US")


def test_what_happened_lately_is_held_against_the_condition(
    shared_app: Outreach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of this type, within the span, by the people as they are now; bounded, and it says so."""
    brand = b.a_brand(shared_app, "matched")
    people = [
        b.a_person(shared_app, brand, country=code, subdivision=None) for code in ("US", "PT")
    ]
    here = [b.an_event(shared_app, brand, one, parcel=f"P-{n}") for n, one in enumerate(people)]
    other = b.an_event(shared_app, brand, people[0], "order.paid")
    b.accepted(shared_app, brand, *here, other)
    every, some = EventTrigger("parcel.delivered"), EventTrigger("parcel.delivered", OF_ADA)
    with shared_app.means.database.begin(brand) as tx:
        assert matched.matched(tx, every, now=b.NOON) == Matched(2, 2, 14, whole=True)
        assert matched.matched(tx, some, now=b.NOON) == Matched(2, 1, 14, whole=True)
        later = b.NOON + SPAN + timedelta(hours=2)
        assert matched.matched(tx, every, now=later) == Matched(0, 0, 14, whole=True)
        monkeypatch.setattr(matched, "LOOKED_AT", 1)
        assert matched.matched(tx, every, now=b.NOON) == Matched(1, 1, 14, whole=False)

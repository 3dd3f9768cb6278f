"""Does what a brand asks of itself reach the gate, the ledger and the explanation?"""

from outreach import ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.dispatch import claims
from outreach.dispatch.facts import gather
from outreach.reports import explain
from tests import builders as b

MORNINGS = {
    "id": "mornings", "channels": ["email"], "classes": ["service"],
    "windows": {"mon-sun": ["09:00-12:00"]}, "holidays_allowed": True,
    "reason": "the desk answers in the morning",
}  # fmt: skip


def test_a_brands_hours_are_gathered_judged_and_explained(shared_app: Outreach) -> None:
    """Mail of service has no hours by any law; this brand writes from nine to noon."""
    brand = b.a_brand(shared_app, "mornings", house=[MORNINGS])
    b.a_live_campaign(shared_app, brand)
    person = b.a_person(shared_app, brand)
    b.accepted(shared_app, brand, b.an_event(shared_app, brand, person))
    with shared_app.means.database.begin(brand) as tx:
        known = brands.get(tx)
        (told,) = explain.person(tx, shared_app.means, known, person.id, language="en").touches
        touches = list(claims.get(tx, [ids.read(ids.TOUCH, told.touch)]).values())
        (facts,) = gather(tx, shared_app.means, known, touches, now=b.NOON).facts.values()
    assert facts.pack.startswith(f"{shared_app.means.packs.version}+")
    assert [rule.id for rule in facts.admission.rules] == ["BRAND:mornings"]
    assert not facts.admission.allowed  # noon in UTC is eight in New York
    (citation,) = told.citations
    assert citation.source == "the brand's own hours: the desk answers in the morning"

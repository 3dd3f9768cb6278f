"""Is all handed out that is kept of a person, and is nothing left when they are forgotten?"""

import json
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.db.tables import metadata
from outreach.errors import NotFound
from outreach.inbound import consent
from outreach.inbound.erasure import erase
from outreach.people.model import Person, person_id
from outreach.people.stores import STORES
from outreach.reports import personal
from tests import builders as b

_BRANDS = count(1)
CANARY = "canary"


@pytest.fixture
def brand(shared_app: Outreach, monkeypatch: pytest.MonkeyPatch) -> BrandRef:
    monkeypatch.setattr(consent, "PATIENCE", timedelta(milliseconds=50))
    brand = b.a_brand(shared_app, f"personal-{next(_BRANDS)}")
    b.a_live_campaign(shared_app, brand)
    return brand


@pytest.fixture
def person(shared_app: Outreach, brand: BrandRef) -> Person:
    """Somebody who was written to, with a call owed, a case and words of others in every row."""
    person = b.a_person(shared_app, brand, "c-1", name="Canary", email="canary@customers.example")
    b.accepted(shared_app, brand, b.an_event(shared_app, brand, person, product=CANARY))
    b.everything_due(shared_app)
    with shared_app.means.database.begin(brand) as tx:
        found = {"brand": brand.id, "person": person.id, "now": b.NOON, "id": uuid4()}
        found["touch"] = tx.execute(text("select id from outreach.touches")).scalar_one()
        for statement in _WORDS:
            tx.execute(text(statement), found)
    return person


_WORDS = (
    "update outreach.attempts set detail = '550 no canary here'",
    """insert into outreach.receipts (brand_id, touch_id, kind, at, detail)
       values (:brand, :touch, 'bounced', :now, 'canary@customers.example is full')""",
    """insert into outreach.settlements (brand_id, touch_id, at, how, said, detail)
       values (:brand, :touch, :now, 'person', 'sent', 'canary wrote back')""",
    """insert into outreach.tasks (brand_id, id, touch_id, campaign_id, person_id, number, script,
         note, opened_at, due_at, useless_after)
       select :brand, :id, id, campaign_id, person_id, '+12125550100', 'Hello Canary', 'canary',
         :now, :now, :now from outreach.touches""",
    """insert into outreach.calls (brand_id, task_id, number, queue, agent, dialled_at, note, said)
       values (:brand, :id, 1, 'calls', 'kim', :now, 'canary', '{"why": "canary"}')""",
    """insert into outreach.scores (brand_id, scorecard, task_id, number, lead, at, points, share,
         note) values (:brand, 'card', :id, 1, 'lee', :now, '{}', 1, 'canary was told')""",
    """insert into outreach.case_notes (brand_id, person_id, case_key, at, "by", topic, note)
       values (:brand, :person, 'K-1', :now, 'kim', 'late', 'canary is angry')""",
    """insert into outreach.inbox (brand_id, id, source_id, state, received_at, look_at, headers,
         query, body, people)
       values (:brand, :id, :id, 'done', :now, :now, '{"x-webhook-secret": "hush"}',
         '{"signature": "hush"}', 'from canary', array[:person])""",
)


def everything(app: Outreach, brand: BrandRef) -> str:
    """All rows of all tables that this brand may see, as text."""
    names = [*(f"outreach.{table.name}" for table in metadata.tables.values()), "optout.entries"]
    with app.means.database.begin(brand) as tx:
        rows = [
            row
            for name in names
            for row in tx.execute(text(f"select to_jsonb(t)::text from {name} t")).scalars()
        ]
    hidden = b"canary".hex()  # how JSON writes bytes
    return "\n".join(rows).lower().replace(hidden, CANARY)


def test_everything_is_handed_out_from_every_store(
    shared_app: Outreach, brand: BrandRef, person: Person
) -> None:
    """Each place where the person's name stands is in it, and the answer is JSON and text."""
    kept = personal.of_person(shared_app.means, brand, person.id, now=b.NOON)
    told = {name for name, rows in kept.stores.items() if CANARY in str(rows).lower()}
    assert told == {
        "persons", "addresses", "events", "attempts", "receipts", "settlements", "tasks", "calls",
        "scores", "case_notes", "inbox",
    }  # fmt: skip
    assert kept.stores.keys() == STORES.keys() | {"consents", "lists"}
    assert "hush" not in json.dumps(kept.stores, default=str)
    page = personal.readable(kept, language="en")
    assert "  value: canary@customers.example" in page
    assert "联系方式 (2)" in personal.readable(kept, language="zh-CN")


def test_who_is_forgotten_is_found_in_no_table(
    shared_app: Outreach, brand: BrandRef, person: Person
) -> None:
    """Every table is looked through, and what remains of them is ids and numbers."""
    assert CANARY in everything(shared_app, brand)
    erase(shared_app.means, brand, person.id, evidence="ticket 7")
    assert CANARY not in everything(shared_app, brand)
    kept = personal.of_person(shared_app.means, brand, person.id, now=b.NOON)
    assert CANARY not in str(kept).lower()


def test_another_brands_person_is_nobody(shared_app: Outreach, person: Person) -> None:
    other = b.a_brand(shared_app, f"personal-{next(_BRANDS)}")
    with pytest.raises(NotFound):
        personal.of_person(shared_app.means, other, person.id, now=b.NOON)
    with pytest.raises(NotFound):
        personal.of_person(shared_app.means, other, person_id(other, "c-1"), now=b.NOON)

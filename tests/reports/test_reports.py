"""Do the sums close, does a lie show, and does every touch have a sentence?"""

from datetime import timedelta
from itertools import count
from typing import get_args

import pytest
from sqlalchemy import text

from optout.model import Action, Channel, How
from outreach.app import Outreach
from outreach.bilingual import Language
from outreach.brands import store as brands
from outreach.channels import protocol
from outreach.channels.protocol import Accepted, Answer, Outgoing, Refused, Uncertain
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from outreach.dispatch.model import Reason
from outreach.dispatch.send import dispatch
from outreach.errors import NotFound
from outreach.inbound.consent import Change, change_person
from outreach.people.model import person_id
from outreach.reports import explain, newest, reconcile, today
from outreach.reports.reasons import REASONS, said
from tests import builders as b

_BRANDS = count(1)
ANSWERS: dict[str, Answer] = {
    "sent": Accepted("1"),
    "failed": Refused("rejected", "550", permanent=True),
    "busy": Refused("busy", "429", permanent=False),
    "doubt": Uncertain("silence"),
}


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    """A brand to whose people everything happened that may happen to a mail."""
    brand = b.a_brand(app, f"reports-{next(_BRANDS)}")
    exits = [{"event": "order.refunded"}]
    b.a_live_campaign(app, brand, exits=exits, steps=[b.a_step(), b.a_step("later", after="2 d")])
    people = {ref: b.a_person(app, brand, ref) for ref in (*ANSWERS, "withdrawn", "refunded")}
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=r) for r, p in people.items()))
    withdraw = Change(Action.WITHDRAW, How.API, "test")
    change_person(app.means, brand, people["withdrawn"].id, withdraw)
    b.accepted(app, brand, b.an_event(app, brand, people["refunded"], "order.refunded"))
    dispatch(b.through(app, Channel.EMAIL, answered).means, Look(brand, Channel.EMAIL))
    b.a_live_campaign(app, brand, "left-alone", holdout=1.0)
    b.accepted(app, brand, b.an_event(app, brand, people["sent"], parcel="P-2"))
    return brand


def answered(one: Outgoing) -> Answer:
    return ANSWERS[one.to.partition("@")[0]]


def test_every_candidate_is_accounted_for(app: Outreach, brand: BrandRef) -> None:
    """Planned and declined on one side; on the other what became of each."""
    with app.means.database.begin(brand) as tx:
        ledger = reconcile.reconcile(tx)
    account = ledger.accounts["reminder"]
    assert account.candidates == 14
    assert (account.sent, account.uncertain) == (1, 1)
    assert account.skipped == {"withdrawn": 1}
    assert account.failed == {"rejected": 1}
    assert account.cancelled == {"exit:order.refunded": 2}
    assert account.open.held == {"provider_busy": 1}
    assert account.open.waiting == 7
    assert ledger.accounts["left-alone"].skipped == {"holdout": 1}
    assert ledger.closes


@pytest.mark.parametrize(
    "lie",
    [
        "update outreach.touches set state = 'sent' where state = 'skipped'",
        "update outreach.touches set state = 'planned' where state = 'sent'",
        "update outreach.attempts set outcome = 'refused' where outcome = 'accepted'",
        "update outreach.enrolments set planned = planned + 1 where reason is not null",
    ],
)
def test_a_lie_in_the_tables_shows(app: Outreach, brand: BrandRef, lie: str) -> None:
    """What was written at different times by different statements has to agree."""
    with app.means.database.begin(brand) as tx:
        assert tx.execute(text(lie)).rowcount
        assert not reconcile.reconcile(tx).closes


def test_an_account_may_be_asked_for_alone(app: Outreach, brand: BrandRef) -> None:
    """As machines read it."""
    with app.means.database.begin(brand) as tx:
        ledger = reconcile.reconcile(tx, "left-alone")
    assert set(ledger.accounts) == {"left-alone"}
    assert ledger.accounts["left-alone"].document()["skipped"] == {"holdout": 1}


@pytest.mark.parametrize("language", get_args(Language))
def test_every_touch_has_a_sentence_in_every_language(
    app: Outreach, brand: BrandRef, language: Language
) -> None:
    """Whatever its state and reason."""
    with app.means.database.begin(brand) as tx:
        keys = list(tx.execute(text("select id from outreach.touches")).scalars())
        found = explain.touches(tx, app.means, brands.get(tx), keys, language=language)
    assert len(found) == 14
    assert {one.state for one in found} >= {"sent", "planned", "uncertain", "failed", "cancelled"}
    assert all(one.sentence and one.zones and one.consent and one.pack for one in found)
    assert all(one.attempts for one in found if one.state in {"sent", "uncertain", "failed"})


def test_a_person_is_explained_with_what_did_not_begin(app: Outreach, brand: BrandRef) -> None:
    """Touches first, then the passages that were declined, with the reason in words."""
    someone = person_id(brand, "sent")
    with app.means.database.begin(brand) as tx:
        told = explain.person(tx, app.means, brands.get(tx), someone, language="en")
    assert sorted(one.state for one in told.touches) == ["planned", "planned", "planned", "sent"]
    assert [one["reason"] for one in told.declined] == ["holdout"]


def test_what_is_not_there_cannot_be_explained(app: Outreach, brand: BrandRef) -> None:
    """Nor is it somebody else's."""
    other = b.a_brand(app, f"reports-{next(_BRANDS)}")
    with app.means.database.begin(brand) as tx:
        touch = tx.execute(text("select id from outreach.touches limit 1")).scalar_one()
    with app.means.database.begin(other) as tx:
        known = brands.get(tx)
        with pytest.raises(NotFound):
            explain.touch(tx, app.means, known, touch, language="en")


def test_today_tells_what_went_out_and_what_is_held(app: Outreach, brand: BrandRef) -> None:
    """Since midnight at the brand's home, and for the day to come."""
    with app.means.database.begin(brand) as tx:
        day = today.today(tx, brands.get(tx), now=b.NOON)
        later = today.today(tx, brands.get(tx), now=b.NOON + timedelta(hours=25))
    assert [(row["campaign"], row["many"]) for row in day.sent] == [("reminder", 1)]
    assert [row["reason"] for row in day.held] == ["provider_busy"]
    assert (day.uncertain, day.coming) == (1, 1)
    assert (later.sent, later.coming) == ((), 7)


def test_the_newest_touches_may_be_picked_by_state_and_reason(
    app: Outreach, brand: BrandRef
) -> None:
    """For a list on a page."""
    with app.means.database.begin(brand) as tx:
        assert len(newest.touches(tx, state="planned")) == 8
        assert [row["ref"] for row in newest.touches(tx, reason="withdrawn")] == ["withdrawn"]
        assert newest.touches(tx, campaign="left-alone") == ()
        assert len(newest.touches(tx, limit=3)) == 3


def test_what_was_judged_last_stands_before_what_is_due_next(
    app: Outreach, brand: BrandRef
) -> None:
    with app.means.database.begin(brand) as tx:
        happened = newest.happened(tx)
        judged = tx.execute(text("select touch_id from outreach.verdicts order by id desc"))
        last = list(dict.fromkeys(judged.scalars()))
        assert [row["id"] for row in happened[: len(last)]] == last
        assert {row["state"] for row in happened[len(last) :]} == {"planned"}
        assert len(newest.happened(tx, limit=3)) == 3


def test_a_count_of_what_waits_ends_and_says_so(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "MOST", 1)
    with app.means.database.begin(brand) as tx:
        day = today.today(tx, brands.get(tx), now=b.NOON)
    assert [row["many"] for row in day.held] == [1]
    assert not day.whole


def test_a_page_counts_what_waits_to_its_end_and_an_account_counts_all(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "MOST", 1)
    waits = text("update outreach.events set waits_for = 'order O-1'")
    with app.means.database.begin(brand) as tx:
        several = tx.execute(waits).rowcount
        day = today.today(tx, brands.get(tx), now=b.NOON)
        account = reconcile.reconcile(tx)
    assert day.waiting == 1 < several == account.events_waiting


def test_every_reason_has_words() -> None:
    """Of the gate, of planning, and of every refusal that a way out may give."""
    refusals = {
        line.split("`")[1] for line in str(protocol.__doc__).splitlines() if line[:3] == "- `"
    }
    assert "rejected" in refusals
    missing = (set(Reason) | (refusals - {"busy"}) | {"template_error"}) - set(REASONS)
    assert missing == set()
    for phrase in (said("exit:order.refunded"), *REASONS.values()):
        assert phrase.phrase("en")
        assert phrase.phrase("zh-CN")

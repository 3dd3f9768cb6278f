"""Does what is too old go, does what is young or open stay, and does the account still close?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from optout.model import Channel
from outreach.app import Outreach
from outreach.brands.terms import Terms
from outreach.channels.protocol import Accepted, Answer, Outgoing, Refused, Uncertain
from outreach.clock import SteppedClock
from outreach.db import security
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from outreach.dispatch.send import dispatch
from outreach.embedded.desk import Servers
from outreach.enrolments import intake
from outreach.hints import Hints
from outreach.inbound import cases, receipts
from outreach.inbound.cases import Raised
from outreach.inbound.receipt_states import Kind
from outreach.inbound.receipts import Receipt
from outreach.people import legal_holds
from outreach.people.legal_holds import Grounds
from outreach.people.model import Person
from outreach.reports import reconcile
from outreach.retention import store, sweep
from outreach.retention.kinds import KINDS
from outreach.retention.store import Old
from outreach.retention.sweep import Asked
from outreach.ticker import Ticker
from tests import builders as b

LONG_AGO = datetime(2019, 5, 6, 15, tzinfo=UTC)
NOW = LONG_AGO + timedelta(days=1827 + 1)
ASKED = Asked(NOW, timedelta(days=1827))
_SENT = text("select id from outreach.touches where state = 'sent'")
_STANDS = text("select coalesce(reached ->> 'events', '') from outreach.sweeps")
_COUNTS = ("verdicts", "attempts", "receipts", "events", "enrolments", "touches")


def answered(one: Outgoing) -> Answer:
    """Somebody's mail is taken, somebody's refused for good, and of somebody's nobody knows."""
    ref = one.to.partition("@")[0]
    if ref == "refused":
        return Refused("rejected", "550", permanent=True)
    return Uncertain("silence") if ref == "doubt" else Accepted(f"m-{ref}")


@pytest.fixture
def clock(tmp_path: Path) -> SteppedClock:
    """It stands years ago."""
    stepped = SteppedClock(tmp_path / "clock")
    stepped.step_to(LONG_AGO)
    return stepped


@pytest.fixture
def brand(app: Outreach, clock: SteppedClock) -> BrandRef:
    """A brand that sent three mails long ago, and one receipt of them; it is five years later."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    people = [b.a_person(app, brand, ref) for ref in ("sent", "refused", "doubt")]
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=p.ref) for p in people))
    means = b.through(app, Channel.EMAIL, answered).means
    dispatch(means, Look(brand, Channel.EMAIL))
    with means.database.begin(brand) as tx:
        touch = tx.execute(_SENT).scalar_one()
    receipts.receive(means, brand, [Receipt(touch, Kind.DELIVERED, at=LONG_AGO)])
    clock.step_to(NOW)
    return brand


def rows(app: Outreach, brand: BrandRef) -> dict[str, int]:
    """How many rows of each kind the brand has."""
    with app.means.database.begin(brand) as tx:
        return {
            name: tx.execute(text(f"select count(*) from outreach.{name}")).scalar_one()
            for name in _COUNTS
        }


def test_detail_goes_and_every_name_stays(app: Outreach, brand: BrandRef) -> None:
    """The attempt of which nobody knows stays too: a late receipt may still settle it."""
    gone = sweep.sweep(app.means.database, brand, ASKED)
    assert {kind: many for kind, many in gone.items() if many} == {
        "verdicts": 3, "attempts": 2, "receipts": 1,
    }  # fmt: skip
    assert rows(app, brand) == {
        "verdicts": 0, "attempts": 1, "receipts": 0, "events": 3, "enrolments": 3, "touches": 3,
    }  # fmt: skip


def test_what_is_told_again_after_its_detail_went_is_not_sent_again(
    app: Outreach, brand: BrandRef
) -> None:
    """Its name is still known, whatever day the shop gives it now."""
    sweep.sweep(app.means.database, brand, ASKED)
    person = b.a_person(app, brand, "sent")
    b.accepted(app, brand, b.an_event(app, brand, person, at=NOW, parcel="sent"))
    b.everything_due(app)
    assert rows(app, brand)["touches"] == 3
    assert b.reached(app, Channel.EMAIL) == []


def test_the_account_closes_before_and_afterwards(app: Outreach, brand: BrandRef) -> None:
    """What ended before the day since when all is kept is not asked for its attempt."""
    with app.means.database.begin(brand) as tx:
        before = reconcile.reconcile(tx)
    sweep.sweep(app.means.database, brand, ASKED)
    with app.means.database.begin(brand) as tx:
        assert reconcile.reconcile(tx) == before
    assert before.closes


def test_a_missing_attempt_of_what_is_still_kept_shows(app: Outreach, brand: BrandRef) -> None:
    """Letting go of the old is no cloak for losing the young."""
    with app.means.database.begin(brand) as tx:
        befores = ASKED.befores(tx)
        store.kept_since(tx, before=befores["ledger"] - timedelta(days=30))
        store.let_go(tx, Old(befores, NOW, {}), limit=100)
        assert not reconcile.reconcile(tx).closes


def test_a_large_sweep_goes_a_set_at_a_time(app: Outreach, brand: BrandRef) -> None:
    """And is not done before the last."""
    with app.means.database.begin(brand) as tx:
        assert sweep.step(tx, brand, ASKED, limit=2)[1] is False
    assert due(app) == [brand]
    with app.means.database.begin(brand) as tx:
        assert sweep.step(tx, brand, ASKED, limit=2)[1] is True
    assert due(app) == []


def due(app: Outreach) -> list[BrandRef]:
    with app.means.database.watch() as tx:
        return store.due(tx, day=ASKED.day)


def test_a_set_goes_on_where_the_one_before_it_came_to_stand(
    app: Outreach, clock: SteppedClock
) -> None:
    """What was emptied is not read again: of each day what is left, and then the next day."""
    brand = b.a_brand(app, "short", terms=SHORT)
    person = b.a_person(app, brand, "c-1")
    for day, many in enumerate((2, 0, 1)):
        clock.step_to(LONG_AGO + timedelta(days=day))
        told = [
            b.an_event(app, brand, person, parcel=f"{day}-{n}", note="Ada") for n in range(many)
        ]
        b.accepted(app, brand, *told)
    clock.step_to(LONG_AGO + timedelta(days=60))
    asked, stood, gone = Asked(clock(), timedelta(days=1827)), list[str](), 0
    last = False
    while not last:
        with app.means.database.begin(brand) as tx:
            went, last = sweep.step(tx, brand, asked, limit=1)
            gone += went["events"]
            stood.append(tx.execute(_STANDS).scalar_one())
    assert gone == 3
    at = [datetime.fromisoformat(one) for one in stood]
    assert at[:2] == [LONG_AGO] * 2
    assert at[-1] == asked.now.replace(hour=0) - timedelta(days=30)
    assert at == sorted(at)


@pytest.mark.parametrize(
    "name", ["tasks", "calls", "handovers", "case_notes", "scores", "reply_scores", "replies"]
)
def test_a_tree_leads_to_what_is_yet_to_be_emptied(app: Outreach, name: str) -> None:
    """And what was emptied is not in it, so that no sweep reads it again."""
    kind, brand = KINDS[name], b.a_brand(app)
    asked = f"explain select from outreach.{name} a where {kind.old}"
    with app.means.database.begin(brand) as tx:
        tx.execute(text("set local enable_seqscan = off"))
        plan = "\n".join(tx.execute(text(asked), {"before": LONG_AGO}).scalars())
    assert f"{name}_telling" in plan, plan


def test_what_is_told_late_is_old_already(app: Outreach, clock: SteppedClock) -> None:
    """An answer of long ago that comes in after a sweep goes with the next one."""
    brand = b.a_brand(app, "short", terms=SHORT)
    person = b.a_person(app, brand, "c-1")
    clock.step_to(LONG_AGO + timedelta(days=60))
    assert told(app, brand) == {}
    late = b.an_event(app, brand, person, "survey.answered", LONG_AGO, survey="nps", comment="Ada")
    b.accepted(app, brand, late)
    clock.step_to(LONG_AGO + timedelta(days=61))
    assert told(app, brand) == {"comments": 1}


def test_an_event_that_waited_for_its_campaigns_goes_with_the_sweep_after_that(
    app: Outreach, clock: SteppedClock
) -> None:
    """Its day was swept while it still had to say whom it was about."""
    brand = b.a_brand(app, "short", terms=SHORT)
    person = b.a_person(app, brand, "c-1")
    with app.means.database.begin(brand) as tx:
        late = b.an_event(app, brand, person, note="Ada is not at home")
        intake.accept(tx, brand, [late], source="shop", refused=0, now=clock())
    clock.step_to(LONG_AGO + timedelta(days=60))
    assert told(app, brand) == {}
    b.accepted(app, brand)
    clock.step_to(LONG_AGO + timedelta(days=61))
    assert told(app, brand) == {"events": 1}


def test_counting_changes_nothing_and_foretells_it(app: Outreach, brand: BrandRef) -> None:
    """For whoever wants to know first."""
    with app.means.database.begin(brand) as tx:
        foretold = sweep.count(tx, ASKED)
    assert sweep.sweep(app.means.database, brand, ASKED) == {**foretold, "export_rows": 0}


def test_the_ticker_lets_go_once_a_day(
    app: Outreach, brand: BrandRef, clock: SteppedClock, caplog: pytest.LogCaptureFixture
) -> None:
    """It says what went; the next day there is nothing more."""
    ticker = Ticker(app, Hints.__new__(Hints))
    with caplog.at_level("INFO", logger="outreach.ticker"):
        for hours in (0, 1, 24):
            clock.step_to(NOW + timedelta(hours=hours))
            ticker.sweep()
    assert [record.getMessage() for record in caplog.records] == [
        "lumen: let go of what was too old on 2024-05-07: verdicts 3, attempts 2, receipts 1"
    ]


def test_what_is_young_cannot_be_deleted_whoever_asks(
    app: Outreach, brand: BrandRef, migrated: Servers
) -> None:
    """The database's own clock and policy say so, and not the sweep."""
    some = ("verdicts", "attempts", "receipts")
    name = app.means.database.engine.url.database
    superuser = create_engine(migrated.superuser_url.replace("/postgres?", f"/{name}?"))
    with superuser.begin() as tx:
        for table in some:
            tx.execute(text(f"update outreach.{table} set {security.LETS_GO[table]} = now()"))
    superuser.dispose()
    with app.means.database.begin(brand) as tx:
        gone = [tx.execute(text(f"delete from outreach.{table}")).rowcount for table in some]
    assert gone == [0, 0, 0]
    assert {rows(app, brand)[table] for table in some} == {1, 3}


SHORT = {"events": 30, "comments": 20, "cases": 10, "messages": 5, "handovers": 7}


def told(app: Outreach, brand: BrandRef) -> dict[str, int]:
    """How many of each kind a sweep of today lets go."""
    asked = Asked(app.means.clock(), timedelta(days=1827))
    gone = sweep.sweep(app.means.database, brand, asked)
    return {kind: many for kind, many in gone.items() if many}


def kept(app: Outreach, brand: BrandRef) -> list[tuple[str, bool]]:
    """Each event's type, and whether it still says anything about somebody in person."""
    with app.means.database.begin(brand) as tx:
        found = tx.execute(text("select type, data ? 'sealed:2' as told from outreach.events"))
        return sorted((row.type, row.told) for row in found)


@pytest.fixture
def short(app: Outreach, clock: SteppedClock) -> tuple[BrandRef, Person]:
    """A brand with short terms, an event about somebody, and the note of a case; all of one day."""
    brand = b.a_brand(app, "short", terms=SHORT)
    person = b.a_person(app, brand, "c-1")
    b.accepted(app, brand, b.an_event(app, brand, person, note="Ada is not at home"))
    cases.raise_case(app.means, brand, person.id, Raised("damage", "kim", "Ada is cross"))
    return brand, person


def test_each_kind_goes_on_its_own_day_and_the_report_says_so(
    app: Outreach, short: tuple[BrandRef, Person], clock: SteppedClock
) -> None:
    """What happened stays, without whom it was about; a second look finds nothing more."""
    brand, _ = short
    clock.step_to(LONG_AGO + timedelta(days=11))
    assert told(app, brand) == {"case_notes": 1}
    clock.step_to(LONG_AGO + timedelta(days=31))
    assert told(app, brand)["events"] >= 1
    assert not any(personal for _, personal in kept(app, brand))
    assert told(app, brand) == {}
    with app.means.database.begin(brand) as tx:
        newest, oldest = store.newest(tx)
    assert newest.day > oldest.day
    assert oldest.gone == {"case_notes": 1}
    assert newest.done_at is not None


def test_a_legal_hold_spares_its_person_until_it_ends(
    app: Outreach, short: tuple[BrandRef, Person], clock: SteppedClock
) -> None:
    """Others go on their day; what was spared goes with the next sweep after the end."""
    brand, person = short
    other = b.a_person(app, brand, "c-2")
    b.accepted(app, brand, b.an_event(app, brand, other, parcel="P-2", note="Bo is not at home"))
    ends = LONG_AGO + timedelta(days=40)
    with app.means.database.begin(brand) as tx:
        legal_holds.place(tx, brand, person.id, Grounds("claim 7", "counsel", ends), by="ann",
                          now=LONG_AGO)  # fmt: skip
    clock.step_to(LONG_AGO + timedelta(days=35))
    assert "case_notes" not in told(app, brand)
    assert sum(personal for _, personal in kept(app, brand)) >= 1
    clock.step_to(ends + timedelta(days=1))
    assert told(app, brand)["case_notes"] == 1
    assert not any(personal for _, personal in kept(app, brand))


def test_a_hold_that_stands_is_not_overtaken_by_a_set_under_way(
    app: Outreach, brand: BrandRef
) -> None:
    """That set knew nothing of it: whoever places it hears so once the set is over."""
    database, grounds = app.means.database, Grounds("claim 7", "counsel")
    with database.begin(brand) as sweeping:
        sweep.step(sweeping, brand, ASKED)
        with database.begin(brand) as tx:
            tx.execute(text("set local lock_timeout = 20"))
            with pytest.raises(OperationalError, match="lock timeout"), tx.begin_nested():
                legal_holds.place(tx, brand, None, grounds, by="ann", now=NOW)
    with database.begin(brand) as tx:
        legal_holds.place(tx, brand, None, grounds, by="ann", now=NOW)


def test_a_hold_on_the_brand_spares_everybody(
    app: Outreach, short: tuple[BrandRef, Person], clock: SteppedClock
) -> None:
    brand, _ = short
    with app.means.database.begin(brand) as tx:
        hold = legal_holds.place(
            tx, brand, None, Grounds("file 12", "a court"), by="ann", now=LONG_AGO
        )
    clock.step_to(LONG_AGO + timedelta(days=99))
    assert told(app, brand) == {}
    with app.means.database.begin(brand) as tx:
        assert [one.held for one in store.newest(tx)] == [1]
        legal_holds.lift(tx, hold, by="ann", now=clock())
    clock.step_to(LONG_AGO + timedelta(days=100))
    assert told(app, brand)["case_notes"] == 1


def test_a_ledger_is_kept_for_400_days_at_least() -> None:
    with pytest.raises(ValueError, match="400"):
        Terms(ledger=399)

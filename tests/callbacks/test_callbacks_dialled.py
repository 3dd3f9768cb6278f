"""Is the number that is dialled the one that was judged, and is what was said on it kept?"""

import pytest
from sqlalchemy import text

from optout.model import Action, Channel, How
from outreach.app import Outreach
from outreach.callbacks import desk, endings, judging, sweeping
from outreach.callbacks.endings import Closing
from outreach.callbacks.model import Task
from outreach.db.engine import BrandRef
from outreach.errors import Conflict
from outreach.reports.reconcile import reconcile
from tests import builders as b

_LISBON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": ""}
_OLD, _NEW = "+351210001234", "+351210004321"


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app)
    call = b.a_step(kind="callback", channels=["voice"], template="delivery-check-call")
    b.a_live_campaign(app, brand, steps=[call])
    return brand


def taken(app: Outreach, brand: BrandRef, **event: object) -> Task:
    """A call to somebody in Lisbon, in the hands of Ana."""
    person = b.a_person(app, brand, "c-1", phone=_OLD, **_LISBON)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-1", **event))
    b.everything_due(app)
    task = desk.take(app.means, brand, agent="ana")
    assert task is not None
    return task


def test_the_number_that_was_judged_is_told(app: Outreach, brand: BrandRef) -> None:
    """A person who got another number between take and dial is called at that one."""
    task = taken(app, brand)
    assert task.number == _OLD
    b.a_person(app, brand, "c-1", phone=_NEW, **_LISBON)
    dialled = desk.dial(app.means, brand, task.id, agent="ana")
    assert dialled.number == _NEW
    with app.means.database.begin(brand) as tx:
        judged = tx.execute(text("select address_hash from outreach.attempts")).scalar_one()
    assert judged == judging.address_of(app.means, task, _NEW).hash


def test_a_refusal_that_comes_after_the_lease_is_heeded(app: Outreach, brand: BrandRef) -> None:
    """The conversation lasted longer; the call is no longer theirs, and the word counts."""
    task = taken(app, brand)
    desk.dial(app.means, brand, task.id, agent="ana")
    with app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.tasks set lease_until = now() - interval '1 second'"))
    sweeping.sweep(app.means, brand)
    with pytest.raises(Conflict):
        endings.close(app.means, brand, task.id, agent="ana", closing=Closing("refused"))
    with app.means.database.begin(brand) as tx:
        told = tx.execute(text("select action, channel from optout.entries where how = :how"), {
            "how": How.DISPOSITION,
        }).one()  # fmt: skip
    assert tuple(told) == (Action.WITHDRAW, Channel.VOICE)


@pytest.mark.parametrize(
    "promised", ["0001-01-01T00:00", "9999-12-31T23:59", "2030-01-01T10:00", "soon"]
)
def test_a_promised_time_that_is_none_opens_a_call_all_the_same(
    app: Outreach, brand: BrandRef, promised: str
) -> None:
    task = taken(app, brand, promised=promised)
    assert task.promised_at is None
    with app.means.database.begin(brand) as tx:
        assert reconcile(tx).closes

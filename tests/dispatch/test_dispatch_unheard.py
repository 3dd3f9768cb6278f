"""Is what a refusal said of an address taken in, though its worker died before it was?"""

from dataclasses import replace

import pytest
from sqlalchemy import text

from optout.model import Action, Channel
from outreach import work
from outreach.app import Outreach
from outreach.channels.protocol import Answer, Outgoing, Refused
from outreach.channels.receipts import Why
from outreach.db.engine import BrandRef
from outreach.dispatch import due, send
from outreach.dispatch.means import Look, Means
from outreach.people.model import Person
from tests import builders as b
from tests.simulation.actor import Died

_TIME_HAS_COME = text("update outreach.unheard set look_at = now() - interval '1 s'")
_KEPT = text("select count(*) from outreach.unheard")
_CLAIMED_OFTEN = text("update outreach.touches set fence = 40000")


def nobody(_: Outgoing) -> Answer:
    return Refused(
        "rejected", "ada@mail.example\0 unknown", permanent=True, cause=Why.NO_SUCH_ADDRESS
    )


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, "lumen")


def one_due(app: Outreach, brand: BrandRef) -> Person:
    b.a_live_campaign(app, brand)
    person = b.a_person(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-1"))
    return person


def kept(app: Outreach, brand: BrandRef) -> int:
    with app.means.database.begin(brand) as tx:
        return int(tx.execute(_KEPT).scalar_one())


def said(app: Outreach, brand: BrandRef) -> str:
    with app.means.database.begin(brand) as tx:
        return str(tx.execute(text("select said from outreach.unheard")).scalar_one())


def blocked(app: Outreach, brand: BrandRef, person: Person) -> bool:
    address = person.address(Channel.EMAIL)
    assert address
    with app.means.database.begin(brand) as tx:
        said = app.means.registry.history(tx, brand.key, address.identity)
    return any(entry.action is Action.BLOCK for entry in said)


def test_the_reaper_takes_in_what_a_dead_worker_had_heard(app: Outreach, brand: BrandRef) -> None:
    """The worker dies between writing the answer down and blocking the address."""
    person = one_due(app, brand)
    refused = b.through(app, Channel.EMAIL, nobody)

    def dying(*_: object) -> None:
        raise Died

    with pytest.raises(Died):
        send.dispatch(replace(refused.means, hear=dying), Look(brand, Channel.EMAIL))
    assert b.fates(app, brand) == [("email", "failed", "rejected")]
    assert not blocked(app, brand, person)
    assert kept(app, brand) == 1
    assert said(app, brand) == "… unknown"  # what providers say names people, and holds any sign

    with app.means.database.begin(brand) as tx:
        tx.execute(_TIME_HAS_COME)
    with app.means.database.watch() as tx:
        assert due.wanted(tx, now=b.NOON).expired == (brand,)
    work.reap(app, brand)
    assert blocked(app, brand, person)
    assert kept(app, brand) == 0


def test_what_was_heard_at_once_is_not_kept(app: Outreach, brand: BrandRef) -> None:
    """The usual way: nothing is left for the reaper."""
    person = one_due(app, brand)
    means: Means = b.through(app, Channel.EMAIL, nobody).means
    assert send.dispatch(means, Look(brand, Channel.EMAIL)) == 1
    assert blocked(app, brand, person)
    assert kept(app, brand) == 0


def test_a_touch_that_was_claimed_forty_thousand_times_is_sent_like_any_other(
    app: Outreach, brand: BrandRef
) -> None:
    """A provider may put a touch off each second for half a day."""
    one_due(app, brand)
    with app.means.database.begin(brand) as tx:
        tx.execute(_CLAIMED_OFTEN)
    assert send.dispatch(app.means, Look(brand, Channel.EMAIL)) == 1
    assert b.fates(app, brand) == [("email", "sent", None)]

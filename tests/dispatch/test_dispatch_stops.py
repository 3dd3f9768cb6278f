"""After a stop, a pause, a withdrawal or new hours: does anything start that was marked before?"""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from optout.model import Action, Channel, How
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.channels.protocol import Accepted, Answer, Outgoing
from outreach.db.engine import BrandRef
from outreach.dispatch import claims, send, stride, wording
from outreach.dispatch.begun import FEW
from outreach.dispatch.facts import gather
from outreach.dispatch.mark import mark
from outreach.dispatch.means import Look
from outreach.enrolments import under_way
from outreach.inbound import consent
from outreach.inbound.consent import Change, Changed, change_person
from outreach.people.model import Person
from tests import builders as b

_BRANDS = count(1)
PEOPLE = FEW + 3
EVENINGS = {
    "id": "evenings", "channels": ["email"], "classes": ["service"],
    "windows": {"mon-sun": ["22:00-23:00"]}, "holidays_allowed": True,
    "reason": "nobody is there by day",
}  # fmt: skip


class Desk:
    """A brand with more mails due than are noted as begun together."""

    def __init__(self, app: Outreach) -> None:
        self.app, self.key = app, f"stops-{next(_BRANDS)}"
        self.brand: BrandRef = b.a_brand(app, self.key)
        b.a_live_campaign(app, self.brand)
        self.people: list[Person] = [b.a_person(app, self.brand) for _ in range(PEOPLE)]
        events = (b.an_event(app, self.brand, p, parcel=p.ref) for p in self.people)
        b.accepted(app, self.brand, *events)
        self.handed: list[Outgoing] = []

    def sent_while(self, happens: Callable[[], object]) -> int:
        """How many calls were made in all, when this happens in the first of them."""

        def decide(one: Outgoing) -> Answer:
            if not self.handed:
                happens()
            self.handed.append(one)
            return Accepted(one.key)

        through = b.through(self.app, Channel.EMAIL, decide)
        send.dispatch(through.means, Look(self.brand, Channel.EMAIL))
        return len(self.handed)

    def states(self) -> list[str]:
        return sorted(state for _, state, _ in b.fates(self.app, self.brand))

    def stop(self) -> None:
        with self.app.means.database.begin(self.brand) as tx:
            brands.stop(tx, stopped=True)

    def pause(self) -> None:
        with self.app.means.database.begin(self.brand) as tx:
            under_way.pause(tx, self.app.means.book, "reminder")


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """However fast the ways out of tests are, calls begin by the few."""
    monkeypatch.setattr(stride, "MOST", FEW)


@pytest.fixture
def desk(shared_app: Outreach, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(consent, "PATIENCE", timedelta(milliseconds=20))
    return Desk(shared_app)


@pytest.mark.parametrize("happens", [Desk.stop, Desk.pause])
def test_after_a_stop_or_a_pause_only_what_had_begun_goes_out(
    desk: Desk, happens: Callable[[Desk], None]
) -> None:
    """The rest of the handful, marked before, waits again at once."""
    assert desk.sent_while(lambda: happens(desk)) == FEW
    assert desk.states() == ["planned"] * (PEOPLE - FEW) + ["sent"] * FEW


def test_after_a_withdrawal_nothing_that_was_marked_and_had_not_begun_starts(desk: Desk) -> None:
    """It is taken back by the withdrawal itself, so nothing of theirs is in the air."""
    said: dict[str, Changed] = {}

    def happens() -> None:
        change = Change(Action.WITHDRAW, How.API, "test")
        for person in desk.people:
            said[person.ref] = change_person(desk.app.means, desk.brand, person.id, change)

    assert desk.sent_while(happens) == FEW
    assert sorted(len(one.in_air) for one in said.values()) == [0] * (PEOPLE - FEW) + [1] * FEW
    send.dispatch(desk.app.means, Look(desk.brand, Channel.EMAIL))
    assert desk.states() == ["sent"] * FEW + ["skipped"] * (PEOPLE - FEW)


def test_hours_that_changed_after_the_claim_bind_the_mark(desk: Desk) -> None:
    """The profile is read again under the lock that changing it needs too."""
    means = desk.app.means
    with means.database.begin(desk.brand) as tx:
        lease = timedelta(seconds=60)
        touches = claims.claim_due(tx, channel=Channel.EMAIL, now=b.NOON, limit=9, lease=lease)
        known = brands.get(tx)
        gathered = gather(tx, means, known, touches, now=b.NOON)
        words = wording.collect(tx, means, known, touches, gathered)
    ready = [one for one in map(wording.fill, words) if isinstance(one, wording.Ready)]
    b.a_brand(desk.app, desk.key, house=[EVENINGS])
    with means.database.begin(desk.brand) as tx:
        assert mark(tx, means, known, ready, deadline=0) == []
    assert {reason for _, _, reason in b.fates(desk.app, desk.brand)} == {"outside_hours"}

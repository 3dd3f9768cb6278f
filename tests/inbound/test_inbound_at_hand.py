"""Is it known of messages that a member of the firm sends by hand whether they were sent?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from optout.model import Action, Channel, How
from outreach.app import Outreach
from outreach.channels.accounts import read
from outreach.channels.http_way import HttpWay
from outreach.db.engine import BrandRef
from outreach.dispatch import entrusted, send
from outreach.dispatch.means import Look
from outreach.inbound import at_hand, consent
from outreach.inbound.consent import Change
from outreach.people.model import Person
from outreach.reports import members
from outreach.standins import serving
from outreach.standins.vendors.wecom import IMITATED, token
from tests import builders as b

_BRANDS = count(1)
_LONDON = {"country": "GB", "subdivision": None, "zone": "Europe/London", "phone": "+442079460123"}


class Desk:
    """A brand that writes to one customer through a member of WeCom."""

    def __init__(self, app: Outreach, to: str, **campaign: object) -> None:
        self.app = app
        self.brand: BrandRef = b.a_brand(app, f"at-hand-{next(_BRANDS)}")
        b.a_text(app, self.brand, "hello", "Is everything as it should be?")
        step = b.a_step(channels=["chat"], template="hello")
        b.a_live_campaign(app, self.brand, steps=[step], **campaign)
        self.person: Person = b.a_person(app, self.brand, handle=to, **_LONDON)
        b.accepted(app, self.brand, b.an_event(app, self.brand, self.person))
        send.dispatch(app.means, Look(self.brand, Channel.CHAT))

    def look(self, *, after: timedelta = timedelta(hours=1)) -> int:
        means = replace(self.app.means, clock=lambda: self.app.means.clock() + after)
        return at_hand.look(means, self.brand)

    def told(self, kind: str, **data: object) -> None:
        b.accepted(
            self.app, self.brand, b.an_event(self.app, self.brand, self.person, kind, **data)
        )

    def fate(self) -> tuple[str, str | None]:
        ((_, state, reason),) = b.fates(self.app, self.brand)
        return state, reason

    def open_ones(self) -> int:
        with self.app.means.database.begin(self.brand) as tx:
            assert len(members.waiting(tx)) == len(entrusted.open_ones(tx))
            return len(entrusted.open_ones(tx))


@pytest.fixture
def wecom(shared_app: Outreach, tmp_path: Path) -> Iterator[tuple[Outreach, serving.Server]]:
    with serving.vendor("wecom", tmp_path / "log") as server:
        ours = read(IMITATED.url.format(port=server.port))
        assert ours is not None
        account = replace(ours.account, fetch=token)
        way = HttpWay(replace(ours, account=account), clock=shared_app.means.clock)
        ways = {**shared_app.means.ways, Channel.CHAT: way}
        yield replace(shared_app, means=replace(shared_app.means, ways=ways)), server
        way.close()


@pytest.mark.parametrize(
    ("to", "fate"),
    [("wmAda", ("delivered", None)), ("wmGone", ("failed", "bounced_hard")),
     ("wmFull", ("failed", "failed"))],
)  # fmt: skip
def test_what_the_member_did_reaches_the_ledger(
    wecom: tuple[Outreach, serving.Server], to: str, fate: tuple[str, str | None]
) -> None:
    """Until then it is sent, and shown as the member's; afterwards nobody asks any more."""
    desk = Desk(wecom[0], to)
    assert (desk.fate(), desk.open_ones()) == (("sent", None), 1)
    assert desk.look(after=timedelta(0)) == 0
    assert desk.look() == 1
    assert (desk.fate(), desk.open_ones()) == (fate, 0)
    assert desk.look() == 0


def test_what_the_member_has_not_sent_waits_and_is_asked_after_again(
    wecom: tuple[Outreach, serving.Server],
) -> None:
    desk = Desk(wecom[0], "wmWaits")
    assert [desk.look(), desk.look(), desk.look(after=timedelta(hours=2))] == [1, 0, 1]
    assert (desk.fate(), desk.open_ones()) == (("sent", None), 1)


def test_what_a_person_refuses_meanwhile_is_called_off(
    wecom: tuple[Outreach, serving.Server],
) -> None:
    """At the next look, whenever it was to be asked after; and it counts as failed."""
    desk = Desk(wecom[0], "wmWaits")
    change = Change(Action.WITHDRAW, How.LINK, "no more")
    consent.change_person(desk.app.means, desk.brand, desk.person.id, change)
    assert desk.look(after=timedelta(0)) == 1
    assert (desk.fate(), desk.open_ones()) == (("failed", "failed"), 0)


@pytest.mark.parametrize(
    ("kind", "data"),
    [("case.opened", {"case": "C-1", "opened_at": "a"}), ("person.deceased", {"notice": "N-1"}),
     ("order.refunded", {"order": "O-1", "refund": "R-1"})],
)  # fmt: skip
def test_a_complaint_a_death_and_a_refund_take_it_out_of_the_members_hands(
    wecom: tuple[Outreach, serving.Server], kind: str, data: dict[str, object]
) -> None:
    """As they take a call out of its queue: nobody is asked how they like it meanwhile."""
    desk = Desk(wecom[0], "wmWaits", purpose="survey", exits=[{"event": "order.refunded"}])
    desk.told(kind, **data)
    assert desk.look(after=timedelta(0)) == 1
    assert (desk.fate(), desk.open_ones()) == (("failed", "failed"), 0)


def test_a_complaint_leaves_service_with_the_member(wecom: tuple[Outreach, serving.Server]) -> None:
    desk = Desk(wecom[0], "wmWaits", purpose="service")
    desk.told("case.opened", case="C-1", opened_at="a")
    assert desk.look(after=timedelta(0)) == 0
    assert (desk.fate(), desk.open_ones()) == (("sent", None), 1)


def test_however_many_wait_all_are_judged_a_set_at_a_time(
    wecom: tuple[Outreach, serving.Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of them as well as the first."""
    monkeypatch.setattr(entrusted, "SET", 2)
    desk = Desk(wecom[0], "wmWaits")
    for number in range(4):
        own = {"handle": f"wm{number}Waits", "phone": f"+44207946010{number}"}
        other = b.a_person(desk.app, desk.brand, f"o{number}", **_LONDON | own)
        event = b.an_event(desk.app, desk.brand, other, parcel=f"P-{other.ref}")
        b.accepted(desk.app, desk.brand, event)
    send.dispatch(desk.app.means, Look(desk.brand, Channel.CHAT))
    assert desk.look(after=timedelta(days=29)) == 5
    assert {state for _, state, _ in b.fates(desk.app, desk.brand)} == {"failed"}


def test_what_is_of_use_no_more_is_called_off(wecom: tuple[Outreach, serving.Server]) -> None:
    desk = Desk(wecom[0], "wmWaits")
    desk.look(after=timedelta(days=29))
    assert (desk.fate(), desk.open_ones()) == (("failed", "failed"), 0)


def test_what_nobody_tells_of_for_a_month_stays_as_sent(
    wecom: tuple[Outreach, serving.Server],
) -> None:
    """Its account may be another by now."""
    desk = Desk(wecom[0], "wmWaits")
    without = replace(desk.app.means, ways={Channel.CHAT: desk.app.means.ways[Channel.EMAIL]})
    desk.app = replace(desk.app, means=without)
    assert desk.look(after=at_hand.GIVEN_UP) == 1
    assert (desk.fate(), desk.open_ones()) == (("sent", None), 0)

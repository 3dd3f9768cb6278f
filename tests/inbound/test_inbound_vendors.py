"""Does what a provider pushes concern the touches and brands of its own channel alone?"""

from datetime import timedelta
from itertools import count

import pytest

from optout.model import Channel
from outreach.app import Outreach
from outreach.channels.protocol import Accepted, Outgoing
from outreach.channels.receipts import Kind, Told, Written
from outreach.db.engine import BrandRef
from outreach.dispatch import send
from outreach.dispatch.means import Look
from outreach.inbound.vendors import _concerned, _number, take_in
from tests import builders as b

_BRANDS = count(1)


class Desk:
    """A brand with one mail that its provider took under an id of its own."""

    def __init__(self, app: Outreach, provider_id: str) -> None:
        self.app, self.id = app, f"{provider_id}-{next(_BRANDS)}"
        self.brand: BrandRef = b.a_brand(app, f"vendors-{next(_BRANDS)}")
        b.a_live_campaign(app, self.brand)
        b.accepted(app, self.brand, b.an_event(app, self.brand, b.a_person(app, self.brand)))
        self.handed: list[Outgoing] = []

        def take(one: Outgoing) -> Accepted:
            self.handed.append(one)
            return Accepted(self.id)

        through = b.through(app, Channel.EMAIL, take)
        send.dispatch(through.means, Look(self.brand, Channel.EMAIL))

    def named(self, kind: Kind, said: str = "") -> Told:
        return Told(kind, self.handed[0].touch_id, self.brand.key, at=b.NOON, said=said)

    def state(self) -> str:
        ((_, state, _),) = b.fates(self.app, self.brand)
        return state


@pytest.fixture
def desk(shared_app: Outreach) -> Desk:
    return Desk(shared_app, "M")


def test_another_channels_provider_says_nothing_of_a_mail(desk: Desk) -> None:
    """Neither by our reference nor by an id that happens to be the same."""
    nameless = Told(Kind.DELIVERED, provider_id=desk.id, at=b.NOON)
    for one in (nameless, desk.named(Kind.DELIVERED)):
        assert take_in(desk.app.means, [one], channel=Channel.SMS).receipts == 0
        assert desk.state() == "sent"
    assert take_in(desk.app.means, [nameless], channel=Channel.EMAIL).receipts == 1
    assert desk.state() == "delivered"


def test_what_no_database_keeps_is_left_out(desk: Desk) -> None:
    """Of words, and of an id that a provider gave and gives back."""
    take_in(desk.app.means, [desk.named(Kind.FAILED, "a\0b\ud800")], channel=Channel.EMAIL)
    assert desk.state() == "failed"
    odd = Desk(desk.app, "M\0\ud800")
    nameless = Told(Kind.DELIVERED, provider_id=odd.id, at=b.NOON)
    assert take_in(desk.app.means, [nameless], channel=Channel.EMAIL).receipts == 1


@pytest.mark.parametrize(
    ("ago", "again"), [(timedelta(seconds=5), [1]), (None, []), (timedelta(days=-3), [])]
)
def test_only_what_came_just_now_is_asked_for_again(
    desk: Desk, ago: timedelta | None, again: list[int]
) -> None:
    """What bears no instant, or one to come, would be asked for again for ever."""
    now = desk.app.means.clock()
    told = Told(Kind.DELIVERED, provider_id="nobody's", at=None if ago is None else now - ago)
    known = Told(Kind.DELIVERED, provider_id=desk.id, at=now)
    noted = take_in(desk.app.means, [told, known], channel=Channel.EMAIL)
    assert noted.early is bool(again)


def test_a_name_with_digits_is_no_number() -> None:
    """Two brands that begin with the same number are two."""
    assert _number("【360商城】") != _number("360金融")
    assert _number("+1 (202) 555-0123") == _number("12025550123")


def test_a_reply_concerns_who_was_answered_or_else_all() -> None:
    """Whoever shares a sender shares its refusals."""
    one, two = (BrandRef(n, f"brand-{n}") for n in (1, 2))
    reply = Written("m", "+12025550123", "【360商城】", "STOP", Channel.SMS)
    senders = {one: _number("360商城"), two: _number("360金融")}
    assert list(_concerned([one, two], senders, reply)) == [one]
    assert list(_concerned([one, two], {}, reply)) == [one, two]

"""Does a mail that came back change what it may, and a forged one nothing?"""

from dataclasses import replace
from itertools import count

import pytest

from optout.keys import Key
from optout.model import Channel, Purpose
from outreach.app import Outreach
from outreach.channels.protocol import Accepted, Answer, Outgoing
from outreach.channels.returns import Returns
from outreach.db.engine import BrandRef
from outreach.dispatch import send
from outreach.dispatch.means import Look
from outreach.inbound import returned
from tests import builders as b
from tests.inbound.mails import a_bounce, a_complaint, an_absence_note

_BRANDS = count(1)


class Sent:
    """A brand with one mail that was handed over."""

    def __init__(self, app: Outreach) -> None:
        self.app = app
        self.brand: BrandRef = b.a_brand(app, f"returned-{next(_BRANDS)}")
        b.a_live_campaign(app, self.brand)
        self.person = b.a_person(app, self.brand)
        b.accepted(app, self.brand, b.an_event(app, self.brand, self.person))
        handed: list[Outgoing] = []

        def decide(one: Outgoing) -> Answer:
            handed.append(one)
            return Accepted("1")

        through = b.through(app, Channel.EMAIL, decide)
        send.dispatch(through.means, Look(self.brand, Channel.EMAIL))
        self.touch = handed[0].touch_id
        self.mark = app.returns.mark(self.brand.key, self.touch)

    def took(self, raw: bytes) -> str:
        [told] = returned.take_in(self.app.means, self.app.returns, [raw])
        return told.became

    def fate(self) -> tuple[str, str | None]:
        ((_, state, reason),) = b.fates(self.app, self.brand)
        return state, reason

    def may(self) -> str:
        (address,) = (one for one in self.person.addresses if one.kind == "email")
        question = self.app.means.registry.question(
            brand=self.brand.key, identity=address.identity, channel=Channel.EMAIL,
            purpose=Purpose.TRANSACTIONAL,
        )  # fmt: skip
        with self.app.means.database.begin(self.brand) as tx:
            return self.app.means.registry.ask(tx, question).reason


def test_an_address_that_does_not_exist_is_blocked(shared_app: Outreach) -> None:
    """The touch has failed, and nothing more is written there; twice is once."""
    sent = Sent(shared_app)
    assert [sent.took(a_bounce(sent.mark)) for _ in range(2)] == ["receipt", "receipt"]
    assert sent.fate() == ("failed", "bounced_hard")
    assert sent.may() == "blocked"


def test_a_full_mailbox_blocks_nothing(shared_app: Outreach) -> None:
    """The mail did not arrive, and the next one may."""
    sent = Sent(shared_app)
    sent.took(a_bounce(sent.mark, status="5.2.2", diagnostic="smtp; 552 full"))
    assert sent.fate() == ("failed", "failed")
    assert sent.may() != "blocked"


def test_a_complaint_blocks(shared_app: Outreach) -> None:
    sent = Sent(shared_app)
    assert sent.took(a_complaint(sent.mark)) == "receipt"
    assert sent.may() == "blocked"


@pytest.mark.parametrize("forged", ["no-mark", "foreign-key", "other-brand", "two-marks"])
def test_a_forged_report_does_nothing(shared_app: Outreach, forged: str) -> None:
    """Whoever knows a touch's id cannot make its mark, and a report is about one mail."""
    sent = Sent(shared_app)
    foreign = Returns((Key(1, b"x" * 32),))
    marks = {
        "no-mark": sent.touch,
        "foreign-key": foreign.mark(sent.brand.key, sent.touch),
        "other-brand": shared_app.returns.mark("nobody", sent.touch),
        "two-marks": sent.mark,
    }
    other = shared_app.returns.mark(sent.brand.key, "tch_" + "a" * 26)
    to = f"bounces+{other}@mail.example" if forged == "two-marks" else "bounces@mail.example"
    assert sent.took(a_bounce(marks[forged], to=to)) == "not ours"
    assert sent.fate() == ("sent", None)
    assert sent.may() != "blocked"


def test_what_is_no_report_is_left_to_a_person(shared_app: Outreach) -> None:
    sent = Sent(shared_app)
    assert sent.took(an_absence_note(sent.mark)) == "no report"
    assert sent.fate() == ("sent", None)


def test_mails_of_several_brands_come_in_one_set(shared_app: Outreach) -> None:
    """Each finds its own brand; what is understood is told apart from what is not."""
    one, other = Sent(shared_app), Sent(shared_app)
    mails = [a_bounce(one.mark), b"nothing", a_bounce(other.mark)]
    assert returned.understood(shared_app.means, shared_app.returns, mails) == [True, False, True]
    assert [sent.fate()[0] for sent in (one, other)] == ["failed", "failed"]


def test_the_secret_of_another_installation_makes_no_mark(shared_app: Outreach) -> None:
    """Marks hold where they were made."""
    sent = Sent(shared_app)
    elsewhere = replace(shared_app.returns, keys=(Key(1, b"y" * 32),))
    [told] = returned.take_in(shared_app.means, elsewhere, [a_bounce(sent.mark)])
    assert told.became == "not ours"

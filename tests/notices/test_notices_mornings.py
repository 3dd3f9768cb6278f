"""Are staff told of their brand each morning, once, in words that they read?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from optout.model import Action, Channel, How
from outreach.app import Outreach
from outreach.brands.model import Morning
from outreach.channels.protocol import Accepted, Answer, Outgoing, Refused, Uncertain
from outreach.db.engine import BrandRef
from outreach.inbound import consent
from outreach.inbound.consent import Change
from outreach.notices import morning, mornings
from outreach.notices.morning import Facts
from tests import builders as b

FACTS = Facts(
    "Lumen <b>", date(2026, 3, 10), {"sent": 12, "failed": 0}, 3, {"care_hold": 5000},
    {"cases": 2}, "https://care.example/?brand=lumen", frozenset({"care_hold"}),
)  # fmt: skip
LEAD = "lead@agency.example"
BUSY = Refused("busy", "later", permanent=False)


def test_the_letter_says_the_same_plain_and_in_html() -> None:
    told = morning.letter(FACTS, language="en")
    assert told.subject == "Lumen <b>: the morning of 2026-03-10"
    assert "Yesterday\n- sent: 12\n" in told.text
    assert "5000+" in told.text
    assert "- open cases: 2" in told.text
    assert told.html is not None
    assert "<li>sent: 12</li>" in told.html
    assert "<b>" not in told.html


def test_it_is_told_in_the_language_of_the_staff() -> None:
    told = morning.letter(FACTS, language="zh-CN")
    assert "昨日\n- 已发送:12\n" in told.text
    assert "未结工单:2" in told.text
    assert '<html lang="zh-CN">' in (told.html or "")


@pytest.mark.parametrize(
    ("local", "due"), [("08:29", False), ("08:30", True), ("11:29", True), ("11:30", False)]
)
def test_it_is_sent_at_its_hour_or_not_long_after(local: str, *, due: bool) -> None:
    at = datetime.fromisoformat(f"2026-03-10T{local}+08:00")
    assert morning.is_due(time(8, 30), at) is due


class Desk:
    """A brand whose lead is told at seven in New York, which is noon."""

    def __init__(self, app: Outreach, key: str, say: Callable[[Outgoing], Answer]) -> None:
        self.sent: list[Outgoing] = []
        self.say = say
        wanted = Morning(at=time(7), to=(LEAD,))
        self.brand: BrandRef = b.a_brand(app, key, morning=wanted.model_dump(mode="json"))
        self.app = b.through(app, Channel.EMAIL, self.hear)

    def hear(self, one: Outgoing) -> Answer:
        self.sent.append(one)
        return self.say(one)

    def look(self, *, after: timedelta = timedelta()) -> int:
        means = replace(self.app.means, clock=lambda: self.app.means.clock() + after)
        return mornings.tell(means, self.brand, (), url="https://care.example/")


def taken(_: Outgoing) -> Answer:
    return Accepted("m-1")


def unsure(_: Outgoing) -> Answer:
    return Uncertain("no answer")


@pytest.mark.parametrize("say", [taken, unsure])
def test_each_is_told_once_a_day_whatever_the_provider_says(
    shared_app: Outreach, say: Callable[[Outgoing], Answer]
) -> None:
    """And again the next day, under another key."""
    desk = Desk(shared_app, f"told-{say.__name__}", say)
    day = timedelta(days=1)
    assert [desk.look(), desk.look(), desk.look(after=day), desk.look(after=day)] == [1, 0, 1, 0]
    assert [one.to for one in desk.sent] == [LEAD, LEAD]
    assert len({one.key for one in desk.sent}) == 2


def test_whoever_dies_while_telling_leaves_a_letter_that_nobody_repeats(
    shared_app: Outreach,
) -> None:
    def dies(_: Outgoing) -> Answer:
        raise KeyboardInterrupt

    desk = Desk(shared_app, "told-died", dies)
    with pytest.raises(KeyboardInterrupt):
        desk.look()
    desk.say = taken
    assert desk.look() == 0


def test_what_surely_was_not_sent_is_tried_again(shared_app: Outreach) -> None:
    desk = Desk(shared_app, "told-busy", lambda _: BUSY)
    desk.look()
    desk.say = taken
    assert [desk.look(), desk.look()] == [1, 0]


def test_whoever_refused_messages_is_told_nothing(shared_app: Outreach) -> None:
    desk = Desk(shared_app, "told-refused", taken)
    person = b.a_person(shared_app, desk.brand, email=LEAD)
    change = Change(Action.WITHDRAW, How.LINK, "no more")
    consent.change_person(shared_app.means, desk.brand, person.id, change)
    desk.look()
    assert desk.sent == []


def test_nobody_is_told_of_a_brand_that_names_nobody(shared_app: Outreach) -> None:
    brand = b.a_brand(shared_app, "told-nobody")
    assert mornings.tell(shared_app.means, brand, (), url="") == 0

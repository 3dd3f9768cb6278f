"""Is a sample drawn by chance and not by taste, and does a scorecard add up?"""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.callbacks import desk, endings, quality, reply_quality, scorecard, sweeping
from outreach.callbacks.endings import Closing
from outreach.callbacks.quality import Rule
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Invalid, NotFound
from outreach.inbound import erasure, replies
from outreach.inbound.replies import Reply
from tests import builders as b

SOURCE = """
key: courtesy
name: {en: Courtesy, zh-CN: 服务态度}
questions:
  - {key: greeted, ask: {en: Greeted by name?}, points: 10}
  - {key: honest, ask: {en: Promised nothing that is not so?}, points: 30, vital: true}
"""
CARD = scorecard.read(SOURCE)


def test_a_scorecard_adds_up_and_what_is_vital_decides() -> None:
    """All points are 1, none of a vital question is 0, whatever else was well done."""
    assert scorecard.share(CARD, {"greeted": 10, "honest": 30}) == 1
    assert scorecard.share(CARD, {"greeted": 0, "honest": 20}) == 0.5
    assert scorecard.share(CARD, {"greeted": 10, "honest": 0}) == 0
    with pytest.raises(Invalid) as wrong:
        scorecard.share(CARD, {"greeted": 11, "rude": 1})
    assert [problem.where for problem in wrong.value.problems] == ["greeted", "honest", "rude"]


@settings(max_examples=40)
@given(greeted=st.integers(0, 10), honest=st.integers(1, 30))
def test_a_share_is_a_share(greeted: int, honest: int) -> None:
    assert 0 < scorecard.share(CARD, {"greeted": greeted, "honest": honest}) <= 1


@pytest.fixture
def brand(app: Outreach, clock: SteppedClock) -> BrandRef:
    """A brand with four calls that have ended, two each of two agents."""
    brand = b.a_brand(app)
    call = b.a_step(kind="callback", channels=["voice"], template="delivery-check-call")
    b.a_live_campaign(app, brand, steps=[call])
    lisbon = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": ""}
    people = [
        b.a_person(app, brand, f"c-{n}", phone=f"+35121000{n:04}", **lisbon) for n in range(4)
    ]
    b.accepted(app, brand, *(b.an_event(app, brand, one, parcel=one.ref) for one in people))
    b.everything_due(app)
    for agent in ("ana", "ben", "ana", "ben"):
        task = desk.take(app.means, brand, agent=agent)
        assert task is not None
        endings.close(app.means, brand, task.id, agent=agent, closing=Closing("reached"))
    clock.step_to(clock() + endings.UNDO)
    sweeping.sweep(app.means, brand)
    with app.means.database.begin(brand) as tx:
        quality.put(tx, brand, SOURCE, name="courtesy", now=clock())
    return brand


def test_the_same_name_draws_the_same_calls_and_none_twice(app: Outreach, brand: BrandRef) -> None:
    """By chance, or by a rule; what was scored is not drawn again, and counts for its agent."""
    now = app.means.clock()
    rule = Rule(since=now - timedelta(days=1))
    full = {"greeted": 10, "honest": 30}
    with app.means.database.begin(brand) as tx:
        drawn = quality.sample(tx, "courtesy", rule, name="week 11", many=3)
        assert drawn == quality.sample(tx, "courtesy", rule, name="week 11", many=3)
        of_ana = Rule(rule.since, agent="ana")
        hers = quality.sample(tx, "courtesy", of_ana, name="week 11", many=9)
        assert {one.agent for one in hers} == {"ana"}
        scored = hers[0].call
        quality.score(tx, brand, "courtesy", scored, full, lead="eve", now=now)
        left = quality.sample(tx, "courtesy", of_ana, name="week 11", many=9)
        assert [one.call for one in left] == [one.call for one in hers[1:]]
        (result,) = quality.results(tx, "courtesy", since=rule.since)
        assert (result.agent, result.campaign, result.calls, result.share) == (
            "ana", "reminder", 1, 1.0,
        )  # fmt: skip
        with pytest.raises(Conflict, match="was scored"):
            quality.score(tx, brand, "courtesy", scored, full, lead="eve", now=now)
        with pytest.raises(NotFound, match="no scorecard"):
            quality.sample(tx, "none", rule, name="x", many=1)
        with pytest.raises(Invalid, match="no call or reply"):
            quality.score(tx, brand, "courtesy", "tsk_x", full, lead="eve", now=now)


def test_replies_are_drawn_with_their_words_and_scored_once(app: Outreach, brand: BrandRef) -> None:
    """By what they were read as; two who share a number wrote one; strangers' are not kept."""
    now = app.means.clock()
    b.a_person(app, brand, "twin", phone="+351210000001")
    for number, words in enumerate(["It arrived.\0", "STOP", "Who are you?"]):
        said = Reply(f"r-{number}", f"+35121000000{number}", words, Channel.SMS)
        replies.hear(app.means, brand, said)
        replies.hear(app.means, brand, said)
    replies.hear(app.means, brand, Reply("r-9", "+351210009999", "Hello", Channel.SMS))
    rule = reply_quality.Rule(since=now - timedelta(days=1))
    full = {"greeted": 10, "honest": 30}
    with app.means.database.begin(brand) as tx:
        drawn = quality.sample_replies(tx, "courtesy", rule, name="week 11", many=9)
        assert drawn == quality.sample_replies(tx, "courtesy", rule, name="week 11", many=9)
        assert {one.text for one in drawn} == {"It arrived.", "STOP", "Who are you?"}
        refusals = reply_quality.Rule(rule.since, intent="withdraw")
        [stop] = quality.sample_replies(tx, "courtesy", refusals, name="week 11", many=9)
        assert quality.score(tx, brand, "courtesy", stop.reply, full, lead="eve", now=now) == 1
        with pytest.raises(Conflict):
            quality.score(tx, brand, "courtesy", stop.reply, full, lead="eve", now=now)
        assert not quality.sample_replies(tx, "courtesy", refusals, name="week 11", many=9)
        [told] = quality.reply_results(tx, "courtesy", since=rule.since)
        assert (told.intent, told.replies, told.share) == ("withdraw", 1, 1)


def test_a_reply_belongs_to_the_campaign_that_wrote_last_to_any_who_share_the_number(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Four have it, one was written to; what a provider refused was no contact."""
    phone, here = "+351210000009", {"zone": "Europe/Lisbon", "country": "PT", "subdivision": ""}
    family = [b.a_person(app, brand, f"f-{n}", phone=phone, **here) for n in range(4)]
    b.a_text(app, brand, "hello", "Good morning")
    by_text = b.a_step(channels=["sms"], template="hello")
    b.a_live_campaign(app, brand, "notice", steps=[by_text], trigger={"event": "order.placed"})
    told = b.an_event(app, brand, max(family, key=lambda one: one.id), "order.placed", order="O-1")
    b.accepted(app, brand, told)
    b.everything_due(app)
    clock.step_to(clock() + timedelta(minutes=1))
    replies.hear(app.means, brand, Reply("r-1", phone, "It arrived.", Channel.SMS))
    since = clock() - timedelta(days=1)
    with app.means.database.begin(brand) as tx:
        for rule in (reply_quality.Rule(since), reply_quality.Rule(since, campaign="notice")):
            [one] = quality.sample_replies(tx, "courtesy", rule, name="any", many=9)
            assert one.campaign == "notice"
        full = {"greeted": 10, "honest": 30}
        quality.score(tx, brand, "courtesy", one.reply, full, lead="eve", now=clock())
        [result] = quality.reply_results(tx, "courtesy", since=since)
        assert (result.campaign, result.replies) == ("notice", 1)
        tx.execute(text("update outreach.attempts set outcome = 'refused'"))
        [result] = quality.reply_results(tx, "courtesy", since=since)
        assert (result.campaign, result.replies) == (None, 1)


def test_whoever_is_forgotten_takes_their_words_along(app: Outreach, brand: BrandRef) -> None:
    rule = reply_quality.Rule(since=app.means.clock() - timedelta(days=1))
    forgotten = b.a_person(app, brand, "c-9", phone="+351210000009")
    replies.hear(app.means, brand, Reply("r-1", "+351210000009", "It arrived.", Channel.SMS))
    erasure.erase(app.means, brand, forgotten.id, evidence="asked for it")
    with app.means.database.begin(brand) as tx:
        assert quality.sample_replies(tx, "courtesy", rule, name="any", many=9) == []

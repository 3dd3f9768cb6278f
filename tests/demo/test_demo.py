"""Do the demo's days hold what the product promises? Judged from outside of it.

The days are lived once, with the fallback off, and with Valkey killed and wiped midway. The judge
has a table of zones of its own and reads the receivers' logs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain

import pytest
from sqlalchemy import text

from outreach import ids, timezones
from outreach.brands import store as brands
from outreach.demo import run, world
from outreach.demo.document import Result
from outreach.demo.moments import END, START, Raw
from outreach.demo.stage import Options, Stage
from outreach.demo.timeline import timeline
from outreach.replay import ground, history
from outreach.replay import run as replay
from outreach.replay.moments import Days

pytestmark = pytest.mark.long

# Written down by hand, so that a mistake in `outreach.hours` cannot hide behind itself.
ZONES = {
    "Florida panhandle, number only": ("America/Chicago", "America/New_York"),
    "Miami": ("America/New_York",),
    "Phoenix, Arizona": ("America/Phoenix",),
    "New York": ("America/New_York",),
    "Chicago": ("America/Chicago",),
    "San Francisco": ("America/Los_Angeles",),
    "Honolulu": ("Pacific/Honolulu",),
    "St. John's, Newfoundland": ("America/St_Johns",),
    "Toronto": ("America/Toronto",),
    "Vancouver": ("America/Vancouver",),
    "London": ("Europe/London",),
    "Paris": ("Europe/Paris",),
    "Réunion": ("Indian/Reunion",),
    "Bengaluru": ("Asia/Kolkata",),
    "Australian mobile, number only": ("Australia/Perth", "Australia/Sydney"),
    "香港": ("Asia/Hong_Kong",),
    "新加坡": ("Asia/Singapore",),
    "东京": ("Asia/Tokyo",),
    "悉尼": ("Australia/Sydney",),
    "乌鲁木齐(本地时间)": ("Asia/Urumqi",),
    **dict.fromkeys(("上海", "北京", "广州", "成都", "哈尔滨"), ("Asia/Shanghai",)),
}
NO_PLACE = {"toll-free number only", "no place at all", "所在地不详"}
NO_CHRISTMAS = {"东京", "乌鲁木齐(本地时间)", "上海", "北京", "广州", "成都", "哈尔滨"}
OPENS, CLOSES = time(8), time(21)  # the widest hours of any pack that the demo meets
CHRISTMAS_EVE, NEWS_DAY = date(2026, 12, 24), date(2026, 12, 22)

_ANSWERED = text("select subject, data from outreach.events where type = 'survey.answered'")
_ATTEMPTS = text("""
    select a.touch_id, p.ref, a.channel, a.started_at, a.outcome::text, c.key as campaign, t.step
    from outreach.attempts a
    join outreach.persons p on p.brand_id = a.brand_id and p.id = a.person_id
    join outreach.touches t on t.brand_id = a.brand_id and t.id = a.touch_id
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
""")
_PASSAGES = text("""
    select c.key, e.key as business_key, n.person_id, count(*) as many
    from outreach.enrolments n
    join outreach.campaigns c on c.brand_id = n.brand_id and c.id = n.campaign_id
    join outreach.events e on e.brand_id = n.brand_id and e.id = n.event_id
    group by 1, 2, 3
""")

PEOPLE = {person.ref: person for person in world.inhabitants()}
EVENTS: list[Raw] = [e for m in timeline(world.inhabitants()) for e in m.events]


@dataclass(frozen=True)
class Attempt:
    """One handing-over, as the ledger has it."""

    touch_id: object
    ref: str
    channel: str
    started_at: datetime
    outcome: str | None
    campaign: str
    step: int

    def days(self) -> set[date]:
        """Which day it was, in every zone where the person may be."""
        zones = ZONES[PEOPLE[self.ref].place]
        return {self.started_at.astimezone(timezones.load(zone)).date() for zone in zones}


@dataclass(frozen=True)
class Lived:
    """The days after they have passed."""

    stage: Stage
    result: Result
    attempts: list[Attempt]
    passages: list[Mapping[str, object]]

    def of(self, campaign: str) -> list[Attempt]:
        """The attempts of one campaign, of both brands."""
        return [one for one in self.attempts if one.campaign == campaign]


def told(kind: str) -> dict[str, Raw]:
    """What was told of this type of event, by person; the last, where there are several."""
    return {str(e["subject"]): e["data"] for e in EVENTS if e["type"] == kind}  # type: ignore[misc]  # plain data


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    """Everything that the tests below look at."""
    options = Options(fallback=False, wipe=True)
    with run.lived(options, world.inhabitants()) as (stage, result):
        attempts: list[Attempt] = []
        passages: list[Mapping[str, object]] = []
        for ref in brands.directory(stage.app.means.database).values():
            with stage.app.means.database.begin(ref) as tx:
                attempts += [Attempt(**row._asdict()) for row in tx.execute(_ATTEMPTS)]
                passages += [row._asdict() for row in tx.execute(_PASSAGES)]
        yield Lived(stage, result, attempts, passages)


def test_every_sum_closes(lived: Lived) -> None:
    """Candidates are the sum of their fates, for each campaign of each brand."""
    accounts = lived.result.accounts()
    assert len(accounts) == 30
    for account in accounts.values():
        fates = chain(account.skipped.values(), account.failed.values(), account.cancelled.values())
        still = sum(account.open.held.values()) + account.open.waiting
        assert account.candidates == account.sent + sum(fates) + account.uncertain + still
        assert account.uncertain == 0


def test_the_receivers_bear_the_ledger_out(lived: Lived) -> None:
    """What the mail server and the gateway logged is what the ledger calls sent, id by id, once."""
    for channel, received in lived.result.receivers.items():
        assert received == lived.result.ledger_sent[channel]
        assert len(set(received)) == len(received) > 200


def test_every_call_and_text_was_inside_the_hours_of_every_zone(lived: Lived) -> None:
    """Wherever the person may be, it was day there; and nobody without a place got a text."""
    texts = [a for a in lived.attempts if a.channel in {"sms", "voice"}]
    assert len(texts) > 250
    for attempt in texts:
        home = PEOPLE[attempt.ref].place
        assert home not in NO_PLACE
        for zone in ZONES[home]:
            there = attempt.started_at.astimezone(timezones.load(zone)).time()
            assert OPENS <= there < CLOSES, (attempt, zone)


def test_nobody_was_contacted_after_saying_no(lived: Lived) -> None:
    """From the instant at which a withdrawal was answered, nothing was even attempted."""
    said_no = {
        ref: moment.at for moment in timeline(world.inhabitants()) for ref in moment.withdrawals
    }
    assert len(said_no) > 10
    for attempt in lived.attempts:
        if (since := said_no.get(attempt.ref)) is not None:
            assert attempt.started_at < since


def test_nobody_has_two_passages_for_one_business_key(lived: Lived) -> None:
    """A signature reported by shop and carrier began one passage of each campaign for a person."""
    assert lived.passages
    assert Counter(row["many"] for row in lived.passages).keys() == {1}


def test_christmas_is_greeted_where_it_is_kept_on_its_eve(lived: Lived) -> None:
    """By each person's own calendar and clock; in Shanghai and Tokyo it is no festival."""
    greeted = lived.of("greeting-christmas")
    assert len({PEOPLE[one.ref].place for one in greeted}) > 5
    assert len({PEOPLE[one.ref].brand for one in greeted}) == 2
    for one in greeted:
        assert PEOPLE[one.ref].place not in NO_CHRISTMAS | NO_PLACE
        assert one.days() == {CHRISTMAS_EVE}


def test_a_birthday_is_greeted_on_the_day_itself(lived: Lived) -> None:
    """Each on their own day, by their own clock."""
    greeted = lived.of("greeting-birthday")
    assert greeted
    for one in greeted:
        born = PEOPLE[one.ref].fields["birthday"]
        assert {f"{day:%m-%d}" for day in one.days()} == {born}


def test_reminders_come_by_the_dates_that_were_told(lived: Lived) -> None:
    """A renewal and a warranty are only for whoever has one, and never on the last day or after."""
    contracts, products = told("contract.renewal_due"), told("product.registered")
    for campaign, known, field in (
        ("renewal-30-7-1", contracts, "ends_on"),
        ("warranty-ending", products, "warranty_ends_on"),
    ):
        assert len(lived.of(campaign)) > 10
        for one in lived.of(campaign):
            if PEOPLE[one.ref].place in NO_PLACE:  # a mail, on nobody's clock
                continue
            ends = date.fromisoformat(str(known[one.ref][field]))
            assert all(1 <= (ends - day).days <= 30 for day in one.days()), one


def test_news_reach_owners_and_nobody_else_once(lived: Lived) -> None:
    """Who registered a product, on the day that was set or soon after it."""
    owners, news = told("product.registered"), lived.of("product-news")
    reached = Counter(one.ref for one in news if one.outcome == "accepted")
    assert set(reached.values()) == {1}
    assert reached.keys() <= owners.keys()
    assert all(one.started_at.date() >= NEWS_DAY for one in news)


def test_who_has_been_away_for_half_a_year_is_asked_once(lived: Lived) -> None:
    """Each Tuesday it comes round, and nobody is asked again or who bought lately."""
    asked = Counter(one.ref for one in lived.of("win-back"))
    assert set(asked.values()) == {1}
    assert {PEOPLE[ref].life for ref in asked} == {world.LONG_AGO}


def test_a_basket_that_was_ordered_after_all_is_not_asked_about(lived: Lived) -> None:
    """Three hours are waited, and an order ends it."""
    asked = {one.ref for one in lived.of("abandoned-cart")}
    assert asked
    ordered = told("cart.updated").keys() & told("order.paid").keys()
    assert asked <= told("cart.updated").keys() - ordered
    fates = [a.skipped for key, a in lived.result.accounts().items() if "cart" in key]
    assert sum(fate.get("already_ended", 0) for fate in fates) == len(ordered)


def answered(lived: Lived) -> tuple[dict[str, dict[str, object]], set[object]]:
    """What each asked person answered to the recommendation survey, and by which ways they did."""
    app, answers, ways = lived.stage.app, {}, set()
    for ref in brands.directory(app.means.database).values():
        with app.means.database.begin(ref) as tx:
            for subject, data in tx.execute(_ANSWERED):
                ways.add(data["by"])
                if data["form"] == "nps":
                    answers[subject] = data
    return answers, ways


def test_a_survey_is_followed_by_what_was_answered(lived: Lived) -> None:
    """A low answer by a call, no answer by one reminder, a good one by nothing.

    Some answered by the page behind the link of a mail, some by a reply to a text.
    """
    answers, ways = answered(lived)
    assert ways == {"page", "reply"}
    by_ref: dict[str, list[Attempt]] = {}
    for one in lived.of("nps-listening"):
        by_ref.setdefault(one.ref, []).append(one)
    assert by_ref
    for ref, theirs in by_ref.items():
        said = answers.get(ref, {})
        score = said.get("score")
        called = any(one.channel == "voice" for one in theirs)
        assert called <= (isinstance(score, int) and score <= 6)
        written = [one for one in theirs if one.channel != "voice"]
        first = min(written, key=lambda one: one.started_at)
        at_once = said.get("touch") == ids.shown(ids.TOUCH, first.touch_id)
        assert len({one.touch_id for one in written}) <= (1 if at_once else 2)
    assert any(len({one.touch_id for one in theirs}) == 2 for theirs in by_ref.values())


def test_everything_that_a_campaign_may_do_occurs(lived: Lived) -> None:
    """Every way to begin, and every way to hold, to end and to give way."""
    accounts = lived.result.accounts().values()
    reasons = {reason for a in accounts for reason in (*a.skipped, *a.cancelled)}
    assert reasons >= {
        "holdout", "condition_not_met", "withdrawn", "too_late", "exit:withdrawn",
        "exit:order.refunded", "exit:contract.renewed", "exit:case.closed",
    }  # fmt: skip
    held: set[str] = set()
    for ref in brands.directory(lived.stage.app.means.database).values():
        with lived.stage.app.means.database.begin(ref) as tx:
            held |= {
                r for (r,) in tx.execute(text("select distinct reason from outreach.verdicts"))
            }
    assert held >= {"care_hold", "capped", "outranked", "outside_hours"}


def test_events_are_accounted_for(lived: Lived) -> None:
    """Reported events are accepted, already seen, or refused; nonsense is among the refused."""
    tally = lived.result.tally
    assert tally.sent == tally.accepted + tally.already_seen + tally.refused
    assert tally.refused == 12
    assert tally.already_seen > 50


def test_the_days_pass_again_as_they_were(lived: Lived) -> None:
    """Replayed from the log, each contact ends as it ended, and what went goes at that instant.

    But for one in a hundred: the demo's workers are processes of their own on a machine that may be
    busy, and the clock is stepped while one of them has just begun.
    """
    app, days = lived.stage.app, Days(START, END)
    with ground.embedded() as place:
        for ref in brands.directory(app.means.database).values():
            with replay.stand(app, ref, place) as on:
                replay.live_through(on, days)
                with on.filler.begin() as tx:
                    held = history.against(tx, days)
            assert held.compared > 900
            assert held.differences == ()
            assert held.sent_in_both > 300
            assert held.same_instant >= 0.99 * held.sent_in_both


def test_the_document_keeps_its_keys(lived: Lived) -> None:
    """Machines read this document; its keys stay."""
    document = lived.result.document
    keys = {"campaigns", "receivers", "ledger_sent", "events", "elapsed_s", "versions"}
    assert document.keys() == keys
    campaigns = document["campaigns"]
    assert isinstance(campaigns, dict)
    for account in campaigns.values():
        assert account.keys() - {"passages_at_a_wait"} == {
            "candidates", "sent", "skipped", "failed", "cancelled", "uncertain", "open",
        }  # fmt: skip
        assert account["open"].keys() == {"held", "waiting"}


def test_touch_ids_look_like_ids(lived: Lived) -> None:
    """What a provider sees is the touch's own id."""
    for touch in chain.from_iterable(lived.result.receivers.values()):
        assert re.fullmatch(r"tch_[a-z2-7]{26}", touch)
        assert ids.shown(ids.TOUCH, ids.read(ids.TOUCH, touch)) == touch

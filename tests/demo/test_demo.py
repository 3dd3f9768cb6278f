"""Do the demo's days hold what the product promises? Judged from outside of it.

The days are lived once, with the fallback off, and with Valkey killed and wiped midway. The judge
has a table of zones of its own and reads the receivers' logs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from itertools import chain

import pytest
from sqlalchemy import text

from outreach import ids, timezones
from outreach.brands import store as brands
from outreach.demo import run, world
from outreach.demo.document import Result
from outreach.demo.stage import Options, Stage
from outreach.demo.timeline import timeline

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
    "乌鲁木齐(本地时间)": ("Asia/Urumqi",),
    **dict.fromkeys(("上海", "北京", "广州", "成都", "哈尔滨"), ("Asia/Shanghai",)),
}
NO_PLACE = {"toll-free number only", "no place at all", "所在地不详"}
OPENS, CLOSES = time(8), time(21)  # the widest hours of any pack that the demo meets

_ATTEMPTS = text("""
    select a.touch_id, p.ref, a.channel, a.started_at, a.outcome::text
    from outreach.attempts a
    join outreach.persons p on p.brand_id = a.brand_id and p.id = a.person_id
""")
_PASSAGES = text("""
    select c.key, e.key as business_key, count(*) as many
    from outreach.enrolments n
    join outreach.campaigns c on c.brand_id = n.brand_id and c.id = n.campaign_id
    join outreach.events e on e.brand_id = n.brand_id and e.id = n.event_id
    group by 1, 2
""")


@dataclass(frozen=True)
class Lived:
    """The days after they have passed."""

    stage: Stage
    result: Result
    attempts: list[Mapping[str, object]]
    passages: list[Mapping[str, object]]


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    """Everything that the tests below look at."""
    options = Options(fallback=False, wipe=True)
    with run.lived(options, world.inhabitants()) as (stage, result):
        found: dict[str, list[Mapping[str, object]]] = {"attempts": [], "passages": []}
        for ref in brands.directory(stage.app.means.database).values():
            with stage.app.means.database.begin(ref) as tx:
                found["attempts"] += [row._asdict() for row in tx.execute(_ATTEMPTS)]
                found["passages"] += [row._asdict() for row in tx.execute(_PASSAGES)]
        yield Lived(stage, result, **found)


def test_every_sum_closes(lived: Lived) -> None:
    """Candidates are the sum of their fates, for each campaign of each brand."""
    accounts = lived.result.accounts()
    assert len(accounts) == 10
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
    homes = {person.ref: person.place for person in world.inhabitants()}
    texts = [a for a in lived.attempts if a["channel"] in {"sms", "voice"}]
    assert len(texts) > 300
    for attempt in texts:
        home = homes[str(attempt["ref"])]
        assert home not in NO_PLACE
        for zone in ZONES[home]:
            assert isinstance(attempt["started_at"], datetime)
            there = attempt["started_at"].astimezone(timezones.load(zone)).time()
            assert OPENS <= there < CLOSES, (attempt, zone)


def test_nobody_was_contacted_after_saying_no(lived: Lived) -> None:
    """From the instant at which a withdrawal was answered, nothing was even attempted."""
    said_no = {
        ref: moment.at for moment in timeline(world.inhabitants()) for ref in moment.withdrawals
    }
    assert len(said_no) > 5
    for attempt in lived.attempts:
        if (since := said_no.get(str(attempt["ref"]))) is not None:
            assert isinstance(attempt["started_at"], datetime)
            assert attempt["started_at"] < since


def test_no_business_key_made_two_passages(lived: Lived) -> None:
    """A signature reported by shop and carrier began one passage of each campaign."""
    assert lived.passages
    assert Counter(row["many"] for row in lived.passages).keys() == {1}


def test_events_are_accounted_for(lived: Lived) -> None:
    """Reported events are accepted, already seen, or refused; nonsense is among the refused."""
    tally = lived.result.tally
    assert tally.sent == tally.accepted + tally.already_seen + tally.refused
    assert tally.refused == 12
    assert tally.already_seen > 50


def test_the_document_keeps_its_keys(lived: Lived) -> None:
    """Machines read this document; its keys stay."""
    document = lived.result.document
    keys = {"campaigns", "receivers", "ledger_sent", "events", "elapsed_s", "versions"}
    assert document.keys() == keys
    campaigns = document["campaigns"]
    assert isinstance(campaigns, dict)
    for account in campaigns.values():
        assert account.keys() == {
            "candidates", "sent", "skipped", "failed", "cancelled", "uncertain", "open",
        }  # fmt: skip
        assert account["open"].keys() == {"held", "waiting"}


def test_touch_ids_look_like_ids(lived: Lived) -> None:
    """What a provider sees is the touch's own id."""
    for touch in chain.from_iterable(lived.result.receivers.values()):
        assert re.fullmatch(r"tch_[a-z2-7]{26}", touch)
        assert ids.shown(ids.TOUCH, ids.read(ids.TOUCH, touch)) == touch

"""Does a page of the console take longer where a million touches are than where a thousand are?

`python -m bench.pages [MANY] [FEW] [--json]`, by default 1,000,000 and 1,000. Touches of ninety
days and of fourteen to come, ten a person, in every state, with their events, passages, verdicts
and attempts. Each page is asked for some times of each brand, and the fastest counts. Ends with 1
when one takes more than three times as long at many as at few.
"""

import hashlib
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from bench import figures, stage
from outreach import ids
from outreach.access import passwords, sessions, users
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.hints import EVENTS_QUEUE, Hints
from outreach.people.model import person_id
from outreach.reports import sums
from outreach.web import cookies, server
from outreach.web.console import navigation

AT_MOST = 3.0
FEWEST, ROUNDS, PATIENCE = 3, 50, 2.0  # seconds
CAMPAIGNS = 10
DOCUMENT = """\
{{key: news-{0}, name: {{en: News}}, purpose: service, trigger: {{event: parcel.delivered}},
 steps: [{{key: one, channels: [email, sms], template: news}}]}}
"""
_PERSONS = """
    insert into outreach.persons (brand_id, id, ref, name, locale, zone, country)
    select :brand, case n when 7 then :seven else md5('p' || n)::uuid end, 'c-' || n,
           'Person ' || n, 'en', 'Europe/Lisbon', 'PT'
    from generate_series(0, :people - 1) n
"""
_TOLD = """
    with told as (
        select n, md5('t' || n)::uuid as id, md5('n' || n)::uuid as passage,
               md5('e' || n)::uuid as event,
               case n % :people when 7 then :seven else md5('p' || n % :people)::uuid end as person,
               c.id as campaign,
               case when n % 3 = 0 then 'sms' else 'email' end as channel,
               case when n % 20 < 12 then 'sent' when n % 20 < 15 then 'skipped'
                    when n % 20 = 15 then 'failed' when n % 1000 = 19 then 'uncertain'
                    when n % 20 = 19 then 'cancelled' else 'planned' end as state,
               case when n % 20 between 12 and 14 then 'withdrawn' when n % 20 = 15 then 'rejected'
                    when n % 20 = 16 then 'outside_hours' when n % 1000 = 19 then 'no_answer'
                    when n % 20 = 19 then 'campaign_ended' end as reason,
               cast(:now as timestamptz) - (1 + n % 90) * interval '1 day'
                   + (n % 36000) * interval '1 second' as past,
               cast(:now as timestamptz) + (n % 14) * interval '1 day'
                   + (n % 36000) * interval '1 second' as ahead
        from generate_series(1, :number) n
        join (select id, row_number() over (order by key) - 1 as place
              from outreach.campaigns where brand_id = :brand) c on c.place = n % :campaigns
    )
"""
_EVENTS = """
    insert into outreach.events (brand_id, id, type, key, subject, person_id, source, occurred_at,
        received_at, state, data)
    select :brand, event, 'parcel.delivered', 'P-' || n, 'c-' || n % :people, person, 'shop', past,
           past, 'enrolled', '{"parcel": "P-1", "order": "O-1"}' from told
"""
_PASSAGES = """
    insert into outreach.enrolments (brand_id, id, campaign_id, person_id, event_id, state, planned,
        created_at)
    select :brand, passage, campaign, person, event, 'active', 1, past from told
"""
_TOUCHES = """
    insert into outreach.touches (brand_id, id, enrolment_id, campaign_id, person_id, step, channel,
        purpose, priority, fence, state, planned_for, due_at, useless_after, settled_at, reason)
    select :brand, id, passage, campaign, person, 0, channel, 'service', 50, 1,
           cast(state as outreach.touch_state), past, due, due + interval '3 days',
           case when state not in ('planned', 'uncertain') then past end, reason
    from (select *, case state when 'planned' then ahead else past end as due from told) told
"""
_VERDICTS = """
    insert into outreach.verdicts (brand_id, touch_id, at, stage, verdict, reason, pack, facts)
    select :brand, id, past, 'mark',
           cast(case state when 'skipped' then 'skip' when 'planned' then 'hold' else 'send' end
                as outreach.verdict), reason, '1', '\\x00' from told
    where state <> 'planned' or reason is not null
"""
_ATTEMPTS = """
    insert into outreach.attempts (brand_id, touch_id, fence, person_id, channel, purpose,
        address_hash, content_hash, started_at, begun_at, ended_at, outcome)
    select :brand, id, 1, person, channel, 'service', decode(md5('a' || n % :people), 'hex'),
           '\\x00', past, past, past,
           cast(case state when 'sent' then 'accepted' when 'failed' then 'refused'
                else 'uncertain' end as outreach.outcome) from told
    where state in ('sent', 'failed', 'uncertain') order by past
"""


def paths(ref: BrandRef) -> list[str]:
    """Every place of the navigation, and what lies within."""
    touch = UUID(hashlib.md5(b"t12", usedforsecurity=False).hexdigest())
    person, shown = "c-7", ids.shown(ids.PERSON, person_id(ref, "c-7"))
    within = [
        "/?view=wall", "/campaigns/news-1", "/campaigns/news-1/reviews", "/templates/news",
        "/unsent?which=held&reason=outside_hours", "/unsent?reason=withdrawn&campaign=news-2",
        f"/why?q={ids.shown(ids.TOUCH, touch)}", f"/why?q={person}", f"/people?q={person}",
        f"/people/{shown}",
        "/settings/access",
    ]  # fmt: skip
    return [*(place.path for place in navigation.PLACES), *within]


def seconds(number: int) -> Mapping[str, float]:
    """How long each page took at best."""
    with ExitStack() as stack:
        running = stack.enter_context(stage.servers())
        app = stage.built(running)
        ref = stage.brand(app)
        with app.means.database.begin(ref) as tx:
            for one in range(CAMPAIGNS):
                campaigns.put(tx, ref, DOCUMENT.format(one), name=f"news-{one}")
                campaigns.activate(tx, app.means.book, f"news-{one}", now=app.means.clock())
        _fill(stage.as_superuser(running), ref, number, now=app.means.clock())
        took = _asked(app, ref, _admin(app, ref))
        app.close()
    return took


def _admin(app: Outreach, ref: BrandRef) -> str:
    """A session of somebody who may see everything."""
    now = app.means.clock()
    with app.means.database.access() as tx:
        user = users.add(tx, "bench", name="Bench", password=passwords.made(), now=now)
        users.seat(tx, user, ref, role="admin", now=now)
        return sessions.begin(tx, user, address="127.0.0.1", browser="", now=now)


def _asked(app: Outreach, ref: BrandRef, session: str) -> dict[str, float]:
    stub = StubBroker(middleware=[])
    stub.declare_queue(EVENTS_QUEUE)
    app = replace(app, settings=replace(app.settings, login_over_http=True))
    with TestClient(server.create(app, Hints(stub)), headers={"Accept": "text/html"}) as client:
        client.cookies.set(cookies.SESSION, session)
        return {path: _fastest(client, path) for path in paths(ref)}


def _fastest(client: TestClient, path: str) -> float:
    answer = client.get(path)
    if answer.status_code != HTTPStatus.OK or "/login" in str(answer.url):
        sys.exit(f"{path} answers with {answer.status_code}")
    took: list[float] = []
    while len(took) < FEWEST or (len(took) < ROUNDS and sum(took) < PATIENCE):
        took.append(stage.timed(lambda: client.get(path)))
    return min(took)


def _fill(url: str, ref: BrandRef, number: int, *, now: datetime) -> None:
    engine = create_engine(url)
    values = {
        "brand": ref.id, "number": number, "people": max(number // 10, 20), "now": now,
        "campaigns": CAMPAIGNS, "seven": person_id(ref, "c-7"),
    }  # fmt: skip
    with engine.begin() as tx:
        tx.execute(text("set local session_replication_role = replica"))
        tx.execute(text(_PERSONS), values)
        for rows in (_EVENTS, _PASSAGES, _TOUCHES, _VERDICTS, _ATTEMPTS):
            tx.execute(text(_TOLD + rows), values)
        sums.mend(tx, ref)
    stage.folded(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
        tx.execute(text("vacuum analyze"))
    engine.dispose()


def main() -> None:
    """Measure both, and hold each page of the one against the other."""
    many, few = figures.sizes(__doc__, 1_000_000, 1_000)
    at_few, at_many = seconds(few), seconds(many)
    figures.report([
        figures.Figure(
            name=f"{path} at {many:,} touches", unit="s", ours=(at_many[path],),
            floor=(at_few[path],), beside=f"the same at {few:,}", must=AT_MOST,
        )
        for path in at_few
    ])  # fmt: skip


if __name__ == "__main__":
    main()

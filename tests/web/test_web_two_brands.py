"""Does any route tell one brand anything of another, whoever asks and whichever id they put in?

The routes come from `routes.yaml` and the roles from `roles.yaml`: what is added is crawled. Each
route with an id is asked twice, with the other brand's and with one that nobody has: both answers
must be the same, so that not even its being there is told.
"""

import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach import hints as wake_ups
from outreach import ids
from outreach.access import keys, roles
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.db.tables import metadata
from outreach.embedded.desk import Servers
from outreach.hints import Hints
from outreach.web import forms, rights, server
from tests import builders as b
from tests import dumps

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

# What the other brand alone holds: a name, a mail address, a number, a campaign, words of agents.
CANARIES = ("zeisig", "+12125559876", "2125559876")
_SITE = "https://testserver"
_HELD = re.compile(r"\{(\w+)(?::path)?\}")
_TASK = text("""
    insert into outreach.tasks (brand_id, id, touch_id, campaign_id, person_id, number, script,
        note, opened_at, due_at, useless_after)
    select :brand, :id, id, campaign_id, person_id, '+12125559876', 'Hello Zeisig', 'Zeisig said',
        :now, :now, :now from outreach.touches limit 1
""")
_NOTE = text("""
    insert into outreach.case_notes (brand_id, person_id, case_key, at, "by", topic, note)
    values (:brand, :person, 'K-1', :now, 'kim', 'late', 'Zeisig is angry')
""")
_EXPORT = text("""
    insert into outreach.exports (brand_id, id, kind, wanted, "rows", "by", why, asked_at, ends_at)
    values (:brand, :id, 'people', '{"kind": "people"}', 2, 'our-admin', 'Zeisig asks', :now,
        :now + interval '1 day')
""")
_HOLD = text("""
    insert into outreach.legal_holds (brand_id, id, person_id, reason, source, "by", placed_at)
    values (:brand, :id, :person, 'Zeisig sues', 'a court', 'our-admin', :now)
""")
_HANDOVER = text("""
    insert into outreach.handovers (brand_id, queue, agent, at, note)
    values (:brand, 'calls', 'kim', :now, 'mind Zeisig')
""")


@dataclass(frozen=True, slots=True)
class Held:
    """What a brand has that a route may name, as its address writes it."""

    names: Mapping[str, str]


@pytest.fixture
def other(shared_app: Outreach) -> tuple[BrandRef, Held]:
    """A brand with somebody who was written to, whom agents owe a call, and with a case."""
    brand = b.a_brand(shared_app, "zeisig-brand", sender_email="care@zeisig.example")
    person = b.a_person(
        shared_app, brand, "b-1", name="Zeisig", email="z@zeisig.example", phone="+12125559876"
    )
    b.a_live_campaign(shared_app, brand, "secret-plan", name={"en": "Zeisig plan"})
    b.accepted(shared_app, brand, b.an_event(shared_app, brand, person, product="Zeisig One"))
    given = {"brand": brand.id, "id": uuid4(), "person": person.id, "now": b.NOON}
    with shared_app.means.database.begin(brand) as tx:
        for statement in (_TASK, _NOTE, _HANDOVER, _EXPORT, _HOLD):
            tx.execute(statement, given)
        touch: UUID = tx.execute(text("select id from outreach.touches")).scalar_one()
    task: UUID = given["id"]
    return brand, _held(person.id, touch, task, ref="b-1", key="secret-plan")


def _held(person: UUID, touch: UUID, task: UUID, *, ref: str, key: str) -> Held:
    return Held(
        {
            "person": ids.shown(ids.PERSON, person), "touch": ids.shown(ids.TOUCH, touch),
            "task": ids.shown(ids.TASK, task), "ref": ref, "key": key, "queue": key, "card": key,
            "name": key, "deed": "pause", "number": "1", "case": "K-1", "campaign": key,
            "survey": key, "to": "zeisig-brand", "export": ids.shown(ids.EXPORT, task),
            "hold": ids.shown(ids.HOLD, task), "reason": "a claim", "source": "a court",
        }
    )  # fmt: skip


_NOBODYS = _held(uuid4(), uuid4(), uuid4(), ref="n-1", key="absent-plan")


@dataclass(frozen=True, slots=True)
class Role:
    """Who asks: with a session of this role or with the brand's API key, and what forms carry."""

    name: str
    headers: Mapping[str, str]
    csrf: str = ""


@pytest.fixture
def asking(shared_app: Outreach) -> list[Role]:
    """Each role at a brand of their own."""
    brand = b.a_brand(shared_app, "ours")
    with shared_app.means.database.begin(brand) as tx:
        key = keys.issue(tx, brand, name="ours")
    found = [Role(roles.KEY, {"Authorization": f"Bearer {key}"})]
    for name in sorted({*roles.table().names} - {roles.KEY}):
        session = b.a_session(shared_app, b.a_user(shared_app, brand, f"our-{name}", role=name))
        cookie = {"Cookie": f"__Host-outreach={session}", "Accept": "text/html"}
        found.append(Role(name, cookie | {"Origin": _SITE}, forms.token(session, brand.key)))
    return found


def _asked() -> Iterator[tuple[str, str, str]]:
    """Every route that asks who it is, but for the end of the session itself."""
    for route, right in rights.table().items():
        method, path = route.split(" ")
        if right != rights.ANYONE and path != "/logout":
            yield method, path, right


def _answer(client: TestClient, who: Role, method: str, path: str, held: Held) -> tuple[int, str]:
    """What comes back, with what was asked for taken out of it: that may well be said again."""
    at = _HELD.sub(lambda found: held.names[found[1]], path)
    given: dict[str, object] = {"json": {**held.names, "note": "x", "by": "x", "topic": "x"}}
    if who.csrf:
        given = {"data": {**held.names, "csrf": who.csrf}}
    query = {"q": held.names["person"], "campaign": held.names["key"]}
    more = given if method in {"POST", "PUT"} else {"params": query if not _HELD.search(at) else {}}
    answer = client.request(method, at, headers=dict(who.headers), **more)  # type: ignore[arg-type]
    said = answer.text + str(answer.headers)
    for name in sorted(set(held.names.values()), key=len, reverse=True):
        said = said.replace(name, "·")
    return answer.status_code, said


def _rows(app: Outreach, brand: BrandRef) -> list[str]:
    """Everything the brand has, to see that nothing of it was touched."""
    with app.means.database.begin(brand) as tx:
        return [
            row
            for name in sorted(table.name for table in metadata.tables.values())
            for row in tx.execute(
                text(f"select to_jsonb(t)::text from outreach.{name} t order by 1")
            ).scalars()
        ]


@pytest.mark.long
def test_no_route_tells_any_role_of_another_brand(
    shared_app: Outreach,
    other: tuple[BrandRef, Held],
    asking: list[Role],
    caplog: pytest.LogCaptureFixture,
    migrated: Servers,
) -> None:
    """Answers are alike for the other's ids and for nobody's; nothing of it is said or changed."""
    caplog.set_level(logging.DEBUG, logger="outreach")
    brand, theirs = other
    before = _rows(shared_app, brand)
    broker = wake_ups.open_broker(shared_app.settings.redis_url)
    told, unlike, asked = [], [], 0
    with TestClient(
        server.create(shared_app, Hints(broker)), base_url=_SITE, follow_redirects=False,
        raise_server_exceptions=False,
    ) as client:  # fmt: skip
        for method, path, right in _asked():
            for who in asking:
                if path.startswith(rights.API) != (who.name == roles.KEY):
                    continue  # pages are asked by sessions, the API by a key
                status, said = _answer(client, who, method, path, theirs)
                asked += 1
                where = f"{who.name}: {method} {path} {status}"
                told += [where for canary in CANARIES if canary in said.lower()]
                if not roles.table().may(who.name, right) and right != rights.KNOWN:
                    unlike += [where] if status != 403 else []
                elif _HELD.search(path) and "{deed}" not in path:
                    nobodys = _answer(client, who, method, path, _NOBODYS)
                    unlike += [where] if (status, said) != nobodys or status >= 500 else []
    assert asked > 400
    assert (told, unlike) == ([], [])
    assert not [canary for canary in CANARIES if canary in caplog.text.lower()]
    assert dumps.holding(dumps.of_redis(migrated), *CANARIES) == set()
    assert _rows(shared_app, brand) == before
    assert b.reached(shared_app, Channel.EMAIL) == []

"""Does the page of settings tell how a brand is set up, and keep its secrets?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient

from outreach.access import keys
from outreach.app import Outreach
from outreach.audit import store as audit
from outreach.channels import domain_records
from outreach.db.engine import BrandRef
from outreach.events.sources import store as sources
from outreach.hints import Hints
from outreach.web import cookies, server
from tests import builders
from tests.web.requests import a_planned_touch

SECRET = "known-to-the-shop-alone"


@pytest.fixture
def office(app: Outreach, brand: BrandRef, broker: StubBroker) -> Iterator[TestClient]:
    """A browser of somebody who runs the brand."""
    held = {cookies.SESSION: builders.a_session(app, builders.a_user(app, brand))}
    over_http = replace(app, settings=replace(app.settings, login_over_http=True))
    with TestClient(server.create(over_http, Hints(broker)), cookies=held) as client:
        yield client


def a_source(app: Outreach, brand: BrandRef, key: str) -> None:
    with app.means.database.begin(brand) as tx:
        sources.add(
            tx, brand, key=key, kind="shopify", secret=SECRET, zone="UTC", test=False,
            sealing=app.sealing,
        )  # fmt: skip
        known = sources.by_key(tx, brand, key, sealing=app.sealing)
        sources.refuse(tx, known, why="<b>wrong</b> signature", now=builders.NOON)


def test_settings_show_senders_ways_sources_and_hours_and_no_secret(
    office: TestClient, app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand)
    builders.everything_due(app)
    a_source(app, brand, "shop")
    a_source(app, builders.a_brand(app, "rival"), "rivals-shop")
    page = office.get("/settings").text
    assert "&lt;b&gt;wrong&lt;/b&gt; signature" in page
    assert all(told in page for told in ("shop", "memory", app.means.packs.version))
    assert SECRET not in page
    assert "rivals-shop" not in page
    assert "规则包" in office.get("/settings?language=zh-CN").text


def test_an_agent_does_not_see_the_settings(
    app: Outreach, brand: BrandRef, office: TestClient
) -> None:
    agent = builders.a_session(app, builders.a_user(app, brand, role="agent"))
    office.cookies.clear()
    office.cookies.set(cookies.SESSION, agent)
    assert office.get("/settings").status_code == 403
    assert office.get("/settings/sender").status_code == 403


def test_access_names_users_keys_and_what_was_done_at_this_brand_alone(
    office: TestClient, app: Outreach, brand: BrandRef
) -> None:
    rival = builders.a_brand(app, "rival")
    builders.a_user(app, rival, "rivals-own")
    builders.a_user(app, brand, "kim", role="approver")
    with app.means.database.begin(brand) as tx:
        keys.issue(tx, brand, name="<b>shop</b>")
        for number in range(60):
            audit.append(
                tx, app.link_keys[0], brand, by=f"by-{number}", role="admin", deed="POST /x",
                target="", now=builders.NOON,
            )  # fmt: skip
    page = office.get("/settings/access").text
    assert all(told in page for told in ("kim", "Approver", "&lt;b&gt;shop&lt;/b&gt;", "by-59"))
    assert "rivals-own" not in page
    assert "by-9<" not in page
    [older] = re.findall(r'rel="next" href="([^"]+)"', page)
    assert "by-9<" in office.get(older).text


@pytest.mark.parametrize(("role", "status"), [("marketer", 403), ("auditor", 200)])
def test_access_is_shown_to_those_who_answer_for_it(
    app: Outreach, brand: BrandRef, office: TestClient, role: str, status: int
) -> None:
    office.cookies.clear()
    office.cookies.set(
        cookies.SESSION, builders.a_session(app, builders.a_user(app, brand, role, role=role))
    )
    assert office.get("/settings/access").status_code == status
    assert ("/settings/access" in office.get("/settings").text) is (status == 200)


def test_settings_tell_how_the_brand_speaks_and_who_hears_each_morning(
    office: TestClient, app: Outreach
) -> None:
    voice = {"avoid": [{"phrase": "cheap<i>", "rather": "good value"}], "address": "formal"}
    morning = {"at": "08:00", "to": ["robin@northpine.example"], "chats": True}
    told = builders.a_brand(app, voice=voice, morning=morning)
    office.cookies.clear()
    user = builders.a_user(app, told, "robin")
    office.cookies.set(cookies.SESSION, builders.a_session(app, user))
    page = office.get("/settings").text
    assert all(
        one in page
        for one in ("cheap&lt;i&gt;", "good value", "formally", "08:00", "robin@northpine.example")
    )


def test_what_the_dns_lacks_is_said_in_both_languages(
    office: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object, **__: object) -> Sequence[object]:
        return []

    monkeypatch.setattr(domain_records.dns.resolver, "resolve", nothing)
    assert "publish who sends for it" in office.get("/settings/sender").text
    assert "请公布由谁代发" in office.get("/settings/sender?language=zh-CN").text


def test_a_dns_that_is_away_is_said_and_no_error(
    office: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> Sequence[object]:
        raise domain_records.DNSException

    monkeypatch.setattr(domain_records.dns.resolver, "resolve", away)
    assert "could not be asked" in office.get("/settings/sender").text

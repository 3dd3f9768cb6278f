"""Is what is wrong with an installation found, and said to whoever can mend it?"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from outreach import checks, hints
from outreach.app import Outreach
from outreach.channels import domain_records
from outreach.channels.sender_domain import Records
from outreach.embedded.desk import Servers
from outreach.hours import zones
from outreach.settings import Secret, Settings
from tests import builders as b

AWAY = Settings(
    database_url="postgresql://nobody@127.0.0.1:1/none",
    redis_url="redis://127.0.0.1:1",
    secret_key=Secret("k" * 32),
    email="memory:",
    sms="memory:",
)


@pytest.fixture
def fit(migrated: Servers) -> Settings:
    """An installation with nothing wrong. The database is only asked."""
    return replace(AWAY, database_url=migrated.database_url, redis_url=migrated.redis_url)


def found(settings: Settings) -> dict[str, tuple[str, str]]:
    return {f.name: (f.state, f.sentence) for f in checks.check(settings).findings}


def test_nothing_is_bad_where_nothing_is_wrong(fit: Settings) -> None:
    report = checks.check(fit)
    assert report.good
    assert {"way out: email", "way out: sms", "way out: voice"} <= found(fit).keys()
    assert report.versions["postgresql"].partition(".")[0].isdigit()
    assert report.versions["time zones"] == zones.version()


def test_what_is_not_set_is_named(fit: Settings) -> None:
    told = found(replace(fit, database_url="", redis_url=""))
    assert told["postgresql"] == ("bad", "OUTREACH_DATABASE_URL is not set")
    assert told["redis server"] == ("bad", "OUTREACH_REDIS_URL is not set")


def test_a_missing_secret_is_bad_and_the_rest_is_asked(fit: Settings) -> None:
    report = checks.check(replace(fit, secret_key=Secret("")))
    assert not report.good
    assert (
        "OUTREACH_SECRET_KEY is not set"
        in found(replace(fit, secret_key=Secret("")))["settings"][1]
    )
    assert "postgresql" in report.versions


def test_a_database_that_is_away_is_told_in_one_line() -> None:
    state, sentence = found(AWAY)["postgresql"]
    assert state == "bad"
    assert sentence.startswith("cannot be asked: connection")
    assert "\n" not in sentence
    assert "sqlalche.me" not in sentence


def test_workers_bridge_a_missing_redis_unless_told_not_to() -> None:
    assert found(AWAY)["redis server"][0] == "warning"
    assert found(replace(AWAY, fallback=False))["redis server"][0] == "bad"


def test_a_redis_url_that_cannot_be_read_is_bad() -> None:
    assert found(replace(AWAY, redis_url="nonsense"))["redis server"][0] == "bad"


@pytest.mark.parametrize("url", ["owner_database_url", "superuser_url"])
def test_a_role_that_sees_every_brand_is_bad(fit: Settings, migrated: Servers, url: str) -> None:
    told = found(replace(fit, database_url=getattr(migrated, url)))
    assert told["role"][0] == "bad"
    assert "neither owner nor superuser" in told["role"][1]


def test_a_database_without_tables_is_to_be_migrated(fit: Settings, migrated: Servers) -> None:
    told = found(replace(fit, database_url=migrated.superuser_url))
    assert told["tables"][0] == "bad"
    assert "outreach migrate" in told["tables"][1]


@pytest.fixture
def evicting(migrated: Servers) -> Iterator[None]:
    """The same Valkey, throwing keys away when it is full."""
    with hints.client(migrated.redis_url) as connection:
        connection.config_set("maxmemory-policy", "allkeys-lru")
        yield
        connection.config_set("maxmemory-policy", "noeviction")


@pytest.mark.usefixtures("evicting")
def test_a_redis_that_evicts_is_bad(fit: Settings) -> None:
    state, sentence = found(fit)["redis server"]
    assert state == "bad"
    assert "set it to noeviction" in sentence


@pytest.mark.parametrize(
    ("first", "state"),
    [("# version 2019a", "warning"), ("# version 9999z", None), ("nonsense", None), (None, None)],
)
def test_a_system_zone_file_that_lags_behind_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, first: str | None, state: str | None
) -> None:
    file = tmp_path / "tzdata.zi"
    if first:
        file.write_text(f"{first}\n# more\n")
    monkeypatch.setattr(checks, "_SYSTEM_ZONES", file)
    assert found(AWAY).get("system zones", (None,))[0] == state


def test_a_stepped_clock_is_told(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("2026-03-10T12:00:00+00:00")
    assert found(replace(AWAY, clock=f"file:{file}"))["clock"][0] == "warning"


def test_the_domain_of_each_brand_is_asked_about_where_mail_leaves(
    app: Outreach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, however many brands send from it; and not at a desk, where no mail leaves."""
    asked: list[str] = []

    def gather(domain: str, **_: object) -> Records:
        asked.append(domain)
        return Records(domain, domain, ["v=spf1 -all"], [])

    monkeypatch.setattr(domain_records, "gather", gather)
    for key in ("lumen", "kitchen"):
        b.a_brand(app, key)
    found(replace(app.settings, email="memory:"))
    assert asked == []
    told = found(replace(app.settings, email="smtps://relay.example"))
    assert asked == ["lumen.example"]
    assert told["DMARC of lumen.example"][0] == "bad"
    assert "SPF of lumen.example" not in told

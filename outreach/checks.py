"""Is this installation fit to work, and of what is it made?

Each check answers with one line; what is wrong says what to do. Nothing is changed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Literal

import redis
from sqlalchemy import text

from outreach import hints
from outreach.app import Outreach
from outreach.errors import Misconfigured
from outreach.hours import zones

PACKAGES = (
    "dramatiq", "sqlalchemy", "psycopg", "alembic", "jinja2", "pydantic", "fastapi", "uvicorn",
    "phonenumbers", "holidays", "cel-expr-python", "tzdata",
)  # fmt: skip
_SYSTEM_ZONES = Path("/usr/share/zoneinfo/tzdata.zi")
_ROLE = text("""
    select r.rolname as role, r.rolsuper or r.rolbypassrls as all_seeing,
           exists (select from pg_tables t where t.schemaname = 'outreach'
                   and pg_has_role(r.oid, t.tableowner, 'member')) as owner,
           current_setting('server_version') as version
    from pg_roles r where r.rolname = current_user
""")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check."""

    name: str
    state: Literal["good", "warning", "bad"]
    sentence: str


def versions() -> dict[str, str]:
    """What is installed, by name."""
    found = {"python": python_version()}
    for package in ("outreach", *PACKAGES):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def check(app: Outreach) -> list[Finding]:
    """Everything that can be known without sending anything."""
    asked: tuple[Callable[[Outreach], Iterator[Finding]], ...] = (
        _database, _redis, _zones, _clock, _ways,
    )  # fmt: skip
    return [finding for question in asked for finding in question(app)]


def _database(app: Outreach) -> Iterator[Finding]:
    try:
        with app.means.database.engine.connect() as connection:
            row = connection.execute(_ROLE).one()
    except Exception as error:  # noqa: BLE001  # whatever it is, it is shown and the check goes on
        yield Finding("database", "bad", f"cannot be asked: {error}")
        return
    yield Finding("postgresql", "good", row.version)
    if row.all_seeing or row.owner:
        yield Finding(
            "role", "bad",
            f"{row.role} sees every brand's rows; connect as a role that is neither owner nor "
            "superuser (`outreach migrate` makes outreach_app)",
        )  # fmt: skip


def _redis(app: Outreach) -> Iterator[Finding]:
    connection = hints.client(app.settings.redis_url)
    try:
        server = connection.info("server")
        hints.refuse_eviction(connection.info)
    except redis.RedisError as error:
        yield Finding("redis", "warning", f"is away, workers look by themselves: {error}")
    except Misconfigured as error:
        yield Finding("redis", "bad", error.sentence)
    else:
        yield Finding("redis", "good", f"{server.get('server_name', 'redis')} {_version(server)}")
    finally:
        connection.close()


def _version(server: dict[str, str]) -> str:
    return server.get("valkey_version") or server["redis_version"]


def _zones(app: Outreach) -> Iterator[Finding]:
    packaged = zones.version()
    yield Finding("time zones", "good", f"{packaged}, packaged")
    yield Finding("calling hours", "good", f"{app.means.packs.version}; not legal advice")
    if (system := _system_zones()) and system < packaged:
        yield Finding(
            "system zones", "warning",
            f"this machine's own file is {system}; outreach does not use it, other programs do",
        )  # fmt: skip


def _system_zones() -> str | None:
    try:
        first = _SYSTEM_ZONES.read_text(encoding="ascii").partition("\n")[0]
    except OSError:
        return None
    found = re.search(r"version (\d{4}[a-z])", first)
    return found[1] if found else None


def _clock(app: Outreach) -> Iterator[Finding]:
    if app.settings.clock != "system":
        yield Finding("clock", "warning", f"stepped by {app.settings.clock}: never in earnest")


def _ways(app: Outreach) -> Iterator[Finding]:
    for channel, way in app.means.ways.items():
        yield Finding(f"way out: {channel}", "good", type(way).__name__)


def good(findings: list[Finding]) -> bool:
    """Whether nothing is bad."""
    return all(finding.state != "bad" for finding in findings)

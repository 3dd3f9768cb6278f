"""Is this installation fit to work, and of what is it made?

Each check answers with one line; what is wrong says what to do. Nothing is changed, and what cannot
be asked is a finding like any other.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Literal

import redis
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from outreach import hints, timezones
from outreach.access import factors
from outreach.app import Outreach, build
from outreach.brands import store as brands
from outreach.callbacks.mirrors import store as mirrors
from outreach.channels import domain_records, own, sender_domain
from outreach.channels.domain_records import Texts
from outreach.channels.opening import named
from outreach.channels.sender_domain import Weakness
from outreach.db import resealing
from outreach.db.engine import BrandRef, Database
from outreach.errors import Misconfigured, OutreachError, Trouble
from outreach.events.sources import store as sources
from outreach.people import rehashing
from outreach.reports import watch
from outreach.settings import Settings

PACKAGES = (
    "dramatiq", "sqlalchemy", "psycopg", "alembic", "redis", "jinja2", "pydantic", "fastapi",
    "uvicorn", "typer", "rich", "ruamel.yaml", "phonenumbers", "holidays", "cel-expr-python",
    "tzdata",
)  # fmt: skip
OLDEST_POSTGRESQL = 15
_SYSTEM_ZONES = Path("/usr/share/zoneinfo/tzdata.zi")
_ROLE = text("""
    select r.rolname as role, r.rolsuper or r.rolbypassrls as all_seeing,
           exists (select from pg_tables t where t.schemaname = 'outreach'
                   and pg_has_role(r.oid, t.tableowner, 'member')) as owner,
           current_setting('server_version') as version,
           current_setting('server_version_num')::integer / 10000 as major
    from pg_roles r where r.rolname = current_user
""")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check; of what has one, with its version."""

    name: str
    state: Literal["good", "warning", "bad"]
    sentence: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found, and the version of everything that was there to ask."""

    versions: Mapping[str, str]
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Whether nothing is bad."""
        return all(finding.state != "bad" for finding in self.findings)


def versions() -> dict[str, str]:
    """What is installed, by name."""
    found = {"python": python_version()}
    for package in ("outreach", *PACKAGES):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def check(settings: Settings) -> Report:
    """Everything that can be known without sending anything."""
    asked: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _settings, _database, _secrets, _senders, _redis, _zones, _clock,
    )  # fmt: skip
    findings = tuple(finding for question in asked for finding in question(settings))
    found = {finding.name: finding.version for finding in findings if finding.version}
    return Report(versions() | found, findings)


def live(settings: Settings) -> Report:
    """Every alarm of this instant, and nothing else. Raises `Trouble` without a database."""
    with closing(build(settings)) as app:
        means = app.means
        raised = watch.alarms(means.database, watch.limits_of(settings), now=means.clock())
    findings = [Finding(f"{one.brand}: {one.alarm}", "bad", one.sentence("en")) for one in raised]
    return Report({}, tuple(findings) or (Finding("alarms", "good", "none"),))


def _settings(settings: Settings) -> Iterator[Finding]:
    """Rules and ways out, if the application can be built: keys are there, and URLs readable."""
    try:
        app = build(settings)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is shown and the check goes on
        yield Finding("settings", "bad", _said(error))
        return
    hours = app.means.packs.version
    yield Finding("calling hours", "good", f"{hours}; not legal advice", version=hours)
    for channel, way in app.means.ways.items():
        yield Finding(f"way out: {channel}", "good", named(way))
    app.close()


def _database(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url:
        yield Finding("postgresql", "bad", "OUTREACH_DATABASE_URL is not set")
        return
    try:
        with closing(Database(settings.database_url)) as database:
            yield from _server(database)
            brands.directory(database)
    except ProgrammingError as error:
        yield Finding("tables", "bad", f"run `outreach migrate` as their owner: {_said(error)}")
    except Exception as error:  # noqa: BLE001  # whatever it is, it is shown and the check goes on
        yield Finding("postgresql", "bad", f"cannot be asked: {_said(error)}")


def _server(database: Database) -> Iterator[Finding]:
    with database.engine.connect() as connection:
        row = connection.execute(_ROLE).one()
    fit = row.major >= OLDEST_POSTGRESQL
    needed = "" if fit else f"; version {OLDEST_POSTGRESQL} is the oldest that will do"
    told = f"{row.version}{needed}"
    yield Finding("postgresql", "good" if fit else "bad", told, version=row.version)
    if row.all_seeing or row.owner:
        yield Finding(
            "role", "bad",
            f"{row.role} sees every brand's rows; connect as a role that is neither owner nor "
            "superuser (`outreach migrate` makes outreach_app)",
        )  # fmt: skip


def _secrets(settings: Settings) -> Iterator[Finding]:
    """Whether what is kept for others is sealed; a database that is away is told of by its own."""
    try:
        with closing(build(settings)) as app:
            every = tuple(_brands(app))
            yield from _kept_for_others(app, every)
            yield from _personal_data(app, every)
            if any(_partly_known(app, brand) for brand in every):
                told = "some are not known under every secret: refusals may be missing in reports"
                yield Finding("addresses", "warning", f"{told}; run `outreach secrets hashes`")
    except (OutreachError, DBAPIError):
        return


def _kept_for_others(app: Outreach, every: Iterable[BrandRef]) -> Iterator[Finding]:
    stale = sum(_unsealed(app, brand) for brand in every)
    with app.means.database.access() as tx:
        stale += factors.unsealed(tx, sealing=app.sealing)
    if stale:
        told = f"{stale} are not sealed with the master key in use: run `outreach secrets seal`"
        yield Finding("secrets", "warning", told)


def _personal_data(app: Outreach, every: Iterable[BrandRef]) -> Iterator[Finding]:
    """Whether they lie sealed, and can be opened at all: by the master keys that are named."""
    try:
        columns = sorted({one for brand in every for one in _in_the_clear(app, brand)})
    except Misconfigured as error:
        yield Finding("personal data", "bad", error.sentence)
        return
    if columns:
        told = f"some of {', '.join(columns)} lies unsealed, or under a former data key"
        yield Finding("personal data", "warning", f"{told}: run `outreach secrets seal`")


def _senders(settings: Settings) -> Iterator[Finding]:
    """What the DNS says of the domains that mail comes from, where mail leaves at all."""
    if settings.email.partition(":")[0] in {"console", "memory"}:
        return
    try:
        with closing(build(settings)) as app:
            domains = sorted({_sender_domain(app, brand) for brand in _brands(app)})
        for domain in domains:
            yield from _sender(domain, settings)
    except Trouble as error:
        yield Finding("sender domains", "warning", error.sentence)
    except (OutreachError, DBAPIError):
        return


def _sender_domain(app: Outreach, brand: BrandRef) -> str:
    with app.means.database.begin(brand) as tx:
        return brands.get(tx).profile.sender_email.rpartition("@")[2]


def sender_weak(
    domain: str, settings: Settings, *, texts: Texts = domain_records.texts
) -> tuple[Weakness, ...]:
    """What the DNS lacks for mail from this domain. Raises `Trouble` if it cannot be asked."""
    envelope = settings.returns_address.rpartition("@")[2] or domain
    selectors = settings.dkim_selectors.split()
    return sender_domain.judge(
        domain_records.gather(domain, envelope=envelope, selectors=selectors, texts=texts)
    )


def _sender(domain: str, settings: Settings) -> Iterator[Finding]:
    weak = sender_weak(domain, settings)
    for one in weak:
        yield Finding(f"{one.about} of {domain}", one.state, one.sentence)
    if not weak:
        yield Finding(f"sender {domain}", "good", "mailbox providers can tell its mail")


def _brands(app: Outreach) -> Iterable[BrandRef]:
    return brands.directory(app.means.database).values()


def _unsealed(app: Outreach, brand: BrandRef) -> int:
    with app.means.database.begin(brand) as tx:
        kept = (sources.unsealed, mirrors.unsealed, own.unsealed)
        many = sum(unsealed(tx, sealing=app.sealing) for unsealed in kept)
        return many + app.means.database.vault.stale(tx)


def _in_the_clear(app: Outreach, brand: BrandRef) -> list[str]:
    with app.means.database.begin(brand) as tx:
        return resealing.unsealed(tx)


def _partly_known(app: Outreach, brand: BrandRef) -> bool:
    with app.means.database.begin(brand) as tx:
        return rehashing.stale(tx, app.means.hasher)


def _redis(settings: Settings) -> Iterator[Finding]:
    if not settings.redis_url:
        yield Finding("redis server", "bad", "OUTREACH_REDIS_URL is not set")
        return
    try:
        with closing(hints.client(settings.redis_url)) as connection:
            yield _hint_server(connection.info("server"))
            hints.refuse_eviction(connection.info)
    except redis.RedisError as error:
        away = "is away, workers look by themselves" if settings.fallback else "is away"
        yield Finding("redis server", "warning" if settings.fallback else "bad", f"{away}: {error}")
    except Misconfigured as error:
        yield Finding("redis server", "bad", error.sentence)


def _hint_server(info: Mapping[str, str]) -> Finding:
    number = info.get("valkey_version") or info["redis_version"]
    return Finding(f"{info.get('server_name', 'redis')} server", "good", number, version=number)


def _zones(_: Settings) -> Iterator[Finding]:
    packaged = timezones.version()
    yield Finding("time zones", "good", f"{packaged}, packaged", version=packaged)
    if (system := _system_zones()) and system < packaged:
        yield Finding(
            "system zones", "warning",
            f"this machine's own file is {system}; outreach does not use it, other programs do",
            version=system,
        )  # fmt: skip


def _system_zones() -> str | None:
    try:
        first = _SYSTEM_ZONES.read_text(encoding="ascii").partition("\n")[0]
    except OSError:
        return None
    found = re.search(r"version (\d{4}[a-z])", first)
    return found[1] if found else None


def _clock(settings: Settings) -> Iterator[Finding]:
    if settings.clock != "system":
        yield Finding("clock", "warning", f"stepped by {settings.clock}: never in earnest")


def _said(error: Exception) -> str:
    """The error in one line, without what SQLAlchemy adds for programmers."""
    return " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
